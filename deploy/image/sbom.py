#!/usr/bin/env python3
"""Writes a bill of materials (CycloneDX 1.5, JSON) of what is in the image.

    sbom.py --metadata FILE [--packages FILE]     of what cargo says is built in (`cargo metadata`)
    sbom.py --lock Cargo.lock [--packages FILE]   of all that the lock file names, tests' included
    sbom.py --check FILE                          whether a bill is whole, with a control

Nothing but Python's own library, and the same input gives the same bytes: no time, no random id.
`--packages` lists the system's packages whose files are in the image: name, version, source, by
tabs.
"""

import argparse
import hashlib
import json
import re
import sys
import uuid

ROOT = "akademi"


def purl(name, version):
    return f"pkg:cargo/{name}@{version}"


def crate(name, version, licence=None, checksum=None, ours=False):
    component = {
        "type": "library",
        "bom-ref": purl(name, version),
        "name": name,
        "version": version,
    }
    if not ours:
        component["purl"] = purl(name, version)
    if licence:
        # Older manifests write `MIT/Apache-2.0`.
        component["licenses"] = [{"expression": licence.replace("/", " OR ")}]
    if checksum:
        component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return component


def from_metadata(metadata):
    """Crates that are built into the binary: from its package along normal dependencies."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = next(identity for identity, package in packages.items() if package["name"] == ROOT)
    edges, open_ones = {}, [root]
    while open_ones:
        identity = open_ones.pop()
        if identity in edges:
            continue
        edges[identity] = [
            dep["pkg"] for dep in nodes[identity]["deps"]
            if any(kind["kind"] in (None, "build") for kind in dep["dep_kinds"])
        ]
        open_ones += edges[identity]
    ref = {i: purl(packages[i]["name"], packages[i]["version"]) for i in edges}
    components = [
        crate(packages[i]["name"], packages[i]["version"], packages[i]["license"], None, packages[i]["source"] is None)
        for i in edges if i != root
    ]
    main = crate(packages[root]["name"], packages[root]["version"], packages[root]["license"], None, True)
    return main, components, {ref[i]: [ref[one] for one in on] for i, on in edges.items()}


def from_lock(text):
    """Crates of the lock file that the binary's package leads to."""
    packages = []
    for block in text.split("[[package]]")[1:]:
        field = dict(re.findall(r'^(\w+) = "([^"]*)"$', block, re.M))
        listed = re.search(r"^dependencies = \[(.*?)\]", block, re.M | re.S)
        field["on"] = re.findall(r'"([^"]+)"', listed[1]) if listed else []
        packages.append(field)
    by_name = {}
    for package in packages:
        by_name.setdefault(package["name"], []).append(package)

    def found(entry):
        name, version = (entry.split() + [None])[:2]
        return next(one for one in by_name[name] if version in (None, one["version"]))

    edges, kept, open_ones = {}, [], [by_name[ROOT][0]]
    while open_ones:
        package = open_ones.pop()
        ref = purl(package["name"], package["version"])
        if ref in edges:
            continue
        kept.append(package)
        on = [found(entry) for entry in package["on"]]
        edges[ref] = [purl(one["name"], one["version"]) for one in on]
        open_ones += on
    main, *others = [crate(p["name"], p["version"], None, p.get("checksum"), "source" not in p) for p in kept]
    return main, others, edges


def system(lines):
    for line in sorted(set(lines)):
        name, version, source = (line.rstrip("\n").split("\t") + [""])[:3]
        name = name.split(":")[0]
        identity = f"pkg:deb/debian/{name}@{version}"
        yield {
            "type": "library", "bom-ref": identity, "name": name, "version": version, "purl": identity,
            "properties": [{"name": "debian:source", "value": source}],
        }


def bill(main, components, edges, packages):
    components = sorted(components + list(system(packages)), key=lambda one: one["bom-ref"])
    main["type"] = "application"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": main},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(set(on))} for ref, on in sorted(edges.items())],
    }
    # Named by its content, so that two builds of the same have the same.
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    document["serialNumber"] = f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}"
    return document


def faults(document):
    if document.get("bomFormat") != "CycloneDX" or document.get("specVersion") != "1.5":
        yield "no CycloneDX 1.5"
    if not re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document.get("serialNumber", "")):
        yield "no serial number"
    main = document["metadata"]["component"]
    refs = [main["bom-ref"]] + [one["bom-ref"] for one in document["components"]]
    if len(refs) != len(set(refs)):
        yield "a component stands twice"
    for one in document["components"]:
        if not one.get("version"):
            yield f"{one['name']} has no version"
    known = set(refs)
    for edge in document["dependencies"]:
        for ref in (edge["ref"], *edge["dependsOn"]):
            if ref not in known:
                yield f"{ref} is depended on and not listed"
    names = {one["name"] for one in document["components"]}
    for needed in ("actix-web", "sea-orm", "rustls", "registration", "gateway"):
        if needed not in names:
            yield f"{needed} is missing"


def check(file):
    document = json.load(open(file, encoding="utf-8"))
    found = list(faults(document))
    if found:
        sys.exit("sbom.py:\n  " + "\n  ".join(found[:20]))
    breaks = [
        lambda d: d.update(specVersion="1.0"),
        lambda d: d.pop("serialNumber"),
        lambda d: d["components"].append(d["components"][0]),
        lambda d: d["components"][0].update(version=""),
        lambda d: d["dependencies"][0]["dependsOn"].append("pkg:cargo/nothing@1"),
        lambda d: d.update(components=[one for one in d["components"] if one["name"] != "rustls"]),
    ]
    for number, break_it in enumerate(breaks):
        broken = json.loads(json.dumps(document))
        break_it(broken)
        if not list(faults(broken)):
            sys.exit(f"sbom.py: control failed: break {number} was not seen")
    print(f"-- bill of materials: {len(document['components'])} components; control: {len(breaks)} breaks, all seen")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--metadata")
    options.add_argument("--lock")
    options.add_argument("--packages")
    options.add_argument("--check")
    given = options.parse_args()
    if given.check:
        check(given.check)
        return
    packages = open(given.packages, encoding="utf-8").readlines() if given.packages else []
    if given.metadata:
        parts = from_metadata(json.load(open(given.metadata, encoding="utf-8")))
    else:
        parts = from_lock(open(given.lock, encoding="utf-8").read())
    json.dump(bill(*parts, packages), sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
