#!/usr/bin/env bash
# The reports bench beside DuckDB: the same answers, and what each costs in this same run.
#
#   services/evaluation/benches/reports/compare.sh [rounds] [url of an empty database ...]
set -euo pipefail
own=$(cd "$(dirname "$0")" && pwd)
cd "$own/../../../.."

environment=${DUCKDB_ENVIRONMENT:-${CARGO_TARGET_DIR:-target}/duckdb}
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --requirement "$own/requirements.txt"

bench=$(cargo bench --quiet -p evaluation --bench reports --no-run --message-format=json |
    python3 -c 'import json, sys
for line in sys.stdin:
    built = json.loads(line)
    if built.get("executable") and built["target"]["name"] == "reports":
        print(built["executable"])')
exec "$environment/bin/python" "$own/compare.py" "$bench" "${@:-500}"
