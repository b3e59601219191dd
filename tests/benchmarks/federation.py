"""What a round costs between machines: Pumasi's federation beside stock Flower and NVIDIA FLARE, on the same work.

``make benchmark-federation`` measures everything in one go, some fifteen minutes, and writes ``.benchmarks/*.json``
and the section "Federation" of RESULTS.md beside this file. ``--only flare`` measures one part anew and keeps the
others'.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from measured import Measured
from pumasi_measured import FIVE, TWENTY, measure_pumasi
from results import write_results
from rivals_measured import FLARE, FLARE_TUNED, FLOWER, Rival, measure_rival

FOLDER = Path(__file__).parents[2] / ".benchmarks"


def _rival(rival: Rival) -> Callable[[], list[Measured]]:
    return lambda: [measure_rival(rival, FOLDER)]


PARTS: Mapping[str, Callable[[], list[Measured]]] = {
    "pumasi": lambda: measure_pumasi(FOLDER, FIVE),
    "pumasi-20": lambda: measure_pumasi(FOLDER, TWENTY, members=20),
    "flare": _rival(FLARE),
    "flare-tuned": _rival(FLARE_TUNED),
    "flower": _rival(FLOWER),
}


def main() -> None:
    """Measure what was asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="everything, in one go")
    parser.add_argument("--only", action="append", choices=[*PARTS], default=[], help="this part; may be repeated")
    parser.add_argument("--report", action="store_true", help="measure nothing, write the results again")
    asked = parser.parse_args()
    if not (asked.all or asked.only or asked.report):
        parser.error("say --all, --only PART or --report")
    FOLDER.mkdir(exist_ok=True)
    failed = [name for name in PARTS if (asked.all or name in asked.only) and not _measure(name)]
    write_results(FOLDER)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}; RESULTS.md keeps what was measured of them before, if anything")


def _measure(name: str) -> bool:
    """Measure one part and keep what came of it; return whether it could be measured."""
    _tell(f"{name} (load {os.getloadavg()[0]:.1f})")
    try:
        for found in PARTS[name]():
            found.save(FOLDER / f"{found.system}.json")
            _tell(f"  {found.system}: {found.median:.2f} s a round, {sum(found.cpu.values()):.2f} CPU-s")
    except (RuntimeError, ValueError, OSError, subprocess.SubprocessError) as error:
        _tell(f"  {type(error).__name__}: {error}")
        return False
    return True


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
