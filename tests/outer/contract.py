#!/usr/bin/env python3
"""Calls every documented operation of a running Akademi with generated requests.

    contract.py DEMO_JSON [SECONDS [ROLE ...]]

DEMO_JSON is the file that `akademi demo` writes: the address, and tokens of a coordinator and of the
directors of two municipalities. Schemathesis reads each service's own document from the running
process and checks every answer against it, sequences of calls that follow from each other included:
no 5xx, only documented status codes and content types, bodies as described. SECONDS (default 180) is
the time for all runs together, shared out by how many operations each has; with ROLEs only theirs are
made. First a control run
against a server with known faults must find them all.

Nothing of one municipality may reach the other's director: neither by any GET of any id that exists,
nor in any answer to a generated request, in any of the four services, and no change of what is the other's may be more than
refused. The coordinator, to whom both belong, is the control: to her the same calls do show it.
"""

import base64
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

SERVICES = ("registration", "scheduling", "mentorship", "evaluation")
# Two at once lose a race in the parser of CPython before 3.11.8 and 3.12.2 now and then (SystemError,
# python/cpython#106905): there, one.
WORKERS = "1" if (3, 11) <= sys.version_info < (3, 11, 8) or (3, 12) <= sys.version_info < (3, 12, 2) else "2"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# The runs: who calls, how, and their shares of the time in hundredths.
SINGLE, CHAINED = "examples,coverage,fuzzing", "stateful"
RUNS = (("coordinator", SINGLE, 50), ("coordinator", CHAINED, 20), ("director", SINGLE, 15), ("neighbour", SINGLE, 15))
# More refusals by the rate limit than this, and the run says little about the operations.
LIMITED_PERCENT_MAX = 20
# Services in which the demo has things of one municipality alone.
WITH_THINGS = ("scheduling", "mentorship", "evaluation")
# Fewer operations than this, of those that a run was to test, and it says little about the service.
TESTED_PERCENT_MIN = 25
# Ids of a kind that are tried; the rest are more of the same.
IDS_MAX = 12
# Taken along by each run. Chains of calls come across whoever calls, too, and who is made inactive
# or is erased says nothing more in the runs after: such a call goes to somebody else instead.
HOOKS = """
import json, os, schemathesis

CALLERS, OTHER = os.environ["CALLERS"].split(), os.environ["OTHER"]

def spared(value):
    text = json.dumps(value)
    for caller in CALLERS:
        text = text.replace(caller, OTHER)
    return json.loads(text)

@schemathesis.serializer("text/csv", "application/x-ndjson")
def text_as_it_is(context, value):
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")

@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method.upper() == "GET":
        return
    case.path_parameters = spared(case.path_parameters)
    if isinstance(case.body, (dict, list)):
        case.body = spared(case.body)
"""


def main(demo_file, seconds=180, *roles):
    control()
    demo = json.loads(pathlib.Path(demo_file).read_text())
    address, tokens = demo["address"].rstrip("/"), demo["tokens"]
    documents = {name: json.loads(get(f"{address}/{name}/v1/openapi.json")) for name in SERVICES}
    sizes = {name: sum(len(item) for item in document["paths"].values()) for name, document in documents.items()}
    sides = [Side(address, documents["registration"], tokens, role) for role in ("director", "neighbour")]
    secrets = {side.role: other.secrets for side, other in zip(sides, reversed(sides))}
    faults = []
    for side, other in zip(sides, reversed(sides)):
        faults += [f"{side.role}: {fault}" for fault in side.reaches(other)]
        for name in SERVICES[1:]:
            faults += [f"{side.role}: {fault}" for fault in side.finds(other, f"{address}/{name}/v1", documents[name])]
    callers = {person_of(token) for token in tokens.values()}
    person = next(one for one in sides[0].own["personId"] if one not in callers)
    exist(documents["registration"], sides[0], person)
    spared = {"CALLERS": " ".join(callers), "OTHER": person}
    for document in documents.values():
        whole(document)
    for role, phases, part in RUNS:
        if roles and role not in roles:
            continue
        for name, document in documents.items():
            share = max(12, part * seconds * sizes[name] // sum(sizes.values()) // 100)
            if phases == CHAINED and sizes[name] == 1:
                continue
            who = f"{name} as {role} ({phases})"
            print(f"-- {who}: {share} s", flush=True)
            run = schemathesis(document, f"{address}/{name}/v1", tokens[role], share, phases, secrets.get(role, ()), spared)
            faults += [f"{who}: {fault}" for fault in judge(*run, expect_success=(role, phases) == ("coordinator", SINGLE))]
            counted = run[0]["operations"]
            print(f"-- {who}: {counted['tested']} of {counted['selected']} operations tested", flush=True)
            print(f"-- {who}: answers by status {dict(sorted(run[1].items()))}", flush=True)
            get(f"{address}/health/ready")
    rounds = [one["id"] for one in sides[0].list("/rounds") if one["organiserId"] == demo["organiser"]]
    reports = [sides[0].read(f"/rounds/{one}/invariants", tokens["coordinator"]) for one in rounds]
    faults += [f"an invariant is broken: {one}" for one in reports if not one["holds"]]
    print(f"-- after all of it the invariants of {len(rounds)} rounds were read", flush=True)
    if faults:
        sys.exit("contract.py:\n  " + "\n  ".join(faults))


def exist(document, side, person):
    """Gives the addresses of the document ids that exist, so that calls get past "not found"."""
    known = {name: ids[0] for name, ids in {**side.shared, **side.own}.items() if ids}
    known["personId"] = person
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter.get("in") == "path" and parameter["name"] in known:
                parameter["example"] = known[parameter["name"]]


def person_of(token):
    """The person in a token of the demo's."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("person")


def whole(document):
    """Takes `fields` away: with it an item has only the members that were asked for, which no
    schema of the item can say."""
    for _, _, operation in operations(document):
        if "parameters" in operation:
            operation["parameters"] = [one for one in operation["parameters"] if one.get("name") != "fields"]


class Side:
    """One municipality: its director's token, and what is its own, as the coordinator sees it."""

    def __init__(self, address, document, tokens, role):
        self.root, self.document, self.role = f"{address}/registration/v1", document, role
        self.token, self.all_seeing = tokens[role], tokens["coordinator"]
        me = self.read("/me", self.token)
        person = self.read(f"/people/{me['personId']}", self.all_seeing)
        self.organisation = person["organisationId"]
        people = [one for one in self.list("/people") if one["organisationId"] == self.organisation]
        applications = [one for one in self.list("/applications") if one.get("municipalityId") == self.organisation]
        offices = [one for one in self.list("/offices") if one["organisationId"] == self.organisation]
        self.own = {
            "personId": [one["id"] for one in people], "applicationId": [one["id"] for one in applications],
            "officeId": [one["id"] for one in offices], "organisationId": [self.organisation],
        }
        self.shared = {"roundId": [one["id"] for one in self.list("/rounds")],
                       "programmeId": [one["id"] for one in self.list("/programmes")]}
        # An address is written in one place only, so wherever it turns up it was read from there.
        self.secrets = {one["email"] for one in people if one["id"] != me["personId"]}
        # Which applications there are is nobody's to know elsewhere; their ids stand in many places.
        self.canaries = self.secrets | set(self.own["applicationId"])
        # Whoever is a pair with somebody knows that one's application, of whatever municipality.
        pairs = [one for one in self.list("/pairs", f"{address}/mentorship/v1")
                 if any(person in json.dumps(one) for person in self.own["personId"])]
        self.paired = {one["applicationId"] for one in pairs}

    def read(self, path, token):
        status, body = call("GET", self.root + path, token)
        if status != 200:
            sys.exit(f"contract.py: GET {path} answered {status}")
        return json.loads(body)

    def list(self, path, root=None):
        found, url = [], f"{root or self.root}{path}?limit=100"
        while url:
            status, body = call("GET", url, self.all_seeing)
            if status != 200:
                sys.exit(f"contract.py: GET {url} answered {status}")
            page = json.loads(body)
            found += page["items"]
            url = page["_links"].get("next", {}).get("href")
        return found

    def reaches(self, other):
        """What of the other's this side's director can read or change, as sentences."""
        seen, tried = set(), 0
        for method, path, operation in operations(self.document):
            names = re.findall(r"\{(\w+)\}", path)
            if method == "GET":
                for filled in fill(path, names, {**self.shared, **other.own}):
                    tried += 1
                    status, body = call(method, self.root + filled, self.token)
                    if status >= 500:
                        yield f"{method} {path} answered {status}"
                    if found := [secret for secret in other.canaries if secret in body]:
                        yield f"GET {filled} shows {found[0]}"
                    _, body = call(method, self.root + filled, self.all_seeing)
                    seen |= {secret for secret in other.canaries if secret in body}
            elif names and names[0] in other.own:
                for filled in fill(path, names, other.own):
                    tried += 1
                    status, _ = call(method, self.root + filled, self.token, example(self.document, operation))
                    if status not in (400, 401, 403, 404, 405, 415):
                        yield f"{method} {filled} answered {status} to somebody of another municipality"
        if not seen:
            yield "the control saw none of the other's addresses and ids, so the calls show nothing"
        print(f"-- {self.role}: {tried} calls for what is the other's; the coordinator saw {len(seen)} of {len(other.canaries)} addresses and ids", flush=True)


    def finds(self, other, root, document):
        """What this side's director can read in another service of what is the other's alone, as
        sentences. What that is, the coordinator's lists say: things that name the other's people
        and none of this side's. Their own ids are the canaries."""
        paths = {path: item["get"] for path, item in document["paths"].items() if "get" in item}
        things = {path.split("/")[1]: path.split("/")[2].strip("{}") for path in paths if re.fullmatch(r"/[a-z-]+/\{\w+\}", path)}
        lists = [path for path, read in paths.items() if any(one.get("name") == "page" for one in read.get("parameters", []))]
        canaries, alone = set(), {}
        for path in lists:
            kind = things.get(path.rsplit("/", 1)[1])
            if not kind or not set(re.findall(r"\{(\w+)\}", path)) <= set(self.shared):
                continue
            for filled in fill(path, re.findall(r"\{(\w+)\}", path), self.shared):
                status, body = call("GET", f"{root}{filled}?limit=100", self.all_seeing)
                for item in json.loads(body)["items"] if status == 200 else []:
                    text = json.dumps(item)
                    known = item.get("id") in self.paired or any(one in text for one in self.ids())
                    if "id" in item and any(one in text for one in other.ids()) and not known:
                        alone.setdefault(kind, []).append(item["id"])
                        canaries.add(item["id"])
        tried = 0
        for path in paths:
            names = re.findall(r"\{(\w+)\}", path)
            asked = [one for name in names[:1] if name in alone for one in alone[name][:IDS_MAX]]
            for filled in fill(path, names, {**self.shared, **alone}):
                own = {one for one in asked if one in filled}
                tried += 1
                status, body = call("GET", root + filled, self.token)
                if status >= 500:
                    yield f"GET {root}{filled} answered {status}"
                if own and status == 200:
                    yield f"GET {root}{filled} is answered to somebody of another municipality"
                elif status == 200 and (found := sorted(one for one in canaries if one in body)):
                    yield f"GET {root}{filled} shows {found[0]}"
        service = root.split("/")[-2]
        if service in WITH_THINGS and not canaries:
            yield f"the control saw nothing of the other's in {service}, so the calls show nothing"
        print(f"-- {self.role} in {service}: {tried} calls, {len(canaries)} things of the other's alone: {sorted(alone)}", flush=True)

    def ids(self):
        """The ids of what is this side's own."""
        return {one for ids in self.own.values() for one in ids}


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def fill(path, names, ids):
    """The path with ids that exist; with none where a name has none."""
    if not names:
        yield path
    elif all(name in ids for name in names):
        for one in ids[names[0]][:IDS_MAX]:
            rest = path.replace(f"{{{names[0]}}}", one)
            yield from fill(rest, names[1:], ids)


def example(document, operation):
    """The body that the document shows for an operation."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        for shown in media.get("examples", {}).values():
            return json.dumps(shown["value"]).encode()
    return None


def call(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Accept": "*/*", "If-Match": "*", "Idempotency-Key": "contract"}
    if method == "GET":
        del headers["If-Match"], headers["Idempotency-Key"]
    if body is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def judge(report, statuses, leaks, expect_success=True):
    """What is wrong with a run, as sentences."""
    total = sum(statuses.values())
    if report["operations"]["tested"] == 0 or total == 0:
        yield "no operation was tested"
        return
    tested, selected = report["operations"]["tested"], report["operations"]["selected"]
    if expect_success and 100 * tested < TESTED_PERCENT_MIN * selected:
        yield f"only {tested} of {selected} operations were tested"
    if report["failures"] or report["errors"]:
        kinds = sorted({failure["title"] for failure in report["failures"]})
        yield f"answers differ from the document: {kinds or report['errors']}"
    yield from (f"an answer shows {leak}" for leak in sorted(leaks))
    if expect_success and not any(200 <= status < 300 for status in statuses):
        yield "no request succeeded, so the token or the address is wrong"
    if 100 * statuses.get(429, 0) > LIMITED_PERCENT_MAX * total:
        yield f"{statuses[429]} of {total} requests met the rate limit"


def schemathesis(document, url, token, seconds, phases, secrets, spared=None):
    """One run; gives its report, how often each status was answered, and which secrets were. Without
    anybody to spare it is the control's, and says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "openapi.json").write_text(json.dumps(document))
        (folder / "hooks.py").write_text(HOOKS)
        environment = {**os.environ, **spared, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(folder)} if spared else None
        outcome = subprocess.run(
            [pathlib.Path(sys.executable).parent / "schemathesis",
             "run", "openapi.json", "--url", url,
             "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases", phases,
             "--max-examples", "10", "--max-time", str(seconds), "--max-failures", "20", "--workers", WORKERS,
             "--request-timeout", "10", "--seed", "2022", "--no-shrink", "--generation-database", "none",
             "--no-color", "--report", "json,har", "--output-sanitize", "false",
             "--report-json-path", "report.json", "--report-har-path", "report.har"],
            cwd=folder, text=True, stdout=None if spared else subprocess.PIPE, env=environment,
            stderr=None if spared else subprocess.STDOUT, timeout=3 * seconds + 60, check=False,
        )
        try:
            report = json.loads((folder / "report.json").read_text())
        except FileNotFoundError:
            sys.exit(f"contract.py: schemathesis wrote no report (exit {outcome.returncode})\n{outcome.stdout or ''}")
        statuses, leaks = {}, set()
        for entry in json.loads((folder / "report.har").read_text())["log"]["entries"]:
            answer = entry["response"]
            statuses[answer["status"]] = statuses.get(answer["status"], 0) + 1
            leaks |= {secret for secret in secrets if secret in answer.get("content", {}).get("text", "")}
        return report, statuses, leaks


def get(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.read()


def control():
    """A server with one fault of each kind: the run must report all four."""
    thing = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    answers = {
        "/sound": (200, "application/json", b'{"name":"x"}'),
        "/crash": (500, "application/json", b'{"name":"x"}'),
        "/undocumented": (204, "application/json", b""),
        "/as-text": (200, "text/plain", b"x"),
        "/other-shape": (200, "application/json", b'{"title":"x"}'),
    }
    documented = {"200": {"description": "A thing.", "content": {"application/json": {"schema": thing}}},
                  "405": {"description": "Not this method."}}
    document = {
        "openapi": "3.1.0", "info": {"title": "Control", "version": "1.0.0"},
        "paths": {path: {"get": {"operationId": path[1:], "responses": documented}} for path in answers},
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.answer(*answers.get(self.path.partition("?")[0], (404, "text/plain", b"")))

        def other(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.answer(405, "text/plain", b"")

        do_POST = do_PUT = do_PATCH = do_DELETE = do_TRACE = do_OPTIONS = do_QUERY = other

        def answer(self, status, kind, body):
            self.send_response(status)
            if status != 405:
                self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        report, _, leaks = schemathesis(document, f"http://127.0.0.1:{server.server_port}", "none", 5, SINGLE,
                                        {'"name"', "nowhere"})
        server.shutdown()
    found = {(failure["type"], operation) for failure in report["failures"] for operation in failure["operations"]}
    planted = {("ServerError", "GET /crash"), ("UndefinedStatusCode", "GET /undocumented"),
               ("UndefinedContentType", "GET /as-text"), ("JsonSchemaError", "GET /other-shape")}
    missed = planted - found
    false = [finding for finding in found if "/sound" in finding[1]]
    if missed or false or leaks != {'"name"'}:
        sys.exit(f"contract.py: control failed: missed {sorted(missed)}, wrongly found {false}, leaks {leaks}")
    print(f"-- control: {len(planted)} planted faults, all found", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], *map(int, sys.argv[2:3]), *sys.argv[3:])
