"""Cells as they arrive -> cells of the contract's types, with a note of those that would not become one.

float64 for numbers, Int64 for integers (it can be blank), datetime64[us] for moments, string for the rest. Surrounding
blanks are dropped, a blank text is a missing value. A number written with a unit, a thousands comma, "inf", "N/A" or
True is of a wrong type, and so is a moment that is not ISO 8601 (``2026-03-05 14:30:00``, the time may be left out) or
that names an offset from UTC, since a moment is what the clock on the wall shows: nothing is guessed.
"""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Column, Kind

__all__ = ["DTYPES", "cast", "coerce"]

DTYPES = {
    Kind.NUMBER: "float64",
    Kind.INTEGER: "Int64",
    Kind.CATEGORY: "string",
    Kind.TEXT: "string",
    Kind.TIMESTAMP: "datetime64[us]",
}
"""The pandas type of each kind of column in an enforced frame."""

_MOMENT = re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?")
_EXACT = 2.0**53  # beyond it float64 skips integers, and two record numbers could become one


def coerce(cells: pd.Series, column: Column) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Give the cells the column's type.

    Args:
        cells: a column of a member's file, of any type.
        column: what the contract says about it.

    Returns:
        The typed cells (same index; missing where a cell is blank or of a wrong type) and a mask of the cells of a
        wrong type, shape (rows,).
    """
    if column.kind is Kind.TIMESTAMP:
        return _moments(cells, column)
    if not column.is_numeric:
        return _text(cells), np.zeros(len(cells), dtype=np.bool_)
    blank, values = _numbers(cells)
    wrong = ~blank & ~np.isfinite(values)
    if column.kind is Kind.INTEGER:
        wrong |= ~blank & ((values != np.floor(values)) | (np.abs(values) >= _EXACT))
    values[wrong] = np.nan
    return cast(pd.Series(values, index=cells.index, name=cells.name), column), wrong


def cast(cells: pd.Series, column: Column) -> pd.Series:
    """Give cells that fit it the column's pandas type."""
    return cells.astype(pd.api.types.pandas_dtype(DTYPES[column.kind]))


def _moments(cells: pd.Series, column: Column) -> tuple[pd.Series, NDArray[np.bool_]]:
    if pd.api.types.is_datetime64_dtype(cells.dtype):  # without a time zone
        return cast(cells, column), np.zeros(len(cells), dtype=np.bool_)
    text = _text(cells)
    written = text.where(text.str.fullmatch(_MOMENT).fillna(False).astype(bool))  # element-wise
    moments = cast(pd.to_datetime(written, format="ISO8601", errors="coerce"), column)
    return moments, (text.notna() & moments.isna()).to_numpy(dtype=np.bool_)


def _numbers(cells: pd.Series) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return where cells are blank, and their numbers: NaN where blank or not a number."""
    if pd.api.types.is_bool_dtype(cells.dtype) or not pd.api.types.is_any_real_numeric_dtype(cells.dtype):
        text = _text(cells)
        blank = text.isna().to_numpy(dtype=np.bool_)
        words = text.to_numpy(dtype=object, na_value=np.nan)
        return blank, np.array(pd.to_numeric(words, errors="coerce"), dtype=np.float64)
    return cells.isna().to_numpy(dtype=np.bool_), np.array(cells.to_numpy(dtype=np.float64, na_value=np.nan))


def _text(cells: pd.Series) -> pd.Series:
    try:
        text = cells.astype("string")
    except (UnicodeError, ValueError, TypeError):  # cells of an odd kind, or half a surrogate pair: spell them out
        text = pd.Series([_spell(cell) for cell in cells], index=cells.index, name=cells.name, dtype="string")
    text = text.str.strip()
    return text.mask((text == "").fillna(False).astype(bool))  # element-wise


def _spell(cell: object) -> str | None:
    return None if cell is None or cell is pd.NA else str(cell).encode("utf-8", "replace").decode("utf-8")
