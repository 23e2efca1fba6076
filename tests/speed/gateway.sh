#!/usr/bin/env bash
# What a request costs at the gateway, beside nginx as a plain proxy with kept connections in the
# same run, and beside haproxy verifying HS256 where that is installed: CPU time of the process and,
# with valgrind, instructions in user space. The gateway may
# cost, relative to nginx, what haproxy costs in the same run; where haproxy is not measured, 1.69, as
# haproxy did on a quiet machine. MOST_RATIO sets another limit.
#
# Needs nginx, wrk and taskset; haproxy to be compared with, valgrind for instructions. Two cores: the proxy has one, the load and
# the service behind both proxies (nginx with a fixed answer) the other.
#
#   tests/speed/gateway.sh [rounds] [seconds] [connections]
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-5} seconds=${2:-4} connections=${3:-32}
most=${MOST_RATIO:-}
work=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

cargo build --quiet --release -p gateway --example speed
target=${CARGO_TARGET_DIR:-target}
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
upstream=$(port) plain=$(port) gateway=$(port) peer=$(port)

answer='{"items":[{"id":"0192f0c1-0000-7000-8000-000000000001","name":"Framtidens skolledare","seatsCount":24},{"id":"0192f0c1-0000-7000-8000-000000000002","name":"Ledare i mitten","seatsCount":24},{"id":"0192f0c1-0000-7000-8000-000000000003","name":"Ny som chef","seatsCount":30}],"totalRecords":3}'
nginx_conf() { # name, body of the http block
    cat >"$work/$1.conf" <<CONF
worker_processes 1;
daemon off;
master_process off;
pid $work/$1.pid;
error_log $work/$1.log crit;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $work/$1.body; proxy_temp_path $work/$1.proxy;
    fastcgi_temp_path $work/$1.fastcgi; uwsgi_temp_path $work/$1.uwsgi; scgi_temp_path $work/$1.scgi;
    $2
}
CONF
}
nginx_conf upstream "server { listen 127.0.0.1:$upstream backlog=1024;
    location / { default_type application/json; add_header ETag '\"7-abc\"'; return 200 '$answer'; } }"
nginx_conf plain "upstream service { server 127.0.0.1:$upstream; keepalive 64; keepalive_requests 1000000000; }
    server { listen 127.0.0.1:$plain;
    location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ''; } }"

taskset -c 1 nginx -c "$work/upstream.conf" -p "$work" & started+=($!)
taskset -c 0 nginx -c "$work/plain.conf" -p "$work" & plain_pid=$!; started+=($!)
taskset -c 0 "$target/release/examples/speed" "$gateway" "http://127.0.0.1:$upstream" \
    >"$work/token" 2>"$work/gateway.log" & gateway_pid=$!; started+=($!)
if command -v haproxy >/dev/null; then
    # It takes HS256, which is the cheapest to verify; the gateway's own token is of EdDSA.
    peer_token=$(python3 - "$work/secret" <<'PYTHON'
import base64, hashlib, hmac, json, secrets, sys, time
part = lambda it: base64.urlsafe_b64encode(it).rstrip(b"=")
secret = secrets.token_hex(32)
open(sys.argv[1], "w").write(secret)
claims = {"iss": "https://login.municipality.example/tenant", "sub": "maja", "aud": "https://akademi.example",
          "exp": int(time.time()) + 3600, "scope": "read"}
signed = b".".join(part(json.dumps(it).encode()) for it in ({"alg": "HS256", "typ": "at+jwt"}, claims))
print((signed + b"." + part(hmac.new(secret.encode(), signed, hashlib.sha256).digest())).decode())
PYTHON
    )
    cat >"$work/haproxy.cfg" <<CONF
global
    nbthread 1
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend api
    bind 127.0.0.1:$peer
    http-request set-var(txn.bearer) http_auth_bearer
    http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('\$.alg')
    http-request deny deny_status 401 unless { var(txn.alg) -m str HS256 }
    http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"$(cat "$work/secret")") -m int 1 }
    http-request deny deny_status 401 unless { var(txn.bearer),jwt_payload_query('\$.iss') -m str https://login.municipality.example/tenant }
    http-request set-header X-Caller %[var(txn.bearer),jwt_payload_query('\$.sub')]
    default_backend service
backend service
    http-reuse always
    server only 127.0.0.1:$upstream
CONF
    taskset -c 0 haproxy -f "$work/haproxy.cfg" -db & peer_pid=$!; started+=($!)
fi
for _ in $(seq 100); do [ -s "$work/token" ] && break; sleep 0.1; done
token=$(cat "$work/token")

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
load() { # port: prints requests that were answered with 200
    taskset -c 1 wrk -t 1 -c "$connections" -d "${2:-$seconds}s" \
        -H "Authorization: Bearer ${3:-$token}" -H "Accept: application/json" \
        "http://127.0.0.1:$1/scheduling/v1/sessions" >"$work/wrk"
    if grep -q 'Non-2xx' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
    awk '/requests in/ { print $1 }' "$work/wrk"
}
micros() { # pid, port, token: CPU microseconds a request
    local before after requests
    before=$(cpu_ticks "$1"); requests=$(load "$2" "" "${3:-}"); after=$(cpu_ticks "$1")
    echo "$before $after $requests $(getconf CLK_TCK)" | awk '{ printf "%.2f", ($2 - $1) * 1e6 / $4 / $3 }'
}
counted() { # name, port, command: instructions a request, the process under callgrind
    local name=$1 port=$2; shift 2
    taskset -c 0 valgrind --quiet --tool=callgrind --instr-atstart=no --dump-instr=yes \
        --callgrind-out-file="$work/$name.callgrind" "$@" \
        >"$work/$name.token" 2>"$work/$name.counted.log" & local pid=$!; started+=("$pid")
    for _ in $(seq 300); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
    if [ "$name" = gateway ]; then
        until [ -s "$work/$name.token" ]; do sleep 0.2; done
        token=$(cat "$work/$name.token")
    fi
    # Everything is slow at first there; counting starts when requests are answered.
    for _ in $(seq 20); do [ "$( (load "$port" 2 || true) 2>/dev/null )" -gt 50 ] 2>/dev/null && break; done
    callgrind_control -i on "$pid" >/dev/null 2>&1
    local requests; requests=$(load "$port" "$((seconds * 2))")
    callgrind_control -i off "$pid" >/dev/null 2>&1
    kill "$pid"; wait "$pid" 2>/dev/null || true
    if [ -n "${KEEP_PROFILE:-}" ]; then cp "$work/$name.callgrind" "$KEEP_PROFILE.$name"; fi
    awk -v requests="$requests" '/^(summary|totals):/ { most = $2 } END { printf "%d", most / requests }' "$work/$name.callgrind"
}

load "$plain" 1 >/dev/null; load "$gateway" 1 >/dev/null
echo "round  nginx us  haproxy us  ratio  gateway us  ratio"
for round in $(seq "$rounds"); do
    one=$(micros "$plain_pid" "$plain") other=$(micros "$gateway_pid" "$gateway")
    ratio=$(echo "$one $other" | awk '{ printf "%.3f", $2 / $1 }')
    echo "$ratio" >>"$work/ratios"
    third="-" peers="-"
    if [ -n "${peer_pid:-}" ]; then
        third=$(micros "$peer_pid" "$peer" "$peer_token")
        peers=$(echo "$one $third" | awk '{ printf "%.3f", $2 / $1 }')
        echo "$peers" >>"$work/peers"
    fi
    printf '%5d  %8s  %10s  %5s  %10s  %5s\n' "$round" "$one" "$third" "$peers" "$other" "$ratio"
done
if command -v valgrind >/dev/null; then
    slow_plain=$(port) slow_gateway=$(port)
    sed "s/127.0.0.1:$plain/127.0.0.1:$slow_plain/; s/plain.pid/slow.pid/" "$work/plain.conf" >"$work/slow.conf"
    one=$(counted nginx "$slow_plain" nginx -c "$work/slow.conf" -p "$work")
    other=$(counted gateway "$slow_gateway" "$target/release/examples/speed" "$slow_gateway" "http://127.0.0.1:$upstream")
    third="not measured"
    if [ -n "${peer_pid:-}" ]; then
        slow_peer=$(port)
        sed "s/127.0.0.1:$peer/127.0.0.1:$slow_peer/" "$work/haproxy.cfg" >"$work/slow.cfg"
        token=$peer_token
        third=$(counted haproxy "$slow_peer" haproxy -f "$work/slow.cfg" -db)
    fi
    echo "instructions a request in user space: nginx $one, haproxy $third, gateway $other"
fi
lines=$(wc -l <"$work/gateway.log")
middle() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
median=$(middle "$work/ratios")
if [ -s "$work/peers" ]; then
    peers=$(middle "$work/peers")
    echo "median ratio of haproxy $peers"
    most=${most:-$peers}
fi
most=${most:-1.69}
echo "median ratio $median (at most $most); the gateway wrote $lines log lines"
[ "$lines" -gt 0 ]
awk -v median="$median" -v most="$most" 'BEGIN { exit !(median <= most) }'
