"""From rows to `FrameStatistics`: the only numbers about rows that leave a member.

What may show is ruled by `data_contracts.disclosure`, inside `describe`, which runs at the member.
"""

import numpy as np
import pandas as pd

from data_contracts.contract import Column, Contract
from data_contracts.disclosure import GRID, Counts, shown_categories, shown_numbers
from data_contracts.errors import FrameNotEnforced, TooFewRows
from data_contracts.frame_statistics import RESOLUTION, FrameStatistics, check_statistics, merge, quantiles

__all__ = ["GRID", "RESOLUTION", "FrameStatistics", "check_statistics", "describe", "merge", "quantiles"]

_OUTSIDE = 1e-9  # how far rounding may carry a value at the range's edge outside of [0, 1]


def describe(frame: pd.DataFrame, contract: Contract, *, minimum_count: int) -> FrameStatistics:
    """Describe the accepted rows of a member under the minimum-count rules of `data_contracts.disclosure`.

    Args:
        frame: accepted rows as `enforce` returns them, with the target.
        contract: the contract they were enforced with.
        minimum_count: smallest group of rows that may show, at least 1.

    Raises:
        TooFewRows: if no class has `minimum_count` rows.
        FrameNotEnforced: if the frame lacks contract columns or holds values outside the contract.
        ValueError: if `minimum_count` is below 1.
    """
    if minimum_count < 1:
        raise ValueError(f"minimum_count must be at least 1, got {minimum_count}")
    _check_frame(frame, contract)
    codes = _codes(frame[contract.target.name], contract.target)
    if (codes < 0).any():
        raise FrameNotEnforced(f"column {contract.target.name!r} has rows without an allowed class; enforce first")
    classes = np.bincount(codes, minlength=len(contract.classes)).astype(np.int64)
    classes[classes < minimum_count] = 0
    shown = frame[classes[codes] > 0]
    if shown.empty:  # every class that shows has at least minimum_count rows
        raise TooFewRows(  # this text leaves the member: it must not say how many rows there are
            f"no class has {minimum_count} rows, the least of which any number may leave. Collect more records."
        )
    numbers = [_describe_number(shown[column.name], column, minimum_count) for column in contract.numbers]
    width = max((len(column.vocabulary) for column in contract.categories), default=0)
    categories = np.zeros((len(contract.categories), width), dtype=np.int64)
    for index, column in enumerate(contract.categories):
        counts = _describe_category(shown[column.name], column, minimum_count)
        categories[index, : len(counts)] = counts
    return FrameStatistics(
        rows=len(shown),
        class_counts=classes,
        present=np.array([number.sum() for number, _, _ in numbers], dtype=np.int64),
        sums=np.array([total for _, total, _ in numbers], dtype=np.float64),
        squares=np.array([square for _, _, square in numbers], dtype=np.float64),
        bins=np.array([number for number, _, _ in numbers], dtype=np.int64).reshape(len(numbers), GRID),
        categories=categories,
    )


def _check_frame(frame: pd.DataFrame, contract: Contract) -> None:
    needed = [column.name for column in (*contract.features, contract.target)]
    absent = [name for name in needed if name not in frame.columns]
    if absent:
        raise FrameNotEnforced(f"the frame lacks {', '.join(absent)}; enforce {contract.reference} first")


def _codes(cells: pd.Series, column: Column) -> Counts:
    """Positions in the vocabulary, -1 for anything else, shape (rows,)."""
    return pd.Index(column.vocabulary).get_indexer(pd.Index(cells)).astype(np.int64)


def _describe_number(cells: pd.Series, column: Column, minimum_count: int) -> tuple[Counts, float, float]:
    low, high = column.bounds
    values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
    u = (values[~np.isnan(values)] - low) / (high - low)
    if ((u < -_OUTSIDE) | (u > 1 + _OUTSIDE)).any():
        raise FrameNotEnforced(f"column {column.name!r} has values outside the contract's range; enforce first")
    histogram, total, square = shown_numbers(np.clip(u, 0.0, 1.0), len(values), minimum_count)
    return histogram, _rounded(total), _rounded(square)


def _describe_category(cells: pd.Series, column: Column, minimum_count: int) -> Counts:
    codes = _codes(cells, column)
    if (codes[cells.notna().to_numpy()] < 0).any():
        raise FrameNotEnforced(f"column {column.name!r} has values outside the contract's vocabulary; enforce first")
    counts = np.bincount(codes[codes >= 0], minlength=len(column.vocabulary)).astype(np.int64)
    return shown_categories(counts, len(codes), minimum_count)


def _rounded(value: float) -> float:
    return round(value / RESOLUTION) * RESOLUTION
