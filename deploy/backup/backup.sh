#!/usr/bin/env bash
# Copies an installation while it works:  BACKOFFICE_HOME=... backup.sh TARGET
#
# The order matters: anchors, then the database, then the files. So every event that an anchor names is in the copy of
# the database, and every document in it has its original in the copy of the archive, which only grows.
# What was copied before is not copied again. Originals at a URL are backed up by whoever keeps them there.
set -euo pipefail

target=${1:?where to: backup.sh TARGET}
home=${BACKOFFICE_HOME:?}
url=${BACKOFFICE_DATABASE_URL:-}
kept=(archive rejected labelled evidence posted reports)

mkdir -p "$target/home"
if [ -e "$home/anchors.jsonl" ]; then
    cp -p "$home/anchors.jsonl" "$target/home/anchors.jsonl"
fi

case $url in
postgres*)
    pg_dump --format=custom --no-owner --file "$target/database.part" --dbname "postgresql:${url#*:}"
    ;;
*)
    file=${url#sqlite:///}
    python3 - "${file:-$home/backoffice.db}" "$target/database.part" <<'PYTHON'
import sqlite3, sys

with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True) as source, sqlite3.connect(sys.argv[2]) as copy:
    source.backup(copy)
PYTHON
    ;;
esac
sync "$target/database.part"
mv "$target/database.part" "$target/database"

for folder in "${kept[@]}"; do
    if [ -d "$home/$folder" ]; then
        mkdir -p "$target/home/$folder"
        cp -Rp --update "$home/$folder/." "$target/home/$folder/"
    fi
done
find "$target/home" -name '.part-*' -delete
sync -f "$target"
date --utc +%FT%TZ >"$target/finished"
