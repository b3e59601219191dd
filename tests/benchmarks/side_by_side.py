"""One process and many: Pumasi in process beside the plain loop, Flower's Ray simulation, NVIDIA FLARE and OpenFL.

``make benchmark-rivals`` measures everything in one go, about twelve minutes, and writes ``.benchmarks/rivals/*.json``
and the section "rivals" of RESULTS.md. The quick systems take turns, several times over; the slow ones run once.
``--only openfl`` measures one system anew and keeps the others' results. A trial (``--trial 3``: every system once, so
many rounds) only shows what it found.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median

from measured import Measured
from rivals_measured import FLARE_ROLES, Rival, measure_rival
from rivals_report import section, write_rivals
from scale_members import workload_homes
from workload import MEMBERS

FOLDER = Path(__file__).parents[2] / ".benchmarks"
ROUNDS = 11
OFTEN = 2
PLAIN = Rival("plain-loop", "plain_loop.py", (), ROUNDS, {}, memory_every=OFTEN)
PUMASI = Rival("pumasi-in-process", "pumasi_in_process.py", (), ROUNDS, {}, memory_every=OFTEN)
RAY = Rival("flower-ray", "flower_ray.py", (), ROUNDS, {}, "flower-ray", OFTEN)
SIMULATOR = Rival("flare-simulator", "flare_simulator.py", (), ROUNDS, {}, "flare", OFTEN)
SIMULATOR_TUNED = replace(SIMULATOR, name="flare-simulator-tuned", options=("--tuned",))
POC = Rival("flare-poc", "flare_poc.py", (), ROUNDS, FLARE_ROLES, "flare")
POC_TUNED = replace(POC, name="flare-poc-tuned", options=("--tuned",))
OPENFL = Rival("openfl", "openfl_run.py", (), ROUNDS, {}, "openfl")
TURNS = (PLAIN, PUMASI, PLAIN, PUMASI, RAY) * 3 + (SIMULATOR_TUNED, SIMULATOR, POC_TUNED, POC, OPENFL)
"""Which runs when: what one machine does to the others' minutes, it does to all of the quick ones."""


def main() -> None:
    """Measure what was asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = sorted({one.name for one in TURNS})
    parser.add_argument("--only", action="append", choices=names, default=[], help="this system; may be repeated")
    parser.add_argument("--trial", type=int, metavar="ROUNDS", help="every system once; RESULTS.md stays as it is")
    parser.add_argument("--report", action="store_true", help="measure nothing, write the results again")
    asked = parser.parse_args()
    turns = tuple({one.name: one for one in TURNS}.values()) if asked.trial else TURNS
    folder = FOLDER / ("rivals-trial" if asked.trial else "rivals")
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Measured]] = {}
    failed: dict[str, str] = {}
    if not asked.report:
        workload_homes(FOLDER / PUMASI.name / "members", MEMBERS)
        for rival in turns:
            if (not asked.only or rival.name in asked.only) and rival.name not in failed:
                _measure(rival, asked.trial or ROUNDS, found, failed)
    for name, runs in found.items():
        together(runs).save(folder / f"{name}.json")
        (folder / f"{name}.failed").unlink(missing_ok=True)
    for name, reason in failed.items():
        (folder / f"{name}.json").unlink(missing_ok=True)
        (folder / f"{name}.failed").write_text(reason, encoding="utf-8")
    if asked.trial:
        sys.stdout.write(section(folder) + "\n")
    else:
        write_rivals(folder)


def together(runs: list[Measured]) -> Measured:
    """Make one result of several runs: all their rounds, the median of what a run has once, the largest peak."""
    last = runs[-1]
    return replace(
        last,
        rounds=[seconds for one in runs for seconds in one.rounds],
        first_round=median(one.first_round for one in runs),
        startup=median(one.startup for one in runs),
        cpu={"all": median(sum(one.cpu.values()) for one in runs)},
        memory={"all": max(one.memory.get("all", 0) for one in runs)},
        load_average=max(one.load_average for one in runs),
        others_cpu=max(one.others_cpu for one in runs),
        more={**last.more, "runs": len(runs), "medians": [one.median for one in runs]},
    )


def _measure(rival: Rival, rounds: int, found: dict[str, list[Measured]], failed: dict[str, str]) -> None:
    """Measure one run; a system that cannot be run is left out from then on, with the reason."""
    sys.stderr.write(f"{rival.name} (load {os.getloadavg()[0]:.1f})\n")
    try:
        one = measure_rival(rival, FOLDER, rounds=rounds)
    except (RuntimeError, ValueError, OSError, subprocess.SubprocessError) as error:
        failed[rival.name] = f"{type(error).__name__}: {error}"[:500]
        sys.stderr.write(f"  {failed[rival.name]}\n")
        return
    found.setdefault(rival.name, []).append(one)
    sys.stderr.write(f"  {one.median:.3f} s a round, {sum(one.cpu.values()):.3f} CPU-s\n")


if __name__ == "__main__":
    main()
