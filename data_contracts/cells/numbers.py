"""A column of texts -> numbers, with a note of everything that was done to read them.

Nothing is guessed: a text that is no number (``약 5``, ``<0.1``, ``3~5``, ``inf``, ``10²``) stays unread. What commas
and points mean, and when that is certain, is written in `data_contracts.cells.number_marks`.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.cells.changes import Rule
from data_contracts.cells.number_marks import Marks
from data_contracts.cells.number_text import NumberText, Shape, read_number
from data_contracts.cells.split_numbers import SplitNumbers
from data_contracts.cells.texts import Distinct, Mask, arrow_texts, folded, matching

__all__ = ["Numbers", "read_numbers"]

_PLAIN = {
    ".": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$",
    ",": r"^[+-]?([0-9]+(,[0-9]*)?|,[0-9]+)([eE][+-]?[0-9]+)?$",
}


@dataclass(frozen=True)
class Numbers:
    """A column of numbers; every array has shape (rows,).

    Attributes:
        values: the numbers; NaN where blank or unread. Units in cells are dropped, not converted.
        blank: where there is no value.
        unread: where there is a text that is no number.
        changed: where which rule was applied; only rules that were.
        ambiguous: cells like ``1,234`` that could be thousands or decimals; `values` has one of the two.
        units: the distinct unit texts that stood in cells, a percent sign among them.
        unit_at: which of `units` stood in each cell, -1 where none did.
    """

    values: NDArray[np.float64] = field(repr=False)
    blank: Mask = field(repr=False)
    unread: Mask = field(repr=False)
    changed: dict[Rule, Mask] = field(repr=False)
    ambiguous: Mask = field(repr=False)
    units: tuple[str, ...]
    unit_at: NDArray[np.int64] = field(repr=False)


def read_numbers(cells: pd.Series, *, decimal: str = ".", missing: tuple[str, ...] = ()) -> Numbers:
    """Read a column of texts as numbers.

    Args:
        cells: texts; missing where blank.
        decimal: the mark that begins decimals, ``.`` or ``,``.
        missing: words that count as missing, besides those that always do.
    """
    texts = arrow_texts(cells)
    plain, values = _plain(texts, decimal, missing)
    split = SplitNumbers.of(texts, ~plain if decimal == "." and not missing else np.zeros_like(plain))
    values[split.at] = split.values  # noqa: PD011  (a field of ours)
    rest = Distinct.of(texts, ~plain & ~split.at)
    words = frozenset(map(folded, missing))
    readings = [read_number(text, decimal, words) for text in rest.texts]
    marked = plain & matching(texts, f"[{decimal}]") if decimal == "," or readings else np.zeros_like(plain)
    decimals = bool(marked.any()) or split.decimals
    marks = Marks.of(readings, values, decimal, decimals=decimals, grouped=bool(split.grouped.any()))
    final = [marks.settled(reading) for reading in readings]
    values[rest.at] = rest.spread([reading.value for reading in final], np.nan, np.float64)
    units = tuple(dict.fromkeys(filter(None, (*split.units, *(reading.unit for reading in final)))))
    return Numbers(
        values=values,
        blank=rest.mask([reading.shape is Shape.BLANK for reading in final], missing=True),
        unread=rest.mask([reading.shape is Shape.UNREAD for reading in final]),
        changed=_changed(final, rest, split, marked if decimal == "," else np.zeros_like(plain)),
        ambiguous=rest.mask([marks.doubts(reading) for reading in readings]),
        units=units,
        unit_at=_unit_at(final, rest, split, units),
    )


def _plain(texts: Any, decimal: str, missing: tuple[str, ...]) -> tuple[Mask, NDArray[np.float64]]:
    """Read what is written as programs write numbers: where, and the values (NaN elsewhere)."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if decimal == "." and not missing and (values := _cast(texts)) is not None:
        return ~np.isnan(values), values
    plain = matching(texts, _PLAIN[decimal], besides=missing)
    pointed = texts if decimal == "." else pc.replace_substring(texts, ",", ".")
    values = _to_numpy(pc.if_else(pa.array(plain), pointed, None).cast(pa.float64()))
    # a number beyond all doubles, such as 1e999, is none
    return np.isfinite(values), np.where(np.isfinite(values), values, np.nan)


def _cast(texts: Any) -> NDArray[np.float64] | None:
    """Read a column in which every cell is a plain number; None where one is not."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        values = _to_numpy(texts.cast(pa.float64()))
    except pa.ArrowInvalid:
        return None
    # Arrow reads ``nan`` and ``inf`` as well: then the cells must be looked at one by one
    return values if np.isfinite(values).sum() == len(texts) - texts.null_count else None


def _to_numpy(array: Any) -> NDArray[np.float64]:
    return np.array(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def _changed(final: list[NumberText], rest: Distinct, split: SplitNumbers, commas: Mask) -> dict[Rule, Mask]:
    applied = {rule for reading in final for rule in reading.rules}
    one_by_one = {rule: rest.mask([rule in reading.rules for reading in final]) for rule in applied}
    at_once = split.changed() | ({Rule.DECIMAL_COMMA: commas} if commas.any() else {})
    nothing = np.zeros_like(commas)
    rules = [rule for rule in Rule if rule in one_by_one or rule in at_once]
    return {rule: one_by_one.get(rule, nothing) | at_once.get(rule, nothing) for rule in rules}


def _unit_at(final: list[NumberText], rest: Distinct, split: SplitNumbers, units: tuple[str, ...]) -> NDArray[np.int64]:
    number = {unit: place for place, unit in enumerate(units)}
    places = np.full(len(rest.at), -1, dtype=np.int64)
    places[rest.at] = rest.spread([number.get(reading.unit, -1) for reading in final], -1, np.int64)
    places[split.at] = np.array([number.get(unit, -1) for unit in split.units], dtype=np.int64)[split.unit_at]
    return places
