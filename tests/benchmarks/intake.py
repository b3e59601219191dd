"""How well and how fast a factory's file is understood: writes INTAKE.md beside this file.

``make benchmark-intake`` measures everything (some minutes); ``--only accuracy`` one part, keeping the others' numbers
in ``.benchmarks/``; ``--quick`` few and small files, for a look, without writing INTAKE.md. All files are SYNTHETIC:
`flows.synthetic` invents them, and knows neither the contract's synonyms nor the mapper's rules; those of
`stranger_files` were invented by another hand and are kept.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from intake_accuracy import FileResult, measure_accuracy
from intake_report import report
from large_files import write_large_csv, write_large_xlsx

from data_contracts.contract import load_contract
from tests.stranger_files import measure_strangers

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".benchmarks"
RESULTS = Path(__file__).with_name("INTAKE.md")
CHILD = Path(__file__).with_name("intake_child.py")
FIRST_SEED = 9000
FILES, CSV_ROWS, XLSX_ROWS = 220, 1_000_000, 100_000
QUICK_FILES, QUICK_CSV_ROWS, QUICK_XLSX_ROWS = 30, 50_000, 10_000
SEED = 7
PARTS = ("accuracy", "strangers", "csv", "xlsx")

Writer = Callable[[Path, int, int], None]


def accuracy(files: int, first: int) -> list[FileResult]:
    """Measure generated files, and print what is wrong as it is found."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for one in measure_accuracy(Path(folder), load_contract("plating-defect"), range(first, first + files)):
            found.append(one)
            for column in one.columns:
                if column.state in ("wrong", "overlooked"):
                    _say(
                        f"seed {one.seed}{one.kind} {column.column}: {column.state}, {column.header!r} {column.detail}"
                    )
            if one.failure or one.unlisted or one.lines:
                _say(f"seed {one.seed}{one.kind}: {one.unlisted} unlisted, {one.lines} lines off {one.failure}")
    return found


def speed(write: Writer, name: str, rows: int) -> dict[str, object]:
    """Write a large file and measure it in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path, rows, SEED)
        size = path.stat().st_size
        done = subprocess.run(
            [sys.executable, str(CHILD), str(path)], capture_output=True, text=True, check=False, cwd=ROOT
        )
    if done.returncode:
        return {"file": name, "failure": done.stderr.strip().splitlines()[-1:]}
    return {"file": name, "file_mb": size / 1e6, **json.loads(done.stdout)}


def main() -> None:
    """Measure what was asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=PARTS, default=[], help="this part")
    parser.add_argument("--quick", action="store_true", help="few and small files; INTAKE.md stays as it is")
    parser.add_argument("--files", type=int, help="how many files for accuracy")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="seed of the first file")
    options = parser.parse_args()
    parts = options.only or PARTS
    quick = options.quick
    FOLDER.mkdir(exist_ok=True)
    if "accuracy" in parts:
        files = options.files or (QUICK_FILES if quick else FILES)
        _keep("accuracy", [asdict(one) for one in accuracy(files, options.first_seed)], quick=quick)
    if "strangers" in parts:
        _keep("strangers", [asdict(one) for one in measure_strangers()], quick=quick)
    if "csv" in parts:
        rows = QUICK_CSV_ROWS if quick else CSV_ROWS
        _keep("csv", speed(write_large_csv, "synthetic-large.csv", rows), quick=quick)
    if "xlsx" in parts:
        rows = QUICK_XLSX_ROWS if quick else XLSX_ROWS
        _keep("xlsx", speed(write_large_xlsx, "synthetic-large.xlsx", rows), quick=quick)
    text = report({part: _kept(part, quick=quick) for part in PARTS})
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")
    _say(text)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _keep(part: str, found: object, *, quick: bool) -> None:
    _place(part, quick=quick).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def _kept(part: str, *, quick: bool) -> object:
    place = _place(part, quick=quick)
    return json.loads(place.read_text(encoding="utf-8")) if place.exists() else None


def _place(part: str, *, quick: bool) -> Path:
    return FOLDER / f"intake-{part}{'-quick' if quick else ''}.json"


if __name__ == "__main__":
    main()
