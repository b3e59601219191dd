"""Federated boosted trees, the network's rival: every round each member grows one tree, and the sum of all decides.

This is bagging as in Flower's ``FedXgbBagging``, in a form that could leave a member. A split lies on an edge of the
agreed preprocessing, so it tells no cell's value. Every leaf is a mean over at least `Minimums.count` rows of residuals
``y - softmax(score)`` (Friedman 2001, "Greedy Function Approximation: A Gradient Boosting Machine", section 4.6);
XGBoost has no minimum of rows, only one of their second derivatives. One tree carries all classes: Flower's strategy
files every tree it merges under the first class, so more than two cannot be merged with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeRegressor

from data_contracts.contract import load_contract
from data_contracts.statistics import describe, merge
from federated.seeds import derive_seed
from flows.benchmark.case import Case
from flows.benchmark.judging import judge_everybody, judge_members
from flows.benchmark.predictions import Predictions
from flows.plan import TrainingPlan
from models.encodings import NumberEncoding, positions
from models.preprocessing import Preprocessing, fit_preprocessing

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Boosted:
    """Settings of the trees.

    Attributes:
        rounds: Trees per member.
        step: What a tree's leaves are multiplied by before they are added.
        depth: Decisions on the way to a leaf, at most.
        columns: Share of the columns that a decision may choose among.
        bins: Bins per numeric column at most. Not the plan's: a network does well with one, a tree sees nothing then.
    """

    rounds: int = 60
    step: float = 0.3
    depth: int = 3
    columns: float = 0.2
    bins: int = 8


@dataclass(frozen=True, eq=False)
class BoostedTrees:
    """The union of all members' trees in use.

    Attributes:
        preprocessing: Where its edges and classes come from.
        trees: scikit-learn's, in the order of growth.
        step: What their leaves are multiplied by.
    """

    preprocessing: Preprocessing
    trees: Sequence[Any]
    step: float

    def __call__(self, rows: pd.DataFrame) -> Numbers:
        """Return probabilities `(rows, classes)`."""
        x = codes(rows, self.preprocessing)
        return softmax(self.step * np.sum([tree.predict(x) for tree in self.trees], axis=0))


def boosted(case: Case, plan: TrainingPlan, settings: Boosted | None = None) -> Iterator[Predictions]:
    """Boost with all members and yield what the trees say of the rows that judge.

    Args:
        case: The federation.
        plan: The plan, with the case's seed; gives the minimums.
        settings: Of the trees; chosen on validation rows.
    """
    contract, model = load_contract(plan.contract), train_boosted(case, plan, settings or Boosted())
    yield from judge_members(case, contract, "boosted", dict.fromkeys(case.members, model))
    yield judge_everybody(case, contract, "boosted", model)


def train_boosted(case: Case, plan: TrainingPlan, settings: Boosted) -> BoostedTrees:
    """Let the members grow trees in rounds, each on what the union of the rounds before leaves unexplained at home."""
    contract, minimum = load_contract(plan.contract), plan.minimums.count
    known = {member: rows.known for member, rows in sorted(case.members.items())}
    statistics = merge([describe(rows, contract, minimum_count=minimum) for rows in known.values()])
    preprocessing = fit_preprocessing(contract, statistics, bins=settings.bins)
    places = {member: _Place.of(rows, preprocessing) for member, rows in known.items()}
    trees: list[Any] = []
    for number in range(settings.rounds):
        seeds = {member: derive_seed(plan.seed, "boosted", member, number) % 2**32 for member in places}
        grown = [place.grow(settings, minimum, seed=seeds[member]) for member, place in places.items()]
        for place in places.values():
            place.scores += settings.step * np.sum([tree.predict(place.x) for tree in grown], axis=0)
        trees += grown
    return BoostedTrees(preprocessing, trees, settings.step)


def codes(rows: pd.DataFrame, preprocessing: Preprocessing) -> Numbers:
    """Return the features as trees read them `(rows, columns)`: which bin a number is in, from 0; -1 if absent.

    Example: edges (0, 10, 20, 30) and the values 5, 10 and 31 give 0, 1 and 2. Categories are their position.
    """
    columns: list[NDArray[Any]] = []
    for encoding in preprocessing.encodings:
        if isinstance(encoding, NumberEncoding):
            values = rows[encoding.name].to_numpy(dtype=np.float64, na_value=np.nan)
            places = np.searchsorted(np.asarray(encoding.edges)[1:-1], values, side="right")
            columns.append(np.where(np.isnan(values), -1, places))
        else:
            columns.append(positions(rows[encoding.name], encoding.vocabulary))
    return np.column_stack(columns).astype(np.float64)


def softmax(scores: Numbers) -> Numbers:
    """Return probabilities `(rows, classes)`; a score of minus infinity is none."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


@dataclass
class _Place:
    """One member's rows and what the union's trees say of them so far; it never leaves the member.

    A member chooses among its own classes only: else it would teach the union that classes it never saw are not there.
    """

    x: Numbers
    y: Numbers  # (rows, classes), one 1 per row
    scores: Numbers  # (rows, classes)

    @classmethod
    def of(cls, rows: pd.DataFrame, preprocessing: Preprocessing) -> "_Place":
        y = np.eye(len(preprocessing.classes))[preprocessing.targets(rows)]
        return cls(codes(rows, preprocessing), y, np.zeros_like(y))

    def grow(self, settings: Boosted, minimum: int, *, seed: int) -> Any:
        own = self.y.any(axis=0)
        tree = DecisionTreeRegressor(
            max_depth=settings.depth, min_samples_leaf=minimum, max_features=settings.columns, random_state=seed
        )
        return tree.fit(self.x, self.y - softmax(np.where(own, self.scores, -np.inf)))
