"""A network trained in one place, with the plan's budget and averaging: what the shared model is compared with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.split import Split
from data_contracts.statistics import describe
from flows.plan import TrainingPlan
from models.calibration import best_temperature, nll_by_temperature
from models.configs import NetworkConfig
from models.personalisation import local_only
from models.prediction import initial_weights, predict
from models.preprocessing import Preprocessing, fit_preprocessing
from models.training import Records
from models.weights import Weights


@dataclass(frozen=True)
class Net:
    """A trained network with what is needed to use it.

    Attributes:
        weights: Its weights.
        preprocessing: How rows become its inputs.
        network: Its size.
        temperature: By which its probabilities are made more or less cautious.
    """

    weights: Weights
    preprocessing: Preprocessing
    network: NetworkConfig
    temperature: float = 1.0

    def __call__(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        """Return the probabilities of rows `(rows, classes)`."""
        return predict(
            self.weights,
            self.preprocessing.encode(rows),
            preprocessing=self.preprocessing,
            network=self.network,
            temperature=self.temperature,
        )


def train_alone(rows: Split, contract: Contract, plan: TrainingPlan, *, minimum_count: int, seed: int) -> Net:
    """Train a network on rows of one place.

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
    trained = local_only(
        initial_weights(preprocessing, plan.network, seed=plan.seed),
        records(preprocessing, rows.train),
        validation,
        preprocessing=preprocessing,
        network=plan.network,
        config=plan.training,
        rounds=plan.learning.rounds,
        average_last=plan.learning.average_last,
        seed=seed,
    )
    net = Net(trained.weights, preprocessing, plan.network)
    if len(validation) < plan.minimums.evaluation_rows:
        return net
    temperature = best_temperature(nll_by_temperature(net(rows.validation), validation.y))
    return Net(trained.weights, preprocessing, plan.network, temperature)


def records(preprocessing: Preprocessing, frame: pd.DataFrame) -> Records:
    """Turn rows into inputs and labels."""
    return Records(preprocessing.encode(frame), preprocessing.targets(frame))
