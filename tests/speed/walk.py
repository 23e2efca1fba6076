#!/usr/bin/env python3
"""What following `next` through a long list costs, early and late, while others insert.

Needs a release build and PostgreSQL's programs.

    cargo build --release && tests/speed/walk.py [rows]

Fails where a row is visited twice or missed, or where late pages cost more than early ones."""

import http.client
import json
import statistics
import sys
import threading
import time

from installation import Installation

ROWS = int((sys.argv[1:] + ["1000000"])[0])
LIMIT = 100
BATCH = 100
# Late pages may cost this much of early ones: the index is no deeper there, but measuring wavers.
MOST_RATIO = 1.25

COLUMNS = (
    "round_id, programme_id, organiser_id, person_id, organisation_id, municipality_id, "
    "endorsement, admission, seat, version"
)


def fill(place, rows):
    place.sql(
        f"""INSERT INTO applications (id, state, live, {COLUMNS})
        SELECT gen_random_uuid(), 'withdrawn', FALSE, {COLUMNS}
        FROM generate_series(1, {rows}), (SELECT * FROM applications LIMIT 1) AS one"""
    )


def main():
    with Installation() as place:
        municipality = place.municipalities(1)[0]
        person = place.person(municipality, "anna@municipality.example")
        place.make("applications", {"roundId": place.round(seats=10), "personId": person})
        begun = time.time()
        fill(place, ROWS - 1)
        place.sql("VACUUM ANALYZE")
        print(f"{ROWS} applications after {time.time() - begun:.0f} s")
        known = set(place.sql("SELECT id FROM applications").splitlines())
        stopped, inserted = threading.Event(), [0]

        def insert():
            while not stopped.wait(0.2):
                fill(place, 10)
                inserted[0] += 10

        inserting = threading.Thread(target=insert)
        inserting.start()
        seen, pages, batches = set(), 0, []
        connection = http.client.HTTPConnection(*place.address)
        path = f"/registration/v1/applications?limit={LIMIT}"
        first = place.cpu()
        before = first
        try:
            while path:
                connection.request("GET", path, headers={"Authorization": f"Bearer {place.key}"})
                answer = connection.getresponse()
                body = json.loads(answer.read())
                if answer.status != 200:
                    sys.exit(f"{path}: {answer.status} {body}")
                ids = {item["id"] for item in body["items"]}
                if ids & seen or len(ids) != len(body["items"]):
                    sys.exit(f"page {pages + 1} shows again what was seen")
                seen |= ids
                pages += 1
                path = body["_links"].get("next", {}).get("href", "")
                path = path.split("://")[-1]
                path = path[path.index("/"):] if path else ""
                if pages == 1:
                    before = place.cpu()
                    print("the first page, which counts the list: ours {:.0f} ms, PostgreSQL {:.0f} ms".format(
                        *(1000 * (late - early) for early, late in zip(first, before))))
                elif (pages - 1) % BATCH == 0:
                    after = place.cpu()
                    batches.append([1000 * (late - early) / BATCH for early, late in zip(before, after)])
                    before = after
        finally:
            stopped.set()
            inserting.join()
        missed = len(known - seen)
        print(f"{pages} pages, {len(seen)} applications, {missed} missed, {inserted[0]} inserted meanwhile")
        if len(batches) < 2:
            sys.exit(f"too few pages to compare: walk {3 * BATCH * LIMIT} rows or more")
        few = max(1, min(5, len(batches) // 3))
        early = [statistics.median(column) for column in zip(*batches[:few])]
        late = [statistics.median(column) for column in zip(*batches[-few:])]
        print(f"milliseconds of CPU a page of {LIMIT}, early: ours {early[0]:.2f}, PostgreSQL {early[1]:.2f}")
        print(f"late, to page {pages}: ours {late[0]:.2f}, PostgreSQL {late[1]:.2f}")
        ratio = sum(late) / sum(early)
        print(f"ratio {ratio:.2f} (at most {MOST_RATIO})")
        sys.exit(missed > 0 or ratio > MOST_RATIO)


main()
