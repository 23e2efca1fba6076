#!/usr/bin/env python3
"""A survey that many people answer within ten minutes, each by an own link, through gateway and
service on PostgreSQL: everybody reads the page and sends it, no error, every answer counted once, and
what an answer costs in CPU.

Needs a release build, PostgreSQL's programs and wrk.

    cargo build --release && tests/speed/survey.py [people] [clients]"""

import json
import re
import subprocess
import sys
import time
import uuid

from installation import Installation, link

numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
PEOPLE, CLIENTS = numbers + [10_000, 8][len(numbers):]
# What ten minutes leave for each of 10,000.
MOST_SECONDS = 600 * PEOPLE / 10_000

ANSWER = """
-- wrk asks for one request before it begins, and does not send it.
local links, number, page = {{}}, 0, nil
for line in io.lines("{file}") do links[#links + 1] = line end
local begun = false
request = function()
    if not begun then begun = true return wrk.format("GET", "/health/live") end
    if not page then
        number = number + 1
        if number > #links then wrk.thread:stop() return wrk.format("GET", "/health/live") end
        page = "/evaluation/pages/survey/" .. links[number]
        return wrk.format("GET", page)
    end
    local path = page
    page = nil
    return wrk.format("POST", path,
        {{ ["Content-Type"] = "application/x-www-form-urlencoded" }},
        "q.worthwhile=5&q.relevant=4&q.useful=3&q.keep=answer-" .. number)
end
"""


def ask(place):
    """An open survey of a round with so many participants; its id and everybody's link."""
    round_, municipality = uuid.uuid4(), uuid.uuid4()
    place.sql(
        f"""INSERT INTO known_rounds (id, programme_id, organiser_id, state, name, seats, language, time_zone, version)
        VALUES ('{round_}', '{uuid.uuid4()}', '{place.organiser}', 'closed', '{{"sv": "Omgången"}}', {PEOPLE}, 'sv',
            'Europe/Stockholm', 1);
        INSERT INTO known_people (id, organisation_id, municipality_id, kind, gender, name, language, active, erased, version)
        SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{municipality}', '{municipality}',
            'employed_manager', 'woman', 'Anna ' || n, 'sv', TRUE, FALSE, 1 FROM generate_series(1, {PEOPLE}) AS n;
        INSERT INTO known_participations (id, round_id, person_id, organisation_id, municipality_id, organiser_id, state,
            endorsement, seat, version)
        SELECT gen_random_uuid(), '{round_}', id, '{municipality}', '{municipality}', '{place.organiser}', 'submitted',
            'endorsed', 'accepted', 1 FROM known_people;
        ANALYZE;""",
        database="evaluation",
    )
    make = lambda path, body=None: place.make(path, body, service="evaluation")
    instrument = make("instruments", {"organiserId": place.organiser, "libraryKey": "session_pulse"})["id"]
    survey = make(
        f"rounds/{round_}/surveys",
        {
            "instrumentId": instrument, "name": {"sv": "Puls"}, "audience": "participants", "mode": "anonymous",
            "occasion": {"kind": "manual"}, "openDays": 14,
        },
    )["id"]
    make(f"surveys/{survey}/opening")
    links = place.sql("SELECT link_id FROM survey_invitations", database="evaluation").splitlines()
    return survey, [link(b"survey", uuid.UUID(one)) for one in links]


def main():
    with Installation("evaluation") as place:
        survey, links = ask(place)
        (place.folder / "links").write_text("\n".join(links))
        (place.folder / "answer.lua").write_text(ANSWER.format(file=place.folder / "links"))
        count = lambda: int(
            place.sql("SELECT COUNT(*) FROM survey_invitations WHERE answered", database="evaluation")
        )
        before, started = place.cpu(), time.monotonic()
        url = "http://{}:{}".format(*place.address)
        load = subprocess.Popen(
            ["wrk", "-t", "1", "-c", str(CLIENTS), "-d", f"{int(MOST_SECONDS) + 1}s", "-s", place.folder / "answer.lua", url],
            stdout=subprocess.PIPE, text=True,
        )
        while load.poll() is None and count() < PEOPLE:
            time.sleep(0.2)
        seconds, after = time.monotonic() - started, place.cpu()
        load.terminate()
        told = load.communicate()[0]
        answered = count()
        closing = time.monotonic()
        closed = place.make(f"surveys/{survey}/closing", service="evaluation")
        closing = time.monotonic() - closing
        sheets = int(place.sql("SELECT COUNT(*) FROM sheets", database="evaluation"))
        distinct = int(place.sql("SELECT COUNT(DISTINCT answers->>'keep') FROM sheets", database="evaluation"))
        ours, theirs = (1000 * (late - early) / max(answered, 1) for early, late in zip(before, after))
        # The gateway's log has a line for every page that was read and every answer.
        log = (place.folder / "gateway.log").read_text()
        statuses = re.findall(r'"status":(\d+)[^\n]*pages/survey|pages/survey[^\n]*"status":(\d+)', log)
        failed = sum(int(one or other) >= 400 for one, other in statuses)
        pages = sum(int(one or other) == 200 for one, other in statuses)
    print(json.dumps({
        "people": PEOPLE, "answered": answered, "counted": closed["answeredCount"], "sheets": sheets,
        "distinct": distinct, "pages": pages, "failed": failed, "seconds": round(seconds, 1), "per_second": round(answered / seconds, 1),
        "ours_ms": round(ours, 3), "postgresql_ms": round(theirs, 3), "closing_seconds": round(closing, 2),
    }))
    if told and "Socket errors" in told:
        sys.exit(told)
    whole = PEOPLE == answered == closed["answeredCount"] == sheets == distinct and pages >= PEOPLE and not failed
    sys.exit(0 if whole and seconds <= MOST_SECONDS else 1)


main()
