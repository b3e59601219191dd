"""Everybody's rows in one place, which no association has: the network of the plan, a forest, boosted trees."""

from collections.abc import Iterator

from data_contracts.contract import load_contract
from federated.seeds import derive_seed
from flows.benchmark.case import Case
from flows.benchmark.families import train_families
from flows.benchmark.judging import Model, judge_everybody, judge_members
from flows.benchmark.params import Families
from flows.benchmark.predictions import Predictions
from flows.plan import TrainingPlan
from flows.pooled import pool, pooled_model


def pooled(case: Case, plan: TrainingPlan, families: Families) -> Iterator[Predictions]:
    """Train on all members' rows and yield what the models say of each member's hold-out rows, and of all.

    Args:
        case: The federation.
        plan: The plan, with the case's seed.
        families: Settings of the trees.
    """
    contract, rows = load_contract(plan.contract), pool(case.members.values())
    nets: dict[str, Model] = {"net": pooled_model(rows, contract, plan)}
    trees = train_families(rows, contract, families, seed=derive_seed(plan.seed, "pooled"))
    for family, model in {**nets, **trees}.items():
        yield from judge_members(case, contract, f"pooled-{family}", dict.fromkeys(case.members, model))
        yield judge_everybody(case, contract, f"pooled-{family}", model)
