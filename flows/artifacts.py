"""What a run shows in Prefect: a table and a page that lead to MLflow, where the evidence is."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.training_report import TrainingReport


def publish_artifacts(report: TrainingReport) -> None:
    """Publish the table of models and the page of the run."""
    create_table_artifact(
        key=f"{report.record.model_name}-models",
        table=model_rows(report),
        description="Hold-out figures from 50-bin histograms summed over the members.",
    )
    create_markdown_artifact(key=f"{report.record.model_name}-run", markdown=run_page(report))


def model_rows(report: TrainingReport) -> list[dict[str, object]]:
    """Return one row per model: its rows and metrics on the members' hold-out rows."""
    return [
        {"model": name, "rows": card.rows, **{key: round(value, 4) for key, value in card.metrics().items()}}
        for name, card in report.record.scorecards.items()
    ]


def run_page(report: TrainingReport) -> str:
    """Return the run's page: verdict, reasons, and where to look in MLflow."""
    record, verdict = report.record, report.verdict
    lines = [
        f"# {record.model_name} version {report.version.version}: {'promoted' if verdict.promoted else 'refused'}",
        *(f"**Warning:** {warning}" for warning in report.warnings),
        record.purpose.en,
        (
            f"Run `{record.run_id}`, {record.member_count} members, {len(record.rounds)} rounds, "
            f"contract `{record.contract}`."
        ),
        f"In MLflow (`pumasi ui`): run `{report.mlflow_run_id}`, [open it]({report.page}).",
        "\n".join(
            f"- {'passed' if outcome.passed else '**refused**'} `{outcome.gate}`: {outcome.reason}"
            for outcome in verdict.outcomes
        ),
    ]
    return "\n\n".join(lines)
