#!/usr/bin/env python3
"""Finds what a caller of the last release would stumble over in the committed API documents.

    breaks.py FILE.json ...

Compares each file with its state at the newest tag `vMAJOR.MINOR.PATCH`. Before 1.0.0 breaks are
reported and nothing more; from 1.0.0 on a break fails the run unless the major version differs.
Enums of answers may grow (docs/API.md says so), and answers may gain members; everything else
that a caller relies on has to stay. First a control: every kind of break is planted once in a
copy of a document and must be found, and a copy with harmless additions must pass.
"""

import copy
import json
import pathlib
import re
import subprocess
import sys

METHODS = ("get", "put", "post", "delete", "patch")
# Bounds, and in which direction a change of them refuses what was taken before.
UPPER = ("maxLength", "maxItems", "maximum", "maxProperties")
LOWER = ("minLength", "minItems", "minimum", "minProperties")


class Side:
    """One of the two documents, and how to follow its references."""

    def __init__(self, document):
        self.document = document

    def at(self, thing):
        while isinstance(thing, dict) and "$ref" in thing:
            target = self.document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            thing = target
        return thing

    def operations(self):
        root = re.sub(r"^https?://[^/]+", "", self.document["servers"][0]["url"])
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    # A parameter's name in a path is nobody's business but the document's.
                    yield (method, re.sub(r"\{[^}]+\}", "{}", root + path)), item[method]

    def parameters(self, operation):
        found = (self.at(parameter) for parameter in operation.get("parameters", []))
        return {(one["in"], one["name"].lower()): one for one in found if one["in"] != "path"}


def breaks(before, after):
    """All breaks between two documents, as sentences."""
    old, new = Side(before), Side(after)
    now = dict(new.operations())
    for key, operation in old.operations():
        where = f"{key[0].upper()} {key[1]}"
        if key not in now:
            yield f"{where}: the operation is gone"
            continue
        yield from (f"{where}: {what}" for what in operation_breaks(old, operation, new, now[key]))


def operation_breaks(old, before, new, after):
    if before["operationId"] != after["operationId"]:
        yield f"is called {after['operationId']} instead of {before['operationId']}, which generated clients see"
    was, now = old.parameters(before), new.parameters(after)
    for name, parameter in was.items():
        if name not in now:
            yield f"the {name[0]} parameter {name[1]} is gone"
        else:
            if now[name].get("required") and not parameter.get("required"):
                yield f"the {name[0]} parameter {name[1]} became required"
            yield from takes(old, parameter["schema"], new, now[name]["schema"], f"parameter {name[1]}", ())
    for name in now.keys() - was.keys():
        if now[name].get("required"):
            yield f"the {name[0]} parameter {name[1]} is new and required"
    yield from body_breaks(old, old.at(before.get("requestBody")), new, new.at(after.get("requestBody")))
    yield from answer_breaks(old, before, new, after)
    yield from scope_breaks(before, after)


def body_breaks(old, before, new, after):
    if before is None and after is not None and after.get("required"):
        yield "a body became required"
    if before is None:
        return
    if after is None:
        yield "takes no body any more"
        return
    if after.get("required") and not before.get("required"):
        yield "its body became required"
    for kind, media in before["content"].items():
        if kind not in after["content"]:
            yield f"takes no {kind} any more"
        else:
            yield from takes(old, media["schema"], new, after["content"][kind]["schema"], "body", ())


def answer_breaks(old, before, new, after):
    for status, answer in before["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in after["responses"]:
            yield f"answers {status} no more"
            continue
        was, now = old.at(answer).get("content", {}), new.at(after["responses"][status]).get("content", {})
        for kind, media in was.items():
            if kind not in now:
                yield f"answers {status} no more as {kind}"
            else:
                yield from gives(old, media["schema"], new, now[kind]["schema"], f"answer {status}", ())


def scope_breaks(before, after):
    def ways(operation):
        return [set(scope for scopes in way.values() for scope in scopes) for way in operation.get("security", [])]

    for way in ways(after):
        if not any(way <= old for old in ways(before)):
            yield f"demands {', '.join(sorted(way)) or 'a token'}, which it did not"


def takes(old, before, new, after, where, above):
    """Breaks in what a caller may send: nothing that was taken may be refused."""
    before, after, pair = old.at(before), new.at(after), (id(old.at(before)), id(new.at(after)))
    if pair in above:
        return
    above = (*above, pair)
    yield from same_kind(before, after, where)
    for bound in UPPER:
        if bound in after and after[bound] < before.get(bound, float("inf")):
            yield f"{where}: {bound} fell to {after[bound]}"
    for bound in LOWER:
        if bound in after and after[bound] > before.get(bound, float("-inf")):
            yield f"{where}: {bound} rose to {after[bound]}"
    if after.get("pattern") not in (None, before.get("pattern")):
        yield f"{where}: another pattern"
    for value in set(map(str, before.get("enum", []))) - set(map(str, after.get("enum", before.get("enum", [])))):
        yield f"{where}: {value} is no value any more"
    was, now = before.get("properties", {}), after.get("properties", {})
    for name in was:
        if name not in now:
            yield f"{where}.{name}: the member is gone"
        else:
            yield from takes(old, was[name], new, now[name], f"{where}.{name}", above)
    for name in set(after.get("required", [])) - set(before.get("required", [])):
        yield f"{where}.{name}: became required"
    yield from inner(takes, old, before, new, after, where, above)


def gives(old, before, new, after, where, above):
    """Breaks in what a caller reads: all that was there has to be there still."""
    before, after, pair = old.at(before), new.at(after), (id(old.at(before)), id(new.at(after)))
    if pair in above:
        return
    above = (*above, pair)
    yield from same_kind(before, after, where)
    was, now = before.get("properties", {}), after.get("properties", {})
    for name in was:
        if name not in now:
            yield f"{where}.{name}: the member is gone"
        else:
            yield from gives(old, was[name], new, now[name], f"{where}.{name}", above)
    for name in (set(before.get("required", [])) - set(after.get("required", []))) & now.keys():
        yield f"{where}.{name}: may be absent now"
    yield from inner(gives, old, before, new, after, where, above)


def same_kind(before, after, where):
    for member in ("type", "format", "const"):
        if before.get(member) != after.get(member):
            yield f"{where}: {member} was {before.get(member)}, is {after.get(member)}"


def inner(check, old, before, new, after, where, above):
    for member in ("items", "additionalProperties"):
        was, now = before.get(member), after.get(member)
        if isinstance(was, dict) and isinstance(now, dict):
            yield from check(old, was, new, now, f"{where}[]", above)
        elif member == "additionalProperties" and was is not False and now is False:
            yield f"{where}: other members are refused now"
    for member in ("oneOf", "anyOf", "allOf"):
        was, now = before.get(member, []), after.get(member, [])
        if len(now) < len(was):
            yield f"{where}: fewer choices"
        for position, (one, other) in enumerate(zip(was, now)):
            yield from check(old, one, new, other, f"{where}({position + 1})", above)


# --- the control ----------------------------------------------------------------------------------

def planted():
    """A document, and its breaks by name."""
    thing = {"type": "object", "required": ["name", "kind"], "additionalProperties": False, "properties": {
        "name": {"type": "string", "maxLength": 9}, "kind": {"type": "string", "enum": ["a", "b"]},
        "sizes": {"type": "array", "items": {"type": "integer", "maximum": 9}}}}
    base = {"servers": [{"url": "https://akademi.example/x/v1"}], "components": {"schemas": {"Thing": thing, "Sent": copy.deepcopy(thing)}},
            "paths": {"/things/{thingId}": {"get": {"operationId": "getThing", "security": [{"oidc": ["x.read"]}], "parameters": [
                {"in": "query", "name": "sort", "schema": {"type": "string", "maxLength": 9}}],
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}},
                "post": {"operationId": "postThing", "requestBody": {"required": False, "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}},
                    "responses": {"200": {}, "204": {}}}}}}

    def get(d): return d["paths"]["/things/{thingId}"]["get"]
    def post(d): return d["paths"]["/things/{thingId}"]["post"]
    def out(d): return d["components"]["schemas"]["Thing"]
    def sent(d): return d["components"]["schemas"]["Sent"]

    faults = {
        "the operation is gone": lambda d: d["paths"]["/things/{thingId}"].pop("get"),
        "is called": lambda d: get(d).update(operationId="readThing"),
        "parameter sort is gone": lambda d: get(d).update(parameters=[]),
        "parameter sort became required": lambda d: get(d)["parameters"][0].update(required=True),
        "parameter filter is new and required": lambda d: get(d)["parameters"].append(
            {"in": "query", "name": "filter", "required": True, "schema": {"type": "string"}}),
        "parameter sort: maxLength fell": lambda d: get(d)["parameters"][0]["schema"].update(maxLength=8),
        "its body became required": lambda d: post(d)["requestBody"].update(required=True),
        "takes no body": lambda d: post(d).pop("requestBody"),
        "takes no application/json": lambda d: post(d)["requestBody"].update(content={}),
        "answers 204 no more": lambda d: post(d)["responses"].pop("204"),
        "answers 200 no more as": lambda d: get(d)["responses"]["200"].update(content={}),
        "demands": lambda d: get(d).update(security=[{"oidc": ["x.read", "x.admin"]}]),
        "answer 200.name: the member is gone": lambda d: out(d)["properties"].pop("name"),
        "answer 200.name: may be absent": lambda d: out(d).update(required=["kind"]),
        "answer 200.name: type was": lambda d: out(d)["properties"]["name"].update(type="integer"),
        "answer 200.sizes[]: type was": lambda d: out(d)["properties"]["sizes"]["items"].update(type="string"),
        "body.name: the member is gone": lambda d: sent(d)["properties"].pop("name"),
        "body.sizes: became required": lambda d: sent(d).update(required=["name", "kind", "sizes"]),
        "body.kind: b is no value": lambda d: sent(d)["properties"]["kind"].update(enum=["a"]),
        "body.name: another pattern": lambda d: sent(d)["properties"]["name"].update(pattern="^x"),
        "body.name: minLength rose": lambda d: sent(d)["properties"]["name"].update(minLength=1),
        "body.sizes[]: maximum fell": lambda d: sent(d)["properties"]["sizes"]["items"].update(maximum=8),
    }

    def harmless(d):
        d["paths"]["/others"] = {"get": {"operationId": "listOthers", "responses": {}}}
        d["paths"]["/things/{id}"] = d["paths"].pop("/things/{thingId}")
        item = d["paths"]["/things/{id}"]
        item["get"]["parameters"].append({"in": "query", "name": "filter", "schema": {"type": "string"}})
        out(d)["properties"].update(more={"type": "string"})
        out(d)["properties"]["kind"]["enum"].append("c")
        sent(d)["properties"].update(more={"type": "string"})
        sent(d)["properties"]["name"].update(maxLength=10)

    return base, faults, harmless


def control():
    base, faults, harmless = planted()
    for name, plant in faults.items():
        faulty = copy.deepcopy(base)
        plant(faulty)
        found = list(breaks(base, faulty))
        if not any(name in sentence for sentence in found):
            sys.exit(f"breaks.py: the control's break was not found: {name!r} (found {found})")
    changed = copy.deepcopy(base)
    harmless(changed)
    if found := list(breaks(base, changed)):
        sys.exit(f"breaks.py: harmless changes were called breaks: {found}")
    print(f"-- control: {len(faults)} planted breaks, all found; additions pass")


# --- the run --------------------------------------------------------------------------------------

def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)


def released():
    """The newest release that this state comes after, or None."""
    tags = git("tag", "--merged", "HEAD", "--sort=-v:refname", "--list", "v[0-9]*").stdout.split()
    return next((tag for tag in tags if re.fullmatch(r"v\d+\.\d+\.\d+", tag)), None)


def main(files):
    control()
    for file in files:
        document = json.loads(pathlib.Path(file).read_text())
        if found := list(breaks(document, copy.deepcopy(document))):
            sys.exit(f"breaks.py: {file} is said to differ from itself: {found[:5]}")
    tag = released()
    if tag is None:
        print("no release is tagged yet, so there is nothing to compare with")
        return
    found = []
    for file in files:
        before = git("show", f"{tag}:./{file}")
        if before.returncode == 0:
            before, after = json.loads(before.stdout), json.loads(pathlib.Path(file).read_text())
            found += [(f"{file}: {what}", before, after) for what in breaks(before, after)]
    for sentence, _, _ in found:
        print(sentence)
    major = lambda document: int(document["info"]["version"].split(".")[0])
    fatal = [one for one in found if major(one[2]) >= 1 and major(one[2]) == major(one[1])]
    print(f"{len(found)} breaks since {tag}")
    if fatal:
        sys.exit(f"breaks.py: {len(fatal)} breaks without a new major version")


if __name__ == "__main__":
    main(sys.argv[1:])
