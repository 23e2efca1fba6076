#!/usr/bin/env python3
"""A registration's last evening: people read, apply, and directors endorse, all at once, through
gateway and service on PostgreSQL.

Needs a release build and PostgreSQL's programs.

    cargo build --release && tests/speed/evening.py [seconds] [reading a second] [applying a second]

Whoever comes does not wait for the one before: arrivals are drawn beforehand, and what each waits
is counted from the moment of coming, so that a stall is felt by all who come during it. Then each
kind of call has some seconds alone, for what one of its kind costs in CPU.

Tells in a table, and in target/speed/evening.json, how long each kind of call took, what it cost,
and how memory, connections and the database grew. Fails where a call failed, where connections
grew in the second half, or where what sends came too late itself to measure anything."""

import asyncio
import collections
import json
import pathlib
import random
import statistics
import sys
import time
import urllib.parse
import uuid

from installation import ROOT, Installation, link

SECONDS, READING, APPLYING = [int(one) for one in sys.argv[1:]] + [60, 200, 50][len(sys.argv) - 1:]
ENDORSING = max(1, APPLYING // 10)
# Seconds that each kind of call has alone.
ALONE = 5
MUNICIPALITIES = 290
# A round has no more applications than this: what a director's page shows stays a page.
ROUND = 3_000
MOST_CONNECTIONS = 512
# Seconds for which a connection is kept that nobody uses.
MOST_IDLE = 2
# What sends may be late by this, at the 99th percentile.
MOST_LATE = 0.050


class Doors:
    """Kept connections to the gateway: as many as are needed at once."""

    def __init__(self, address):
        self.address, self.free, self.made = address, collections.deque(), 0

    async def ask(self, request):
        """Status, headers and content of the answer."""
        # What was last used longest ago is closed by the other side before long.
        while self.free and self.free[0][0] < time.monotonic() - MOST_IDLE:
            self.free.popleft()[2].close()
            self.made -= 1
        if self.free:
            _, reader, writer = self.free.pop()
        else:
            if self.made >= MOST_CONNECTIONS:
                raise OSError("more connections at once than are allowed")
            self.made += 1
            reader, writer = await asyncio.open_connection(*self.address)
        try:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
            if "content-length" in headers:
                content = await reader.readexactly(int(headers["content-length"]))
            else:
                content = await chunks(reader) if headers.get("transfer-encoding") == "chunked" else b""
        except BaseException:
            self.made -= 1
            writer.close()
            raise
        if headers.get("connection") == "close":
            self.made -= 1
            writer.close()
        else:
            self.free.append((time.monotonic(), reader, writer))
        return int(head[0].split()[1]), content


async def chunks(reader):
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


def request(method, path, headers=(), body=b""):
    lines = [f"{method} {path} HTTP/1.1", "Host: akademi.example", *headers]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Evening:
    def __init__(self, place):
        self.place = place
        self.municipalities = place.municipalities(MUNICIPALITIES)
        self.own = [f"Authorization: Bearer {place.key}"]
        awaited = APPLYING * (SECONDS + 2 * ALONE) * 2
        place.people(self.municipalities, awaited)
        self.rounds = [place.round(seats=100) for _ in range(-(-awaited // ROUND))]
        self.applied = 0
        # Whom a director may still endorse, and the links by which it is done.
        self.waiting, self.links = [], {}
        self.kinds = {
            "list of rounds": (READING * 4 // 10, self.reads("/registration/v1/rounds", own=False)),
            "page of a round": (READING * 3 // 10, self.reads(f"/registration/pages/rounds/{self.rounds[0]}", own=False)),
            "catalogue": (READING * 2 // 10, self.reads("/registration/pages/catalogue", own=False)),
            "coordinator's list": (READING // 10, self.reads(f"/registration/v1/applications?roundId={self.rounds[0]}")),
            "application": (APPLYING, self.apply),
            "endorsement": (ENDORSING, self.endorse),
        }

    def reads(self, path, own=True):
        asked = request("GET", path, self.own if own else ())

        async def read(doors):
            status, _ = await doors.ask(asked)
            return status, status == 200

        return read

    async def apply(self, doors):
        self.applied += 1
        number = self.applied
        round_ = self.rounds[number // ROUND % len(self.rounds)]
        body = {"roundId": round_, "personId": f"00000000-0000-7000-8000-{number:012x}", "motivation": "To learn"}
        headers = [*self.own, "Content-Type: application/json", f"Idempotency-Key: evening-{number}"]
        status, content = await doors.ask(request("POST", "/registration/v1/applications", headers, json.dumps(body).encode()))
        if status == 201:
            self.waiting.append((json.loads(content)["id"], round_, self.municipalities[number % MUNICIPALITIES]))
        return status, status == 201

    async def endorse(self, doors):
        """A director endorses the one who has waited longest, on the page that the mail leads to."""
        for at, (application, round_, municipality) in enumerate(self.waiting):
            if slate := self.links.get((round_, municipality)):
                break
        else:
            return "nobody waits", True
        del self.waiting[at]
        form = {f"verdict-{application}": "endorse", "name": "Dora Director", "title": "Kommundirektör"}
        headers = ["Content-Type: application/x-www-form-urlencoded"]
        path = f"/registration/pages/slate/{link(b'slate', slate)}"
        status, _ = await doors.ask(request("POST", path, headers, urllib.parse.urlencode(form).encode()))
        return status, status == 303

    def read_links(self):
        rows = self.place.sql(
            "SELECT links.id, links.round_id, offices.organisation_id FROM links"
            " JOIN offices ON offices.id = links.office_id WHERE links.kind = 'slate' AND links.revoked_at IS NULL"
        )
        for row in rows.splitlines():
            slate, round_, municipality = row.split("|")
            self.links[round_, municipality] = uuid.UUID(slate)

    def memory(self):
        """Kilobytes of each process."""
        found = {}
        for name, process in self.place.processes.items():
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            found[name] = int(status.split("VmRSS:")[1].split()[0])
        return found

    def grown(self):
        connections, size = self.place.sql(
            "SELECT (SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " pg_database_size(current_database())"
        ).split("|")
        # The one that asks is not the product's.
        return int(connections) - 1, int(size)

    async def watch(self, samples, until):
        while time.monotonic() < until:
            grown = await asyncio.to_thread(self.grown)
            samples.append((time.monotonic(), self.memory(), *grown))
            await asyncio.to_thread(self.read_links)
            await asyncio.sleep(5)


async def play(evening, kinds, seconds, samples=None):
    """What every call took, by kind; arrivals of each kind are independent of all others."""
    draw, arrivals = random.Random(20221001), []
    for kind, (rate, one) in kinds.items():
        at = draw.expovariate(rate)
        while at < seconds:
            arrivals.append((at, kind, one))
            at += draw.expovariate(rate)
    arrivals.sort(key=lambda arrival: arrival[0])
    doors, took, late, failed = Doors(evening.place.address), {kind: [] for kind in kinds}, [], {}

    async def call(due, kind, one):
        try:
            status, fine = await one(doors)
        except (OSError, asyncio.IncompleteReadError) as error:
            status, fine = type(error).__name__, False
        if not fine:
            failed[kind, status] = failed.get((kind, status), 0) + 1
        elif isinstance(status, int):
            took[kind].append(time.monotonic() - due)

    started = time.monotonic()
    watching = asyncio.create_task(evening.watch(samples, started + seconds)) if samples is not None else None
    calls = set()
    for at, kind, one in arrivals:
        due = started + at
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        late.append(time.monotonic() - due)
        running = asyncio.create_task(call(due, kind, one))
        calls.add(running)
        running.add_done_callback(calls.discard)
    while calls:
        await asyncio.wait(list(calls))
    if watching:
        await watching
    for _, _, writer in doors.free:
        writer.close()
    return took, late, failed


def share(numbers, part):
    return sorted(numbers)[min(len(numbers) - 1, int(len(numbers) * part))] if numbers else float("nan")


def slope(samples, value):
    """How much more a minute, by least squares over the second half."""
    half = samples[len(samples) // 2:]
    if len(half) < 3:
        return 0.0
    minutes = [(at - half[0][0]) / 60 for at, *_ in half]
    return statistics.linear_regression(minutes, [value(sample) for sample in half]).slope


async def run(place):
    evening = Evening(place)
    # The first of every municipality sends its office a link.
    await play(evening, {"application": (APPLYING, evening.apply)}, ALONE)
    evening.read_links()
    samples, before = [], place.cpu()
    took, late, failed = await play(evening, evening.kinds, SECONDS, samples)
    ours, theirs = (end - start for start, end in zip(before, place.cpu()))
    calls = sum(len(times) for times in took.values())
    costs = {}
    for kind, (rate, one) in evening.kinds.items():
        await asyncio.to_thread(evening.read_links)
        start = place.cpu()
        alone, _, wrong = await play(evening, {kind: (rate, one)}, ALONE)
        failed.update(wrong)
        costs[kind] = [1000 * (now - then) / max(1, len(alone[kind])) for then, now in zip(start, place.cpu())]

    print(f"{SECONDS} s: {calls} calls, {calls / SECONDS:.0f} a second; CPU {1000 * ours / calls:.2f} ms ours and "
          f"{1000 * theirs / calls:.2f} ms PostgreSQL's a call")
    print(f"{'':20}  calls  failed  p50 ms  p95 ms  p99 ms  max ms  ours ms  PostgreSQL ms")
    rows = {}
    for kind, times in took.items():
        wrong = sum(count for (of, _), count in failed.items() if of == kind)
        row = [1000 * share(times, part) for part in (0.5, 0.95, 0.99, 1)]
        print(f"{kind:20}  {len(times):5}  {wrong:6}", *(f"{one:7.1f}" for one in row),
              f"{costs[kind][0]:8.2f} {costs[kind][1]:14.2f}")
        rows[kind] = dict(zip(["p50", "p95", "p99", "max"], row), calls=len(times), failed=wrong,
                          oursMilliseconds=costs[kind][0], postgresMilliseconds=costs[kind][1])
    grown = {
        "connections": slope(samples, lambda sample: sample[2]),
        "databaseKilobytes": slope(samples, lambda sample: sample[3] / 1024),
        **{f"{part}Kilobytes": slope(samples, lambda sample, part=part: sample[1][part]) for part in place.processes},
    }
    last = samples[-1]
    print("at the end:", ", ".join(f"{part} {kilobytes / 1024:.0f} MB" for part, kilobytes in last[1].items()),
          f"and {last[2]} connections")
    print("more a minute in the second half:", ", ".join(f"{name} {more:+.1f}" for name, more in grown.items()))
    print(f"what sends was late by {1000 * share(late, 0.99):.1f} ms at the 99th percentile")
    file = ROOT / "target" / "speed" / "evening.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"seconds": SECONDS, "kinds": rows, "moreAMinute": grown, "memoryKilobytes": last[1]}, indent=2))
    if failed:
        print("FAILED:", ", ".join(f"{count} of {kind}: {status}" for (kind, status), count in failed.items()))
    if share(late, 0.99) > MOST_LATE:
        print("TOO LATE: what sends could not keep up, the figures say nothing")
    if grown["connections"] > 1:
        print("GROWING: connections")
    return bool(failed) or share(late, 0.99) > MOST_LATE or grown["connections"] > 1


with Installation() as place:
    sys.exit(asyncio.run(run(place)))
