#!/bin/bash
# Makes the environments of the rivals under .benchmarks/envs/, each apart from Pumasi's own and from the others.
#
#   rivals/setup.sh [flower-ray] [flare] [openfl]      (all three when none is named)
#
# A rival that cannot be installed leaves .benchmarks/envs/NAME.failed with pip's last lines; the others are made all the
# same, and the exit code is 1. A machine without a GPU that would download CUDA builds of torch names its own index:
# TORCH_INDEX=... rivals/setup.sh
set -uo pipefail
cd "$(dirname "$0")/../../.."
envs=.benchmarks/envs
torch=$(grep -E '^torch==' constraints.txt)
declare -A packages=(
  [flower-ray]="flwr[simulation]==1.41.0 ray==2.55.1"
  [flare]="nvflare==2.9.0"
  [openfl]="openfl==1.9 numpy==2.3.5" # breaks on numpy 2.4
)
failed=0

make_env() {
  local name=$1 folder="$envs/$1"
  "${PYTHON:-python3.11}" -m venv "$folder" || return
  if [ -n "${TORCH_INDEX:-}" ]; then "$folder/bin/pip" install --quiet --index-url "$TORCH_INDEX" "$torch" || return; fi
  # shellcheck disable=SC2086  # several packages
  "$folder/bin/pip" install --quiet "$torch" ${packages[$name]} || return
}

mkdir -p "$envs"
for name in "${@:-flower-ray flare openfl}"; do
  for name in $name; do
    test -n "${packages[$name]:-}" || { echo "no such rival: $name; there are ${!packages[*]}" >&2; exit 2; }
    test -f "$envs/$name/.ready" && continue
    rm -rf "${envs:?}/$name" "$envs/$name.failed"
    if make_env "$name" >"$envs/$name.log" 2>&1; then
      touch "$envs/$name/.ready"
    else
      tail -n 5 "$envs/$name.log" | cut -c 1-300 >"$envs/$name.failed"
      echo "$name cannot be installed; see $envs/$name.log" >&2
      failed=1
    fi
  done
done
exit $failed
