"""What a model said of the rows that judge: the one form in which the benchmark's stages hand over their work."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from flows.benchmark.case import CaseName

EVERYBODY = "*"
"""In place of a member's id: the rows of `Case.test`, judged as a whole."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """One model's probabilities for the rows of one judge.

    Attributes:
        case: Which federation.
        system: Which model, like ``local-forest``, ``pooled-net``, ``fedavg``, ``shared`` or ``personalised``.
        member: Whose hold-out rows, or `EVERYBODY`.
        keys: The rows' keys `(rows,)`.
        y: True class indices `(rows,)`.
        probabilities: `(rows, classes)` in the contract's order; 0 for a class that the model does not know.
    """

    case: CaseName
    system: str
    member: str
    keys: NDArray[np.object_]
    y: NDArray[np.int64]
    probabilities: NDArray[np.float64]

    def frame(self) -> pd.DataFrame:
        """Return one line per row."""
        columns: dict[str, object] = {
            **asdict(self.case),
            "system": self.system,
            "member": self.member,
            "key": self.keys.astype(str),
            "y": self.y,
        }
        probabilities = {f"p{index}": self.probabilities[:, index] for index in range(self.probabilities.shape[1])}
        return pd.DataFrame(columns | probabilities)


def save_predictions(predictions: Iterable[Predictions], path: Path) -> None:
    """Write predictions as one Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.concat([one.frame() for one in predictions], ignore_index=True).to_parquet(path, index=False)


def load_predictions(path: Path) -> list[Predictions]:
    """Read what `save_predictions` wrote, in the order of its groups' names."""
    frame = pd.read_parquet(path)
    wide = [name for name in frame.columns if name.startswith("p") and name[1:].isdigit()]
    found = []
    for key, rows in frame.groupby(["task", "partition", "seed", "fold", "system", "member"], sort=True):
        task, partition, seed, fold, system, member = key
        found.append(
            Predictions(
                CaseName(str(task), str(partition), int(str(seed)), int(str(fold))),
                str(system),
                str(member),
                rows["key"].to_numpy(dtype=object),
                rows["y"].to_numpy(dtype=np.int64),
                rows[wide].to_numpy(dtype=np.float64),
            )
        )
    return found
