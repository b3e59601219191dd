"""What changed between two versions of a dataset: counts for anybody at the member, cells for who asks for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.versions.record import DatasetVersion
from data_contracts.versions.store import read_version

__all__ = ["CellChange", "ColumnDifference", "Difference", "compare_versions"]


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """One column in both versions.

    Attributes:
        column: its name.
        changed: cells that differ, in rows which both versions have.
        missing_before: share of missing cells in the first version, 0 to 1; None where it lacks the column.
        missing_after: the same in the second version.
    """

    column: str
    changed: int
    missing_before: float | None
    missing_after: float | None


@dataclass(frozen=True, slots=True)
class CellChange:
    """One changed cell, for the member's own screen."""

    record: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What changed from one version to another.

    Attributes:
        before: the first version.
        after: the second one.
        key: columns that tell records apart; empty where rows were compared as a whole, and none can be "changed".
        added: rows that only the second version has.
        removed: rows that only the first version has.
        changed: rows with the same key and other cells.
        same: rows that are equal in both.
        columns: one entry per column of either version.
    """

    before: DatasetVersion
    after: DatasetVersion
    key: tuple[str, ...]
    added: int
    removed: int
    changed: int
    same: int
    columns: tuple[ColumnDifference, ...]
    _rows: "_Aligned" = field(repr=False, compare=False)

    def to_plain(self) -> dict[str, object]:
        """Return the counts for programs, ready for JSON; no cell of a row."""
        return {
            "before": self.before.sha256,
            "after": self.after.sha256,
            "key": list(self.key),
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "same": self.same,
            "columns": [
                {
                    "column": entry.column,
                    "changed": entry.changed,
                    "missing_before": entry.missing_before,
                    "missing_after": entry.missing_after,
                }
                for entry in self.columns
            ],
        }

    def added_records(self, most: int) -> tuple[str, ...]:
        """Return the keys (or, without a key, the cells) of the first added rows, for the member's own screen."""
        return self._rows.names(self._rows.after, ~self._rows.in_before, most)

    def removed_records(self, most: int) -> tuple[str, ...]:
        """Return the keys (or, without a key, the cells) of the first removed rows, likewise."""
        return self._rows.names(self._rows.before, ~self._rows.in_after, most)

    def changed_cells(self, most: int, *, without: frozenset[str] = frozenset()) -> tuple[CellChange, ...]:
        """Return the first changed cells, likewise, but of no column in `without`."""
        return tuple(self._rows.cell_changes(most, without))


def compare_versions(before: DatasetVersion, after: DatasetVersion, key: tuple[str, ...]) -> Difference:
    """Compare two versions row by row.

    Rows are matched by the key; rows with the same or an incomplete key by the order in which they stand. Without a
    key, or where a version lacks one of its columns, whole rows are compared.

    Args:
        before: the first version.
        after: the second one.
        key: columns that tell records apart.

    Raises:
        DatasetTampered, DatasetMissing: as `read_version`.
    """
    rows = _Aligned.of(read_version(before), read_version(after), key)
    masks = {name: rows.differs(name) for name in rows.shared}
    changed = np.any(np.stack([*masks.values(), np.zeros(rows.matches, dtype=np.bool_)]), axis=0)
    names = dict.fromkeys([*rows.after.columns, *rows.before.columns])
    return Difference(
        before=before,
        after=after,
        key=rows.key,
        added=int((~rows.in_before).sum()),
        removed=int((~rows.in_after).sum()),
        changed=int(changed.sum()),
        same=int((~changed).sum()),
        columns=tuple(
            ColumnDifference(
                column=name,
                changed=int(masks[name].sum()) if name in masks else 0,
                missing_before=_missing(rows.before, name),
                missing_after=_missing(rows.after, name),
            )
            for name in names
        ),
        _rows=rows,
    )


@dataclass(frozen=True)
class _Aligned:
    """Two frames whose indexes name records; `in_after` and `in_before` say which the other one has."""

    before: pd.DataFrame
    after: pd.DataFrame
    key: tuple[str, ...]
    in_after: NDArray[np.bool_]
    in_before: NDArray[np.bool_]

    @classmethod
    def of(cls, before: pd.DataFrame, after: pd.DataFrame, key: tuple[str, ...]) -> "_Aligned":
        usable = key if set(key) <= set(before.columns) & set(after.columns) else ()
        before, after = _named(before, usable), _named(after, usable)
        return cls(before, after, usable, before.index.isin(after.index), after.index.isin(before.index))

    @property
    def matches(self) -> int:
        return int(self.in_after.sum())

    @property
    def shared(self) -> tuple[str, ...]:
        return tuple(name for name in self.after.columns if name in self.before.columns)

    def pair(self, name: str) -> tuple[pd.Series, pd.Series]:
        """Return a column of the matching rows, in one order, as it was and as it is."""
        was = self.before.loc[self.in_after, name]
        now = self.after.loc[self.in_before, name].reindex(was.index)
        return (was, now) if was.dtype == now.dtype else (was.astype("string"), now.astype("string"))

    def differs(self, name: str) -> NDArray[np.bool_]:
        was, now = self.pair(name)
        equal = (was == now).fillna(False).to_numpy(dtype=np.bool_)  # element-wise
        return ~(equal | (was.isna() & now.isna()).to_numpy(dtype=np.bool_))

    def names(self, frame: pd.DataFrame, rows: NDArray[np.bool_], most: int) -> tuple[str, ...]:
        chosen = frame[rows].head(most)
        shown = chosen[list(self.key)] if self.key else chosen
        return tuple(_joined(cells) for cells in shown.itertuples(index=False))

    def cell_changes(self, most: int, without: frozenset[str]) -> Iterator[CellChange]:
        left = most
        for name in (name for name in self.shared if name not in without):
            rows = self.differs(name)
            was, now = (cells[rows].head(left) for cells in self.pair(name))
            records = self.before.loc[was.index, list(self.key)].itertuples(index=False)
            for record, old, new in zip(records, was, now, strict=True):
                yield CellChange(_joined(record), name, _shown(old), _shown(new))
            left -= len(was)


def _named(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """Index the rows by their key (or all their cells), and by their turn among equals."""
    by = frame[list(key) or list(frame.columns)].astype("string").fillna("")
    turn = by.groupby(list(by.columns), sort=False).cumcount()
    return frame.set_axis(pd.MultiIndex.from_frame(by.assign(**{"": turn})))


def _missing(frame: pd.DataFrame, name: str) -> float | None:
    if name not in frame:
        return None
    return float(frame[name].isna().mean()) if len(frame) else 0.0


def _joined(cells: tuple[object, ...]) -> str:
    return ", ".join(_shown(cell) for cell in cells)


def _shown(cell: object) -> str:
    if pd.isna(cell):  # type: ignore[call-overload]
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
