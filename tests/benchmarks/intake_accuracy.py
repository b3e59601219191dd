"""How well generated files are understood: which columns, without how many questions, and whether anything is hidden.

A column of the contract that is in a file counts as

- *right* if it was mapped without a question and every undamaged cell means what the truth says;
- *asked* if there is a question about it;
- *wrong* if it was mapped without a question to another column, or an undamaged cell became another value;
- *overlooked* if nothing was said about it.

Of a column that is not in the file, any mapping without a question is wrong, too.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
from raw_cells import NUMBER, SECOND, raw_cells, says

from data_contracts.contract import Contract, Kind
from data_contracts.intake import read_source
from data_contracts.prepare import Prepared, prepare
from flows.synthetic.cooperative import SyntheticFile, write_drawn
from flows.synthetic.owner import understand
from flows.synthetic.truth import ColumnTruth, Truth


@dataclass(frozen=True)
class Judged:
    """What became of one column of the contract in one file.

    Attributes:
        column: The column.
        state: ``right``, ``asked``, ``wrong``, ``overlooked``, or ``absent`` (not in the file, and nothing said so).
        header: Its header in the file, None if it is not there.
        detail: What is wrong, or what is asked about.
        unread: Undamaged cells that were left as text, so that their rows are set aside.
    """

    column: str
    state: str
    header: str | None
    detail: str = ""
    unread: int = 0


@dataclass(frozen=True)
class FileResult:
    """One file's result.

    Attributes:
        seed: The file's seed.
        kind: Ending of its name.
        columns: One entry per column of the contract.
        questions: How many questions there are.
        seconds: Reading, mapping and checking.
        unlisted: Cells that are not what the file says and are in no list of changes.
        lines: Records that were lost or made up: lines in the truth or in the result, not in both.
        after: Columns of the file that are right once the owner answered and named what was overlooked, and how many
            there are.
        accepted: Whether the contract accepts the file once they are answered.
        failure: The error that ended it, if one did.
    """

    seed: int
    kind: str
    columns: tuple[Judged, ...] = ()
    questions: int = 0
    seconds: float = 0.0
    unlisted: int = 0
    lines: int = 0
    after: tuple[int, int] = (0, 0)
    accepted: bool = False
    failure: str = ""


def measure_accuracy(folder: Path, contract: Contract, seeds: range) -> Iterator[FileResult]:
    """Yield the results of one generated file per seed."""
    for seed in seeds:
        made = write_drawn(folder / str(seed), seed)
        try:
            yield judge_file(made, contract)
        except Exception as error:  # noqa: BLE001  (a file that ends it is a result, too)
            yield FileResult(seed, made.path.suffix, failure=f"{type(error).__name__}: {error}")


def judge_file(made: SyntheticFile, contract: Contract) -> FileResult:
    """Read and map a file as a member does, and compare with its truth."""
    began = time.perf_counter()
    table = read_source(made.path)
    prepared = prepare(table, contract)
    seconds = time.perf_counter() - began
    judged = tuple(_judge(prepared, made.truth, column.name) for column in contract.columns)
    raw = raw_cells(made.path, made.truth)
    understood = understand(made.path, made.truth, contract)
    again = prepare(read_source(made.path, understood.mapping.file), contract, known=understood.mapping)
    right = [_judge(again, made.truth, column.column) for column in made.truth.columns if column.position is not None]
    return FileResult(
        seed=made.truth.seed,
        kind=made.path.suffix,
        columns=judged,
        questions=len(prepared.proposal.questions),
        seconds=seconds,
        unlisted=_unlisted(prepared, raw) + _unlisted(again, raw),
        lines=len(set(made.truth.lines) ^ set(prepared.mapped.frame.index)),
        after=(sum(one.state == "right" for one in right), len(right)),
        accepted=again.checked.verdict.accepted,
    )


def _judge(prepared: Prepared, truth: Truth, name: str) -> Judged:
    column = truth.column(name)
    entry = prepared.proposal.mapping.column(name)
    asked = sorted({str(one.topic) for one in prepared.proposal.questions if one.column == name})
    if asked:
        return Judged(name, "asked", column.header, ", ".join(asked))
    if entry is None or entry.header is None:
        state = "absent" if column.position is None else "overlooked"
        return Judged(name, state, column.header)
    header = prepared.table.header(entry.header)
    if header is None or header.position != column.position:
        return Judged(name, "wrong", column.header, f"took {entry.header!r}")
    wrong, unread = _compare(prepared, truth, column)
    if wrong:
        return Judged(name, "wrong", column.header, f"{len(wrong)} cells, such as {wrong[0]}", unread)
    return Judged(name, "right", column.header, "", unread)


def _compare(prepared: Prepared, truth: Truth, column: ColumnTruth) -> tuple[list[str], int]:
    """Return undamaged cells that became another value, and how many were left as text."""
    rules = prepared.contract.column(column.column)
    spoilt = {one.line for one in column.damaged}
    found = prepared.mapped.frame[column.column].to_dict()
    wrong, unread = [], 0
    for line, meant in zip(truth.lines, column.values, strict=True):
        if line in spoilt or line not in found:
            continue
        value = _simple(found[line], rules.kind)
        if _is_left(value, rules.kind, rules.vocabulary):
            unread += 1
        elif not _same(value, meant):
            wrong.append(f"line {line}: {value!r} for {meant!r}")
    return wrong, unread


def _simple(value: object, kind: Kind) -> str | float | None:
    """Return a cell as the truth writes it; a column with some texts in it may hold its numbers as text as well."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).strftime(SECOND)  # a spreadsheet's day number is a fraction
    if isinstance(value, float | int):
        return float(value)
    plain = kind in {Kind.NUMBER, Kind.INTEGER} and NUMBER.fullmatch(str(value)) is not None
    return float(str(value)) if plain else str(value)


def _is_left(value: str | float | None, kind: Kind, vocabulary: Sequence[str]) -> bool:
    """Tell whether a cell is still the factory's text, for `enforce` to set its row aside."""
    if not isinstance(value, str):
        return False
    if kind is Kind.TIMESTAMP:
        return len(value) != len("2026-03-05 14:30:00") or value[4] != "-"
    return kind in {Kind.NUMBER, Kind.INTEGER} or (kind is Kind.CATEGORY and value not in vocabulary)


def _same(value: str | float | None, meant: str | float | None) -> bool:
    if isinstance(value, float) and isinstance(meant, float):
        return math.isclose(value, meant, rel_tol=1e-6, abs_tol=1e-9)
    return value == meant


def _unlisted(prepared: Prepared, raw: Mapping[int, Sequence[str]]) -> int:
    """Count cells of the result that are not what the file says, and that no change lists."""
    count = 0
    for name in prepared.mapped.frame.columns:
        entry = prepared.proposal.mapping.column(name)
        header = None if entry is None or entry.header is None else prepared.table.header(entry.header)
        if header is None:
            continue
        number = prepared.contract.column(name).is_numeric
        listed = {int(line) for one in prepared.mapped.changes if one.column == name for line in one.lines}
        values = prepared.mapped.frame[name]
        for line, value in zip(values.index, values, strict=True):
            cells = raw.get(int(line), ())
            text = cells[header.position - 1] if header.position <= len(cells) else ""
            if int(line) not in listed and not says(text, value, number=number):
                count += 1
    return count
