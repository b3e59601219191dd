"""A federation of the benchmark on the tiny trade of `tests.cooperative`: two members, rows in memory."""

import pandas as pd

from data_contracts.split import Split, split
from federated.learning import Learning
from federated.messages import Minimums
from flows.benchmark.case import Case, CaseName
from flows.plan import Purpose, TrainingPlan
from models.configs import NetworkConfig, TreesConfig
from tests.cooperative import LEARNING, TRAINING, Cooperative, parts

MEMBERS = ("anvil", "bellows")


def tiny_plan(
    cooperative: Cooperative, *, trees: TreesConfig | None = None, learning: Learning = LEARNING
) -> TrainingPlan:
    """Return a plan that trains a network, or trees, for three rounds."""
    return TrainingPlan(
        purpose=Purpose(ko="시험", en="a test"),
        contract=str(cooperative.contract_file),
        model="tiny",
        seed=1,
        bins=4,
        network=None if trees else NetworkConfig(width=8),
        training=None if trees else TRAINING,
        trees=trees,
        learning=learning,
        minimums=Minimums(count=5, evaluation_rows=20),
    )


def tiny_case(cooperative: Cooperative, members: tuple[str, ...] = MEMBERS) -> Case:
    """Return members with the rows that `Cooperative.add` would give them, in the product's own split."""
    rows = {name: parts(sum(name.encode()), classes=cooperative.classes) for name in members}
    splits = {name: split(frame, cooperative.contract) for name, frame in rows.items()}
    return Case(CaseName("tiny", "own", 1, 0), splits, pd.concat([one.holdout for one in splits.values()]))


def without_class(case: Case, member: str, name: str) -> Case:
    """Return the case with a member that never saw a class."""
    own = case.members[member]
    kept = Split(own.train[own.train.grade != name], own.validation[own.validation.grade != name], own.holdout)
    return Case(case.name, {**case.members, member: kept}, case.test)
