"""Models in front of the rows that judge: each member's own, and all of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.split import Split
from flows.benchmark.case import Case
from flows.benchmark.predictions import EVERYBODY, Predictions

Model: TypeAlias = Callable[[pd.DataFrame], NDArray[np.float64]]
"""Rows in, probabilities `(rows, classes)` in the contract's order out."""


def judge_members(case: Case, contract: Contract, system: str, models: Mapping[str, Model]) -> Iterator[Predictions]:
    """Yield what a system says of each member's hold-out rows.

    A member that never saw a class cannot be asked about it: every system, whatever it could know, chooses among the
    classes of the member's training rows, and its probabilities are divided by their sum over these.

    Args:
        case: The federation.
        contract: The contract of its rows.
        system: Name of the system.
        models: Member id -> the model that it would use.
    """
    for member, rows in case.members.items():
        said = among(models[member](rows.holdout), own_classes(rows, contract))
        yield _judged(case, contract, system, (member, rows.holdout), said)


def judge_everybody(case: Case, contract: Contract, system: str, model: Model) -> Predictions:
    """Return what one model of all members says of all rows that judge, with every class to choose from."""
    return _judged(case, contract, system, (EVERYBODY, case.test), model(case.test))


def own_classes(rows: Split, contract: Contract) -> NDArray[np.bool_]:
    """Tell which classes a member trains on `(classes,)`."""
    return np.array([name in set(rows.train[contract.target.name]) for name in contract.classes])


def among(probabilities: NDArray[np.float64], allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Leave only some classes to choose from.

    Example: (0.5, 0.3, 0.2) among the last two is (0, 0.6, 0.4). Where nothing is left, all allowed ones are as likely.

    Args:
        probabilities: `(rows, classes)`.
        allowed: Which classes `(classes,)`.
    """
    kept = np.where(allowed, probabilities, 0.0)
    kept[kept.sum(axis=1) == 0] = allowed
    result: NDArray[np.float64] = kept / kept.sum(axis=1, keepdims=True)
    return result


def _judged(
    case: Case, contract: Contract, system: str, judge: tuple[str, pd.DataFrame], said: NDArray[np.float64]
) -> Predictions:
    member, rows = judge
    keys = rows[list(contract.key)].astype(str).agg("/".join, axis=1)
    y = pd.Index(contract.classes).get_indexer(pd.Index(rows[contract.target.name]))
    return Predictions(case.name, system, member, keys.to_numpy(dtype=object), y.astype(np.int64), said)
