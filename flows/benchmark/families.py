"""Trees: what a member alone, or pooled rows, could use in place of a network. scikit-learn's own, on one thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits

from data_contracts.contract import Contract
from data_contracts.split import Split
from flows.benchmark.judging import Model
from flows.benchmark.params import Boosting, Families, Forest
from models.variants import ENOUGH_TO_CHOOSE


class Classifier(Protocol):
    """What scikit-learn's classifiers have in common, as far as it is used here."""

    classes_: NDArray[np.int64]

    def predict_proba(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities `(rows, classes seen)`."""


@dataclass(frozen=True)
class Trees:
    """Trained trees in use.

    Attributes:
        contract: The contract of the rows.
        classifier: scikit-learn's; it knows the classes that it has seen.
    """

    contract: Contract
    classifier: Classifier

    def __call__(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        """Return probabilities `(rows, classes)`, 0 for a class that was never seen."""
        probabilities = np.zeros((len(rows), len(self.contract.classes)))
        probabilities[:, self.classifier.classes_] = self.classifier.predict_proba(inputs(rows, self.contract))
        return probabilities


def train_families(rows: Split, contract: Contract, families: Families, *, seed: int) -> Mapping[str, Model]:
    """Train every family of trees on one place's rows.

    Args:
        rows: The rows; the hold-out stays unseen.
        contract: The contract they follow.
        families: Settings.
        seed: Of all chance.

    Returns:
        Family -> model.
    """
    few = seed % 2**32  # all that scikit-learn takes
    with threadpool_limits(1):  # the histograms' sums depend on the number of threads
        return {
            "forest": Trees(contract, train_forest(rows, contract, families.forest, seed=few)),
            "boosting": Trees(contract, train_boosting(rows, contract, families.boosting, seed=few)),
        }


def train_forest(rows: Split, contract: Contract, settings: Forest, *, seed: int) -> Classifier:
    """Grow a forest on training and validation rows; the size of its leaves is chosen by its out-of-bag loss."""
    x, y = inputs(rows.known, contract), labels(rows.known, contract)
    grown = [
        RandomForestClassifier(settings.trees, min_samples_leaf=leaf, oob_score=True, random_state=seed, n_jobs=1)
        for leaf in settings.leaf_rows
    ]
    for forest in grown:
        forest.fit(x, y)
    best: Classifier = min(grown, key=lambda forest: log_loss(y, forest.oob_decision_function_, labels=forest.classes_))
    return best


def train_boosting(rows: Split, contract: Contract, settings: Boosting, *, seed: int) -> Classifier:
    """Boost trees on training and validation rows, as often as the validation rows liked best, if they are enough."""

    def boosted(part: pd.DataFrame, iterations: int) -> Any:
        model = HistGradientBoostingClassifier(
            learning_rate=settings.learning_rate,
            max_iter=iterations,
            max_leaf_nodes=settings.leaves,
            min_samples_leaf=settings.leaf_rows,
            early_stopping=False,
            random_state=seed,
        )
        return model.fit(inputs(part, contract), labels(part, contract))

    if len(rows.validation) < ENOUGH_TO_CHOOSE:
        return _classifier(boosted(rows.known, settings.iterations))
    return _classifier(boosted(rows.known, _best_iteration(boosted(rows.train, settings.iterations), rows, contract)))


def inputs(rows: pd.DataFrame, contract: Contract) -> NDArray[np.float64]:
    """Return the features as trees read them `(rows, features)`: numbers as they are, categories as positions."""
    numbers = [rows[column.name].to_numpy(dtype=np.float64, na_value=np.nan) for column in contract.numbers]
    categories = [
        pd.Index(column.vocabulary).get_indexer(pd.Index(rows[column.name])).astype(np.float64)
        for column in contract.categories
    ]
    return np.column_stack([*numbers, *categories])


def labels(rows: pd.DataFrame, contract: Contract) -> NDArray[np.int64]:
    """Return class indices `(rows,)`."""
    return pd.Index(contract.classes).get_indexer(pd.Index(rows[contract.target.name])).astype(np.int64)


def _best_iteration(model: Any, rows: Split, contract: Contract) -> int:
    """Return after how many iterations the validation loss is least, over the rows whose class the model has seen."""
    y = labels(rows.validation, contract)
    known = np.isin(y, model.classes_)
    x = inputs(rows.validation, contract)[known]
    losses = [log_loss(y[known], p, labels=model.classes_) for p in model.staged_predict_proba(x)]
    return int(np.argmin(losses)) + 1


def _classifier(model: Any) -> Classifier:
    found: Classifier = model
    return found
