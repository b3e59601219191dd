#!/bin/bash
# Makes the environment of NVIDIA FLARE under .benchmarks/, apart from Pumasi's own. A machine without a GPU that would
# download CUDA builds of torch names its own index: TORCH_INDEX=... rivals/setup.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
venv=.benchmarks/flare-venv
test -x "$venv/bin/nvflare" && exit 0
"${PYTHON:-python3.11}" -m venv "$venv"
if [ -n "${TORCH_INDEX:-}" ]; then "$venv/bin/pip" install --quiet --index-url "$TORCH_INDEX" torch==2.13.0; fi
"$venv/bin/pip" install --quiet torch==2.13.0 nvflare==2.9.0
