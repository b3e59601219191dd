"""Encodings: how one column becomes numbers between 0 and 1, and what these numbers are on average over all members."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.statistics import GRID
from models.errors import PreprocessingError


@dataclass(frozen=True)
class NumberEncoding:
    """How one numeric column becomes ``len(edges) - 1`` numbers in [0, 1], plus one for "missing" where that can be.

    For edges ``b_0 < ... < b_T`` the t-th number is ``(x - b_(t-1)) / (b_t - b_(t-1))``, clipped to [0, 1]: bins below
    x are 1, bins above are 0, and x's own bin says how far into it x lies. The paper leaves the outermost bins open; we
    clip them, so that one odd value cannot outweigh a batch. Example: edges (0, 10, 20), x = 15 -> (1, 0.5).

    Attributes:
        name: column of the contract.
        edges: strictly increasing, in the column's unit.
        reference: the federated median, which stands in for a missing value and is "usual" in explanations.
        missing: whether the column may be missing and so gets an indicator (1 = missing) as its last number.
    """

    name: str
    edges: tuple[float, ...]
    reference: float
    missing: bool

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise(self.edges))
        if len(self.edges) < 2 or not np.isfinite([*self.edges, self.reference]).all() or not rising:  # noqa: PLR2004
            raise PreprocessingError(f"Column {self.name} needs at least two edges, finite and strictly increasing.")

    @property
    def width(self) -> int:
        """Numbers per row."""
        return len(self.edges) - 1 + int(self.missing)

    def encode(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Encode values `(rows,)` with NaN for missing as `(rows, width)`."""
        absent = np.isnan(values)
        filled = np.where(absent, self.reference, values)[:, None]  # (rows, 1)
        edges = np.asarray(self.edges)
        ramps = (np.clip(filled, edges[:-1], edges[1:]) - edges[:-1]) / np.diff(edges)  # (rows, bins)
        return np.column_stack([ramps, absent] if self.missing else [ramps])

    def moments(self, counts: NDArray[np.int64], *, low: float, high: float, missing: float) -> NDArray[np.float64]:
        """Mean and mean square of each number over all members `(2, width)`, each cell of the histogram at its middle.

        Args:
            counts: rows per cell of the column's range `(GRID,)`; all zero if they were withheld.
            low: the range's lower end, in the column's unit.
            high: its upper end.
            missing: share of rows without a value.
        """
        shares = counts / counts.sum() * (1 - missing) if counts.any() else np.full(GRID, (1 - missing) / GRID)
        middles = self.encode(low + (np.arange(GRID) + 0.5) / GRID * (high - low))  # (GRID, width)
        absent = self.encode(np.array([np.nan]))[0]  # (width,)
        return np.stack([shares @ middles**power + missing * absent**power for power in (1, 2)])


@dataclass(frozen=True)
class CategoryEncoding:
    """How one categorical column becomes a one-hot vector; unknown and missing values are all zeros.

    Attributes:
        name: column of the contract.
        vocabulary: the contract's allowed values in order.
        reference: the most frequent value over all members, or None where its count was withheld.
    """

    name: str
    vocabulary: tuple[str, ...]
    reference: str | None

    @property
    def width(self) -> int:
        """Numbers per row."""
        return len(self.vocabulary)

    def encode(self, values: "pd.Series[str]") -> NDArray[np.float64]:
        """Encode values `(rows,)` as `(rows, width)`."""
        one_hot: NDArray[np.bool_] = positions(values, self.vocabulary)[:, None] == np.arange(self.width)
        return one_hot.astype(np.float64)

    def moments(self, counts: NDArray[np.int64], rows: int) -> NDArray[np.float64]:
        """Mean and mean square of each number over all members `(2, width)`: of a one-hot vector both are its share.

        Args:
            counts: rows per value of the vocabulary `(width,)`; zero where they were withheld.
            rows: all rows.
        """
        shares = counts / max(rows, 1)
        return np.stack([shares, shares])


def positions(values: "pd.Series[str]", vocabulary: tuple[str, ...]) -> NDArray[np.int64]:
    """Position of each value `(rows,)` in the vocabulary, -1 for unknown and missing ones."""
    found = pd.Index(vocabulary, dtype=object).get_indexer(pd.Index(values, dtype=object))
    return np.asarray(found, dtype=np.int64)
