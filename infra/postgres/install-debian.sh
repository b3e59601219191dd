#!/bin/sh
# Make sure that there is a PostgreSQL 15: the tests of database queries start one of their own on a free loopback port.
# Where it is missing it is installed with apt-get, which needs root. Nothing is started by this.
#
#   infra/postgres/install-debian.sh
set -eu

program=/usr/lib/postgresql/15/bin/initdb
if [ -x "$program" ]; then
    echo "$program"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "No PostgreSQL 15 here, and this is not Debian. Install it so that $program exists." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "No PostgreSQL 15 here. Install it:" >&2
    echo "  sudo apt-get install postgresql-15" >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
export DEBIAN_FRONTEND=noninteractive
install() {
    apt-get -qq install -y --no-install-recommends postgresql-15 >>"$log" 2>&1
}
# Package lists may be missing or old: they are fetched when the first try fails.
install || { apt-get -qq update >>"$log" 2>&1 && install; } || {
    echo "apt-get could not install postgresql-15:" >&2
    tail -5 "$log" >&2
    exit 1
}
echo "$program"
