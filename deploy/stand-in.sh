#!/bin/sh
# Makes images of Debian's packages in the place of those that Dockerfile and docker-compose.yml
# name, by the same tags: for a machine with an engine that can reach Debian's packages but no
# registry of images. What is there already is kept. As root.
#
#     deploy/stand-in.sh
#
# PostgreSQL is Debian's then, and NATS too; the files of this folder are the same.
set -eu

is_there() { docker image inspect "$1" >/dev/null 2>&1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if ! is_there debian:bookworm-slim; then
    debootstrap --variant=minbase --include=ca-certificates,tzdata bookworm "$scratch/root" > "$scratch/log" 2>&1 ||
        { tail -n 20 "$scratch/log"; exit 1; }
    rm -rf "$scratch"/root/var/cache/apt/archives/*.deb
    # Where this machine finds Debian's packages, containers find them too.
    cp -r /etc/apt/. "$scratch/root/etc/apt/"
    tar -C "$scratch/root" -c . | docker import --change 'CMD ["bash"]' - debian:bookworm-slim
fi

if ! is_there postgres:17; then
    mkdir -p "$scratch/postgres"
    cat > "$scratch/postgres/entrypoint" <<'ENTRY'
#!/bin/sh
# As far as docker-compose.yml relies on the image's own: a cluster at the first start, the scripts
# of docker-entrypoint-initdb.d once, before anybody can come by TCP.
set -eu
export POSTGRES_USER=postgres PGDATA=/var/lib/postgresql/data
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
mkdir -p "$PGDATA"
chown -R postgres "$PGDATA" /run/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    runuser -u postgres -- initdb -U postgres -A scram-sha-256 --auth-local=trust -E UTF8 --pwfile="$POSTGRES_PASSWORD_FILE" >/dev/null
    echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
    runuser -u postgres -- pg_ctl -w -o '-c listen_addresses=' start >/dev/null
    for script in /docker-entrypoint-initdb.d/*.sh; do
        runuser -u postgres -- sh "$script"
    done
    runuser -u postgres -- pg_ctl -w stop >/dev/null
fi
exec runuser -u postgres -- postgres -c 'listen_addresses=*'
ENTRY
    chmod 0755 "$scratch/postgres/entrypoint"
    cat > "$scratch/postgres/Dockerfile" <<'IMAGE'
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/*
COPY entrypoint /entrypoint
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
STOPSIGNAL SIGINT
ENTRYPOINT ["/entrypoint"]
IMAGE
    DOCKER_BUILDKIT=0 docker build --tag postgres:17 "$scratch/postgres"
fi

if ! is_there nats:2.12-alpine; then
    mkdir -p "$scratch/nats"
    cat > "$scratch/nats/entrypoint" <<'ENTRY'
#!/bin/sh
# Debian's does not know all of deploy/nats/nats.conf yet.
set -eu
sed '/sync_interval/d' "$2" > /data/stand-in.conf
exec /usr/sbin/nats-server --config /data/stand-in.conf
ENTRY
    chmod 0755 "$scratch/nats/entrypoint"
    cat > "$scratch/nats/Dockerfile" <<'IMAGE'
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends nats-server wget && rm -rf /var/lib/apt/lists/*
COPY entrypoint /entrypoint
ENTRYPOINT ["/entrypoint"]
IMAGE
    DOCKER_BUILDKIT=0 docker build --tag nats:2.12-alpine "$scratch/nats"
fi
