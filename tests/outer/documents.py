#!/usr/bin/env python3
"""Lints the committed API documents, then shows that every rule of ours can fail.

    documents.py FILE.json ...

Two independent linters: Spectral with `spectral.yaml` (our rules, those of OpenAPI, and the OWASP
API Security Top 10) reads the merged document, Redocly with `redocly.yaml` each file. What a service's document says
of itself (its info, servers, tags and api-info) is not in the merged one, so Spectral also reads
each of them, cut down to api-info and one operation. After that each rule of `spectral.yaml` gets a copy of a document with one fault
in it, and must find that fault. A rule without such a fault in `FAULTS` fails the run: a check
that cannot fail is no check.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE / "node_modules" / ".bin"
WHOLE = "akademi.json"
METHODS = ("get", "put", "post", "delete", "patch")
QUIET = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def main(files):
    if not files:
        sys.exit("documents.py: no document to read")
    # The merged document has all that the others have; Redocly reads each of them, too.
    whole = [file for file in files if pathlib.Path(file).name == WHOLE] or files
    fine = run("spectral", "lint", "-F", "warn", "-r", HERE / "spectral.yaml", *whole)
    fine &= parts([file for file in files if file not in whole])
    fine &= run("redocly", "lint", "--config", HERE / "redocly.yaml", *files)
    if not fine:
        sys.exit("documents.py: the documents break rules, see above")
    control(files)


def run(tool, *arguments):
    """Runs one linter and shows what it says; true if it found nothing."""
    print(f"-- {tool}", flush=True)
    return subprocess.run([TOOLS / tool, *arguments], env=QUIET, check=False).returncode == 0


def parts(files):
    """Lints what each service's document says of itself; true if nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        cut = []
        for file in files:
            document = small(file, METHODS)
            if document is None:
                sys.exit(f"documents.py: {file} has no api-info beside another operation")
            del document["components"]["schemas"]["Control"]
            document.pop("webhooks", None)
            cut.append(pathlib.Path(folder, pathlib.Path(file).name))
            cut[-1].write_text(json.dumps(document))
        return not cut or run("spectral", "lint", "-F", "warn", "-r", HERE / "spectral.yaml", *cut)


def control(files):
    """Each rule finds its own fault, and only where the fault is."""
    rules = re.findall(r"^  ([a-z][a-z0-9-]+):$", (HERE / "spectral.yaml").read_text(), re.M)
    missing = sorted(set(rules) ^ set(FAULTS))
    if missing:
        sys.exit(f"documents.py: spectral.yaml and FAULTS do not name the same rules: {missing}")
    faults = {**FAULTS, **BORROWED}
    rules = list(faults)
    base = next((cut for cut in map(small, files) if cut), None)
    if base is None:
        sys.exit("documents.py: no document has an operation with a body to plant faults in")
    with tempfile.TemporaryDirectory() as folder:
        for rule in rules:
            faulty = copy.deepcopy(base)
            faults[rule](faulty)
            pathlib.Path(folder, f"{rule.replace(':', '+')}.json").write_text(json.dumps(faulty))
        pathlib.Path(folder, "faultless.json").write_text(json.dumps(base))
        found = {rule: set() for rule in [*rules, "faultless"]}
        report = pathlib.Path(folder, "report")
        subprocess.run(
            [TOOLS / "spectral", "lint", "-q", "-f", "json", "-o", report, "-r", HERE / "spectral.yaml",
             *sorted(pathlib.Path(folder).glob("*.json"))],
            check=False,
        )
        for finding in json.loads(report.read_text()):
            found[pathlib.Path(finding["source"]).stem.replace("+", ":")].add(finding["code"])
    eager = sorted(found["faultless"] & set(rules))
    if eager:
        sys.exit(f"documents.py: rules that complain where no fault was planted: {eager}")
    blind = [rule for rule in rules if rule not in found[rule]]
    if blind:
        sys.exit(f"documents.py: rules that did not find the fault planted for them: {blind}")
    print(f"-- control: {len(rules)} rules, each found the fault planted for it")


def small(file, methods=()):
    """The document cut down to api-info and one POST with a body, with what these refer to; where
    there is no such POST, an operation of one of these methods."""
    document = json.loads(pathlib.Path(file).read_text())
    infos = [path for path in document["paths"] if path.endswith("/api-info")]
    others = {path: item for path, item in document["paths"].items() if path not in infos}
    posts = [path for path, item in others.items() if "requestBody" in item.get("post", {})]
    posts += [path for path, item in others.items() if set(methods) & set(item)]
    if not posts or not infos:
        return None
    document["paths"] = {path: document["paths"][path] for path in (infos[0], posts[0])}
    used, queue = set(), [document["paths"]]
    while queue:
        for reference in re.findall(r'"#/components/([^"]+)"', json.dumps(queue.pop())):
            if reference not in used:
                used.add(reference)
                kind, name = reference.split("/")
                queue.append(document["components"][kind][name])
    for kind, members in document["components"].items():
        if kind != "securitySchemes":
            document["components"][kind] = {n: m for n, m in members.items() if f"{kind}/{n}" in used}
    # One schema of the control's own, so that a fault never depends on what a document happens to hold.
    document["components"].setdefault("schemas", {})["Control"] = {
        "type": "object",
        "properties": {
            "names": {"type": "array", "maxItems": 9, "items": {"type": "string", "maxLength": 9, "pattern": "^[a-z]*$"}},
            "state": {"type": "string", "enum": ["open", "closed"]},
            "size": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 9},
            "createdAt": {"type": "string", "format": "date-time", "maxLength": 35, "example": "2022-04-01T08:00:00Z"},
        },
    }
    return document


def operation(document):
    return next(item["post"] for item in document["paths"].values() if "post" in item)


def path(document):
    return next(name for name, item in document["paths"].items() if "post" in item)


def info(document):
    return next(name for name in document["paths"] if name.endswith("/api-info"))


def move(document, new):
    document["paths"][new] = document["paths"].pop(path(document))


def prop(document, name):
    return document["components"]["schemas"]["Control"]["properties"][name]


def answer(document, status):
    """An answer written out in the operation, so that a fault in it stays in one place."""
    operation(document)["responses"][status] = {
        "description": "An answer.",
        "content": {"application/problem+json": {"schema": {"type": "object"}, "example": {}}},
    }
    return operation(document)["responses"][status]


def parameter(name):
    return {"name": name, "in": "query", "description": "A filter.", "schema": {"type": "string", "maxLength": 9}}


def rename(members, old, new):
    members[new] = members.pop(old)


# One fault a rule: the smallest change that the rule exists to find.
FAULTS = {
    "deprecated-says-since-when-and-until-when": lambda d: operation(d).update({"deprecated": True, "x-deprecated-at": "2027-01-01"}),
    "openapi-3-1": lambda d: d.update(openapi="3.0.3"),
    "version-is-semantic": lambda d: d["info"].update(version="v1"),
    "info-is-complete": lambda d: d["info"]["contact"].pop("email"),
    "server-is-https-root": lambda d: d["servers"].append({"url": "http://akademi.example/v1"}),
    "security-is-declared": lambda d: d.pop("security"),
    "api-info-is-complete": lambda d: d["paths"][info(d)]["get"]["responses"]["200"]["content"].update(
        {"application/json": {"schema": {"type": "object", "properties": {"apiName": {"type": "string"}}}}}),
    "api-info-exists": lambda d: d["paths"].pop(info(d)),
    "path-is-lower-case": lambda d: move(d, "/Sign_Ups"),
    "path-is-shallow": lambda d: move(d, "/a/{aId}/b/{bId}/c/{cId}/d"),
    "method-is-standard": lambda d: d["paths"][path(d)].update(trace=operation(d)),
    "parameter-is-camel-case": lambda d: operation(d)["parameters"].append(parameter("page_size")),
    "no-identity-number-in-address": lambda d: operation(d)["parameters"].append(parameter("personnummer")),
    "no-identity-number-in-body": lambda d: rename(d["components"]["schemas"]["Control"]["properties"], "size", "cpr"),
    "operation-is-described": lambda d: operation(d).update(operationId="create_thing"),
    "operation-takes-traceparent": lambda d: operation(d).update(parameters=[parameter("filter")]),
    "operation-documents-refusals": lambda d: operation(d)["responses"].pop("429"),
    "body-documents-415": lambda d: operation(d)["responses"].pop("415"),
    "created-has-location": lambda d: answer(d, "201"),
    "accepted-has-location": lambda d: answer(d, "202"),
    "response-has-traceparent": lambda d: answer(d, "200"),
    "response-is-described": lambda d: answer(d, "200").pop("description"),
    "error-is-problem-json": lambda d: rename(answer(d, "400")["content"], "application/problem+json", "text/plain"),
    "media-type-has-example": lambda d: answer(d, "400")["content"]["application/problem+json"].pop("example"),
    "property-is-camel-case": lambda d: rename(d["components"]["schemas"]["Control"]["properties"], "size", "seat_size"),
    "list-is-plural": lambda d: rename(d["components"]["schemas"]["Control"]["properties"], "names", "name"),
    "string-is-bounded": lambda d: prop(d, "createdAt").pop("maxLength"),
    "list-is-bounded": lambda d: prop(d, "names").pop("maxItems"),
    "integer-is-bounded": lambda d: prop(d, "size").pop("maximum"),
    "enum-is-snake-case": lambda d: prop(d, "state").update(enum=["open", "halfOpen"]),
    "instant-has-example-in-utc": lambda d: prop(d, "createdAt").update(example="2022-04-01T10:00:00+02:00"),
    "request-refuses-unknown-members": lambda d: operation(d)["requestBody"].update(
        content={"application/json": {"schema": {"type": "object"}, "example": {}}}),
}

# That the rules of others are read at all: one of each set, and the two that judge examples.
BORROWED = {
    "oas3-valid-media-example": lambda d: answer(d, "400")["content"]["application/problem+json"].update(example=1),
    "oas3-valid-schema-example": lambda d: prop(d, "size").update(example="many"),
    "owasp:api4:2023-rate-limit": lambda d: answer(d, "404"),
    "owasp:api4:2023-string-restricted": lambda d: d["components"]["schemas"]["Control"]["properties"].update(
        note={"type": "string", "maxLength": 9}),
    "owasp:api8:2023-define-cors-origin": lambda d: answer(d, "404").update(headers={
        "ETag": {"description": "A tag.", "schema": {"type": "string", "maxLength": 9, "pattern": "^[a-z]*$"}}}),
}

if __name__ == "__main__":
    main(sys.argv[1:])
