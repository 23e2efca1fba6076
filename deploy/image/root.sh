#!/bin/sh
# Lays out the root of the image: the binary, the libraries that it names, certificates, zones, a
# user, the bill of materials. Everything else of the system it runs on stays outside.
#
#   root.sh OUT ROOT      OUT holds the binary `akademi`, and `metadata.json` if cargo could be asked
set -eu

out=$1 root=$2
here=$(dirname "$0")
binary=$out/akademi
mkdir -p "$root/usr/local/bin" "$root/etc/ssl/certs" "$root/usr/share/akademi" "$root/tmp"
install -m 0755 "$binary" "$root/usr/local/bin/akademi"

# As the loader will look for them: by the paths that ldd names.
ldd "$binary" > "$root.libraries"
if grep 'not found' "$root.libraries"; then
    echo "a library of the binary is missing here: build it on this system or an older one" >&2
    exit 1
fi
: > "$root.packages"
sed -nE 's/^.* => (\/[^ ]+) .*$/\1/p; s/^[[:space:]]*(\/[^ ]+) .*$/\1/p' "$root.libraries" | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
    # dpkg knows the file by where it was before /lib became a link.
    package=$(dpkg -S "$library" "/usr$library" "$(readlink -f "$library")" 2>/dev/null | head -n 1 | cut -d: -f1 || true)
    if [ -n "$package" ]; then
        dpkg-query -W -f '${binary:Package}\t${Version}\t${source:Package}\n' "$package" | head -n 1 >> "$root.packages"
    fi
done
for package in ca-certificates tzdata; do
    dpkg-query -W -f '${binary:Package}\t${Version}\t${source:Package}\n' "$package" >> "$root.packages"
done

cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$root/usr/share/zoneinfo"
# Names of places; not the copies of all of them that count leap seconds.
(cd /usr/share/zoneinfo && tar -cf - --exclude=right --exclude=posix .) | tar -xf - -C "$root/usr/share/zoneinfo"
echo 'akademi:x:10001:10001::/var/lib/akademi:/nonexistent' > "$root/etc/passwd"
echo 'akademi:x:10001:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
# A volume that is mounted here begins with this owner.
install -d -o 10001 -g 10001 -m 0750 \
    "$root/var/lib/akademi" "$root/var/lib/akademi/mail" "$root/var/lib/akademi/erasures"

if [ -s "$out/metadata.json" ]; then
    python3 "$here/sbom.py" --metadata "$out/metadata.json" --packages "$root.packages" > "$root/usr/share/akademi/sbom.cdx.json"
else
    python3 "$here/sbom.py" --lock "$here/Cargo.lock" --packages "$root.packages" > "$root/usr/share/akademi/sbom.cdx.json"
fi
du -sh "$root"
