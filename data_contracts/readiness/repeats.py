"""What is there twice, and what never changes."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Column, Kind, Role
from data_contracts.readiness.check_types import Constant, Repeats
from data_contracts.readiness.places import Where
from data_contracts.readiness.records import Flags, Records, where

__all__ = ["constants", "repeats"]

_FEWEST = 20
_CONSTANT = 0.995


def constants(records: Records) -> tuple[Constant, ...]:
    """Return the features and targets that hold the same in at least 99.5 % of (20 or more) values."""
    return tuple(_constants(records))


def _constants(records: Records) -> Iterator[Constant]:
    for column in records.mapped:
        if column.role in {Role.FEATURE, Role.TARGET}:
            counts = _counts(records, column)
            if counts.sum() >= _FEWEST and counts.max() >= _CONSTANT * counts.sum():
                yield Constant(column.name, column.label, float(counts.max() / counts.sum()))


def _counts(records: Records, column: Column) -> NDArray[np.int64]:
    """Rows per distinct value, shape (values,)."""
    if column.kind is Kind.CATEGORY:
        codes, _ = records.codes(column.name)
        return np.bincount(codes[codes >= 0]).astype(np.int64)
    if column.is_numeric:
        values, _ = records.numbers(column.name)
        known = values[np.isfinite(values)]
        if not len(known) or np.mean(known == np.median(known)) < _CONSTANT:  # spares sorting a million distinct ones
            return np.zeros(0, dtype=np.int64)
        return np.unique(known, return_counts=True)[1].astype(np.int64)
    return np.zeros(0, dtype=np.int64)


def repeats(records: Records) -> Repeats:
    """Count copies of earlier rows (every cell of the file equal) and rows that share the contract's key."""
    key = records.contract.key
    shared = np.zeros(len(records), dtype=np.bool_)
    if key and set(key) <= set(records.frame.columns):
        shared = _shared(records, key)
    return Repeats(_copies(records), key, where(records.lines, shared))


def _shared(records: Records, key: tuple[str, ...]) -> Flags:
    cells = records.frame[list(key)]
    known = ~np.logical_or.reduce([records.blank(name) for name in key])
    shared: Flags = cells.duplicated(keep=False).to_numpy(dtype=np.bool_) & known
    return shared


def _copies(records: Records) -> Where:
    """Find equal rows of the file: by a hash of every column, then, among those alike, cell by cell."""
    cells = records.prepared.table.cells
    if cells.empty:
        return Where(0)
    alike = np.zeros(len(cells), dtype=np.uint64)
    candidates = np.ones(len(cells), dtype=np.bool_)
    for position in _most_telling_first(cells):
        codes = pd.factorize(cells[position])[0].astype(np.uint64)
        alike = alike * np.uint64(1_000_003) + codes
        candidates = pd.Series(alike).duplicated(keep=False).to_numpy(dtype=np.bool_)
        if not candidates.any():
            return Where(0)
        if candidates.mean() < 0.1:  # noqa: PLR2004  (few enough to compare cell by cell)
            break
    copies = candidates.copy()
    copies[candidates] = cells[candidates].duplicated(keep="first").to_numpy(dtype=np.bool_)
    return where(np.asarray(cells.index, dtype=np.int64), copies)


def _most_telling_first(cells: pd.DataFrame) -> list[int]:
    """Order the columns so that those with most distinct cells among the first thousand rows come first."""
    head = cells.head(1000)
    return sorted(range(cells.shape[1]), key=lambda position: -len(set(head[position].dropna())))
