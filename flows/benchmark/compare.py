"""All predictions judged: metrics for `dvc metrics`, figures by seed and member, tables and pictures."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from data_contracts.contract import load_contract
from federated.job import save
from flows.benchmark.cases import TASKS
from flows.benchmark.facts import FACTS, METRICS, PLOTS, SCORES
from flows.benchmark.figures import draw, save_table
from flows.benchmark.gather import gather
from flows.benchmark.predictions import load_predictions
from flows.benchmark.scores import DIGITS, Score, save_scores, score
from flows.benchmark.summary import LOCAL, POOLED, TAKEN_HOME, Deal, Estimate, deals
from flows.benchmark.targets import targets

STAGES = ("local", "pooled", "federated")

Nested: TypeAlias = "dict[str, float | Nested]"


def compare_all(seeds: Sequence[int], root: Path, reported: Path) -> None:
    """Judge every task.

    Args:
        seeds: The seeds.
        root: The folder of the predictions.
        reported: Where metrics, tables and pictures go.
    """
    reported.joinpath(PLOTS).mkdir(parents=True, exist_ok=True)
    scores = [one for task in TASKS for one in _scores(task, root)]
    found = deals(scores)
    save_scores(scores, reported / SCORES)
    save(gather(tuple(TASKS), seeds, root), reported / FACTS)
    text = json.dumps(metrics(found), indent=1)
    reported.joinpath(METRICS).write_text(text + "\n", encoding="utf-8")
    for task, group in groupby(found, key=lambda deal: deal.task):
        own = list(group)
        save_table(own, reported / PLOTS / f"{task}.csv")
        draw(task, own, reported / PLOTS / f"{task}.png", simulated=TASKS[task].simulated)


def metrics(found: Sequence[Deal]) -> Nested:
    """Return the figures as `dvc metrics` reads them: task, partition, system, metric, mean and interval."""
    return {
        task: {
            deal.partition: {**_systems(deal), "members": _members(deal), "targets": _targets(deal)} for deal in group
        }
        for task, group in groupby(found, key=lambda deal: deal.task)
    }


def _scores(task: str, root: Path) -> list[Score]:
    """Return a task's figures, its partitions in the order in which they are declared."""
    predictions = [one for stage in STAGES for one in load_predictions(root / task / f"{stage}.parquet")]
    found, partitions = score(predictions, load_contract(TASKS[task].contract)), TASKS[task].partitions
    return sorted(found, key=lambda one: partitions.index(one.partition))


def _systems(deal: Deal) -> Nested:
    return {
        system: {metric: _figures(deal.estimate(system, metric)) for metric in deal.figures(system)}
        for system in deal.systems
    }


def _figures(one: Estimate) -> Nested:
    found: Nested = {"mean": round(one.mean, DIGITS)}
    if one.half is not None:
        found |= {"low": round(one.mean - one.half, DIGITS), "high": round(one.mean + one.half, DIGITS)}
    return found


def _members(deal: Deal) -> Nested:
    """Count who is better off together: against the best local family, the local network, and the best pooled one."""
    return {
        f"{count}_{name}": float(number)
        for name, other in (("best_local", deal.best(LOCAL)), ("local_net", "local-net"), ("pooled", deal.best(POOLED)))
        for count, number in (
            ("not_below", deal.members_not_below(TAKEN_HOME, other)),
            ("member_seeds_above", deal.member_seeds_above(TAKEN_HOME, other)),
        )
    }


def _targets(deal: Deal) -> Nested:
    return {one.asked: {"reached": round(one.reached, DIGITS), "met": float(one.met)} for one in targets([deal])}
