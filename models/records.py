"""A member's rows as numbers, ready for any family of models."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import RecordsError
from models.preprocessing import Preprocessing


@dataclass(frozen=True, eq=False)
class Records:
    """A member's rows as numbers. They never leave the member.

    Attributes:
        x: inputs `(rows, width)`, float32, finite.
        y: class indices `(rows,)`, int64.

    Raises:
        RecordsError: shapes do not belong together or an input is not finite.
    """

    x: NDArray[np.float32]
    y: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.x.ndim != 2 or self.y.shape != self.x.shape[:1]:  # noqa: PLR2004
            text = f"Records need inputs (rows, width) and labels (rows,), got {self.x.shape} and {self.y.shape}."
            raise RecordsError(text)
        if not np.isfinite(self.x).all():
            rows = int((~np.isfinite(self.x).all(axis=1)).sum())
            raise RecordsError(f"{rows} of {len(self.x)} records hold numbers that are not finite (NaN or infinite).")

    def __len__(self) -> int:
        return len(self.y)

    def check(self, preprocessing: Preprocessing) -> None:
        """Refuse records that do not fit a model.

        Raises:
            RecordsError: there are none, their width is another, or a label is outside the classes.
        """
        classes = len(preprocessing.classes)
        if len(self) == 0:
            raise RecordsError("There are no records: at least one row must pass the contract.")
        if self.x.shape[1] != preprocessing.width:
            text = f"Records have width {self.x.shape[1]}, the model of {preprocessing.contract} expects"
            raise RecordsError(f"{text} {preprocessing.width}. Encode them with the run's own preprocessing.")
        if outside := int(((self.y < 0) | (self.y >= classes)).sum()):
            raise RecordsError(f"{outside} of {len(self)} labels are outside the {classes} classes 0 to {classes - 1}.")
