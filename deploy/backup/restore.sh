#!/usr/bin/env bash
# Brings a backup back into an empty home and an empty database:  BACKOFFICE_HOME=... restore.sh SOURCE
#
# With nothing of backoffice running. Afterwards `backoffice check --at-rest` reads every original and holds it against
# its hash, and `backoffice audit verify` holds every event against its chain and the anchors.
set -euo pipefail

source=${1:?from where: restore.sh SOURCE}
home=${BACKOFFICE_HOME:?}
url=${BACKOFFICE_DATABASE_URL:-}

[ -e "$source/finished" ] || { echo "$source holds no finished backup" >&2; exit 1; }
if [ -e "$home/backoffice.db" ] || [ -d "$home/archive" ]; then
    echo "$home is not empty" >&2
    exit 1
fi
mkdir -p "$home"
cp -Rp "$source/home/." "$home/"

case $url in
postgres*)
    pg_restore --no-owner --exit-on-error --single-transaction --dbname "postgresql:${url#*:}" "$source/database"
    ;;
*)
    file=${url#sqlite:///}
    cp "$source/database" "${file:-$home/backoffice.db}"
    ;;
esac
