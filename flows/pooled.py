"""What one model trained on everybody's rows would reach: only where the split is ours, in the demo and the benchmark.

A real association has no such number, because it has no such rows; `train_model` never comes here.
"""

from collections.abc import Iterable

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.split import Split
from federated.seeds import derive_seed
from flows.alone import Net, train_alone
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
    net = pooled_net(rows, contract, plan)
    return score_rows(net(rows.holdout), net.preprocessing.targets(rows.holdout), positive=net.preprocessing.positive)


def pooled_net(rows: Split, contract: Contract, plan: TrainingPlan) -> Net:
    """Train one network on everybody's rows.

    Args:
        rows: Of `pool`.
        contract: The contract they follow.
        plan: The plan whose budget the network gets.
    """
    return train_alone(rows, contract, plan, minimum_count=plan.minimums.count, seed=derive_seed(plan.seed, "pooled"))


def pool(parts: Iterable[Split]) -> Split:
    """Put the members' rows together, part by part."""
    members = list(parts)
    train, validation, holdout = (
        pd.concat([getattr(member, name) for member in members]) for name in ("train", "validation", "holdout")
    )
    return Split(train, validation, holdout)
