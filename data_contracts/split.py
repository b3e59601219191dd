"""Which rows teach, which rows choose, and which rows judge: decided by the row itself, once and for ever.

A row's part depends on nothing but its own key. So a row that was held out in one run is held out in every later run,
with any seed and in any later version of the dataset; a new model is never judged on rows that taught the old one.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract

HOLDOUT_SHARE = 0.33
VALIDATION_SHARE = 0.17


@dataclass(frozen=True)
class Split:
    """A dataset's rows in three parts that share no row.

    Attributes:
        train: Rows that teach.
        validation: Rows that choose between variants and fit the temperature.
        holdout: Rows used for nothing but the final comparison.
    """

    train: pd.DataFrame
    validation: pd.DataFrame
    holdout: pd.DataFrame

    @property
    def known(self) -> pd.DataFrame:
        """Training and validation rows together: all that may be looked at before the final comparison."""
        return pd.concat([self.train, self.validation])


def split(frame: pd.DataFrame, contract: Contract) -> Split:
    """Divide accepted rows into training, validation and hold-out rows.

    A row's position is ``SHA-256(contract id, key)`` read as a number in [0, 1): below 0.33 it is held out, below 0.50
    it validates, else it teaches. Without a key in the contract the whole row is its key, so that equal rows always
    fall on the same side. The shares are those of a large dataset; a small one deviates as coin tosses do.

    Args:
        frame: Accepted rows with the contract's columns.
        contract: The contract they follow.
    """
    position = _positions(frame, contract)
    held_out = position < HOLDOUT_SHARE
    validates = ~held_out & (position < HOLDOUT_SHARE + VALIDATION_SHARE)
    return Split(frame[~held_out & ~validates], frame[validates], frame[held_out])


def _positions(frame: pd.DataFrame, contract: Contract) -> NDArray[np.float64]:
    columns = list(contract.key) or [column.name for column in contract.columns]
    keys = pd.DataFrame({name: _text(frame[name]) for name in columns}).itertuples(index=False, name=None)
    digests = (hashlib.sha256("\x1f".join((contract.id, *key)).encode()).digest() for key in keys)
    return np.array([int.from_bytes(digest[:8], "big") / 2**64 for digest in digests], dtype=np.float64)


def _text(cells: pd.Series) -> pd.Series:
    """Spell out the cells of a key, each without regard to the others."""
    if pd.api.types.is_datetime64_dtype(cells.dtype):
        # pandas leaves the time out where all moments are midnight: a row's part would depend on other rows.
        cells = cells.dt.strftime("%Y-%m-%dT%H:%M:%S.%f")
    return cells.astype("string").fillna("")
