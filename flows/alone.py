"""A model trained in one place, with the plan's budget and averaging: what the shared model is compared with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.split import Split
from data_contracts.statistics import describe
from flows.plan import TrainingPlan
from models.calibration import best_temperature, nll_by_temperature
from models.family import Family
from models.preprocessing import Preprocessing, fit_preprocessing
from models.records import Records
from models.weights import Weights


@dataclass(frozen=True)
class Trained:
    """A trained model with what is needed to use it.

    Attributes:
        weights: Its weights.
        preprocessing: How rows become its inputs.
        family: The family that it is of.
        temperature: By which its probabilities are made more or less cautious.
    """

    weights: Weights
    preprocessing: Preprocessing
    family: Family
    temperature: float = 1.0

    def __call__(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        """Return the probabilities of rows `(rows, classes)`."""
        x = self.preprocessing.encode(rows)
        return self.family.predict(self.weights, x, preprocessing=self.preprocessing, temperature=self.temperature)


def train_alone(rows: Split, contract: Contract, plan: TrainingPlan, *, minimum_count: int, seed: int) -> Trained:
    """Train a model of the plan's family on rows of one place.

    It begins with the plan's own start, has as many blocks of epochs as the plan has rounds, and the plan's averaging.
    Its temperature is fitted on the validation rows if these are as many as the plan asks for to evaluate a model.

    Args:
        rows: The rows; the hold-out stays unseen.
        contract: The contract they follow.
        plan: The plan.
        minimum_count: Rows that a count behind the preprocessing must cover.
        seed: Of the order of rows.
    """
    statistics = describe(rows.known, contract, minimum_count=minimum_count)
    preprocessing = fit_preprocessing(contract, statistics, bins=plan.bins)
    validation = records(preprocessing, rows.validation)
    family = plan.family()
    weights = family.train_alone(
        records(preprocessing, rows.train),
        validation,
        preprocessing=preprocessing,
        rounds=plan.learning.rounds,
        average_last=plan.learning.average_last,
        start_seed=plan.seed,
        seed=seed,
    )
    trained = Trained(weights, preprocessing, family)
    if len(validation) < plan.minimums.evaluation_rows:
        return trained
    temperature = best_temperature(nll_by_temperature(trained(rows.validation), validation.y))
    return Trained(weights, preprocessing, family, temperature)


def records(preprocessing: Preprocessing, frame: pd.DataFrame) -> Records:
    """Turn rows into inputs and labels."""
    return Records(preprocessing.encode(frame), preprocessing.targets(frame))
