"""An installation to measure: PostgreSQL of its own, registration and the gateway as processes of
their own, filled by SQL. Needs PostgreSQL's programs (initdb, pg_ctl, psql), openssl and a release build."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
LINK_KEY = "the secret that signs the links of measurements"


def port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def programs():
    """Where PostgreSQL's programs are."""
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    if shutil.which("initdb"):
        return pathlib.Path(shutil.which("initdb")).resolve().parent
    sys.exit("PostgreSQL's initdb is not here")


def link(kind, id):
    """The text of a link that registration mails."""
    sign = lambda key, text: hmac.new(key, text, hashlib.sha256).digest()
    signed = id.bytes + sign(sign(LINK_KEY.encode(), b"akademi-link\0" + kind), id.bytes)[:16]
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def ticks(pid):
    """CPU ticks of a process, and of its children that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15])


class Installation:
    def __init__(self, *services):
        """Registration and the gateway, and these services beside them."""
        self.services = services
        # Whoever is told to end tidies up first.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="akademi_speed_"))
        self.folder.chmod(0o755)
        self.processes = {}
        target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        self.akademi = pathlib.Path(os.environ.get("AKADEMI", target / "release" / "akademi"))
        if not self.akademi.exists():
            sys.exit("cargo build --release first")
        try:
            self._database()
            self._parts()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait()
        if hasattr(self, "cluster"):
            self._as_owner("pg_ctl", "-D", self.cluster, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_owner(self, program, *arguments):
        """PostgreSQL does not run as root."""
        command = [str(self.programs / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        return subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def _database(self):
        self.programs = programs()
        self.cluster = self.folder / "postgres"
        self.cluster.mkdir()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.cluster, owner.pw_uid, owner.pw_gid)
        self._as_owner("initdb", "-D", self.cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        self.port = port()
        self.log = self.cluster / "log"
        options = (
            f"-p {self.port} -k {self.cluster} -c listen_addresses=127.0.0.1 -c shared_buffers=256MB"
            " -c max_wal_size=4GB -c log_line_prefix='%p| '"
        )
        self._as_owner("pg_ctl", "-D", self.cluster, "-w", "-l", self.log, "-o", options, "start")
        for name in ["registration", *self.services]:
            self.sql(f"CREATE DATABASE {name}", database="postgres")

    def _parts(self):
        public = {}
        for part in ["gateway", "registration", *self.services]:
            file = self.folder / "keys" / part
            file.parent.mkdir(exist_ok=True)
            made = subprocess.run(
                [self.akademi, "keys", "generate", file], check=True, capture_output=True, text=True
            )
            public[part] = made.stdout.strip()
        # What signs credentials has to be the same for all replicas.
        issuer = subprocess.run(
            ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER"],
            check=True,
            capture_output=True,
        ).stdout
        self.address = ("127.0.0.1", port())
        ports = {name: port() for name in ["registration", *self.services]}
        url = f"postgres://postgres@127.0.0.1:{self.port}/registration"
        self.environment = dict(
            os.environ,
            AKADEMI_DATABASE_URL=url,
            AKADEMI_DATA_DIR=str(self.folder / "data"),
            AKADEMI_LINK_KEY=LINK_KEY,
            AKADEMI_NEEDS_KEYS="1:" + base64.b64encode(bytes(32)).decode(),
            AKADEMI_TRUSTED_KEYS=",".join(f"{name}={key}" for name, key in public.items()),
            AKADEMI_UPSTREAMS=",".join(f"{name}=http://127.0.0.1:{at}" for name, at in ports.items()),
            AKADEMI_ANSWER_KEYS="1:" + base64.b64encode(bytes(32)).decode(),
            AKADEMI_ISSUER_KEYS="1:" + base64.b64encode(issuer).decode(),
            AKADEMI_PUBLIC_URL="https://akademi.example",
            AKADEMI_RATE_CALLER="0",
            AKADEMI_RATE_ORGANISATION="0",
            AKADEMI_RATE_ADDRESS="0",
            AKADEMI_LOG_FORMAT="json",
        )
        installed = subprocess.run(
            [self.akademi, "init", "--organiser", "Organiser", "--coordinator", "maja@organiser.example"],
            check=True,
            capture_output=True,
            text=True,
            env=self.environment,
        ).stdout
        words = dict(line.rsplit(None, 1) for line in installed.splitlines() if line.count("  "))
        self.organiser, self.key = words["organisation"], words["API key"]
        # Nobody is told anything: what would be waits.
        others = ["registration", "scheduling", "mentorship", "evaluation"]
        peers = ",".join(f"{name}=http://127.0.0.1:9" for name in others)
        for part, listen in [*ports.items(), ("gateway", self.address[1])]:
            own = {"AKADEMI_DATABASE_URL": url.replace("/registration", f"/{part}"), "AKADEMI_PEERS": peers}
            self.processes[part] = subprocess.Popen(
                [self.akademi, "serve", part],
                env=dict(
                    self.environment,
                    **(own if part in ports else {}),
                    AKADEMI_LISTEN=f"127.0.0.1:{listen}",
                    AKADEMI_KEY_FILE=str(self.folder / "keys" / part),
                ),
                stdout=(self.folder / f"{part}.log").open("w"),
                stderr=subprocess.STDOUT,
            )
        for _ in range(300):
            try:
                if self.call("GET", "/registration/v1/me")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        sys.exit("\n".join((self.folder / f"{part}.log").read_text()[-2000:] for part in self.processes))

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(*self.address)
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Idempotency-Key": f"k-{uuid.uuid4()}",
            "If-Match": "*",
            **(headers or {}),
        }
        if method == "GET":
            headers = {"Authorization": headers["Authorization"]}
        text = None
        if body is not None:
            text, headers["Content-Type"] = json.dumps(body), "application/json"
        connection.request(method, path, text, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, json.loads(content) if content else None

    def make(self, path, body=None, method="POST", service="registration"):
        status, answer = self.call(method, f"/{service}/v1/{path}", body)
        if status not in (200, 201):
            sys.exit(f"{path}: {status} {answer}")
        return answer

    def sql(self, statement, database="registration"):
        found = subprocess.run(
            [
                self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
                "-p", str(self.port), "-U", "postgres", "-d", database, "-c", statement,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        return found.stdout.strip()

    def municipalities(self, count):
        """Partners, each with its director's office."""
        made = []
        for number in range(count):
            body = {
                "name": f"Municipality {number}", "kind": "municipality", "language": "sv",
                "timeZone": "Europe/Stockholm", "officialCode": f"SE-{number + 1000}",
            }
            organisation = self.make("organisations", body)["id"]
            self.make(f"organisations/{self.organiser}/partners/{organisation}", method="PUT")
            director = self.person(organisation, f"director{number}@municipality.example")
            office = {
                "organisationId": organisation, "kind": "municipal_director",
                "title": {"sv": "Kommundirektör"}, "holderId": director,
            }
            self.make("offices", office)
            made.append(organisation)
        return made

    def person(self, organisation, email):
        body = {
            "name": "Anna Applicant", "email": email, "organisationId": organisation,
            "kind": "employed_manager", "gender": "woman", "language": "sv",
        }
        return self.make("people", body)["id"]

    def people(self, municipalities, count):
        """So many people, spread over the municipalities; the number stands in the id."""
        names = ", ".join(f"'{one}'::uuid" for one in municipalities)
        columns = "name, kind, gender, language, active, verified, created_at, version"
        self.sql(
            f"""INSERT INTO people (id, email, email_key, organisation_id, {columns})
            SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'p' || n || '@a.example',
                'p' || n || '@a.example', (ARRAY[{names}])[n % {len(municipalities)} + 1], {columns}
            FROM (SELECT * FROM people WHERE email LIKE 'director0@%') AS one, generate_series(1, {count}) AS n"""
        )
        self.sql("ANALYZE")

    def round(self, seats):
        programme = {
            "organiserId": self.organiser, "name": {"sv": "Ledare"}, "purpose": {"sv": "Att leda"},
            "audience": {"sv": "Chefer"},
        }
        programme = self.make("programmes", programme)["id"]
        self.make(f"programmes/{programme}/publication")
        today = time.time()
        day = lambda days: time.strftime("%Y-%m-%d", time.gmtime(today + days * 86400))
        body = {
            "programmeId": programme, "name": {"sv": "Våren", "en": "Spring"}, "seats": seats,
            "opensOn": day(-10), "closesOn": day(20), "endorseBy": day(30), "answerDays": 20,
            "endorsement": "municipal_director", "language": "sv", "timeZone": "Europe/Stockholm",
        }
        made = self.make("rounds", body)["id"]
        for step in ["publication", "opening"]:
            self.make(f"rounds/{made}/{step}")
        return made

    def cpu(self):
        """Seconds of CPU so far: ours, and PostgreSQL's."""
        ours = sum(ticks(process.pid) for process in self.processes.values())
        server = int((self.cluster / "postmaster.pid").read_text().split()[0])
        children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        theirs = ticks(server)
        for child in children:
            try:
                theirs += ticks(child)
            except FileNotFoundError:
                pass
        return ours / TICKS, theirs / TICKS
