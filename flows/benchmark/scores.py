"""From predictions to figures, one per system, member and seed; by scikit-learn, from every row's probabilities."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from data_contracts.contract import Contract
from flows.benchmark.predictions import EVERYBODY, Predictions

ROC_AUC, POOLED_ROC_AUC = "roc_auc", "roc_auc_pooled"
OWN_F1, ALL_F1 = "own_f1", "all_f1"
MEMBER_MEAN = EVERYBODY
"""In place of a member's id: the mean over the members, or a figure that is about all of them."""

DIGITS = 6
COLUMNS = ["task", "partition", "system", "metric", "member", "seed", "value"]


@dataclass(frozen=True)
class Score:
    """One figure.

    Attributes:
        task: Of which task.
        partition: How its rows were dealt.
        system: Which model.
        metric: `ROC_AUC`, `POOLED_ROC_AUC`, `OWN_F1` or `ALL_F1`.
        member: Whose, or `MEMBER_MEAN`.
        seed: Of the deal and of the training.
        value: 0 to 1, rounded to six digits.
    """

    task: str
    partition: str
    system: str
    metric: str
    member: str
    seed: int
    value: float


def score(predictions: Iterable[Predictions], contract: Contract) -> Iterator[Score]:
    """Yield every figure of one task, system by system.

    Two classes: ROC-AUC of each member over the rows of all folds of a seed, each predicted by the model that did not
    see it; the mean over members; and ROC-AUC over the rows of all members together. More classes: F1 of each member,
    mean over its own classes; the mean over members; and F1 over all classes, of the models that know them all.

    Args:
        predictions: Of all systems.
        contract: The task's contract.
    """
    ordered = sorted(predictions, key=_place)
    for (task, partition, system, seed), group in groupby(ordered, key=lambda one: _place(one)[:4]):
        rows = {member: _joined([*parts]) for member, parts in groupby(group, key=lambda one: one.member)}
        members = {member: found for member, found in rows.items() if member != EVERYBODY}
        figures = _two_classes(members, contract) if len(contract.classes) == 2 else _classes(members, rows)  # noqa: PLR2004
        for metric, member, value in figures:
            yield Score(task, partition, system, metric, member, seed, round(value, DIGITS))


def save_scores(scores: Iterable[Score], path: Path) -> None:
    """Write figures as CSV."""
    pd.DataFrame([vars(one) for one in scores], columns=COLUMNS).to_csv(path, index=False)


def load_scores(path: Path) -> list[Score]:
    """Read what `save_scores` wrote."""
    frame = pd.read_csv(path, dtype={"member": str})
    return [
        Score(str(t), str(p), str(s), str(m), str(who), int(seed), float(value))
        for t, p, s, m, who, seed, value in frame[COLUMNS].itertuples(index=False, name=None)
    ]


def macro_f1(y: NDArray[np.int64], probabilities: NDArray[np.float64]) -> float:
    """Return F1 by most probable class, mean over the classes present in `y`."""
    called = probabilities.argmax(axis=1)
    return float(f1_score(y, called, labels=np.unique(y), average="macro", zero_division=0.0))


@dataclass(frozen=True)
class _Rows:
    y: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def _place(one: Predictions) -> tuple[str, str, str, int, str, int]:
    return (one.case.task, one.case.partition, one.system, one.case.seed, one.member, one.case.fold)


def _joined(folds: list[Predictions]) -> _Rows:
    return _Rows(np.concatenate([one.y for one in folds]), np.concatenate([one.probabilities for one in folds]))


def _two_classes(members: dict[str, _Rows], contract: Contract) -> Iterator[tuple[str, str, float]]:
    positive = contract.classes.index(contract.defects[0])

    def area(rows: _Rows) -> float:
        return float(roc_auc_score(rows.y == positive, rows.probabilities[:, positive]))

    yield from _members(ROC_AUC, members, area)
    every = [*members.values()]
    together = _Rows(np.concatenate([one.y for one in every]), np.concatenate([one.probabilities for one in every]))
    yield POOLED_ROC_AUC, MEMBER_MEAN, area(together)


def _classes(members: dict[str, _Rows], rows: dict[str, _Rows]) -> Iterator[tuple[str, str, float]]:
    yield from _members(OWN_F1, members, lambda one: macro_f1(one.y, one.probabilities))
    if EVERYBODY in rows:
        yield ALL_F1, MEMBER_MEAN, macro_f1(rows[EVERYBODY].y, rows[EVERYBODY].probabilities)


def _members(
    metric: str, members: dict[str, _Rows], figure: Callable[[_Rows], float]
) -> Iterator[tuple[str, str, float]]:
    found = {member: figure(rows) for member, rows in members.items()}
    yield from ((metric, member, value) for member, value in found.items())
    yield metric, MEMBER_MEAN, float(np.mean([*found.values()]))
