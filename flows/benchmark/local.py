"""Every member alone, on the same rows and with the same budget: the network of the plan, a forest, boosted trees.

The network's preprocessing is made from the member's own rows without a minimum count: nothing leaves, so nothing need
be withheld.
"""

from collections.abc import Iterator

from data_contracts.contract import load_contract
from federated.seeds import derive_seed
from flows.alone import train_alone
from flows.benchmark.case import Case
from flows.benchmark.families import train_families
from flows.benchmark.judging import Model, judge_members
from flows.benchmark.params import Families
from flows.benchmark.predictions import Predictions
from flows.plan import TrainingPlan


def local(case: Case, plan: TrainingPlan, families: Families) -> Iterator[Predictions]:
    """Train every member alone and yield what its models say of its hold-out rows.

    Args:
        case: The federation.
        plan: The plan, with the case's seed.
        families: Settings of the trees.
    """
    contract = load_contract(plan.contract)
    found: dict[str, dict[str, Model]] = {}
    for member, rows in case.members.items():
        seed = derive_seed(plan.seed, "local", member)
        nets: dict[str, Model] = {"net": train_alone(rows, contract, plan, minimum_count=1, seed=seed)}
        for family, model in {**nets, **train_families(rows, contract, families, seed=seed)}.items():
            found.setdefault(f"local-{family}", {})[member] = model
    for system, models in found.items():
        yield from judge_members(case, contract, system, models)
