"""How seconds and memory grow with members, rows and the model's size, in one process.

``make benchmark-scale`` measures every point in a process of its own, about twelve minutes (the first time some more:
the members' folders are made then), and writes ``.benchmarks/scale.json``, plots, and RESULTS.md's section "scale".
``--only members`` measures one curve anew and keeps the others'; ``--report`` measures nothing. A trial
(``--trial 10000``: nothing with more rows in all) only shows what it found.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from scale_members import member_homes
from scale_report import section, write_scale
from workload import SIZES, Size

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".benchmarks"
HOMES = FOLDER / "scale"
CHILD = Path(__file__).with_name("scale_child.py")
LIMIT_SECONDS = 900
SMALL, FEW = 1000, 200
MODELS = {**SIZES, "100 MB": Size(width=1018, blocks=12)}


@dataclass(frozen=True)
class Point:
    """One training.

    Attributes:
        curve: ``members``, ``equal``, ``rows`` or ``model``.
        members: how many.
        rows: of each member, all three parts together.
        size: of the network.
        rounds: how many; the first is not counted.
    """

    curve: str
    members: int
    rows: int
    size: Size = field(default_factory=lambda: SIZES["25 kB"])
    rounds: int = 4

    @property
    def homes(self) -> Path:
        """The folder of the members' folders."""
        return HOMES / f"rows-{self.rows}{'-equal' if self.curve == 'equal' else ''}"


POINTS = (
    Point("members", 5, SMALL),
    Point("members", 20, SMALL),
    Point("members", 100, SMALL),
    Point("members", 500, SMALL),
    Point("equal", 100, SMALL),
    Point("rows", 3, 1_000),
    Point("rows", 3, 10_000),
    Point("rows", 3, 100_000),
    Point("rows", 3, 1_000_000, rounds=3),
    *(Point("model", 5, FEW, size, rounds=3) for size in MODELS.values()),
)


def main() -> None:
    """Measure what was asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    curves = sorted({point.curve for point in POINTS})
    parser.add_argument("--only", action="append", choices=curves, default=[], help="this curve; may be repeated")
    parser.add_argument("--trial", type=int, metavar="ROWS", help="no point with more rows in all; RESULTS.md stays")
    parser.add_argument("--report", action="store_true", help="measure nothing, write the results again")
    asked = parser.parse_args()
    chosen = [point for point in POINTS if not asked.report and (not asked.only or point.curve in asked.only)]
    chosen = [one for one in chosen if not asked.trial or one.members * one.rows <= asked.trial]
    path = FOLDER / ("scale-trial.json" if asked.trial else "scale.json")
    again = asked.only or asked.report
    kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if again and path.exists() else []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:  # what it held is nobody's start
        for point in chosen:
            aside.submit(member_homes, HOMES, point.members, point.rows, equal=point.curve == "equal").result()
    found, failed = {_key(one): one for one in kept}, []
    for point in chosen:
        try:
            one = _measure(point)
        except (RuntimeError, subprocess.SubprocessError) as error:
            failed.append(f"{point}: {error}")
        else:
            found[_key(one)] = one
            path.write_text(json.dumps([*found.values()], indent=1), encoding="utf-8")
    if asked.trial:
        sys.stdout.write(section([*found.values()], FOLDER / "scale-trial") + "\n")
    else:
        write_scale([*found.values()])
    if failed:
        sys.exit("not measured:\n" + "\n".join(failed))


def _key(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["curve"], one["members"], one["rows"], one["size"]["width"], one["size"]["blocks"]


def _measure(point: Point) -> dict[str, Any]:
    """Measure one point in a fresh process.

    Raises:
        RuntimeError: it failed.
    """
    load, began = os.getloadavg()[0], time.time()
    command = [sys.executable, str(CHILD), str(point.homes), "--members", str(point.members)]
    command += ["--rounds", str(point.rounds), "--width", str(point.size.width), "--blocks", str(point.size.blocks)]
    command += ["--run", str(HOMES / "run")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, timeout=LIMIT_SECONDS, cwd=ROOT
    )
    if done.returncode:
        raise RuntimeError(f"{point} ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(
        f"{point.curve}: {point.members} members x {point.rows} rows, {point.size.bytes:,} bytes: rounds "
        f"{[round(one, 3) for one in found['rounds']]} s, peak {max(found['peaks'].values()) / 1e6:.0f} MB, "
        f"{time.time() - began:.0f} s in all\n"
    )
    return {**asdict(point), "model_bytes": point.size.bytes, "load": load, "when": time.strftime("%F %R"), **found}


if __name__ == "__main__":
    main()
