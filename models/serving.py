"""What MLflow loads a registered version with: the package folder in, a scorer out. Imports no MLflow itself.

`models.registry` writes this module's name into each logged model as its loader module; MLflow then calls
`_load_pyfunc` with the copied package folder. Nothing is unpickled on the way.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from models.package import ModelPackage


class PackageScorer:
    """A model package with the one method MLflow asks for.

    Args:
        package: The model.
    """

    def __init__(self, package: ModelPackage) -> None:
        self.package = package

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """Score rows that have passed the contract.

        Args:
            model_input: One row per record with the contract's feature columns `(rows, columns)`.

        Returns:
            Columns `score`, `predicted`, `defect` and `reasons` of `models.scoring.score_frame`, one line per row.
        """
        from models.scoring import score_frame  # noqa: PLC0415 - pandas comes with it

        return score_frame(self.package, model_input)


def _load_pyfunc(path: str) -> PackageScorer:
    """Load the package folder at `path`; MLflow's name for this function, and its hashes are checked on the way.

    Raises:
        PackageError: If a file is missing, damaged or does not belong to the others.
    """
    from models.package import ModelPackage  # noqa: PLC0415 - pandas comes with it

    return PackageScorer(ModelPackage.load(Path(path)))
