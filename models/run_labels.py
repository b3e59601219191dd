"""A run record under flat names: the metrics, params and tags by which a run is found and compared.

Metric names read "group/figure"; only members that opted in have names of their own, "member.<name>.roc_auc.federated".
What is unknown or not finite has no metric at all, instead of a made-up number.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import yaml

from models.run_record import FEDERATED, LOCAL, PERSONALISED, metric_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.intervals import Interval
    from models.run_record import MemberRecord, RoundPoint, RunRecord, WorstMember

_LONGEST_PARAM = 500  # longer settings are read in plan.yaml, not in a column of the run list


def round_metrics(point: RoundPoint) -> dict[str, float]:
    """Metrics of one round, to be logged with `point.round` as the step."""
    return _known(
        {
            "round/train_loss": point.train_loss,
            "round/validation_log_loss": point.validation_log_loss,
            "round/asked": point.asked,
            "round/answered": point.answered,
            "round/accepted": point.accepted,
            "round/refused": point.refused_count,
            "round/update_norm": point.update_norm,
            "round/seconds": point.seconds,
        }
    )


def summary_metrics(record: RunRecord) -> dict[str, float]:
    """Metrics of the whole run: per variant, the members together, the worst member, who opted in, and time.

    Returns:
        Name to finite number, for example ``{"federated/roc_auc": 0.75, "members/count": 5.0}``.
    """
    figures: dict[str, float | None] = {
        "members/count": record.member_count,
        "members/opted_in": len(record.members),
        "members/withheld": record.withheld,
        "rounds/count": len(record.rounds),
        "rounds/refused_updates": record.refused_total,
        "calibration/temperature": record.temperature,
    }
    for variant, card in record.scorecards.items():
        figures |= {f"{variant}/{name}": value for name, value in card.metrics().items()}
        figures[f"{variant}/rows"] = card.rows
    for variant, spread in record.spread.items():
        figures |= {
            f"{variant}/roc_auc_member_min": spread.minimum,
            f"{variant}/roc_auc_member_mean": spread.mean,
            f"{variant}/roc_auc_member_max": spread.maximum,
        }
    if record.worst is not None:
        figures |= _areas("worst_member/roc_auc_", "worst_member/difference", record.worst)
    for member in record.members:
        figures |= _member_metrics(member)
    if record.trees is not None:
        figures |= {"trees/grown": record.trees.grown, "trees/kept": record.trees.kept}
    figures |= {f"seconds/{metric_key(phase)}": seconds for phase, seconds in record.phase_seconds.items()}
    return _known(figures)


def _member_metrics(member: MemberRecord) -> dict[str, float | None]:
    prefix = f"member.{metric_key(member.name)}"
    figures = _areas(f"{prefix}.roc_auc.", f"{prefix}.roc_auc.difference", member)
    return {**figures, f"{prefix}.rows": member.rows, f"{prefix}.holdout_rows": sum(member.holdout_counts)}


def _areas(prefix: str, difference: str, of: MemberRecord | WorstMember) -> dict[str, float | None]:
    """Three areas under the ROC curve, and the paired difference with its interval."""
    return {
        f"{prefix}{LOCAL}": of.roc_auc_local,
        f"{prefix}{FEDERATED}": of.roc_auc_federated,
        f"{prefix}{PERSONALISED}": of.roc_auc_personalised,
        **_interval_metrics(difference, of.difference),
    }


def _interval_metrics(name: str, interval: Interval | None) -> dict[str, float | None]:
    if interval is None:
        return {}
    return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _known(figures: dict[str, float | None] | dict[str, float]) -> dict[str, float]:
    """Drop what is unknown or not finite."""
    return {name: float(value) for name, value in figures.items() if value is not None and math.isfinite(value)}


def run_tags(record: RunRecord) -> dict[str, str]:
    """Tags of the run: the hashes that lead to the evidence, and who took part as counts."""
    tags = {
        "run_id": record.run_id,
        "contract": record.contract,
        "contract_sha256": record.contract_sha256,
        "plan_sha256": record.plan_sha256,
        "members": str(record.member_count),
        "simulated": record.simulated or "no",
        "mlflow.note.content": run_note(record),
    }
    if record.weights_sha256:
        tags["weights_sha256"] = record.weights_sha256
    if record.verdict:
        tags["verdict"] = "promoted" if record.verdict.promoted else "refused"
    return tags


def run_params(record: RunRecord) -> dict[str, str]:
    """Params that are known only when the run is over or that the plan does not hold: seed and software."""
    return {"run.seed": str(record.seed)} | {f"software.{name}": text for name, text in record.versions.items()}


def version_tags(record: RunRecord) -> dict[str, str]:
    """Tags of the model version: what it is, by hash, and which run made it."""
    return {
        "run_id": record.run_id,
        "weights_sha256": record.weights_sha256 or "",
        "contract": record.contract,
        "contract_sha256": record.contract_sha256,
        "plan_sha256": record.plan_sha256,
        "pumasi_version": record.versions.get("pumasi", "unknown"),
        "members": str(record.member_count),
    }


def run_note(record: RunRecord) -> str:
    """The description on the run's page: two sentences and where to read on. Markdown without tables."""
    simulated = f"\n\n**Simulated:** {record.simulated}" if record.simulated else ""
    return (
        f"{record.purpose.ko}\n\n{record.purpose.en}\n\n"
        f"{record.member_count} members, {len(record.rounds)} rounds, contract `{record.contract}`. "
        f"Read **report.md** under *Artifacts*: who took part, what was refused, results, gates, how to verify."
        f"{simulated}\n\n*This page can be edited by its owner: it is a view, not evidence. "
        "Which hashes to compare with which files stands in report.md under How to verify.*"
    )


def flatten_plan(plan_yaml: str) -> dict[str, str]:
    """Turn a plan into params: nested names joined by dots, lists as JSON, what is null or too long left to plan.yaml.

    Example:
        ``training: {epochs: 2, rates: [1, 2]}`` gives ``{"training.epochs": "2", "training.rates": "[1, 2]"}``.
    """
    plan = yaml.safe_load(plan_yaml)
    leaves = _leaves(plan, "") if isinstance(plan, dict) else iter(())
    return {name: value for name, value in leaves if len(value) <= _LONGEST_PARAM}


def _leaves(node: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key))
    elif isinstance(node, list):
        yield name, json.dumps(node, ensure_ascii=False, default=str)
    elif node is not None:
        yield name, str(node)
