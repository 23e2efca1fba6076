"""Runs the reports bench beside DuckDB over the same answers in the same run.

Called by compare.sh, which prepares both. DuckDB has all answers in one flat table in memory and counts
question by gender, by municipality and by round; each is timed warm. Ours closes every survey, which
counts each answer once for all its tables, suppresses and keeps them, and then reads the report over all
rounds. Fails where closing one survey costs more than twice what DuckDB needs to count the same five
tables of one round (total, gender, kind, municipality, department), or the report over all rounds more
than twice its count by round. Fails too where a closed survey's report costs more than a few milliseconds
of processor time, where closing and reading take more memory than a bounded part, or where a report or a
closing costs more among 500 rounds than among 50.

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
# What a closed survey's report may cost, and what closing and reading may add to the memory that filling took.
REPORT_CPU_MS = 5
ADDED_MB = 64
# How much more a report or a closing may cost among ten times as many rounds: what measuring varies by.
GROWTH, NOISE_MS = 1.5, 0.5
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
        def measured(url: str, rounds: str) -> dict:
            done = subprocess.run([bench, "measure", url, rounds], check=True, capture_output=True, text=True)
            return json.loads(done.stdout)

        failed = []
        few = measured(f"sqlite://{folder}/few.sqlite", str(max(1, int(rounds) // 10)))
        print("a tenth", json.dumps(few))
        for url in urls or (f"sqlite://{folder}/data.sqlite",):
            ours = measured(url, rounds)
            kind = url.split(":")[0]
            print(kind, json.dumps(ours))
            checks = {
                "the report over all rounds is slower than twice DuckDB": ours["all_rounds_cpu_ms"] <= 2 * theirs["round"][1],
                "closing is slower than twice DuckDB": ours["closing_cpu_ms"] <= 2 * theirs["the tables of one round"][1],
                "a report costs too much": ours["report_cpu_ms"] <= REPORT_CPU_MS,
                "memory is not bounded": ours["peak_mb"] - ours["filled_mb"] <= ADDED_MB,
            }
            # Of one database with itself.
            if kind == "sqlite":
                for name in ("report_cpu_ms", "closing_cpu_ms"):
                    checks[f"{name} grows with the rounds"] = ours[name] <= GROWTH * few[name] + NOISE_MS
            failed += [f"{kind}: {what}" for what, held in checks.items() if not held]
        if failed:
            sys.exit("\n".join(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
