#!/bin/sh
# Make sure that there is a Chromium to look at pages with, and a font that has Hangul: the tests look at the readiness
# report as a person would. Where it is missing it is installed with apt-get, which needs root.
#
#   infra/browser/install-debian.sh
set -eu

if program=$(command -v chromium); then
    echo "$program"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "No chromium here, and this is not Debian. Install Chromium as 'chromium', and Noto Sans CJK." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "No chromium here. Install it, with a font that has Hangul:" >&2
    echo "  sudo apt-get install chromium fonts-noto-cjk" >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
export DEBIAN_FRONTEND=noninteractive
install() {
    apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >>"$log" 2>&1
}
# Package lists may be missing or old: they are fetched when the first try fails.
install || { apt-get -qq update >>"$log" 2>&1 && install; } || {
    echo "apt-get could not install chromium:" >&2
    tail -n 20 "$log" >&2
    exit 1
}
command -v chromium
