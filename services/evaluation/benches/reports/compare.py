"""Runs the reports bench beside DuckDB over the same answers in the same run.

Called by compare.sh, which prepares both. DuckDB has all answers in one flat table in memory and counts
question by gender, by municipality and by round; each is timed warm. Ours closes every survey, which
counts each answer once for all its tables, suppresses and keeps them, and then reads the report over all
rounds. Fails where closing one survey costs more than twice what DuckDB needs to count the same five
tables of one round (total, gender, kind, municipality, department), or the report over all rounds more
than twice its count by round.

    compare.py BENCH [ROUNDS] [URL ...]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

QUERIES = {
    "gender": "SELECT question, gender, answer, count(*) FROM answers GROUP BY ALL",
    "municipality": "SELECT question, municipality, answer, count(*) FROM answers GROUP BY ALL",
    "round": "SELECT question, round, answer, count(*) FROM answers GROUP BY ALL",
}
# The tables of one round.
ONE = [
    f"SELECT question, {by} answer, count(*) FROM answers WHERE round = 7 GROUP BY ALL"
    for by in ("", "gender,", "kind,", "municipality,", "department,")
]


def timed(database: duckdb.DuckDBPyConnection, query: str) -> tuple[float, float]:
    best = (float("inf"), float("inf"))
    for _ in range(5):
        wall, cpu = time.perf_counter(), time.process_time()
        database.execute(query).fetchall()
        best = min(best, ((time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3))
    return best


def main(bench: str, rounds: str = "500", *urls: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "answers.csv")
        subprocess.run([bench, "write", str(answers), rounds], check=True)
        database = duckdb.connect()
        database.execute(f"CREATE TABLE answers AS FROM read_csv('{answers}')")
        theirs = {name: timed(database, query) for name, query in QUERIES.items()}
        one = [timed(database, query) for query in ONE]
        theirs["the tables of one round"] = (sum(wall for wall, _ in one), sum(cpu for _, cpu in one))
        for name, (wall, cpu) in theirs.items():
            print(f"duckdb by {name}: {wall:.1f} ms, {cpu:.1f} ms of processor time")
        failed = False
        for url in urls or (f"sqlite://{folder}/data.sqlite",):
            done = subprocess.run([bench, "measure", url, rounds], check=True, capture_output=True, text=True)
            ours = json.loads(done.stdout)
            print(url.split(":")[0], json.dumps(ours))
            failed |= ours["all_rounds_cpu_ms"] > 2 * theirs["round"][1]
            failed |= ours["closing_cpu_ms"] > 2 * theirs["the tables of one round"][1]
        if failed:
            sys.exit("slower than twice DuckDB")


if __name__ == "__main__":
    main(*sys.argv[1:])
