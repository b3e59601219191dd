"""What one model trained on everybody's rows would reach: only where the split is ours, in the demo and the benchmark.

A real association has no such number, because it has no such rows; `train_model` never comes here.
"""

from collections.abc import Iterable

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.split import Split
from federated.seeds import derive_seed
from flows.alone import Trained, train_alone
from flows.plan import TrainingPlan
from models.evaluation import Scorecard, score_rows


def pooled_reference(parts: Iterable[Split], contract: Contract, plan: TrainingPlan) -> Scorecard:
    """Train one model on all training rows, with the plan's budget and averaging, and score all hold-out rows.

    Args:
        parts: The members' rows, in the same three parts that the members use.
        contract: The contract they follow.
        plan: The plan whose budget the model gets.
    """
    rows = pool(parts)
    model = pooled_model(rows, contract, plan)
    preprocessing = model.preprocessing
    return score_rows(model(rows.holdout), preprocessing.targets(rows.holdout), positive=preprocessing.positive)


def pooled_model(rows: Split, contract: Contract, plan: TrainingPlan) -> Trained:
    """Train one model on everybody's rows.

    Args:
        rows: Of `pool`.
        contract: The contract they follow.
        plan: The plan whose family and budget the model gets.
    """
    return train_alone(rows, contract, plan, minimum_count=plan.minimums.count, seed=derive_seed(plan.seed, "pooled"))


def pool(parts: Iterable[Split]) -> Split:
    """Put the members' rows together, part by part."""
    members = list(parts)
    train, validation, holdout = (
        pd.concat([getattr(member, name) for member in members]) for name in ("train", "validation", "holdout")
    )
    return Split(train, validation, holdout)
