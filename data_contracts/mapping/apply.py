"""A file's records -> the contract's columns, by a confirmed mapping; every cell that changes on the way is listed."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.cells.changes import Change
from data_contracts.cells.moments import ORDERS
from data_contracts.cells.texts import Mask
from data_contracts.contract import KNOWN_AFTERWARDS, Column, Contract, Kind
from data_contracts.errors import MappingMismatch
from data_contracts.intake.table import Header, SourceTable
from data_contracts.mapping.column_reading import conversion_for, read_column
from data_contracts.mapping.types import ColumnMapping, Mapped, Mapping

__all__ = ["apply_mapping"]

_NEXT = "correct the mapping file, or make a new one with: pumasi-member map FILE"


def apply_mapping(table: SourceTable, mapping: Mapping, contract: Contract, *, labelled: bool = True) -> Mapped:
    """Read a file's cells as the contract's columns.

    Args:
        table: the file as read.
        mapping: which column is which; several may be read from one header.
        contract: the contract the mapping is for.
        labelled: False for new parts to be scored: target and outcomes are left out, whether the file has them or not.

    Raises:
        MappingMismatch: if the mapping is for another contract or names a column, unit or word that the contract does
            not know, or a header that the file does not have.
    """
    if mapping.contract != contract.reference:
        raise MappingMismatch(f"the mapping is for {mapping.contract}, not for {contract.reference}; {_NEXT}")
    _check_names(mapping, contract)
    columns: dict[str, pd.Series] = {}
    changes: list[Change] = []
    unread: dict[str, NDArray[np.int64]] = {}
    for column in contract.columns:
        entry = mapping.column(column.name)
        if entry is None or entry.header is None or (not labelled and column.role in KNOWN_AFTERWARDS):
            continue
        _check(entry, column)
        cells = table.column(_header(table, entry.header, column))
        times = None if entry.time is None else table.column(_header(table, entry.time, column))
        reading = read_column(cells, column, entry, times=times)
        columns[column.name] = reading.values  # noqa: PD011  (a field of ours)
        changes += [Change(column.name, done.rule, _lines(cells, done.cells), done.detail) for done in reading.done]
        if reading.unread.any():
            unread[column.name] = _lines(cells, reading.unread)
    return Mapped(pd.DataFrame(columns, index=table.cells.index), tuple(changes), unread)


def _lines(cells: pd.Series, mask: Mask) -> NDArray[np.int64]:
    return np.sort(cells.index.to_numpy(dtype=np.int64)[mask])


def _header(table: SourceTable, text: str, column: Column) -> Header:
    header = table.header(text)
    if header is None:
        # The header itself stays out of the message: in a file without a header line it is data.
        raise MappingMismatch(
            f"column {column.name}: the file no longer has the header that the mapping names for it; {_NEXT}"
        )
    return header


def _check_names(mapping: Mapping, contract: Contract) -> None:
    known = {column.name for column in contract.columns}
    strange = sorted(entry.column for entry in mapping.columns if entry.column not in known)
    if strange:
        raise MappingMismatch(
            f"{contract.reference} has no column {', '.join(map(repr, strange))}; it has {', '.join(sorted(known))}. "
            f"{_NEXT[:1].upper()}{_NEXT[1:]}"
        )


def _check(entry: ColumnMapping, column: Column) -> None:
    """Refuse what a person may have written into the file and nothing can be made of."""
    if entry.unit is not None and (not column.is_numeric or conversion_for(entry.unit, column) is None):
        own = f"numbers in {column.unit}" if column.unit else "no unit"
        raise MappingMismatch(f"column {column.name}: {entry.unit!r} cannot be converted, it has {own}; {_NEXT}")
    if entry.dates is not None and entry.dates not in ORDERS:
        raise MappingMismatch(f"column {column.name}: dates are one of {', '.join(ORDERS)}; {_NEXT}")
    if entry.time is not None and column.kind is not Kind.TIMESTAMP:
        raise MappingMismatch(f"column {column.name}: it is no moment and has no time of day; {_NEXT}")
    if entry.decimal not in {".", ","}:
        raise MappingMismatch(f'column {column.name}: decimal is "." or ","; {_NEXT}')
    wrong = {value for _, value in entry.words if value is not None} - set(column.vocabulary)
    if column.kind is Kind.CATEGORY and wrong:
        raise MappingMismatch(
            f"column {column.name}: {len(wrong)} of its words become something else than "
            f"{', '.join(column.vocabulary)} or null; {_NEXT}"
        )
