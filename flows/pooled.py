"""What one model trained on everybody's rows would reach: only where the split is ours, in the demo and the benchmark.

A real association has no such number, because it has no such rows; `train_model` never comes here.
"""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.split import Split
from data_contracts.statistics import describe
from federated.seeds import derive_seed
from flows.plan import TrainingPlan
from models.calibration import best_temperature, nll_by_temperature
from models.evaluation import Scorecard, score_rows
from models.personalisation import local_only
from models.prediction import initial_weights, predict
from models.preprocessing import Preprocessing, fit_preprocessing
from models.training import Records


def pooled_reference(parts: Sequence[Split], contract: Contract, plan: TrainingPlan) -> Scorecard:
    """Train one model on all training rows, with the plan's budget and averaging, and score all hold-out rows.

    Args:
        parts: The members' rows, in the same three parts that the members use.
        contract: The contract they follow.
        plan: The plan whose budget the model gets.
    """
    train, validation, holdout = (
        pd.concat([getattr(part, name) for part in parts]) for name in ("train", "validation", "holdout")
    )
    statistics = describe(pd.concat([part.known for part in parts]), contract, minimum_count=plan.minimums.count)
    preprocessing = fit_preprocessing(contract, statistics, bins=plan.bins)
    model = local_only(
        initial_weights(preprocessing, plan.network, seed=plan.seed),
        _records(preprocessing, train),
        _records(preprocessing, validation),
        preprocessing=preprocessing,
        network=plan.network,
        config=plan.training,
        rounds=plan.learning.rounds,
        average_last=plan.learning.average_last,
        seed=derive_seed(plan.seed, "pooled"),
    )
    use = partial(predict, model.weights, preprocessing=preprocessing, network=plan.network)
    checked, judged = _records(preprocessing, validation), _records(preprocessing, holdout)
    temperature = best_temperature(nll_by_temperature(use(checked.x), checked.y))
    return score_rows(use(judged.x, temperature=temperature), judged.y, positive=preprocessing.positive)


def _records(preprocessing: Preprocessing, frame: pd.DataFrame) -> Records:
    return Records(preprocessing.encode(frame), preprocessing.targets(frame))
