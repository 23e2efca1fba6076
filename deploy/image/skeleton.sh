#!/bin/sh
# Makes of a checkout what decides about its dependencies: the manifests, and empty targets in the
# place of ours.
#
#   skeleton.sh FROM TO
set -eu

from=$1 to=$2
cd "$from"
mkdir -p "$to"
cp Cargo.toml Cargo.lock "$to"
find . -name Cargo.toml -not -path './target/*' | while read -r manifest; do
    folder=$to/$(dirname "$manifest")
    mkdir -p "$folder/src"
    cp "$manifest" "$folder"
done
# Targets by their places: what cargo finds by itself, and what a manifest names.
find . -name '*.rs' -not -path './target/*' \
    \( -path '*/benches/*' -o -path '*/tests/*' -o -path '*/examples/*' -o -name lib.rs -o -name main.rs \) |
    while read -r target; do
        mkdir -p "$to/$(dirname "$target")"
        case $target in
            */lib.rs) : > "$to/$target" ;;
            *) echo 'fn main() {}' > "$to/$target" ;;
        esac
    done
