#!/usr/bin/env bash
# Builds the image, brings the stack up, takes its first steps, and tries it: PostgreSQL stopped for
# 20 seconds, the broker restarted, every service restarted. Reads what must hold. Leaves nothing.
#
#     deploy/try.sh
#
#     BINARY=dist/akademi deploy/try.sh    with a binary that is there (a debug one will do)
#     KEEP=1 deploy/try.sh                 leaves the stack up
#
# Needs a container engine and compose; where the images can't be pulled, deploy/stand-in.sh first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { echo "FAIL: $*" >&2; exit 1; }
say() { printf '== %s (%d s)\n' "$*" "$SECONDS"; }

docker info >/dev/null 2>&1 || fail "no container engine answers"
if docker compose version >/dev/null 2>&1; then COMPOSE=(docker compose); else COMPOSE=(docker-compose); fi
"${COMPOSE[@]}" version >/dev/null 2>&1 || fail "there is no compose"

# A project of its own: what else runs here is not touched.
export COMPOSE_PROJECT_NAME=akademi-try AKADEMI_PORT=${AKADEMI_PORT:-18080} AKADEMI_IMAGE_TAG=try
export AKADEMI_PUBLIC_URL=http://localhost:$AKADEMI_PORT
URL=http://127.0.0.1:$AKADEMI_PORT
SERVICES=(registration scheduling mentorship evaluation)
SCRATCH=$(mktemp -d)
MADE_SECRETS=

finish() {
    local status=$?
    trap - EXIT
    if [[ $status != 0 ]]; then "${COMPOSE[@]}" logs --tail 30 2>/dev/null | tail -n 120 || true; fi
    if [[ -z ${KEEP:-} ]]; then
        "${COMPOSE[@]}" --profile replicas down --volumes --remove-orphans >/dev/null 2>&1 || true
        if [[ -n $MADE_SECRETS ]]; then rm -rf secrets; fi
    fi
    rm -rf "$SCRATCH"
    exit "$status"
}
trap finish EXIT

# api METHOD PATH [BODY [KEY]]: prints the answer's body; STATUS has its status.
api() {
    local arguments=(--silent --show-error --max-time 30 --request "$1" --header "Authorization: Bearer $API_KEY")
    if [[ -n ${3:-} ]]; then arguments+=(--header 'Content-Type: application/json' --data "$3"); fi
    if [[ -n ${4:-} ]]; then arguments+=(--header "Idempotency-Key: $4"); fi
    STATUS=$(curl "${arguments[@]}" --output "$SCRATCH/answer" --write-out '%{http_code}' "$URL$2") || STATUS=000
}

# until SECONDS WHAT COMMAND…: waits until a command succeeds.
until_so() {
    local most=$1 what=$2 began=$SECONDS
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS - began < most)) || fail "$what: not within $most s"
        sleep 1
    done
}

ready() {
    local part
    for part in "${SERVICES[@]}"; do
        [[ $(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "$URL/$part/v1/openapi.json") == 200 ]] || return 1
    done
}
sql() { "${COMPOSE[@]}" exec -T postgres psql -U postgres -d "$1" -qtAc "$2"; }
number() { sql "$1" "$2" | tr -d '[:space:]'; }
arrived() { [[ $(number "$1" "SELECT COUNT(*) FROM known_organisations WHERE id = '$2'") == 1 ]]; }

# --- the image --------------------------------------------------------------------------------------

if [[ -z ${BINARY:-} ]]; then
    cargo build --locked --quiet --package akademi
    mkdir -p dist
    BINARY=dist/akademi
    objcopy --strip-debug "${CARGO_TARGET_DIR:-target}/debug/akademi" "$BINARY"
    cargo metadata --locked --format-version 1 --filter-platform "$(rustc -vV | sed -n 's/^host: //p')" >"$BINARY.metadata.json"
fi
DOCKER_BUILDKIT=0 docker build --quiet --tag akademi:try --build-arg "BINARY=$BINARY" \
    --build-arg BUILD_IMAGE=debian:bookworm-slim --build-arg "REVISION=$(git rev-parse --short HEAD)" . >/dev/null
size=$(docker image inspect --format '{{.Size}}' akademi:try)
own=$(stat --format %s "$BINARY")
say "image built: $((size / 1000000)) MB, of which $((own / 1000000)) MB are the binary"
((size - own < 15000000)) || fail "the image holds more than the binary and what it needs"
[[ $(docker run --rm akademi:try --version) == akademi\ * ]] || fail "the image does not run"
docker run --rm --read-only --cap-drop ALL --user 12345 akademi:try --version >/dev/null || fail "it needs rights"
if docker run --rm --entrypoint /bin/sh akademi:try -c true >/dev/null 2>&1; then fail "there is a shell in the image"; fi
container=$(docker create akademi:try)
docker cp "$container:/usr/share/akademi/sbom.cdx.json" "$SCRATCH/sbom.json" >/dev/null
docker rm "$container" >/dev/null
python3 deploy/image/sbom.py --check "$SCRATCH/sbom.json"

# --- up ---------------------------------------------------------------------------------------------

if [[ ! -d secrets ]]; then MADE_SECRETS=1; fi
deploy/new-secrets
"${COMPOSE[@]}" --profile replicas up --detach >"$SCRATCH/up" 2>&1 || { cat "$SCRATCH/up"; fail "compose up"; }
until_so 180 "everything answers" ready
say "up, two processes of each service"
open=$(docker ps --filter label=com.docker.compose.project=akademi-try --format '{{.Names}} {{.Ports}}' | grep -c -- '->' || true)
[[ $open == 1 ]] || fail "$open containers publish ports, expected the gateway alone"
# Expanded in the container, where the password is.
# shellcheck disable=SC2016
"${COMPOSE[@]}" exec -T postgres sh -c \
    'PGPASSWORD=$(cat /run/secrets/scheduling-database-password) psql -h 127.0.0.1 -U scheduling -d registration -c "select 1"' >/dev/null 2>&1 &&
    fail "scheduling's role can connect to registration's database"
"${COMPOSE[@]}" run --rm registration init --organiser "Kommunutbildning Syd" --code SE-0580 \
    --coordinator maja@linkoping.example >"$SCRATCH/init" 2>/dev/null
API_KEY=$(awk '/^API key/ { print $3 }' "$SCRATCH/init")
[[ $API_KEY == ak_* ]] || fail "init gave no key: $(cat "$SCRATCH/init")"
for part in registration scheduling mentorship evaluation; do
    "${COMPOSE[@]}" exec -T "$part" /usr/local/bin/akademi doctor "$part" >"$SCRATCH/doctor" || { cat "$SCRATCH/doctor"; fail "doctor $part"; }
done
say "every doctor finds its service well"

# --- first steps ------------------------------------------------------------------------------------

# municipality NAME CODE: prints a body.
municipality() {
    printf '{"kind": "municipality", "name": "%s", "officialCode": "%s", "language": "sv", "timeZone": "Europe/Stockholm"}' "$1" "$2"
}
# new_organisation NAME CODE KEY: prints the id.
new_organisation() {
    api POST /registration/v1/organisations "$(municipality "$1" "$2")" "$3"
    [[ $STATUS == 201 ]] || fail "an organisation: $STATUS $(cat "$SCRATCH/answer")"
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["id"])' "$SCRATCH/answer"
}
first=$(new_organisation "Kommun ett" SE-9901 try-1)
for part in scheduling mentorship evaluation; do
    until_so 60 "$part hears of it by the broker" arrived "$part" "$first"
done
[[ $(new_organisation "Kommun ett" SE-9901 try-1) == "$first" ]] || fail "the same key made a second thing"
say "a fact reached every service"

# --- the database is away for 20 seconds ------------------------------------------------------------

"${COMPOSE[@]}" stop --timeout 5 postgres >/dev/null 2>&1
SECOND=$(municipality "Kommun två" SE-9902)
began=$SECONDS
refused=0
while ((SECONDS - began < 20)); do
    api POST /registration/v1/organisations "$SECOND" try-2
    case $STATUS in
        503 | 504 | 000) refused=$((refused + 1)) ;;
        *) fail "without a database: $STATUS" ;;
    esac
    [[ $(curl --silent --output /dev/null --write-out '%{http_code}' "$URL/health/live") == 200 ]] || fail "the gateway died with it"
    sleep 1
done
"${COMPOSE[@]}" start postgres >/dev/null 2>&1
second_is_made() { api POST /registration/v1/organisations "$SECOND" try-2; [[ $STATUS == 201 ]]; }
until_so 60 "it goes on after the database is back" second_is_made
second=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["id"])' "$SCRATCH/answer")
say "the database was away for 20 s, $refused refusals, then on"

# --- everything is restarted, one after the other ---------------------------------------------------

for part in nats "${SERVICES[@]}" gateway; do
    "${COMPOSE[@]}" restart --timeout 40 "$part" >/dev/null 2>&1
done
until_so 120 "everything answers again" ready
third=$(new_organisation "Kommun tre" SE-9903 try-3)
for part in scheduling mentorship evaluation; do
    for id in "$first" "$second" "$third"; do until_so 90 "$part knows all three" arrived "$part" "$id"; done
done
[[ $(new_organisation "Kommun ett" SE-9901 try-1) == "$first" ]] || fail "a restart forgot a key's answer"
say "all was restarted"

# --- what must hold ---------------------------------------------------------------------------------

quiet() {
    local part
    for part in "${SERVICES[@]}"; do
        [[ $(number "$part" "SELECT (SELECT COUNT(*) FROM outbox WHERE NOT fanned_out) + (SELECT COUNT(*) FROM outbox_deliveries) + (SELECT COUNT(*) FROM held_events) + (SELECT COUNT(*) FROM unsealed_changes)") == 0 ]] || return 1
    done
}
until_so 60 "nothing waits, nothing is held, all is sealed" quiet
[[ $(number registration "SELECT COUNT(*) FROM organisations WHERE id IN ('$first', '$second', '$third')") == 3 ]] || fail "something confirmed is gone"
made=$(number registration "SELECT COUNT(*) FROM changes WHERE edge = 'organisation.created' AND thing_id IN ('$first', '$second', '$third')")
[[ $made == 3 ]] || fail "$made entries of the history for three organisations"
urls=
for part in "${SERVICES[@]}"; do urls=${urls:+$urls,}$part=$(cat "secrets/$part-database-url"); done
for part in "${SERVICES[@]}"; do
    "${COMPOSE[@]}" run --rm "$part" audit verify --database-urls "$part=$(cat "secrets/$part-database-url")" >"$SCRATCH/audit" 2>/dev/null ||
        { cat "$SCRATCH/audit"; fail "the history of $part"; }
done
say "nothing waits, nothing was lost, nothing was made twice, every history is sound"
