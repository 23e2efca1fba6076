"""Asks a running demo's SCIM what an independent conformance suite asks.

  scim.py demo.json

The suite (scim2-tester) reads what the server says of itself, then creates, reads, lists,
replaces, changes and deletes resources with values of its own, attribute by attribute. It first
has to find the faults of a server that answers everything alike: a check that can't fail shows
nothing.
"""

import json
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

# Fewer successes than this, and something was not asked.
LEAST = 60


class Alike(BaseHTTPRequestHandler):
    """Answers everything alike."""

    def answer(self):
        body = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/scim+json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


def ask(address, key):
    headers = {"authorization": f"Bearer {key}"}
    with Client(base_url=address, headers=headers, timeout=60, trust_env=False) as http:
        return check_server(SyncSCIMClient(http))


def control():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Alike)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    results = ask(f"http://127.0.0.1:{server.server_port}", "x")
    server.shutdown()
    if not any(one.status in (Status.ERROR, Status.CRITICAL) for one in results):
        sys.exit("control: the suite found no fault in a server that answers everything alike")


def main():
    control()
    with open(sys.argv[1], encoding="utf-8") as file:
        demo = json.load(file)
    results = ask(demo["address"] + "/registration/scim/v2", demo["hr"]["keyToTry"])
    good = (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE)
    for one in results:
        if one.status not in good:
            print(f"{one.status.name}  {one.resource_type or ''} {one.title}: {one.reason}")
    counts = Counter(one.status.name for one in results)
    print(", ".join(f"{count} {name.lower()}" for name, count in sorted(counts.items())))
    failed = [one for one in results if one.status in (Status.ERROR, Status.CRITICAL, Status.DEVIATION)]
    if failed:
        sys.exit(f"{len(failed)} failures of the conformance suite")
    if counts["SUCCESS"] < LEAST:
        sys.exit(f"only {counts['SUCCESS']} successes: something was not asked")


main()
