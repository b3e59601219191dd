"""What starting costs: the imports of commands and packages, and `pumasi train` in one process to its first round."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hand_written import peak_bytes
from meter import Process, processes

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
REPEATS = 3
POLL_SECONDS = 0.01
HEAVY = (
    "torch",
    "torch._dynamo",
    "lightning",
    "sympy",
    "pandas",
    "pyarrow",
    "pandera",
    "flwr",
    "mlflow",
    "prefect",
    "dvc",
    "matplotlib",
    "scipy",
    "sklearn",
)
WHAT = {
    "python alone": "pass",
    "click": "import click",
    "pumasi --help": "import flows.cli",
    "pumasi-member --help": "import federated.member.cli",
    "a contract": "from data_contracts.contract import load_contract; load_contract('print-defect')",
    "the check of a table": "import data_contracts.enforce",
    "prediction": "import models.prediction",
    "training": "import models.training",
    "Lightning's way of training": "import models.lightning_module",
    "a member's app": "import federated.client_app",
    "a member's worker, warm": "from federated.member.warm_up import warm_up; warm_up()",
    "the association's app": "import federated.server_app",
    "the training flow": "import flows.train_model",
}
_TOLD = """
import json, re, sys, time
print(json.dumps({"cpu": time.process_time(), "modules": len(sys.modules),
    "heavy": [name for name in %r if name in sys.modules],
    "peak": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024}))
"""


@dataclass(frozen=True)
class Imported:
    """What an import costs.

    Attributes:
        cpu: CPU seconds of the process until it is done, median; Python's own start is among them.
        peak: largest resident set, bytes.
        modules: how many are loaded.
        heavy: which of the heavy packages are among them.
        top: the packages that take longest by themselves -> seconds, by ``-X importtime``.
    """

    cpu: float
    peak: int
    modules: int
    heavy: list[str]
    top: dict[str, float]


def imported(code: str, *, repeats: int = REPEATS, top: bool = True) -> Imported:
    """Measure a line of Python in processes of its own."""
    told = [json.loads(_python("-c", code + "\n" + _TOLD % (HEAVY,)).stdout) for _ in range(repeats)]
    last = told[-1]
    cpu = statistics.median(one["cpu"] for one in told)
    return Imported(cpu, last["peak"], last["modules"], last["heavy"], _top(code) if top else {})


def _top(code: str, most: int = 4) -> dict[str, float]:
    spent: Counter[str] = Counter()
    for own, name in re.findall(
        r"import time: +(\d+) \| +\d+ \| +(\S+)", _python("-X", "importtime", "-c", code).stderr
    ):
        spent[name.partition(".")[0]] += int(own)
    return {name: used / 1e6 for name, used in spent.most_common(most)}


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, capture_output=True, text=True, cwd=ROOT
    )


def train_startup(home: Path, plan: Path) -> dict[str, Any]:
    """Run `pumasi train` in one process, and tell when it got how far: wall and CPU seconds, its children's included.

    Args:
        home: a PUMASI_HOME with members.
        plan: of the training.
    """
    runs = home / "runs"
    before = set(runs.glob("*")) if runs.exists() else set()
    for member in (home / "members").glob("*"):
        shutil.rmtree(member / "runs", ignore_errors=True)
    environment = {**os.environ, "PUMASI_HOME": str(home), "OMP_NUM_THREADS": "1"}
    reached: dict[str, dict[str, float]] = {}
    began, peak = time.time(), 0
    command = [str(BIN / "pumasi"), "train", str(plan), "--runtime", "in-process", "--json"]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        while child.poll() is None:
            for stage in _stages(runs, before) - reached.keys():
                reached[stage] = {"seconds": time.time() - began, "cpu": tree_cpu(child.pid)}
            peak = max(peak, peak_bytes(child.pid))
            time.sleep(POLL_SECONDS)
        said = child.stderr.read() if child.stderr else ""
    if "first round" not in reached:
        raise RuntimeError(f"pumasi train got no further than {list(reached)}: {said[-2000:]}")
    return {**reached, "whole": {"seconds": time.time() - began, "peak": peak}}


def _stages(runs: Path, before: set[Path]) -> set[str]:
    new = set(runs.glob("*")) - before if runs.exists() else set()
    if not new:
        return set()
    events = min(new) / "events.jsonl"
    text = events.read_text(encoding="utf-8") if events.exists() else ""
    marks = {"members are asked": '"kind": "phase"', "rounds begin": '"rounds"', "first round": '"kind": "round"'}
    return {stage for stage, mark in marks.items() if mark in text}


def tree_cpu(root: int) -> float:
    """Return the CPU seconds of a process and its descendants, with those that each has waited for."""
    found: dict[int, Process] = {one.pid: one for one in processes()}
    tree, grown = {root}, True
    while grown:
        more = {pid for pid, one in found.items() if one.parent in tree} - tree
        grown = bool(more)
        tree |= more
    return sum(found[pid].cpu for pid in tree if pid in found)
