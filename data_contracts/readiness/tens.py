"""Columns, or single rows, whose values would fit if the decimal point stood elsewhere."""

from collections.abc import Iterator

import numpy as np

from data_contracts.contract import Column
from data_contracts.readiness.check_types import TenSuspect
from data_contracts.readiness.records import Flags, Floats, Records, where

__all__ = ["tens"]

_FEWEST = 10
_FEWEST_STRAY = 3
_POWERS = (-1, 1, -2, 2, -3, 3, -4, 4)
_OUTSIDE_SHARE = 0.5
"""A column is judged as a whole when at least half of its values lie outside of the allowed range."""
_FITS = 0.9


def tens(records: Records) -> tuple[TenSuspect, ...]:
    """Return the suspects, in contract order. Nothing is changed: only a person knows which is right.

    A column whose median is 520 where 40 to 60 is allowed is off by ten if nine in ten of its values, divided by ten,
    would lie within. Otherwise, stray rows are suspects if they would lie among the middle of all others.
    """
    return tuple(suspect for column in records.contract.numbers for suspect in _of(records, column))


def _of(records: Records, column: Column) -> Iterator[TenSuspect]:
    if column not in records.mapped:
        return
    values, _ = records.numbers(column.name)
    known = np.isfinite(values)
    inside = known & _within(values, column.bounds)
    outside = known & ~inside
    if known.sum() < _FEWEST:
        return
    whole = bool(outside.sum() >= _OUTSIDE_SHARE * known.sum())
    fitting: tuple[float, float]
    if whole:
        flags, fitting = known, column.bounds
    elif outside.sum() >= _FEWEST_STRAY:
        flags, low_high = outside, np.quantile(values[inside], [0.01, 0.99])
        fitting = float(low_high[0]), float(low_high[1])
    else:
        return
    power = _power(values[flags], fitting)
    if power is not None:
        moved: Flags = flags & _within(values * 10.0**power, fitting)
        yield TenSuspect(column.name, column.label, power, whole, where(records.lines, moved))


def _power(values: Floats, allowed: tuple[float, float]) -> int | None:
    """Return the power of ten that brings most values within, the smallest one of equals; None if none does."""
    shares = {power: float(_within(values * 10.0**power, allowed).mean()) for power in _POWERS}
    best = max(_POWERS, key=lambda power: shares[power])  # the first of equals, and the smallest stand first
    return best if shares[best] >= _FITS and np.any(values) else None


def _within(values: Floats, allowed: tuple[float, float]) -> Flags:
    low, high = allowed
    return (values >= low) & (values <= high)
