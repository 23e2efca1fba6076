#!/usr/bin/env python3
"""What reading a list costs in CPU, ours and PostgreSQL's together, through gateway and service.

Needs a release build, PostgreSQL's programs, and wrk.

    cargo build --release && tests/speed/lists.py [rounds] [seconds] [clients]

A peer lists events with 23 ms of CPU each; a list of rounds as anybody reads it, and a coordinator's
of applications, may cost a hundredth of that. Whoever asks alone on a kept connection waits for
nothing but the work: 40 ms would be an acknowledgement that somebody waits for. Fails where one
costs more, is held back, or is not a full page."""

import http.client
import re
import statistics
import subprocess
import sys
import time

from installation import Installation

ROUNDS, SECONDS, CLIENTS = [int(one) for one in sys.argv[1:]] + [3, 4, 8][len(sys.argv) - 1:]
MOST_MILLISECONDS = 0.23
# Less than the delayed acknowledgement of every system, more than any list takes.
MOST_WAITED = 30
# As many as a page has unless it is asked otherwise.
ITEMS = 20

READ = """
request = function()
    return wrk.format("GET", "{path}", {{ ["Authorization"] = {token} }})
end
"""


def load(place, path, token):
    """Answers a second, and all CPU for each in milliseconds."""
    file = place.folder / "lists.lua"
    file.write_text(READ.format(path=path, token=f'"Bearer {token}"' if token else "nil"))
    url = "http://{}:{}".format(*place.address)
    before = place.cpu()
    told = subprocess.run(
        ["wrk", "-t", "1", "-c", str(CLIENTS), "-d", f"{SECONDS}s", "-s", file, url],
        check=True, capture_output=True, text=True,
    ).stdout
    after = place.cpu()
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(told)
    requests = int(re.search(r"(\d+) requests in", told)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    return rate, 1000 * (sum(after) - sum(before)) / requests


def waited(place, path, token):
    """Milliseconds of the median call of one client that keeps its connection."""
    connection = http.client.HTTPConnection(*place.address)
    headers, took = {"Authorization": f"Bearer {token}"} if token else {}, []
    for _ in range(50):
        started = time.monotonic()
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
        took.append(1000 * (time.monotonic() - started))
    connection.close()
    return statistics.median(took)


def main():
    dear = []
    with Installation() as place:
        municipality = place.municipalities(1)[0]
        for number in range(ITEMS):
            round_ = place.round(seats=10)
            person = place.person(municipality, f"anna{number}@municipality.example")
            place.make("applications", {"roundId": round_, "personId": person})
        place.sql("VACUUM ANALYZE")
        for path, token in (("/registration/v1/rounds", None), ("/registration/v1/applications", place.key)):
            status, body = place.call("GET", path)
            if status != 200 or len(body["items"]) != ITEMS:
                sys.exit(f"{path}: {status}, not a full page")
            load(place, path, token)
            rows = [load(place, path, token) for _ in range(ROUNDS)]
            rate, cost = (statistics.median(column) for column in zip(*rows))
            alone = waited(place, path, token)
            print(f"{path}: {rate:.0f} a second, {cost:.3f} ms of CPU each (at most {MOST_MILLISECONDS}), "
                  f"{alone:.1f} ms alone (at most {MOST_WAITED})")
            dear += [path] if cost > MOST_MILLISECONDS or alone > MOST_WAITED else []
    sys.exit(f"too dear or held back: {dear}" if dear else 0)


main()
