"""The stages that train: from a task's cases to predictions, one Parquet file each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from flows.benchmark.boosted import boosted
from flows.benchmark.case import Case
from flows.benchmark.cases import cases
from flows.benchmark.federation import federated
from flows.benchmark.local import local
from flows.benchmark.params import Families, Params
from flows.benchmark.pooled import pooled
from flows.benchmark.predictions import Predictions, save_predictions
from flows.benchmark.workers import work_through
from flows.plan import TrainingPlan, load_plan

Training: TypeAlias = Callable[[Case, TrainingPlan, Families], Iterator[Predictions]]


def _federated(case: Case, plan: TrainingPlan, families: Families) -> Iterator[Predictions]:
    del families  # what they set is for the trees of members alone and of pooled rows
    yield from federated(case, plan)
    yield from boosted(case)


STAGES: Mapping[str, Training] = {"local": local, "pooled": pooled, "federated": _federated}
"""The stages by the names that dvc.yaml gives them."""


@dataclass(frozen=True)
class Work:
    """What one process does with one case; the case's seed is the plan's.

    Attributes:
        stage: One of `STAGES`.
        plan: The task's plan.
        families: Settings of the trees.
    """

    stage: str
    plan: TrainingPlan
    families: Families

    def __call__(self, case: Case) -> list[Predictions]:
        """Train on the case and return what was said of the rows that judge."""
        return list(STAGES[self.stage](case, self.plan.with_overrides(seed=case.name.seed), self.families))


def train_stage(stage: str, task: str, params: Params, root: Path, *, jobs: int) -> Path:
    """Train on every case of a task and keep the predictions.

    Args:
        stage: One of `STAGES`.
        task: One of the tasks; its plan is the shipped one of the same name.
        params: The benchmark's settings.
        root: The folder of the benchmark; the rows are in ``TASK/cases``, the predictions go to ``TASK``.
        jobs: How many processes.

    Returns:
        The file of the predictions.
    """
    folder = root / task / "cases"
    total = sum(1 for _ in cases(task, folder, params.seeds))
    results = work_through(
        cases(task, folder, params.seeds),
        Work(stage, load_plan(task), params.families),
        total=total,
        jobs=jobs,
        label=f"{stage} {task}",
    )
    path = root / task / f"{stage}.parquet"
    save_predictions((one for result in results for one in result), path)
    return path
