"""Runs the matching bench beside scipy's linear_sum_assignment and checks that both find the same.

Called by compare.sh, which prepares both. For each instance: the same best set by number of pairs,
score and long journeys, from a solver that knows nothing of ours; processor time and peak memory of
each, run by run in turns, each run in a process of its own. Both search in a finished table, ours
with its proof, scipy after copying the table out to a column a place (build). "All" is ours from the
people to the outcome: table, search, proof, reasons, digest. Fails when the best differs, when our process
needs more memory, when, from 1,000 mentees on, our search costs more than scipy's two steps, or when
3,000 mentees cost more than the goal: 300 ms for all of it, and 150 MB. At 100 both search for a
fraction of a millisecond; which of the two is ahead differs from run to run, so it is printed and
promised by nobody.

    compare.py BENCH [ROUNDS]
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

INSTANCES = [
    # Kind, mentees, and how often to solve each time: short runs are lost in the clock's ticks.
    ("everyday", 100, 200),
    ("everyday", 1000, 10),
    ("everyday", 3000, 2),
    ("idols", 1000, 10),
    ("idols", 3000, 2),
    ("ties", 1000, 10),
    ("scarce", 1000, 10),
    ("scarce", 3000, 2),
]
LONG = 1 << 15
# The goal at so many mentees, the same as the bench's own.
GOAL_MENTEES, GOAL_MS, GOAL_MB = 3000, 300, 150


def solve(file: str, runs: int) -> None:
    """Runs of scipy, from the table to the best set."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    words = numpy.fromfile(file, dtype="<u4", count=2)
    rows, columns = int(words[0]), int(words[1])
    places = numpy.fromfile(file, dtype="<u4", count=columns, offset=8)
    table = numpy.fromfile(file, dtype="<u2", offset=8 + 4 * columns).reshape(rows, columns)
    may_be = table != 0
    is_long = (table & LONG) != 0
    score = numpy.where(may_be, (table & (LONG - 1)).astype(numpy.int64) - 1, 0)
    # One number a pair, exact below 2^53: a pair above all points, a point above all journeys.
    most = int(score.max(initial=0)) * rows + 1
    worth = numpy.where(may_be, (most + score) * (rows + 1) + ~is_long, 0).astype(numpy.float64)
    assert float(worth.max(initial=0)) * rows < 2**53, "the sums would not be exact"
    # A mentor with three places is three columns.
    of_column = numpy.repeat(numpy.arange(columns), numpy.minimum(places, rows))
    build, solving = 0.0, 0.0
    for _ in range(runs):
        started = time.process_time()
        expanded = worth[:, of_column]
        built = time.process_time()
        row, column = linear_sum_assignment(expanded, maximize=True)
        build += built - started
        solving += time.process_time() - built
    column = of_column[column]
    kept = may_be[row, column]
    print(
        json.dumps(
            {
                "pairs": int(kept.sum()),
                "score": int(score[row, column][kept].sum()),
                "long_journeys": int(is_long[row, column][kept].sum()),
                "build_ms": build / runs * 1e3,
                "solve_ms": solving / runs * 1e3,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def run(*command: str) -> dict:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def compare(bench: str, rounds: int) -> bool:
    good = True
    print("instance            search ms    all (peak MB)      scipy ms: solve + build (peak MB)   solve/search")
    with tempfile.TemporaryDirectory() as directory:
        for kind, mentees, runs in INSTANCES:
            file = str(Path(directory) / "table")
            subprocess.run([bench, "write", kind, str(mentees), file], check=True)
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(run(bench, "measure", kind, str(mentees), str(runs)))
                theirs.append(run(sys.executable, __file__, "solve", file, str(runs)))
            best = {
                tuple(one[part] for part in ("pairs", "score", "long_journeys"))
                for one in ours + theirs
            }
            same = len(best) == 1
            own = min(one["search_ms"] for one in ours)
            whole = min(one["cpu_ms"] for one in ours)
            own_mb = max(one["peak_mb"] for one in ours)
            other = min(one["solve_ms"] for one in theirs)
            build = min(one["build_ms"] for one in theirs)
            other_mb = max(one["peak_mb"] for one in theirs)
            name = f"{kind} {mentees}"
            print(
                f"{name:18} {own:10.2f} {whole:9.2f} ({own_mb:5.1f}) {other:13.2f} + {build:7.2f} ({other_mb:6.1f})"
                f" {other / own:13.2f}  {'same best' if same else f'DIFFERENT: {best}'}"
            )
            # Below a thousand both take less than a millisecond.
            faster = own < other + build or mentees < 1000
            within = mentees != GOAL_MENTEES or (whole < GOAL_MS and own_mb < GOAL_MB)
            if not within:
                print(f"{name}: more than {GOAL_MS} ms or {GOAL_MB} MB")
            good = good and same and faster and within and own_mb < other_mb
    return good


if __name__ == "__main__":
    if sys.argv[1] == "solve":
        solve(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(not compare(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5))
