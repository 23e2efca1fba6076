#!/bin/sh
# Runs once, when PostgreSQL starts on an empty volume: a database and a role of its own for each
# service, so that none can read another's data even with its password in hand.
set -eu

for service in registration scheduling mentorship evaluation; do
    password=$(cat "/run/secrets/$service-database-password")
    psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="$service" --set password="$password" <<'SQL'
CREATE ROLE :"service" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service" ENCODING 'UTF8' TEMPLATE template0;
-- Without this every role may connect to every database.
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
SQL='REVOKE ALL ON DATABASE postgres FROM PUBLIC; REVOKE ALL ON DATABASE template1 FROM PUBLIC;'
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --command "$SQL"
