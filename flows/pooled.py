"""What one model trained on everybody's rows would reach: only where the split is ours, in the demo and the benchmark.

A real association has no such number, because it has no such rows; `train_model` never comes here.
"""

from collections.abc import Sequence

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.split import Split
from data_contracts.statistics import describe
from federated.seeds import derive_seed
from flows.plan import TrainingPlan
from models.evaluation import Scorecard, score_rows
from models.personalisation import local_only
from models.preprocessing import Preprocessing, fit_preprocessing
from models.training import Records, initial_weights, predict


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
    judged = _records(preprocessing, holdout)
    probabilities = predict(model.weights, judged.x, preprocessing=preprocessing, network=plan.network)
    return score_rows(probabilities, judged.y, positive=preprocessing.positive)


def _records(preprocessing: Preprocessing, frame: pd.DataFrame) -> Records:
    return Records(preprocessing.encode(frame), preprocessing.targets(frame))
