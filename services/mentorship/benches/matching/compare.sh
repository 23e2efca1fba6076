#!/usr/bin/env bash
# The matching bench beside scipy: the same best sets, and what each costs in this same run.
#
#   services/mentorship/benches/matching/compare.sh [rounds]
set -euo pipefail
own=$(cd "$(dirname "$0")" && pwd)
cd "$own/../../../.."

environment=${SCIPY_ENVIRONMENT:-${CARGO_TARGET_DIR:-target}/scipy}
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --requirement "$own/requirements.txt"

bench=$(cargo bench --quiet -p mentorship --bench matching --no-run --message-format=json |
    python3 -c 'import json, sys
for line in sys.stdin:
    built = json.loads(line)
    if built.get("executable") and built["target"]["name"] == "matching":
        print(built["executable"])')
exec "$environment/bin/python" "$own/compare.py" "$bench" "${1:-5}"
