"""What a person, and what a program, is told at the end of a run."""

from dataclasses import asdict
from typing import Any

from federated.job import OUTCOME
from flows.training_report import TrainingReport
from models.evaluation import Scorecard
from models.run_record import FEDERATED, LOCAL, PERSONALISED, POOLED, MemberRecord

NAMES = {
    LOCAL: "each member alone",
    FEDERATED: "shared model",
    PERSONALISED: "shared, personalised",
    POOLED: "all rows pooled",
}


def as_json(report: TrainingReport, pooled: Scorecard | None = None) -> dict[str, Any]:
    """Return the run as one object for programs.

    Args:
        report: The finished run.
        pooled: Scorecard of a model trained on all rows together; only where the split is ours, else None.
    """
    cards = report.record.scorecards
    return {
        "run_id": report.record.run_id,
        "mlflow_run_id": report.mlflow_run_id,
        "model": report.version.name,
        "version": report.version.version,
        "verdict": "promoted" if report.verdict.promoted else "refused",
        "refused_by": list(report.verdict.refused_by),
        "members": report.record.member_count,
        "rounds": len(report.record.rounds),
        **({"trees": asdict(report.record.trees)} if report.record.trees else {}),
        "seconds": round(report.seconds, 3),
        "weights_sha256": report.record.weights_sha256,
        **({"warnings": list(report.warnings)} if report.warnings else {}),
        "metrics": {
            **{name: cards[name].metrics() if name in cards else None for name in (LOCAL, FEDERATED, PERSONALISED)},
            POOLED: None if pooled is None else pooled.metrics(),
        },
    }


def as_text(report: TrainingReport, pooled: Scorecard | None = None) -> str:
    """Return the run as a short table, the verdict with its reasons, and where everything is."""
    return "\n\n".join(
        part
        for part in (_models(report, pooled), _members(report.record.members), _declined(report), _verdict(report))
        if part
    )


def _models(report: TrainingReport, pooled: Scorecard | None) -> str:
    cards = {**report.record.scorecards, **({} if pooled is None else {POOLED: pooled})}
    if not cards:
        return "Every member withheld its figures: too few hold-out rows."
    means = {name: spread.mean for name, spread in report.record.spread.items()}
    rows = [
        [
            NAMES[name],
            _figure(means.get(name)),
            *(_figure(getattr(cards[name], metric)()) for metric in _METRICS),
            str(cards[name].rows),
        ]
        for name in NAMES
        if name in cards
    ]
    columns = ["model", "roc_auc, member mean", *_METRICS, "rows"]
    heading = (
        "On hold-out rows used for nothing else; all but the member mean from 50-bin histograms summed over members:"
    )
    return f"{heading}\n{_table(columns, rows)}"


def _members(members: tuple[MemberRecord, ...]) -> str:
    rows = [
        [
            member.name,
            str(member.rows),
            "/".join(str(count) for count in member.holdout_counts),
            _figure(member.roc_auc_local),
            _figure(member.roc_auc_federated),
            _figure(member.roc_auc_personalised),
            "-" if member.difference is None else f"{member.difference.low:+.2f} to {member.difference.high:+.2f}",
            member.variant,
        ]
        for member in members
    ]
    columns = ["member", "rows used", "held out", "alone", "shared", "personalised", "gain", "keeps"]
    heading = "ROC-AUC at each member that agreed to show its own figures; gains are intervals of 95 % jointly:"
    return f"{heading}\n{_table(columns, rows)}" if rows else ""


def _declined(report: TrainingReport) -> str:
    lines = [f"  {phase}: {count} x {reason}" for phase, reason, count in report.record.declined]
    names = f"  Who and why: {report.folder / OUTCOME}"
    return "\n".join(["Dropped out of a phase:", *lines, names]) if lines else ""


def _verdict(report: TrainingReport) -> str:
    version = f"{report.version.name} version {report.version.version}"
    lines = [f"Verdict: {version} was {'promoted' if report.verdict.promoted else 'refused'}."]
    lines += [
        f"  {'passed ' if outcome.passed else 'REFUSED'}  {outcome.gate}: {outcome.reason}"
        for outcome in report.verdict.outcomes
    ]
    if report.delivered is not None:
        lines.append(f"Taken home by {len(report.delivered.members)} members.")
        lines += [f"  not by {one.refused.member}: {one.refused.detail}" for one in report.delivered.declined]
    lines += [f"WARNING: {warning}" for warning in report.warnings]
    lines.append(f"Run {report.record.run_id} with report and plots: {report.folder}")
    return "\n".join(lines)


_METRICS = ("roc_auc", "average_precision", "log_loss", "calibration_error")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(columns: list[str], rows: list[list[str]]) -> str:
    """Align columns with two spaces between them: readable on any terminal, in any log."""
    widths = [max(len(line[index]) for line in (columns, *rows)) for index in range(len(columns))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (columns, *rows)
    )
    return "\n".join(f"  {line}".rstrip() for line in lines)
