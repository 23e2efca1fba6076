#!/bin/sh
# Makes a key pair for each process, once. Each private key goes into a volume that only its
# process mounts; the public ones go into one list that all of them read.
set -eu

trusted=
for process in gateway registration scheduling mentorship evaluation; do
    folder=/keys/$process
    # The public key is kept beside the private one, so that a later start repeats nothing.
    if [ ! -s "$folder/$process.public" ]; then
        akademi keys generate "$folder/$process" > "$folder/public.new"
        mv "$folder/public.new" "$folder/$process.public"
    fi
    chown -R akademi:akademi "$folder"
    chmod 0700 "$folder"
    trusted=${trusted:+$trusted,}$process=$(cat "$folder/$process.public")
done
printf '%s' "$trusted" > /trusted/keys.new
mv /trusted/keys.new /trusted/keys
chmod 0444 /trusted/keys
