#!/usr/bin/env python3
"""What Akademi sends outside, received by programs of others.

    integration.py DEMO.json AKADEMI

1. The deliveries that the demo's HR system got are verified by `standardwebhooks`, and read as
   CloudEvents. Before that, faults that were planted have to be found: a changed body, another
   secret, an old signature.
2. A served Akademi sends a mail to a server of `aiosmtpd`, which takes it apart.
"""

import email
import email.policy
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "timestamp", "sequence", "data")


def main(demo, program):
    integration = json.loads(pathlib.Path(demo).read_text())["integration"]
    webhooks(integration)
    mail(program)


def webhooks(integration):
    secret = integration["secret"]
    lines = pathlib.Path(integration["deliveries"]).read_text().splitlines()
    got = [json.loads(line) for line in lines]
    if not got:
        sys.exit("integration.py: the HR system got nothing")
    last = got[-1]
    control(secret, last)
    ids, last_of = set(), {}
    for one in got:
        event = Webhook(secret).verify(one["body"], fresh(secret, one))
        missing = [name for name in REQUIRED if name not in event]
        if missing or event["specversion"] != "1.0" or event["id"] != one["headers"]["webhook-id"]:
            sys.exit(f"integration.py: no CloudEvent, {missing}: {event}")
        if "@" in one["body"] or len(one["body"]) > 20_000:
            sys.exit(f"integration.py: an event is to be thin: {one['body']}")
        ids.add(event["id"])
        last_of[event["subject"]] = event["sequence"]
    if len(ids) < integration["delivered"]:
        sys.exit(f"integration.py: {integration['delivered']} were delivered, {len(ids)} arrived")
    if event["type"] != "webhook.tested":
        print("integration.py: the test event was overtaken; sequence tells the order")
    print(f"-- {len(got)} deliveries of {len(last_of)} subjects verified by standardwebhooks")


def fresh(secret, one):
    """The headers, if their signature holds for their own time: a long demo's first deliveries
    are older than the library takes, so that their age is judged here and the signature by it."""
    sent = int(one["headers"]["webhook-timestamp"])
    if not time.time() - 7200 < sent < time.time() + 5:
        sys.exit(f"integration.py: a delivery is signed for another time: {sent}")
    if time.time() - sent < 240:
        return one["headers"]
    from datetime import datetime, timezone

    signed = Webhook(secret).sign(one["headers"]["webhook-id"], datetime.fromtimestamp(sent, timezone.utc), one["body"])
    if signed not in one["headers"]["webhook-signature"].split(" "):
        sys.exit("integration.py: a signature does not hold")
    now = datetime.now(timezone.utc)
    renewed = Webhook(secret).sign(one["headers"]["webhook-id"], now, one["body"])
    return {**one["headers"], "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": renewed}


def control(secret, one):
    """Faults that the library has to find."""
    old = {**one["headers"], "webhook-timestamp": str(int(time.time()) - 3600)}
    for name, key, body, headers in [
        ("a changed body", secret, one["body"] + " ", one["headers"]),
        ("another secret", "whsec_" + "A" * 43 + "=", one["body"], one["headers"]),
        ("another time", secret, one["body"], old),
        ("no signature", secret, one["body"], {**one["headers"], "webhook-signature": "v1,AAAA"}),
    ]:
        try:
            Webhook(key).verify(body, headers)
        except WebhookVerificationError:
            continue
        sys.exit(f"integration.py: {name} was not found")
    print("-- control: 4 planted faults found")


class Box:
    """Keeps what it is handed."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 taken"


def mail(program):
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    with tempfile.TemporaryDirectory() as home:
        told = subprocess.run(
            [program, "init", "--organiser", "Kommunförbundet Öst", "--coordinator", "kim@forbundet.example", "--data-dir", home],
            check=True, capture_output=True, text=True,
        ).stdout
        key = re.search(r"ak_\S+", told)[0]
        organiser = re.search(r"organisation\s+(\S+)", told)[1]
        address = f"127.0.0.1:{free_port()}"
        akademi = subprocess.Popen(
            [program, "serve", "--listen", address, "--data-dir", home, "--mail-from", "no-reply@forbundet.example",
             "--smtp-url", f"smtp://127.0.0.1:{server.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            interest(f"http://{address}/registration/v1", key, organiser)
            deadline = time.time() + 30
            while not box.mails and time.time() < deadline:
                time.sleep(0.1)
        finally:
            akademi.terminate()
            akademi.wait(30)
            server.stop()
    if len(box.mails) != 1:
        sys.exit(f"integration.py: {len(box.mails)} mails instead of one")
    [envelope] = box.mails
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    wrong = [name for name, right in {
        "sender": envelope.mail_from == "no-reply@forbundet.example",
        "recipient": envelope.rcpt_tos == ["anders.dahl@kommun.example"],
        "From": "Kommunförbundet Öst" in str(message["From"]),
        "To": "Åsa Dahl" in str(message["To"]),
        "Auto-Submitted": message["Auto-Submitted"] == "auto-generated",
        "Message-ID": str(message["Message-ID"]).endswith("@forbundet.example>"),
        "kind": message.get_content_type() == "multipart/alternative",
        "text": "Kommunförbundet Öst, genom Akademi" in plain.get_content(),
        "link": "/registration/pages/interest/" in plain.get_content(),
        "page": "<a href=" in html.get_content(),
        "defects": not message.defects,
    }.items() if not right]
    if wrong:
        sys.exit(f"integration.py: {wrong} of the mail: {envelope.content.decode()}")
    print("-- one mail taken apart by aiosmtpd's server and Python's email")


def interest(api, key, organiser):
    """An organiser's round without dates, and somebody who wants to know when it opens."""
    text = {"sv": "Ledarskap"}
    programme = call(api, key, "programmes", {"organiserId": organiser, "name": text, "purpose": text, "audience": text})
    call(api, key, f"programmes/{programme['id']}/publication", None)
    round_ = call(api, key, "rounds", {
        "programmeId": programme["id"], "name": {"sv": "Våren"}, "seats": 2, "answerDays": 10,
        "endorsement": "municipal_director", "language": "sv", "timeZone": "Europe/Stockholm",
    })
    call(api, key, f"rounds/{round_['id']}/publication", None)
    call(api, None, f"rounds/{round_['id']}/interests", {
        "name": "Åsa Dahl", "email": "anders.dahl@kommun.example", "language": "sv",
    })


def call(api, key, path, body):
    headers = {"Content-Type": "application/json", "Idempotency-Key": path}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    if data is None:
        del headers["Content-Type"]
        data = b""
    request = urllib.request.Request(f"{api}/{path}", data, headers, method="POST")
    deadline = time.time() + 30
    while True:
        try:
            return json.load(urllib.request.urlopen(request, timeout=10))
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.time() > deadline:
                sys.exit(f"integration.py: {path}: {error.code} {error.read().decode()}")
        except OSError:
            # It is about to start.
            if time.time() > deadline:
                raise
        time.sleep(0.2)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


if __name__ == "__main__":
    main(*sys.argv[1:])
