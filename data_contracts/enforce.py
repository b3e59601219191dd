"""A member's frame + contract -> accepted rows, quarantined rows, verdict.

Faults of a row set the row aside; faults of the file (a missing column, too many blanks, too many rows set aside)
refuse it as a whole, and then no row is accepted. When new parts are scored (``labelled=False``) shares say nothing
about a batch of three parts, so the rules about shares only warn, and outcomes are not looked at: they come later.

Rows that repeat one another: a copy of an earlier row, equal in every cell, is set aside and the first stays; rows that
share a key but differ are all set aside, since nobody can know which of them is right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.coercion import cast, coerce
from data_contracts.contract import KNOWN_AFTERWARDS, Column, Contract, Label, Role
from data_contracts.findings import MAX_LINES, ContractVerdict, Finding, Severity, allowed_by
from data_contracts.reasons import Reason
from data_contracts.schema import Breach, breaches

__all__ = ["LINE", "REASONS", "ContractVerdict", "Enforcement", "Finding", "Reason", "enforce"]

LINE = "_line"
"""Column of a quarantined frame: the row's line number in the file."""

REASONS = "_reasons"
"""Column of a quarantined frame: why, such as ``out_of_range:caliper; missing_value:band_type``."""

_SHARE_RULES = {Reason.MISSING_RATE, Reason.WHOLLY_MISSING_COLUMN, Reason.TOO_MANY_QUARANTINED}
_FILE_RULES = {Reason.EMPTY_FILE, Reason.MISSING_COLUMN, Reason.DUPLICATE_COLUMN, *_SHARE_RULES}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Enforcement:
    """What came of a frame.

    Attributes:
        accepted: rows that may be used, in contract order and with the contract's types (float64, Int64, string,
            datetime64[us]); the index is the line number in the file. Empty if the file is refused.
        quarantined: rows at fault as they arrived, preceded by `LINE` and `REASONS`.
        verdict: the counts and findings; the only part without cell values.
    """

    accepted: pd.DataFrame = field(repr=False)
    quarantined: pd.DataFrame = field(repr=False)
    verdict: ContractVerdict


def enforce(frame: pd.DataFrame, contract: Contract, *, labelled: bool = True) -> Enforcement:
    """Judge a frame by a contract.

    Args:
        frame: cells of any type; the index holds line numbers of the file, as `read_source` returns them.
        contract: the contract to keep.
        labelled: False for new parts to be scored: target and outcomes are neither needed nor returned, and shares
            only warn.
    """
    columns = tuple(column for column in contract.columns if labelled or column.role not in KNOWN_AFTERWARDS)
    present = tuple(column for column in columns if _times(frame, column) == 1)
    lines = _line_numbers(frame)
    raw = frame[[column.name for column in present]].reset_index(drop=True)
    typed, broken = _check(raw, present, contract.key)
    reasons = _reasons(broken, len(lines))
    at_fault: Mask = reasons != ""
    kept = _complete(typed, columns)[~at_fault]
    kept.index = pd.Index(lines[~at_fault])
    findings = _sorted(
        [
            *_header_findings(frame, contract, columns),
            *(_finding(breach, typed, contract, lines, labelled=labelled) for breach in broken),
            *_outcome_findings(kept, contract, len(lines), labelled=labelled),
        ]
    )
    refused = any(finding.code in _FILE_RULES and finding.severity == "error" for finding in findings)
    accepted = kept[:0] if refused else kept
    quarantined = raw[at_fault]
    quarantined.insert(0, LINE, lines[at_fault])
    quarantined.insert(1, REASONS, reasons[at_fault])
    verdict = ContractVerdict(
        contract=contract.reference,
        accepted=not refused,
        rows=len(lines),
        accepted_rows=len(accepted),
        quarantined_rows=len(quarantined),
        findings=findings,
    )
    return Enforcement(accepted=accepted, quarantined=quarantined, verdict=verdict)


def _times(frame: pd.DataFrame, column: Column) -> int:
    return sum(1 for name in frame.columns if isinstance(name, str) and name == column.name)


def _line_numbers(frame: pd.DataFrame) -> NDArray[np.int64]:
    if pd.api.types.is_integer_dtype(frame.index.dtype):
        return frame.index.to_numpy(dtype=np.int64)
    return np.arange(1, len(frame) + 1, dtype=np.int64)


def _check(raw: pd.DataFrame, columns: Sequence[Column], key: Sequence[str]) -> tuple[pd.DataFrame, list[Breach]]:
    """Coerce the cells, then check them; return typed cells and every broken rule."""
    typed: dict[str, pd.Series] = {}
    stand_ins: dict[str, pd.Series] = {}
    wrong: dict[str, Mask] = {}
    for column in columns:
        typed[column.name], wrong[column.name] = coerce(raw[column.name], column)
        stand_ins[column.name] = _stand_in(typed[column.name], wrong[column.name], column)
    broken = [Breach(Reason.WRONG_TYPE, name, mask) for name, mask in wrong.items() if mask.any()]
    complete_key = tuple(key) if set(key) <= typed.keys() else ()
    if columns and len(raw):
        broken += breaches(pd.DataFrame(stand_ins, copy=False), columns, complete_key)
    return pd.DataFrame(typed, index=raw.index, copy=False), _without_echoes(broken, wrong)


def _stand_in(cells: pd.Series, wrong: Mask, column: Column) -> pd.Series:
    """Put an allowed value where a cell is of a wrong type, so that it is not reported as blank as well."""
    bound = column.minimum if column.minimum is not None else column.maximum
    if bound is None or not wrong.any():
        return cells
    return cells.mask(pd.Series(wrong, index=cells.index), bound)


def _without_echoes(broken: Sequence[Breach], wrong: dict[str, Mask]) -> list[Breach]:
    """Drop what repeats another finding: cells of a wrong type as blank, the rate of a wholly blank column."""
    wholly = {breach.column for breach in broken if breach.code is Reason.WHOLLY_MISSING_COLUMN}
    kept = []
    for breach in broken:
        if breach.code is Reason.MISSING_VALUE and breach.rows is not None:
            rows = breach.rows & ~wrong[breach.column]
            kept += [Breach(breach.code, breach.column, rows)] if rows.any() else []
        elif not (breach.code is Reason.MISSING_RATE and breach.column in wholly):
            kept.append(breach)
    return kept


def _reasons(broken: Sequence[Breach], rows: int) -> NDArray[np.object_]:
    """Return why each row is set aside, shape (rows,); an empty text for rows without fault."""
    reasons = np.full(rows, "", dtype=object)
    for breach in broken:
        if breach.rows is not None:
            piece = f"{breach.code}:{breach.column}"
            reasons[breach.rows] = [f"{text}; {piece}" if text else piece for text in reasons[breach.rows]]
    return reasons


def _complete(typed: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the columns in contract order; one that the file need not have and has not is blank."""
    filled = {
        column.name: typed[column.name]
        if column.name in typed
        else cast(pd.Series(np.nan, index=typed.index, dtype="float64"), column)
        for column in columns
    }
    return pd.DataFrame(filled, index=typed.index, copy=False)


def _header_findings(frame: pd.DataFrame, contract: Contract, columns: Sequence[Column]) -> Iterator[Finding]:
    for column in columns:
        times = _times(frame, column)
        needed = column.role is Role.FEATURE or column.required or column.name in contract.key
        if times > 1 or (times == 0 and needed):
            code = Reason.DUPLICATE_COLUMN if times else Reason.MISSING_COLUMN
            yield Finding(code, column.name, times, (), "error", total=len(frame), label=column.label)
    known = {column.name for column in contract.columns}
    strange = [at for at, name in enumerate(frame.columns, start=1) if not isinstance(name, str) or name not in known]
    if strange:
        shown = tuple(strange[:MAX_LINES])
        yield Finding(Reason.UNEXPECTED_COLUMN, None, len(strange), shown, "warning", total=len(frame))
    if len(frame) == 0:
        yield Finding(Reason.EMPTY_FILE, None, 0, (), "error")


def _finding(
    breach: Breach, typed: pd.DataFrame, contract: Contract, lines: NDArray[np.int64], *, labelled: bool
) -> Finding:
    rows = typed[breach.column].isna().to_numpy(dtype=np.bool_) if breach.rows is None else breach.rows
    column = None if "+" in breach.column else contract.column(breach.column)
    return Finding(
        code=breach.code,
        column=breach.column,
        rows=int(rows.sum()),
        lines=tuple(int(line) for line in lines[rows][:MAX_LINES]),
        severity=_severity(breach.code, labelled=labelled),
        total=len(lines),
        allowed=Label("", "") if column is None else allowed_by(column, breach.code),
        label=None if column is None else column.label,
    )


def _outcome_findings(kept: pd.DataFrame, contract: Contract, rows: int, *, labelled: bool) -> Iterator[Finding]:
    set_aside = rows - len(kept)
    if set_aside and (set_aside > contract.quarantine_ceiling * rows or not len(kept)):
        code = Reason.TOO_MANY_QUARANTINED
        severity: Severity = _severity(code, labelled=labelled) if len(kept) else "error"
        ceiling = f"{100 * contract.quarantine_ceiling:g} %"
        yield Finding(code, None, set_aside, (), severity, total=rows, allowed=Label(ceiling, ceiling))
    target = contract.target
    classes = kept[target.name].dropna().unique() if labelled else ()  # none where the column itself is missing
    if len(classes) == 1:
        yield Finding(Reason.ONE_CLASS, target.name, len(kept), (), "warning", total=rows, label=target.label)


def _severity(code: Reason, *, labelled: bool) -> Severity:
    return "warning" if code in _SHARE_RULES and not labelled else "error"


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Errors of the file first, then those of rows, then warnings; otherwise in the order found."""
    return tuple(sorted(findings, key=lambda found: (found.severity != "error", found.code not in _FILE_RULES)))
