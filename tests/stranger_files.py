"""How well files by another hand are understood: invented factories that no rule and no name was written for.

``tests/strangers/`` holds 147 INVENTED files of 64 invented factories, by two authors. Each knew what the columns of
the contracts mean, and had seen neither their names nor the mapper nor `flows.synthetic`. The first one's factories
were dealt into two parts by chance: the questions about part A were read when rules were mended; part B was only ever
measured. The second one's (C) are full of traps: the first measurement, 76.0 and 74.7 % right without a question and
none wrong, was blind; then their questions were read, too.

A column counts as in ``benchmarks/intake_accuracy.py``. Only the first numbers of a column are compared, within the
rounding of the file; columns that people would disagree about are left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data_contracts.contract import Contract, load_contract
from data_contracts.intake import read_source
from data_contracts.prepare import Prepared, prepare

FOLDER = Path(__file__).with_name("strangers")


@dataclass(frozen=True)
class StrangerResult:
    """What became of one file.

    Attributes:
        file: Its name.
        part: ``A``, ``B`` or ``C``.
        contract: Name of the contract it is read for.
        states: Column of the contract -> ``right``, ``asked``, ``wrong``, ``overlooked``; of those not in the file
            ``absent``, ``asked_absent`` or ``wrong``.
        questions: How many questions there are.
        lines: How many records were lost or made up.
        failure: The error that ended it, if one did.
    """

    file: str
    part: str
    contract: str
    states: Mapping[str, str] = field(default_factory=dict)
    questions: int = 0
    lines: int = 0
    failure: str = ""


def measure_strangers(folder: Path = FOLDER) -> Iterator[StrangerResult]:
    """Yield the result of each file, in the order of ``truth.json``."""
    for truth in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["files"]:
        known = StrangerResult(truth["file"], truth["part"], truth["contract"])
        try:
            yield _judged(folder / "files" / known.file, truth, known)
        except Exception as error:  # noqa: BLE001  (a file that ends it is a result, too)
            yield StrangerResult(known.file, known.part, known.contract, failure=f"{type(error).__name__}: {error}")


def _judged(path: Path, truth: Mapping[str, Any], known: StrangerResult) -> StrangerResult:
    contract = load_contract(known.contract)
    prepared = prepare(read_source(path), contract)
    return StrangerResult(
        known.file,
        known.part,
        known.contract,
        states={name: _state(prepared, name, truth["columns"][name]) for name in _judgeable(contract, truth)},
        questions=len(prepared.proposal.questions),
        lines=abs(len(prepared.mapped.frame) - truth["rows"]),
    )


def _judgeable(contract: Contract, truth: Mapping[str, Any]) -> list[str]:
    doubtful = truth.get("ambiguous", [])
    return [column.name for column in contract.columns if column.name not in doubtful]


def _state(prepared: Prepared, name: str, column: Mapping[str, Any] | None) -> str:
    entry = prepared.proposal.mapping.column(name)
    asked = any(question.column == name for question in prepared.proposal.questions)
    taken = entry is not None and entry.header is not None
    if column is None:
        return "asked_absent" if asked else "wrong" if taken else "absent"
    if asked or entry is None or entry.header is None:
        return "asked" if asked else "overlooked"
    right = _same(entry.header, column) and all(_holds(prepared, name, *value) for value in column.get("values", ()))
    return "right" if right else "wrong"


def _same(header: str, column: Mapping[str, Any]) -> bool:
    """Compare headers without blanks; the reader puts a line of units into the header, and numbers equal headers."""
    read = "".join(header.split())
    bare = read.rsplit("(", 1)[0] if read.endswith(")") and read[-2].isdigit() else read
    plain, unit = "".join(column["header"].split()), "".join(column.get("unit", "").split())
    return plain in {read, bare} or read in {plain + unit, f"{plain}({unit})"}


def _holds(prepared: Prepared, name: str, record: int, meant: float, rounding: float) -> bool:
    cells = prepared.mapped.frame[name]
    try:
        return abs(float(cells.iloc[record]) - meant) <= rounding
    except (TypeError, ValueError):  # left as text: its row is set aside, no number is wrong
        return True
