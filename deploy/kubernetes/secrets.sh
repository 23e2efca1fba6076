#!/bin/sh
# Prints the secrets that the pods mount, of the files that deploy/new-secrets made: each process
# gets its own and no other's.
#
#     deploy/kubernetes/secrets.sh [DIR] | kubectl apply --filename -
#
# Needs neither a cluster nor kubectl.
set -eu

folder=${1:-secrets}

# encoded NAME: a file's content without the line's end, as a Secret's data has it.
encoded() { tr -d '\n' < "$folder/$1" | base64 | tr -d '\n'; }

# secret NAME KEY=FILE…
secret() {
    printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: akademi\ntype: %s\ndata:\n' "$1" "$2"
    shift 2
    for pair in "$@"; do
        printf '  %s: %s\n' "${pair%%=*}" "$(encoded "${pair#*=}")"
    done
}

secret akademi-gateway Opaque key=gateway-key
for service in registration scheduling mentorship evaluation; do
    set -- key=$service-key trusted-keys=trusted-keys link-key=link-key events-url=$service-events-url
    case $service in
        registration) set -- "$@" needs-keys=needs-keys ;;
        mentorship) set -- "$@" pair-keys=pair-keys ;;
        evaluation) set -- "$@" answer-keys=answer-keys issuer-keys=issuer-keys ;;
    esac
    secret "akademi-$service" Opaque "$@"
    # Two lines, a name and a password; whoever needs none has no such file.
    if [ "$service" = registration ] && [ -s "$folder/smtp-credentials" ]; then
        printf '  smtp-credentials: %s\n' "$(base64 < "$folder/smtp-credentials" | tr -d '\n')"
    fi
    # The operator of PostgreSQL calls the instance that writes `postgres-rw`.
    printf '  database-url: %s\n' "$(tr -d '\n' < "$folder/$service-database-url" | sed 's/@postgres:/@postgres-rw:/' | base64 | tr -d '\n')"
    secret "postgres-$service" kubernetes.io/basic-auth password=$service-database-password
    printf '  username: %s\n' "$(printf '%s' "$service" | base64)"
done
# As it is: a configuration has lines.
printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: nats-users\n  namespace: akademi\ndata:\n  nats-users.conf: %s\n' \
    "$(base64 < "$folder/nats-users.conf" | tr -d '\n')"
