#!/bin/sh
# Starts `akademi` inside a container of docker-compose.yml: reads the list of
# public keys that the `keys` service collected, and becomes the process.
#
#   start.sh COMMAND …     for example: start.sh serve gateway
set -eu

AKADEMI_TRUSTED_KEYS=$(cat /trusted/keys)
export AKADEMI_TRUSTED_KEYS
exec akademi "$@"
