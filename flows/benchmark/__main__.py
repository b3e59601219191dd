"""`python -m flows.benchmark STAGE`: what dvc.yaml runs."""

import os
from pathlib import Path

import click

ROOT = Path(".benchmarks/accuracy")
"""Rows and predictions; DVC keeps them in its cache."""
REPORTED = Path("tests/benchmarks/accuracy")
"""Metrics, tables and pictures; small, so Git keeps them."""
RESULTS = Path("tests/benchmarks/RESULTS.md")
DOWNLOADS = Path(".benchmarks/downloads")

TASKS = ("print-defect", "process-fault")
MOST_JOBS = 4

task_argument = click.argument("task", type=click.Choice(TASKS))
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=min(len(os.sched_getaffinity(0)), MOST_JOBS),
    show_default="as many as cores, at most 4",
    envvar="PUMASI_BENCHMARK_JOBS",
    help="Processes that share the cases.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def app() -> None:
    """How good the shared model is, beside members alone and pooled rows. `dvc repro` runs the stages in order."""


@app.command()
@task_argument
def prepare(task: str) -> None:
    """Fetch a task's data and cut them into rows."""
    from flows.benchmark.cases import prepare as prepare_task  # noqa: PLC0415  (a stage loads what it needs)

    prepare_task(task, DOWNLOADS, ROOT / task / "cases")


@app.command()
@click.argument("stage", type=click.Choice(["local", "pooled", "federated"]))
@task_argument
@jobs_option
def train(stage: str, task: str, jobs: int) -> None:
    """Train on every case of a task: each member alone, on pooled rows, or together."""
    from flows.benchmark.params import load_params  # noqa: PLC0415
    from flows.benchmark.stages import train_stage  # noqa: PLC0415

    click.echo(train_stage(stage, task, load_params(), ROOT, jobs=jobs))


@app.command()
def compare() -> None:
    """Judge all predictions: metrics, targets, tables and pictures."""
    from flows.benchmark.compare import compare_all  # noqa: PLC0415
    from flows.benchmark.params import load_params  # noqa: PLC0415

    compare_all(load_params().seeds, ROOT, REPORTED)


@app.command()
def report() -> None:
    """Write the section `accuracy` of RESULTS.md from what `compare` found."""
    from flows.benchmark.report import write_report  # noqa: PLC0415

    write_report(REPORTED, RESULTS)


def main() -> None:
    """Run a stage with one thread per process: results and times must not depend on who else is at work."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    app()


if __name__ == "__main__":
    main()
