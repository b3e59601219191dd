"""Contract -> Pandera schema: the only importer of Pandera.

Two habits of Pandera shape this module. Checks do not see missing cells unless ``ignore_na=False`` is said, so a
ceiling on missing values would pass silently. And its errors hold raw values of failing cells, which must not leave a
member: they end here, only masks go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.errors import SchemaError, SchemaErrors

from data_contracts.coercion import DTYPES
from data_contracts.contract import Column, Role
from data_contracts.reasons import Reason

__all__ = ["Breach", "breaches", "compile_schema", "repeats"]


@dataclass(frozen=True)
class Breach:
    """A rule that a frame breaks.

    Attributes:
        code: the rule.
        column: the column, or the key's columns joined by ``+``.
        rows: which rows break it, shape (rows,); None if the column as a whole does.
    """

    code: Reason
    column: str
    rows: NDArray[np.bool_] | None


def breaches(frame: pd.DataFrame, columns: Sequence[Column], key: Sequence[str]) -> tuple[Breach, ...]:
    """Check a frame of coerced cells and return every rule it breaks.

    Args:
        frame: coerced cells, with a unique index and exactly the columns given.
        columns: the contract's columns that the frame has.
        key: names of those that together identify a record; empty for none.
    """
    try:
        compile_schema(tuple(columns), tuple(key)).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return tuple(_breach(error, frame) for error in errors.schema_errors)
    return ()


@lru_cache(maxsize=16)  # compiling takes as long as checking a small file
def compile_schema(columns: tuple[Column, ...], key: tuple[str, ...]) -> pa.DataFrameSchema:
    """Compile columns of a contract to a Pandera schema for a frame of coerced cells.

    Args:
        columns: the columns the frame has.
        key: names of those that together identify a record; empty for none.
    """
    unique = [(column.name,) for column in columns if column.unique and (column.name,) != key]
    checks = [_repeat_check(Reason.DUPLICATE_VALUE, names) for names in unique]
    checks += [_repeat_check(Reason.DUPLICATE_KEY, key)] if key else []
    return pa.DataFrameSchema(
        {column.name: pa.Column(DTYPES[column.kind], _checks(column), nullable=True) for column in columns},
        checks=checks,
        strict=True,
    )


def _checks(column: Column) -> list[pa.Check]:
    checks = [_cell_check(Reason.MISSING_VALUE, column, pd.Series.notna)] if column.required else []
    if column.minimum is not None or column.maximum is not None:
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        checks.append(_cell_check(Reason.OUT_OF_RANGE, column, lambda cells: _filled(cells.between(low, high), cells)))
    if column.vocabulary:
        words = list(column.vocabulary)
        checks.append(_cell_check(Reason.NOT_IN_VOCABULARY, column, lambda cells: _filled(cells.isin(words), cells)))
    if not column.required and column.max_missing < 1:
        ceiling = column.max_missing
        checks.append(_cell_check(Reason.MISSING_RATE, column, lambda cells: bool(cells.isna().mean() <= ceiling)))
    if column.required or column.role is Role.FEATURE:
        checks.append(_cell_check(Reason.WHOLLY_MISSING_COLUMN, column, lambda cells: bool(cells.notna().any())))
    return checks


def _filled(passed: pd.Series, cells: pd.Series) -> pd.Series:
    """Let missing cells pass: whether they may be missing is a rule of its own."""
    return passed.fillna(True).astype(bool) | cells.isna()


def _cell_check(code: Reason, column: Column, passes: Callable[[pd.Series], pd.Series | bool]) -> pa.Check:
    # n_failure_cases: Pandera's own list of failing values is never read, and building it takes most of the time.
    return pa.Check(passes, ignore_na=False, name=f"{code}:{column.name}", n_failure_cases=1)


def _repeat_check(code: Reason, names: tuple[str, ...]) -> pa.Check:
    return pa.Check(
        lambda frame: ~repeats(frame, names), ignore_na=False, name=f"{code}:{'+'.join(names)}", n_failure_cases=1
    )


def repeats(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Mark the rows that cannot all be kept, because they share a key.

    A row that repeats an earlier one cell for cell adds nothing: the first stays, the copies are marked. Rows that
    share a key but differ are all marked, since nobody here can know which of them is right. Rows without a full key
    are not judged.

    Args:
        frame: coerced cells.
        names: the columns of the key.
    """
    keys = frame[list(names)]
    shared = keys.notna().all(axis=1) & keys.duplicated(keep=False)
    known = frame[shared]  # hardly any: to compare all rows cell for cell would take several times the memory
    copies = known.duplicated(keep="first")
    distinct = known[~copies]
    conflicting = distinct[distinct.duplicated(list(names), keep=False)]
    known_keys = pd.MultiIndex.from_frame(known[list(names)])
    marked = copies | known_keys.isin(pd.MultiIndex.from_frame(conflicting[list(names)]))
    return marked.reindex(frame.index, fill_value=False)


def _breach(error: SchemaError, frame: pd.DataFrame) -> Breach:
    """Keep the rule and the mask of an error, and none of the values it carries."""
    check = getattr(error.check, "name", None) or ""
    code, _, column = check.partition(":")
    if code not in set(Reason):
        raise TypeError(f"column {error.schema.name!r} was not coerced to its type before it was checked") from None
    output = error.check_output
    rows = None if not isinstance(output, pd.Series) else ~output.reindex(frame.index).to_numpy(dtype=np.bool_)
    return Breach(code=Reason(code), column=column, rows=rows)
