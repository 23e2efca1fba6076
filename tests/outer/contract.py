#!/usr/bin/env python3
"""Calls every documented operation of a running Akademi with generated requests.

    contract.py DEMO_JSON [SECONDS]

DEMO_JSON is the file that `akademi demo` writes: `address` and `tokens.coordinator` are read from
it. Schemathesis then reads each service's own document from the running process and checks every
answer against it: no 5xx, only documented status codes and content types, bodies as described.
SECONDS (default 180) is the time for all four services together, shared out by how many
operations each has. First a control run against a server with known faults must find them all.
"""

import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request

SERVICES = ("registration", "scheduling", "mentorship", "evaluation")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# More refusals by the rate limit than this, and the run says little about the operations.
LIMITED_PERCENT_MAX = 20


def main(demo_file, seconds=180):
    control()
    demo = json.loads(pathlib.Path(demo_file).read_text())
    address, token = demo["address"].rstrip("/"), demo["tokens"]["coordinator"]
    documents = {name: json.loads(get(f"{address}/{name}/v1/openapi.json")) for name in SERVICES}
    sizes = {name: sum(len(item) for item in document["paths"].values()) for name, document in documents.items()}
    faults = []
    for name, document in documents.items():
        share = max(5, seconds * sizes[name] // sum(sizes.values()))
        print(f"-- {name}: {share} s", flush=True)
        report, statuses = schemathesis(document, f"{address}/{name}/v1", token, share, loud=True)
        faults += [f"{name}: {fault}" for fault in judge(report, statuses)]
        print(f"-- {name}: answers by status {dict(sorted(statuses.items()))}", flush=True)
        get(f"{address}/health/ready")
    if faults:
        sys.exit("contract.py:\n  " + "\n  ".join(faults))


def judge(report, statuses):
    """What is wrong with a run, as sentences."""
    total = sum(statuses.values())
    if report["operations"]["tested"] == 0 or total == 0:
        yield "no operation was tested"
        return
    if report["failures"] or report["errors"]:
        kinds = sorted({failure["title"] for failure in report["failures"]})
        yield f"answers differ from the document: {kinds or report['errors']}"
    if not any(200 <= status < 300 for status in statuses):
        yield "no request succeeded, so the token or the address is wrong"
    if 100 * statuses.get(429, 0) > LIMITED_PERCENT_MAX * total:
        yield f"{statuses[429]} of {total} requests met the rate limit"


def schemathesis(document, url, token, seconds, loud):
    """One run; gives its report and how often each status was answered."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "openapi.json").write_text(json.dumps(document))
        outcome = subprocess.run(
            [pathlib.Path(sys.executable).parent / "schemathesis",
             "run", "openapi.json", "--url", url,
             "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
             "--max-examples", "10", "--max-time", str(seconds), "--max-failures", "20", "--workers", "2",
             "--request-timeout", "10", "--seed", "2022", "--no-shrink", "--generation-database", "none",
             "--no-color", "--report", "json,ndjson",
             "--report-json-path", "report.json", "--report-ndjson-path", "report.ndjson"],
            cwd=folder, text=True, stdout=None if loud else subprocess.PIPE,
            stderr=None if loud else subprocess.STDOUT, timeout=3 * seconds + 60, check=False,
        )
        try:
            report = json.loads((folder / "report.json").read_text())
        except FileNotFoundError:
            sys.exit(f"contract.py: schemathesis wrote no report (exit {outcome.returncode})\n{outcome.stdout or ''}")
        statuses = {}
        with (folder / "report.ndjson").open() as events:
            for event in events:
                for status in re.findall(r'"status_code":\s*(\d{3})\b', event):
                    statuses[int(status)] = statuses.get(int(status), 0) + 1
        return report, statuses


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
        report, _ = schemathesis(document, f"http://127.0.0.1:{server.server_port}", "none", 5, loud=False)
        server.shutdown()
    found = {(failure["type"], operation) for failure in report["failures"] for operation in failure["operations"]}
    planted = {("ServerError", "GET /crash"), ("UndefinedStatusCode", "GET /undocumented"),
               ("UndefinedContentType", "GET /as-text"), ("JsonSchemaError", "GET /other-shape")}
    missed = planted - found
    false = [finding for finding in found if "/sound" in finding[1]]
    if missed or false:
        sys.exit(f"contract.py: control failed: missed {sorted(missed)}, wrongly found {false}")
    print(f"-- control: {len(planted)} planted faults, all found", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], *map(int, sys.argv[2:3]))
