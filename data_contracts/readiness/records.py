"""A prepared file as the checks look at it: numbers, words and moments per column, lines, who is asked about."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.coercion import coerce
from data_contracts.contract import Column, Contract, Kind, Role
from data_contracts.intake.table import Header
from data_contracts.prepare import Prepared
from data_contracts.readiness.places import Where

__all__ = ["Flags", "Floats", "Records", "where"]

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_SHOWN = 5
"""First lines that are named; the count tells how many there are."""


def where(lines: NDArray[np.int64], flags: Flags | None = None) -> Where:
    """Return how many rows are flagged (all, without flags) and the first of their lines."""
    positions = lines if flags is None else lines[flags]
    return Where(len(positions), tuple(int(line) for line in positions[:_SHOWN]))


class Records:
    """The records of a prepared file, column by column; what was worked out is kept, and the frame is never copied.

    Args:
        prepared: the file.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.contract: Contract = prepared.contract
        self.frame = prepared.mapped.frame
        self.lines: NDArray[np.int64] = np.asarray(self.frame.index, dtype=np.int64)
        self.mapped = tuple(column for column in self.contract.columns if column.name in self.frame.columns)
        self.asked = frozenset(question.column for question in prepared.proposal.questions)
        self.numbers: Callable[[str], tuple[Floats, Flags]] = cache(self._numbers)
        self.codes: Callable[[str], tuple[NDArray[np.int64], tuple[str, ...]]] = cache(self._codes)
        self.moments: Callable[[str], NDArray[np.datetime64]] = cache(self._moments)
        self.blank: Callable[[str], Flags] = cache(self._blank)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def time(self) -> Column | None:
        """The mapped time column that holds at least one moment, or None."""
        for column in self.mapped:
            timed = column.role is Role.TIME and column.kind is Kind.TIMESTAMP
            if timed and not np.isnat(self.moments(column.name)).all():
                return column
        return None

    def header(self, name: str) -> Header | None:
        """Return the header that a column of the contract is read from, or None."""
        entry = self.prepared.proposal.mapping.column(name)
        return None if entry is None or entry.header is None else self.prepared.table.header(entry.header)

    def headers(self, name: str) -> tuple[Header, ...]:
        """Return every header that a column of the contract is read from."""
        entry, table = self.prepared.proposal.mapping.column(name), self.prepared.table
        found = () if entry is None else (table.header(text) for text in entry.headers)
        return tuple(header for header in found if header is not None)

    def defect(self) -> tuple[Flags, Flags] | None:
        """Return (row has an allowed result, row is a defect), each of shape (rows,); None without a target."""
        target = self.contract.target
        if target not in self.mapped:
            return None
        codes, words = self.codes(target.name)
        allowed = np.array([*(word in target.vocabulary for word in words), False])
        defects = np.array([*(word in self.contract.defects for word in words), False])
        return allowed[codes], defects[codes]

    def _numbers(self, name: str) -> tuple[Floats, Flags]:
        """Numbers, NaN where blank or unread, and which cells are of a wrong type; shape (rows,) each."""
        cells = self.frame[name]
        if cells.dtype == np.float64:
            values = cells.to_numpy()
            return values, np.isinf(values)
        codes, distinct = pd.factorize(cells)  # a factory's numbers repeat: a few thousand are read, not a million
        typed, wrong = coerce(pd.Series(distinct), self.contract.column(name))
        values = np.append(typed.to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
        return values[codes], np.append(wrong, False)[codes]

    def _codes(self, name: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Position of each cell's word, -1 where blank, shape (rows,); and the words."""
        codes, distinct = pd.factorize(self.frame[name].astype("string"))
        bare = pd.Series(distinct, dtype="string").str.strip()
        merged, words = pd.factorize(bare.mask(bare == ""))  # `` b `` is b, and blanks are blank
        return np.append(merged, -1)[codes].astype(np.int64), tuple(words)

    def _moments(self, name: str) -> NDArray[np.datetime64]:
        typed, _ = coerce(self.frame[name], self.contract.column(name))
        return typed.to_numpy(dtype="datetime64[us]")

    def _blank(self, name: str) -> Flags:
        cells = self.frame[name]
        blank = cells.isna().to_numpy(dtype=np.bool_)
        if pd.api.types.is_string_dtype(cells.dtype):
            blank = blank | (cells == "").fillna(False).to_numpy(dtype=np.bool_)
        return blank
