"""One column of a file, read as one of the contract's: what its cells become, and all that was done to them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.cells.changes import Rule
from data_contracts.cells.clock_times import ClockTimes, with_times
from data_contracts.cells.moments import read_moments
from data_contracts.cells.numbers import Numbers, read_numbers
from data_contracts.cells.texts import Mask, arrow_texts
from data_contracts.cells.words import read_texts, read_words
from data_contracts.contract import Column, Kind, Label
from data_contracts.mapping.types import ColumnMapping
from data_contracts.mapping.units import Conversion, canonical_unit, conversion

__all__ = ["Done", "Reading", "conversion_for", "read_column"]

_PLAIN_SCALES = frozenset({"%", "pH", "ea", "times"})
"""Units that may stand behind a number of a column without a unit: they say what is counted, not how it is measured."""

_ORDER_NAMES = {
    "ymd": Label("연-월-일", "year-month-day"),
    "dmy": Label("일-월-연", "day-month-year"),
    "mdy": Label("월-일-연", "month-day-year"),
}


@dataclass(frozen=True)
class Done:
    """One thing that was done to cells of a column.

    Attributes:
        rule: what.
        cells: to which, shape (rows,).
        detail: more about it, without any cell's value.
    """

    rule: Rule
    cells: Mask = field(repr=False)
    detail: Label = Label("", "")


@dataclass(frozen=True)
class Reading:
    """A column, read.

    Attributes:
        values: its cells as `data_contracts.mapping.types.Mapped` describes them.
        done: what was done, in the order of `Rule`.
        unread: cells that could not be read and stayed as they were, shape (rows,).
    """

    values: pd.Series = field(repr=False)
    done: tuple[Done, ...]
    unread: Mask = field(repr=False)


def read_column(cells: pd.Series, column: Column, entry: ColumnMapping, *, times: pd.Series | None = None) -> Reading:
    """Read a file's cells as a column of the contract.

    A mapping's words go before all else, so that a word may stand for a number too. A unit that stands in a cell counts
    for that cell, whatever the mapping says about the others; a cell whose unit measures something else is unread.

    Args:
        cells: the cells.
        column: the contract's column.
        entry: how the file writes it.
        times: the cells with the time of day of the same rows, where the file has them in a column of their own.
    """
    if column.kind is Kind.CATEGORY:
        table = {value: value for value in column.vocabulary} | dict(entry.words)
        words = read_words(cells, table, missing=entry.missing)
        return Reading(words.values, _done(words.changed), words.unread)
    worded = _Worded.of(cells, entry)
    if column.kind is Kind.TIMESTAMP:
        return _moments(worded, entry, times)
    if column.is_numeric:
        return _numbers(worded, column, entry)
    texts = read_texts(worded.cells, missing=entry.missing)
    return Reading(texts.values, _done(worded.with_changes(texts.changed)), texts.unread)


def conversion_for(unit: str | None, column: Column) -> Conversion | None:
    """Find out how numbers in a unit become the contract's.

    Args:
        unit: a unit in any spelling; None for the contract's own.
        column: the contract's column.

    Returns:
        The conversion, None where the unit does not measure what the column does.
    """
    own = column.unit or ""
    if unit is None or unit == own:
        return Conversion(own, own)
    canonical = canonical_unit(unit)
    if column.unit is None:
        return Conversion(own, own) if canonical in _PLAIN_SCALES else None
    if canonical is not None and canonical in {canonical_unit(one) for one in column.same_units}:
        return Conversion(own, own)
    return conversion(unit, column.unit)


def _moments(worded: "_Worded", entry: ColumnMapping, times: pd.Series | None) -> Reading:
    moments, cells = read_moments(worded.cells, order=entry.dates, missing=entry.missing), worded.cells
    if times is not None:
        moments = with_times(moments, ClockTimes.of(times))
        cells = cells.str.cat(times, sep=" ", na_rep="") if moments.unread.any() else cells
    values = pd.Series(moments.values, index=cells.index)
    details = {Rule.DATE: _ORDER_NAMES[entry.dates]} if entry.dates else {}
    done = _done(worded.with_changes(moments.changed), details)
    return Reading(_with_unread(values, cells, moments.unread), done, moments.unread)


def _numbers(worded: "_Worded", column: Column, entry: ColumnMapping) -> Reading:
    numbers = read_numbers(worded.cells, decimal=entry.decimal, missing=entry.missing)
    converted, conversions, foreign = _converted(numbers, column, entry)
    values = pd.Series(converted, index=worded.cells.index)
    unread = numbers.unread | foreign
    dropped = ", ".join(_dropped_units(numbers, foreign))
    changed = {rule: cells & ~foreign for rule, cells in numbers.changed.items()}
    done = _done(worded.with_changes(changed), {Rule.UNIT_IN_CELL: Label(dropped, dropped)})
    return Reading(_with_unread(values, worded.cells, unread), _in_order([*done, *conversions]), unread)


def _converted(numbers: Numbers, column: Column, entry: ColumnMapping) -> tuple[NDArray[np.float64], list[Done], Mask]:
    """Return the numbers in the contract's unit, the conversions, and the cells whose own unit does not convert."""
    values = numbers.values.copy()  # noqa: PD011  (a field of ours)
    foreign = np.zeros(len(values), dtype=np.bool_)
    conversions: dict[str, Mask] = {}
    for place, unit in [(-1, entry.unit), *enumerate(numbers.units)]:
        cells = (numbers.unit_at == place) & ~np.isnan(numbers.values)
        found = conversion_for(unit, column)
        if found is None:
            foreign |= cells
        elif not found.identity:
            values[cells] = found.applied(values[cells])
            conversions[found.formula] = cells | conversions.get(found.formula, cells)
    values[foreign] = np.nan
    return values, [Done(Rule.UNIT, cells, Label(name, name)) for name, cells in conversions.items()], foreign


def _dropped_units(numbers: Numbers, foreign: Mask) -> list[str]:
    """Return the units, each in its one spelling, that stood in cells and were dropped; percent signs count apart."""
    kept = dict.fromkeys(numbers.unit_at[~foreign & ~np.isnan(numbers.values)].tolist())
    units = dict.fromkeys(canonical_unit(numbers.units[place]) or "" for place in kept if place >= 0)
    return sorted(unit for unit in units if unit != "%")


def _with_unread(values: pd.Series, cells: pd.Series, unread: Mask) -> pd.Series:
    """Return the values; as text, with the unread cells as they were, where there are any."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if not unread.any():
        return values
    read = pa.array(values, from_pandas=True)
    if pa.types.is_timestamp(read.type) and (values.dropna().dt.microsecond == 0).all():
        read = read.cast(pa.timestamp("s"))  # 2026-03-05 14:30:00 without six zeros more
    texts = pc.if_else(pa.array(unread), arrow_texts(cells), read.cast(pa.large_string()))
    return pd.Series(texts.to_pandas().to_numpy(), index=values.index, dtype="string")


@dataclass(frozen=True)
class _Worded:
    """Cells after the mapping's words were put in, and what that changed."""

    cells: pd.Series
    changed: dict[Rule, Mask]

    @classmethod
    def of(cls, cells: pd.Series, entry: ColumnMapping) -> "_Worded":
        if not entry.words:
            return cls(cells, {})
        words = read_words(cells, dict(entry.words), missing=entry.missing)
        return cls(words.values, words.changed)

    def with_changes(self, changed: dict[Rule, Mask]) -> dict[Rule, Mask]:
        rules = [rule for rule in Rule if rule in self.changed or rule in changed]
        nothing = np.zeros(len(self.cells), dtype=np.bool_)
        return {rule: self.changed.get(rule, nothing) | changed.get(rule, nothing) for rule in rules}


def _done(changed: dict[Rule, Mask], details: dict[Rule, Label] | None = None) -> tuple[Done, ...]:
    named = details or {}
    return _in_order([Done(rule, cells, named.get(rule, Label("", ""))) for rule, cells in changed.items()])


def _in_order(done: list[Done]) -> tuple[Done, ...]:
    return tuple(sorted((one for one in done if one.cells.any()), key=lambda one: list(Rule).index(one.rule)))
