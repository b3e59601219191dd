"""The other family of models on the same cases: federated boosted trees, by the product's own path."""

from collections.abc import Iterator

from data_contracts.contract import load_contract
from flows.benchmark.case import Case
from flows.benchmark.federation import train_federated
from flows.benchmark.judging import judge_everybody, judge_members
from flows.benchmark.predictions import Predictions
from flows.plan import load_plan


def boosted(case: Case) -> Iterator[Predictions]:
    """Boost with all members and yield what the forest and each member's variant say of the rows that judge.

    Args:
        case: The federation; the plan is the shipped one of its task with trees.
    """
    plan = load_plan(f"{case.name.task}-trees").with_overrides(seed=case.name.seed)
    contract, made = load_contract(plan.contract), train_federated(case, plan)
    yield from judge_members(case, contract, "boosted", dict.fromkeys(case.members, made.shared))
    yield judge_everybody(case, contract, "boosted", made.shared)
    yield from judge_members(case, contract, "boosted-personalised", made.personal)
