#!/usr/bin/env python3
"""How fast applications come in, and offers are accepted, through gateway and service on
PostgreSQL: beside pgbench, which sends the same statements with as many clients in the same run.

Needs a release build, PostgreSQL's programs with pgbench, and wrk.

    cargo build --release && tests/speed/write_path.py [rounds] [seconds] [clients]

The statements come from PostgreSQL's log of two real requests. What differs between the two is
made anew in each of pgbench's transactions; the rest stays as it was logged."""

import re
import statistics
import subprocess
import sys
import time
import uuid

from installation import Installation, link

numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
ROUNDS, SECONDS, CLIENTS = numbers + [3, 5, 8][len(numbers):]
# People for one run.
SHARE = 40_000
LEAST_RATIO = 0.70
MOST_MILLISECONDS = 0.4
# A hundredth of what a well-known shop system takes for an order (150 ms), the database included.
MOST_MILLISECONDS_TOGETHER = 1.5

APPLY = """
local number, round = {first}, "{round}"
request = function()
    number = number + 1
    local person = string.format("00000000-0000-7000-8000-%012x", number)
    return wrk.format("POST", "/registration/v1/applications", {{
        ["Authorization"] = "Bearer {key}", ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = "k-" .. number,
    }}, '{{"roundId":"' .. round .. '","personId":"' .. person .. '","motivation":"To learn"}}')
end
"""

ACCEPT = """
local links, number = {{}}, 0
for line in io.lines("{file}") do links[#links + 1] = line end
request = function()
    number = number + 1
    return wrk.format("POST", "/registration/pages/offer/" .. links[number],
        {{ ["Content-Type"] = "application/x-www-form-urlencoded" }}, "verdict=accept")
end
"""


def load(place, script, seconds=SECONDS):
    """Requests answered a second, and our and PostgreSQL's milliseconds of CPU for each."""
    file = place.folder / "load.lua"
    file.write_text(script)
    before = place.cpu()
    url = "http://{}:{}".format(*place.address)
    told = subprocess.run(
        ["wrk", "-t", "1", "-c", str(CLIENTS), "-d", f"{seconds}s", "-s", file, url],
        check=True, capture_output=True, text=True,
    ).stdout
    after = place.cpu()
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(told)
    requests = int(re.search(r"(\d+) requests in", told)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    return rate, *(1000 * (late - early) / requests for early, late in zip(before, after))


def logged(place, work):
    """The statements of the transaction that inserts the thing, with their values."""
    place.sql("ALTER SYSTEM SET log_statement = 'all'")
    place.sql("SELECT pg_reload_conf()")
    time.sleep(0.5)
    start = place.log.stat().st_size
    work()
    place.sql("ALTER SYSTEM SET log_statement = 'none'")
    place.sql("SELECT pg_reload_conf()")
    time.sleep(0.3)
    with place.log.open("rb") as log:
        log.seek(start)
        text = log.read().decode()
    entries = re.split(r"^(?=\d+\| )", text, flags=re.M)
    open_, found = {}, None
    for entry in entries:
        head = re.match(r"(\d+)\| (LOG|DETAIL):\s+", entry)
        if not head:
            continue
        backend, kind, said = head[1], head[2], entry[head.end():].strip()
        if kind == "DETAIL":
            values = re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", said)
            if open_.get(backend):
                open_[backend][-1][1].update({int(number): value for number, value in values})
            continue
        said = re.sub(r"^(statement|execute \S+): ", "", said)
        if said.upper().startswith("BEGIN"):
            open_[backend] = [(said, {})]
        elif backend in open_:
            open_[backend].append((said, {}))
            if said.upper().startswith("COMMIT"):
                whole = open_.pop(backend)
                # The relay's own transactions insert deliveries of the outbox's, no events.
                if any(re.search(r'INSERT INTO "?outbox"?\s', one) for one, _ in whole):
                    found = found or whole
    if not found:
        sys.exit("the log has no such transaction")
    return found


UUID = re.compile(r"^'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'$")
PERSON = "'00000000-0000-7000-8000-"


def script(one, other):
    """A script for pgbench: `:n` is new in every transaction, `:person` somebody who has not applied."""
    if [statement for statement, _ in one] != [statement for statement, _ in other]:
        sys.exit("two requests sent different statements")
    known, lines = {}, ["\\set k :k + 1", f"\\set person :first + :client_id * {SHARE // CLIENTS} + :k",
                        "\\set n :person + 1000000000"]

    def value(left, right):
        if left == right:
            return left
        if left.startswith(PERSON):
            return "('00000000-0000-7000-8000-' || lpad(to_hex(:person::bigint), 12, '0'))::uuid"
        if UUID.match(left):
            number = known.setdefault(left, len(known) + 1)
            return f"('{number:08x}-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid"
        key = re.search(r"k-\d+", left)
        if key:
            return "(" + left.replace(key[0], "k-' || :n::bigint || '") + ")"
        return left

    for (statement, values), (_, others) in zip(one, other):
        filled = {number: value(text, others[number]) for number, text in values.items()}
        text = re.sub(r"\$(\d+)", lambda found: filled[int(found[1])], statement)
        lines.append(" ".join(text.split()) + ";")
    return "\n".join(lines) + "\n"


def pgbench(place, first, seconds=SECONDS):
    before = place.cpu()
    told = subprocess.run(
        [
            place.programs / "pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-T", str(seconds),
            "-D", "k=0", "-D", f"first={first}", "-f", place.folder / "same.sql", "-h", "127.0.0.1",
            "-p", str(place.port), "-U", "postgres", "registration",
        ],
        capture_output=True, text=True,
    )
    after = place.cpu()
    if told.returncode or "aborted" in told.stderr:
        sys.exit(told.stderr[-3000:])
    rate = float(re.search(r"tps = ([\d.]+)", told.stdout)[1])
    count = int(re.search(r"actually processed: (\d+)", told.stdout)[1])
    return rate, 1000 * (after[1] - before[1]) / count


def apply_once(place, round_, number):
    body = {"roundId": round_, "personId": f"00000000-0000-7000-8000-{number:012x}", "motivation": "To learn"}
    status, answer = place.call("POST", "/registration/v1/applications", body, {"Idempotency-Key": f"k-{number}"})
    if status != 201:
        sys.exit(f"{status} {answer}")
    return answer["id"]


def applications(place, municipalities):
    place.people(municipalities, (2 * ROUNDS + 3) * SHARE)
    round_ = place.round(seats=100)
    # The first of each municipality also sends its office a link.
    for number in range(1, 2 * len(municipalities) + 1):
        apply_once(place, round_, number)
    step, captured = len(municipalities), []
    for number in (3 * step, 4 * step):
        captured.append(logged(place, lambda: apply_once(place, round_, number)))
    (place.folder / "same.sql").write_text(script(*captured))
    statements = [statement for statement, _ in captured[0]]
    print(f"an application: {len(statements)} statements")
    if "-v" in sys.argv:
        print("\n".join(statements))
    make = lambda share: APPLY.format(first=share * SHARE, round=round_, key=place.key)
    load(place, make(1), seconds=2)
    pgbench(place, 2 * SHARE, seconds=2)
    print("round  ours/s  pgbench/s  ratio  ours ms  PostgreSQL ms  pgbench's PostgreSQL ms")
    rows = []
    for number in range(ROUNDS):
        rate, ours, theirs = load(place, make(2 * number + 3))
        other, alone = pgbench(place, (2 * number + 4) * SHARE)
        rows.append((rate / other, ours, ours + theirs))
        print(f"{number + 1:5}  {rate:6.0f}  {other:9.0f}  {rate / other:5.2f}  {ours:7.3f}  {theirs:13.3f}  {alone:23.3f}")
    return [statistics.median(column) for column in zip(*rows)]


def acceptances(place, municipalities):
    """Offers of one round, accepted by their links: every one waits for the round's lock."""
    # As many as no machine accepts in the time.
    count = 2_000 * SECONDS
    names = ", ".join(f"'{one}'::uuid" for one in municipalities)
    columns = "name, kind, gender, language, active, verified, created_at, version"
    round_ = place.round(seats=count)
    place.make(f"rounds/{round_}/closing")
    proposal = place.make(f"rounds/{round_}/admission-proposals")["id"]
    place.make(f"admission-proposals/{proposal}/publication")
    sql = f"""
    CREATE TEMP TABLE new AS SELECT n, gen_random_uuid() AS person, gen_random_uuid() AS application,
        gen_random_uuid() AS link, (ARRAY[{names}])[n % {len(municipalities)} + 1] AS organisation
    FROM generate_series(1, {count}) AS n;
    INSERT INTO people (id, email, email_key, organisation_id, {columns})
    SELECT person, 'q' || n || '@a.example', 'q' || n || '@a.example', organisation, {columns}
    FROM (SELECT * FROM people WHERE email LIKE 'director0@%') AS one, new;
    INSERT INTO applications (id, round_id, programme_id, organiser_id, person_id, organisation_id, municipality_id,
        state, live, submitted_at, endorsement, admission, admission_published_at, seat, offered_at, answer_by, version)
    SELECT application, rounds.id, programme_id, organiser_id, person, organisation, organisation, 'submitted', TRUE,
        now(), 'endorsed', 'admitted', now(), 'offered', now(), current_date + 20, 1
    FROM new, rounds WHERE rounds.id = '{round_}';
    INSERT INTO links (id, kind, round_id, application_id, created_at)
    SELECT link, 'offer', '{round_}', application, now() FROM new;
    UPDATE rounds SET seats_used = {count} WHERE id = '{round_}';
    ANALYZE;
    SELECT link FROM new;"""
    links = [uuid.UUID(line) for line in place.sql(sql).splitlines()]

    def accept():
        import http.client
        connection = http.client.HTTPConnection(*place.address)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/registration/pages/offer/{link(b'offer', links[0])}", "verdict=accept", kind)
        answer = connection.getresponse()
        if answer.status != 303:
            sys.exit(f"{answer.status} {answer.read().decode()[:500]}")

    statements = [statement for statement, _ in logged(place, accept)]
    lock = next(index for index, one in enumerate(statements) if "FOR" in one and "UPDATE" in one and "rounds" in one)
    print(f"an acceptance: {len(statements)} statements, {len(statements) - lock} of them under the round's lock")
    if "-v" in sys.argv:
        print("\n".join(statements))
    file = place.folder / "links"
    file.write_text("\n".join(link(b"offer", one) for one in links[1:]))
    rate, ours, theirs = load(place, ACCEPT.format(file=file))
    accepted = place.sql(f"SELECT COUNT(*) FROM applications WHERE round_id = '{round_}' AND seat = 'accepted'")
    print(f"accepted {rate:.0f} a second ({accepted} in all), ours {ours:.3f} ms, PostgreSQL {theirs:.3f} ms")


def main():
    global ROUNDS, SECONDS, CLIENTS
    with Installation() as place:
        municipalities = place.municipalities(8)
        ratio, ours, together = applications(place, municipalities)
        print(f"median ratio {ratio:.2f} (at least {LEAST_RATIO}), ours {ours:.3f} ms (at most {MOST_MILLISECONDS}), "
              f"with PostgreSQL {together:.3f} ms (at most {MOST_MILLISECONDS_TOGETHER})")
        acceptances(place, municipalities)
    sys.exit(ratio < LEAST_RATIO or ours > MOST_MILLISECONDS or together > MOST_MILLISECONDS_TOGETHER)


main()
