"""Each column of the contract: what it is read from, how it stands, and what it looks like."""

from collections.abc import Sequence

import numpy as np

from data_contracts.cells.changes import Rule
from data_contracts.contract import Column, Kind, Label
from data_contracts.prepare import needed_columns
from data_contracts.readiness.check_types import Constant, Leak, TenSuspect
from data_contracts.readiness.column_types import ColumnReport, State
from data_contracts.readiness.personal import safe_header
from data_contracts.readiness.pictures import picture
from data_contracts.readiness.records import Flags, Records, where
from data_contracts.readiness.sentences import join, percent, said
from data_contracts.readiness.types import Fix
from data_contracts.reasons import Reason

__all__ = ["FILE_RULES", "column_reports", "power_text"]

FILE_RULES = frozenset(
    {Reason.MISSING_COLUMN, Reason.DUPLICATE_COLUMN, Reason.WHOLLY_MISSING_COLUMN, Reason.MISSING_RATE}
)
"""Faults of a column that refuse the file as a whole."""

_ASKED = Label("확인할 질문이 있습니다.", "There is a question to answer.")
_TENS = Label(
    "소수점 위치가 어긋난 것 같습니다. {power} 허용 범위에 맞습니다.",
    "The decimal point seems misplaced: {power} would fit the allowed range.",
)
_TENS_ROWS = Label(
    "{rows}행은 소수점 위치가 어긋난 것 같습니다({power} 나머지 값과 맞음).",
    "In {rows:row|rows} the decimal point seems misplaced ({power} would fit the other values).",
)
_CONSTANT = Label(
    "값이 거의 항상 같습니다({share}). 학습에 도움이 되지 않습니다.",
    "The value is nearly always the same ({share}), which teaches a model nothing.",
)
_LEAK = Label(
    "이 열 하나로 판정이 거의 맞혀집니다. 검사 뒤에 적은 값인지 확인하십시오.",
    "This column alone tells the result. Check whether it is filled in after the inspection.",
)


def column_reports(
    records: Records,
    todo: Sequence[Fix],
    tens: Sequence[TenSuspect],
    constants: Sequence[Constant],
    suspects: Sequence[Leak],
) -> tuple[ColumnReport, ...]:
    """Report on every column of the contract, in its order."""
    blocked = {name for fix in todo if fix.blocking for name in fix.columns}
    concerned = {name for fix in todo for name in fix.columns}
    found: dict[str, list[Label]] = {column.name: [] for column in records.contract.columns}
    for ten in tens:
        template = _TENS if ten.whole else _TENS_ROWS
        found[ten.column].append(said(template, power=power_text(ten.power), rows=ten.where.rows))
    for constant in constants:
        found[constant.column].append(said(_CONSTANT, share=percent(constant.share)))
    for leak in suspects:
        if leak.column is not None:
            found[leak.column].append(_LEAK)
    return tuple(
        _report(records, column, _state(records, column, blocked, concerned | _noted(found)), found[column.name])
        for column in records.contract.columns
    )


def power_text(power: int) -> Label:
    """Say what is to be done with the values, such as ``dividing by 10``."""
    factor = 10 ** abs(power)
    if power > 0:
        return Label(f"{factor}을 곱하면", f"multiplying by {factor}")
    return Label(f"{factor}으로 나누면", f"dividing by {factor}")


def _shown(records: Records, name: str) -> str:
    """Return the header that a column is read from, or both where the time of day has one of its own."""
    return " + ".join(safe_header(one.text, one.position) for one in records.headers(name))


def _report(records: Records, column: Column, state: State, notes: list[Label]) -> ColumnReport:
    header = records.header(column.name)
    asked = column.name in records.asked
    mapped = column in records.mapped
    blank = records.blank(column.name) if mapped else None
    below, above, unread = _faults(records, column)
    return ColumnReport(
        name=column.name,
        label=column.label,
        kind=column.kind,
        role=str(column.role),
        unit=column.unit,
        needed=column.name in needed_columns(records.contract),
        header=None if header is None else _shown(records, column.name),
        state=state,
        notes=(*([_ASKED] if asked else []), *notes),
        conversion=_conversion(records, column),
        reason=_reason(records, column),
        values=0 if blank is None else int((~blank).sum()),
        missing=float(blank.mean()) if blank is not None and len(blank) else None,
        allowed_missing=0.0 if column.required else column.max_missing,
        below=where(records.lines, below),
        above=where(records.lines, above),
        unread=where(records.lines, unread),
        picture=picture(records, column) if mapped else None,
    )


def _noted(found: dict[str, list[Label]]) -> set[str]:
    return {name for name, notes in found.items() if notes}


def _state(records: Records, column: Column, blocked: set[str], concerned: set[str]) -> State:
    if column.name in records.asked:
        return State.LOOK
    if column not in records.mapped:
        return State.NOT_IN_FILE
    if column.name in blocked:
        return State.FIX
    return State.LOOK if column.name in concerned else State.OK


def _faults(records: Records, column: Column) -> tuple[Flags, Flags, Flags]:
    """Return the rows below and above the allowed range, and those whose cell cannot be used, shape (rows,) each."""
    none: Flags = np.zeros(len(records), dtype=np.bool_)
    if column not in records.mapped:
        return none, none, none
    if column.is_numeric:
        values, wrong = records.numbers(column.name)
        below = none if column.minimum is None else values < column.minimum
        above = none if column.maximum is None else values > column.maximum
        return below & ~wrong, above & ~wrong, wrong
    if column.vocabulary:
        codes, words = records.codes(column.name)
        strange = np.array([*(word not in column.vocabulary for word in words), False])
        return none, none, strange[codes]
    if column.kind is Kind.TIMESTAMP:
        return none, none, np.isnat(records.moments(column.name)) & ~records.blank(column.name)
    return none, none, none


def _conversion(records: Records, column: Column) -> Label | None:
    """Return every conversion that was made in a column: its cells may be in several units."""
    changes = records.prepared.mapped.changes
    made = [change.detail for change in changes if change.column == column.name and change.rule is Rule.UNIT]
    return join([detail for detail in made if detail.en]) if any(detail.en for detail in made) else None


def _reason(records: Records, column: Column) -> Label | None:
    """Return why the header was taken; None where a person decided it."""
    setting = f"columns.{column.name}"
    return next((guess.reason for guess in records.prepared.proposal.guesses if guess.setting == setting), None)
