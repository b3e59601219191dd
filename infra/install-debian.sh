#!/bin/sh
# Make sure that there is a program that the tests need. Where it is missing it is installed with apt-get, which needs
# root. Nothing is started by this; where the program is, is printed.
#
#   infra/install-debian.sh PROGRAM PACKAGE...     PROGRAM is a name on the path, or a path
#   infra/install-debian.sh chromium chromium fonts-noto-cjk    the tests look at pages as a person would, with Hangul
#   infra/install-debian.sh /usr/lib/postgresql/15/bin/initdb postgresql-15    database queries have a server of their own
set -eu

if [ $# -lt 2 ]; then
    echo "Usage: infra/install-debian.sh PROGRAM PACKAGE..." >&2
    exit 2
fi
program=$1
shift
if command -v "$program"; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "No $program here, and this is not Debian. Install what Debian calls: $*" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "No $program here. Install it:" >&2
    echo "  sudo apt-get install $*" >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
export DEBIAN_FRONTEND=noninteractive
install() {
    apt-get -qq install -y --no-install-recommends "$@" >>"$log" 2>&1
}
# Package lists may be missing or old: they are fetched when the first try fails.
install "$@" || { apt-get -qq update >>"$log" 2>&1 && install "$@"; } || {
    echo "apt-get could not install $*:" >&2
    tail -n 20 "$log" >&2
    exit 1
}
command -v "$program"
