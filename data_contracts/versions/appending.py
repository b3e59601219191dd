"""New rows behind those that are saved: what is there already is not added twice, what contradicts it is set aside."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.reasons import Reason

__all__ = ["Appended", "append_rows"]


@dataclass(frozen=True)
class Appended:
    """Saved rows with new ones behind them.

    Attributes:
        rows: all rows; the index counts them from 1.
        known: which of the rows that came were there already, cell for cell, shape (rows that came,).
        reasons: why a row that came is set aside, in the words of a quarantine; an empty text for the others.
    """

    rows: pd.DataFrame = field(repr=False)
    known: NDArray[np.bool_] = field(repr=False)
    reasons: NDArray[np.object_] = field(repr=False)


def append_rows(saved: pd.DataFrame, fresh: pd.DataFrame, contract: Contract) -> Appended:
    """Put accepted rows behind those of a saved version.

    A row that is there already is recognised by its key and equal cells; without a key, or an incomplete one, by its
    cells. A row that has a saved row's key, or a value that must be unique, and is not that row, is set aside: nobody
    here can know which of the two is right, and what is saved was accepted first.

    Args:
        saved: rows of the saved version.
        fresh: rows that came, accepted under the same contract; both have its columns.
        contract: the contract.
    """
    names = [column.name for column in contract.columns]
    reasons = np.full(len(fresh), "", dtype=object)
    known = _equal_rows(saved[names], fresh[names])
    if contract.key:
        taken = _has_key_of(saved, fresh, contract.key) & ~known
        reasons[taken] = f"{Reason.DUPLICATE_KEY}:{'+'.join(contract.key)}"
    for column in contract.columns:
        if column.unique and (column.name,) != contract.key:
            taken = fresh[column.name].isin(saved[column.name].dropna()).to_numpy(dtype=np.bool_) & ~known
            reasons[taken & (reasons == "")] = f"{Reason.DUPLICATE_VALUE}:{column.name}"
    rows = pd.concat([saved[names], fresh.loc[~known & (reasons == ""), names]], ignore_index=True)
    return Appended(rows.set_axis(pd.RangeIndex(1, len(rows) + 1)), known, reasons)


def _equal_rows(saved: pd.DataFrame, fresh: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark the rows that came whose every cell a saved row has as well; two missing cells are equal."""
    there = saved.drop_duplicates().assign(**{"": True})
    found = fresh.reset_index(drop=True).merge(there, how="left", on=list(fresh.columns))[""]
    return found.notna().to_numpy(dtype=np.bool_)


def _has_key_of(saved: pd.DataFrame, fresh: pd.DataFrame, key: tuple[str, ...]) -> NDArray[np.bool_]:
    """Mark the rows that came whose whole key a saved row has."""
    names = list(key)
    there = pd.MultiIndex.from_frame(saved[names].dropna())
    whole = fresh[names].notna().all(axis=1).to_numpy(dtype=np.bool_)
    return whole & np.asarray(pd.MultiIndex.from_frame(fresh[names]).isin(there), dtype=np.bool_)
