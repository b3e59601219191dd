#!/bin/sh
# Put Debian's own nginx into a folder: no root, no service, nothing outside the folder.
#
#   infra/nginx/fetch-debian.sh FOLDER
#   export PUMASI_NGINX=FOLDER/usr/sbin/nginx
#
# The package comes from the archives that this machine's apt is set up with, checked by apt's signatures.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
program=$folder/usr/sbin/nginx
if [ -x "$program" ]; then
    echo "$program"
    exit 0
fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || {
    echo "This is not Debian or Ubuntu. Install nginx 1.20 or later as your system does it." >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
if ! apt-get -qq download nginx 2>"$work/why"; then
    # No package lists, or old ones: fetch fresh ones into a folder of our own.
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    own="-o Dir::State::Lists=$work/lists -o Dir::Cache=$work/cache -o Debug::NoLocking=1"
    # shellcheck disable=SC2086  # these are several words on purpose
    apt-get -qq $own update 2>>"$work/why" && apt-get -qq $own download nginx 2>>"$work/why" || {
        echo "apt could not fetch nginx:" >&2
        cat "$work/why" >&2
        exit 1
    }
fi
dpkg-deb -x nginx_*.deb "$folder"
if ! "$program" -v 2>"$work/version"; then
    echo "nginx does not start here; these libraries are missing:" >&2
    ldd "$program" | grep 'not found' >&2 || cat "$work/version" >&2
    exit 1
fi
echo "$program"
