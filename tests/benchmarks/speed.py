"""What a round costs in one process: Pumasi beside a loop written by hand, with Lightning's Trainer and without.

``make benchmark-speed`` runs all four ways in processes of their own, alternating, five times each, and measures what
starting costs; it writes ``.benchmarks/speed/speed.json`` and the section ``speed`` of RESULTS.md beside this file.
``--quick`` measures once, to see that everything runs.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import speed_startup
from measured import Machine
from speed_members import contract_file, members_folder, write_encoded
from speed_report import write_report
from workload import write_plan

FOLDER = Path(__file__).parents[2] / ".benchmarks" / "speed"
HERE = Path(__file__).parent
ROUNDS, SKIPPED, REPEATS = 11, 1, 5
WAYS = {
    "by hand": ("hand_written.py", ()),
    "Pumasi": ("speed_child.py", ()),
    "by hand, Lightning's Trainer": ("hand_written.py", ("--trainer",)),
    "Pumasi, Lightning's Trainer": ("speed_child.py", ("--trainer",)),
}
LIMIT_SECONDS = 600


def once(way: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Do the work once in a new process and return what it says of itself."""
    script, options = WAYS[way]
    given = {
        "hand_written.py": (str(folder / "encoded.npz"), "--rounds", str(rounds)),
        "speed_child.py": (
            str(folder / "home" / "members"),
            "--plan",
            str(folder / "plan.yaml"),
            "--run",
            str(folder / "run"),
        ),
    }[script]
    weights = folder / f"{list(WAYS).index(way)}.npz"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parents[1])}
    command = [sys.executable, str(HERE / script), *given, *options, "--weights", str(weights)]
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told | {"whole": time.perf_counter() - began, "weights": str(weights)}


def measure(folder: Path, repeats: int, rounds: int = ROUNDS) -> dict[str, Any]:
    """Run every way, alternating, and gather the figures."""
    prepare(folder, rounds)
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for number in range(repeats):
        for way in WAYS:
            runs[way].append(once(way, folder, rounds))
            sys.stderr.write(f"{number + 1}/{repeats} {way}: {per_round(runs[way][-1], 'cpu'):.3f} CPU-s per round\n")
    return {
        "ways": {way: reduced(told) for way, told in runs.items()},
        "differences": {way: largest_difference(runs["by hand"][-1], told[-1]) for way, told in runs.items()},
    }


def prepare(folder: Path, rounds: int = ROUNDS) -> None:
    """Make members, plan and encoded rows, once."""
    folder.mkdir(parents=True, exist_ok=True)
    members_folder(folder)
    write_encoded(folder, rounds)
    write_plan(folder / "plan.yaml", contract_file(folder), rounds=rounds)


def per_round(told: dict[str, Any], what: str) -> float:
    """Return the median over the rounds of one run, without the first."""
    return float(statistics.median(told[what][SKIPPED:]))


def reduced(told: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians over the runs, and their range."""
    figures: dict[str, Any] = {}
    for what in ("seconds", "cpu"):
        of = [per_round(one, what) for one in told]
        figures[what] = {"median": statistics.median(of), "min": min(of), "max": max(of), "all": of}
    for what in ("peak", "whole", "whole_cpu"):
        figures[what] = statistics.median(one[what] for one in told)
    figures["first"] = statistics.median(one["cpu"][0] for one in told)
    kept = ("loss", "bytes", "heavy", "modules", "import_cpu", "preparation_cpu")
    return figures | {name: told[-1][name] for name in kept if name in told[-1]}


def largest_difference(ours: dict[str, Any], theirs: dict[str, Any]) -> float:
    """Return the largest difference between two runs' last weights; 0.0 when they are equal, bit for bit."""
    with np.load(ours["weights"]) as a, np.load(theirs["weights"]) as b:
        if a.files != b.files:
            raise RuntimeError("the ways trained different networks")
        return max(float(np.abs(a[name] - b[name]).max()) for name in a.files)


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once each, no section is written")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    found = measure(FOLDER, 1 if asked.quick else REPEATS)
    repeats = 1 if asked.quick else speed_startup.REPEATS
    found["imports"] = {
        name: asdict(speed_startup.imported(code, repeats=repeats)) for name, code in speed_startup.WHAT.items()
    }
    found["startup"] = [speed_startup.train_startup(FOLDER / "home", FOLDER / "plan.yaml") for _ in range(repeats)]
    found |= {
        "machine": asdict(Machine.here()),
        "versions": {name: version(name) for name in ("pumasi", "torch", "lightning", "flwr", "numpy")},
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "load": load,
        "repeats": 1 if asked.quick else REPEATS,
    }
    (FOLDER / "speed.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    sys.stdout.write(write_report(found, put=not asked.quick))


if __name__ == "__main__":
    main()
