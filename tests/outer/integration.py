#!/usr/bin/env python3
"""What Akademi sends outside, received by programs of others.

    integration.py DEMO.json AKADEMI

1. The deliveries that the demo's HR system got are verified by `standardwebhooks`, and read as
   CloudEvents. Before that, faults that were planted have to be found: a changed body, another
   secret, an old signature.
2. A served Akademi sends a mail to a server of `aiosmtpd`, which takes it apart: as it is, by
   STARTTLS and by TLS from the first byte, with a name and a password. Control: a server whose
   certificate nobody vouches for, one without STARTTLS and one that wants another password get
   no mail.
"""

import email
import email.policy
import json
import logging
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "timestamp", "sequence", "data")


def main(demo, program):
    integration = json.loads(pathlib.Path(demo).read_text())["integration"]
    webhooks(integration)
    taken_apart(mail(program, "smtp"))
    with tempfile.TemporaryDirectory() as folder:
        vouched = certificate(pathlib.Path(folder))
        for way in ("starttls", "smtps"):
            taken_apart(mail(program, way, vouched))
            refused(program, way, vouched, "nobody vouches for it", trusted=False)
            refused(program, way, vouched, "another password", password="other")
        refused(program, "starttls", vouched, "no STARTTLS", offers_tls=False)


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


# The server doubts what a test wants of it: TLS that it is wrapped in is none of its own.
warnings.filterwarnings("ignore", "Requiring AUTH")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

NAME, PASSWORD = "akademi", "a password of tests"


def certificate(folder):
    """An authority, and a certificate of its for this machine's loopback: their files."""
    authority, key, one = folder / "authority.pem", folder / "key.pem", folder / "one.pem"

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Authority of tests",
            "-keyout", folder / "authority.key", "-out", authority)
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=mail.example", "-keyout", key, "-out", folder / "one.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", folder / "one.csr", "-CA", authority, "-CAkey", folder / "authority.key",
            "-CAcreateserial", "-days", "2", "-extfile", folder / "names", "-out", one)
    return authority, key, one


class Server(Controller):
    """Speaks TLS from the first byte, or after STARTTLS; wants a name and a password then."""

    def __init__(self, box, way, files, password, offers_tls):
        settings = {"decode_data": False}
        context = None
        if files:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(files[2], files[1])

            def knows(server, session, envelope, mechanism, said):
                right = isinstance(said, LoginPassword) and (said.login, said.password) == (NAME.encode(), password.encode())
                return AuthResult(success=right, handled=False)

            settings |= {"authenticator": knows, "auth_required": True}
        if way == "starttls" and offers_tls:
            settings |= {"tls_context": context, "require_starttls": True}
        elif way == "starttls":
            settings |= {"auth_require_tls": False}
        elif way == "smtps":
            settings |= {"auth_require_tls": False}
        super().__init__(box, hostname="127.0.0.1", port=free_port(), ssl_context=context if way == "smtps" else None, **settings)

    def _trigger_server(self):
        # The server is up when it listens; the base class speaks to it as one without a certificate.
        with socket.create_connection((self.hostname, self.port), 5):
            pass


def mail(program, way, files=None, *, trusted=True, password=PASSWORD, offers_tls=True, wait=60):
    """What a server of a kind gets when somebody's interest is confirmed."""
    box = Box()
    server = Server(box, way, files, password, offers_tls)
    server.start()
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory() as home:
        scheme, more, options = ("smtps" if way == "smtps" else "smtp"), "", []
        if way == "starttls":
            more = "?tls=required"
        if files:
            secret = pathlib.Path(home) / "credentials"
            secret.write_text(f"{NAME}\n{PASSWORD}\n")
            options = ["--smtp-credentials-file", str(secret)]
            if trusted:
                environment["SSL_CERT_FILE"] = str(files[0])
        home = pathlib.Path(home) / "data"
        told = subprocess.run(
            [program, "init", "--organiser", "Kommunförbundet Öst", "--coordinator", "kim@forbundet.example", "--data-dir", home],
            check=True, capture_output=True, text=True,
        ).stdout
        key = re.search(r"ak_\S+", told)[0]
        organiser = re.search(r"organisation\s+(\S+)", told)[1]
        address = f"127.0.0.1:{free_port()}"
        akademi = subprocess.Popen(
            [program, "serve", "--listen", address, "--data-dir", home, "--mail-from", "no-reply@forbundet.example",
             "--smtp-url", f"{scheme}://127.0.0.1:{server.port}{more}", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        )
        try:
            interest(f"http://{address}/registration/v1", key, organiser)
            deadline = time.time() + wait
            while not box.mails and time.time() < deadline:
                time.sleep(0.1)
        finally:
            akademi.terminate()
            akademi.wait(30)
            server.stop()
    return way, box.mails


def refused(program, way, files, why, **settings):
    _, mails = mail(program, way, files, wait=6, **settings)
    if mails:
        sys.exit(f"integration.py: {way}: a mail was handed over although: {why}")
    print(f"-- control: {way}, {why}: no mail")


def taken_apart(got):
    way, mails = got
    if len(mails) != 1:
        sys.exit(f"integration.py: {way}: {len(mails)} mails instead of one")
    [envelope] = mails
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
    print(f"-- one mail by {way} taken apart by aiosmtpd's server and Python's email")


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
