"""Looks up what stands behind the figures: versions, plans, and the cases themselves."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from data_contracts.contract import load_contract
from federated.results import software_versions
from flows.benchmark.cases import TASKS, cases
from flows.benchmark.facts import Facts, Rows, Span, TaskFacts
from flows.plan import load_plan


def gather(tasks: Sequence[str], seeds: Sequence[int], root: Path) -> Facts:
    """Look up what stands behind the figures.

    Args:
        tasks: The tasks.
        seeds: The seeds.
        root: The folder of the benchmark.
    """
    versions = software_versions() | {"scikit-learn": version("scikit-learn")}
    rows = tuple(found for task in tasks for found in _rows(task, seeds, root / task / "cases"))
    return Facts(platform.python_version(), versions, tuple(seeds), tuple(_task(task) for task in tasks), rows)


def _task(task: str) -> TaskFacts:
    plan, about = load_plan(task), TASKS[task]
    learning = plan.learning
    return TaskFacts(
        task, about.contract, about.simulated, plan.sha256(), learning.rounds, learning.strategy, learning.average_last
    )


def _rows(task: str, seeds: Sequence[int], folder: Path) -> list[Rows]:
    every = list(cases(task, folder, seeds))
    found = []
    for partition in dict.fromkeys(case.name.partition for case in every):
        own = [case for case in every if case.name.partition == partition]
        splits = [split for case in own for split in case.members.values()]
        target = load_contract(TASKS[task].contract).target.name
        found.append(
            Rows(
                task,
                partition,
                members=len(own[0].members),
                train=_span([len(split.train) for split in splits]),
                validation=_span([len(split.validation) for split in splits]),
                classes=_span([split.train[target].nunique() for split in splits]),
                judges=sum(len(case.test) for case in own if case.name.seed == own[0].name.seed),
            )
        )
    return found


def _span(numbers: list[int]) -> Span:
    return Span(min(numbers), max(numbers))
