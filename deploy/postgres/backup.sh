#!/bin/sh
# Saves the four databases with pg_dump, each as of one moment, with checksums; and brings them back.
#
#     deploy/postgres/backup.sh save DIR          into DIR, which must not exist yet
#     deploy/postgres/backup.sh check DIR         whether all is there and unchanged
#     deploy/postgres/backup.sh restore DIR       into databases that are there and empty
#
# Addresses come from files as deploy/new-secrets makes them: SECRETS (default ./secrets) holds
# registration-database-url and so on. pg_dump must not be older than the server. The keys in
# SECRETS belong to the backup: without them much of it can't be read. Keep them elsewhere.
set -eu

secrets=${SECRETS:-secrets}
services="registration scheduling mentorship evaluation"

usage() { sed -n '4,6s/^# *//p' "$0" >&2; exit 2; }
[ $# -eq 2 ] || usage
folder=$2

# As a service's tools take it: without the options that only Akademi knows.
address() { tr -d '\n' < "$secrets/$1-database-url"; }

check() {
    for service in $services; do
        [ -s "$folder/$service.dump" ] || { echo "$folder/$service.dump is missing" >&2; exit 1; }
    done
    (cd "$folder" && sha256sum --check --strict --quiet SHA256SUMS)
}

case $1 in
    save)
        [ ! -e "$folder" ] || { echo "$folder is there already" >&2; exit 1; }
        umask 077
        mkdir -p "$folder.unfinished"
        for service in $services; do
            # One moment of each; what was on its way between them is told again, and has its effect once.
            pg_dump --format=custom --no-owner --no-privileges --file="$folder.unfinished/$service.dump" "$(address "$service")"
        done
        (cd "$folder.unfinished" && sha256sum -- *.dump > SHA256SUMS)
        mv "$folder.unfinished" "$folder"
        du -sh "$folder"
        ;;
    check)
        check
        echo "$folder is whole"
        ;;
    restore)
        check
        for service in $services; do
            filled=$(psql --no-psqlrc --quiet --no-align --tuples-only "$(address "$service")" \
                --command "SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
            [ "$filled" = 0 ] || { echo "the database of $service is not empty: $filled tables" >&2; exit 1; }
        done
        for service in $services; do
            pg_restore --exit-on-error --single-transaction --no-owner --no-privileges \
                --dbname="$(address "$service")" "$folder/$service.dump"
        done
        echo "restored; start the services, then compare: akademi audit verify --head …"
        ;;
    *) usage ;;
esac
