"""The main flow: train one shared model with the members, register it, judge it, and hand it to them if it passes.

There is no code path from here to a member's rows: the flow knows the members' folders only as addresses that it gives
to the in-process runtime.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from data_contracts.contract import load_contract
from federated import job as jobs
from federated.errors import RunFailed
from federated.events import Event, RoundDone
from federated.job import Delivered, Job, Outcome
from federated.results import evidence, round_point
from federated.runtime.in_process import InProcessRuntime
from flows import run_folder
from flows.artifacts import publish_artifacts
from flows.interrupts import stop_if_interrupted
from flows.plan import TrainingPlan
from flows.progress import Display, display
from flows.settings import UI_PORT, Settings
from models.package import ModelPackage
from models.promotion import Verdict, decide
from models.registry import RegisteredVersion, Registry, TrainingRun, artifact_root, tracking_uri, ui_page
from models.run_record import RunRecord

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class TrainingReport:
    """What a finished training came to.

    Attributes:
        record: Everything the association may know of the run, with the verdict.
        verdict: What the gates said.
        version: The registered version.
        mlflow_run_id: The run in MLflow.
        page: Its page while `pumasi ui` serves it.
        delivered: Who took the model home, when it was promoted; else None.
        folder: The run's folder.
        seconds: Wall time of the flow.
    """

    record: RunRecord
    verdict: Verdict
    version: RegisteredVersion
    mlflow_run_id: str
    page: str
    delivered: Delivered | None
    folder: Path
    seconds: float


@flow(name="train-model")
def train_model(plan: TrainingPlan, home: Path | None = None) -> TrainingReport:
    """Train a candidate as the plan says, register it, hold it against the gates, and deliver it if it passes.

    Args:
        plan: What to train, with whom, how, under which gates.
        home: The association's state; ``PUMASI_HOME`` by default.
    """
    began = time.perf_counter()
    settings = (Settings(home) if home else Settings.from_environment()).ready()
    runtime = InProcessRuntime(settings.member_homes())
    contract = load_contract(plan.contract)
    registry = Registry(tracking_uri(settings.home), artifact_root(settings.home))
    folder = settings.runs / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    run = registry.start_run(
        experiment=plan.model, run_name=folder.name, training_run_id=folder.name, plan_yaml=plan.yaml()
    )
    with run, display(plan.learning.rounds) as shown:
        job = run_folder.write_job(folder, plan, contract)
        no_champion = run_folder.add_champion(folder, contract, registry, plan.model)
        outcome = _train(runtime, folder, shown, run)
        stop_if_interrupted()
        shown.say("registering")
        package = run_folder.write_candidate(folder, plan, contract, outcome)
        record = run_folder.make_record(plan, contract, outcome)
        version = registry.register(folder / run_folder.CANDIDATE, record, run)
        shown.say("gates")
        verdict = decide(evidence(outcome, no_champion), plan.gates)
        record = replace(record, verdict=verdict)
        run.record(record, run_folder.write_documents(folder, record), contract)
        stop_if_interrupted()
        delivered = None
        if verdict.promoted:
            version = registry.promote(plan.model, version.version)
            delivered = _deliver(runtime, folder, job, package=package, version=version, shown=shown)
        report = TrainingReport(
            record=record,
            verdict=verdict,
            version=version,
            mlflow_run_id=run.mlflow_run_id,
            page=ui_page(UI_PORT, run),
            delivered=delivered,
            folder=folder,
            seconds=time.perf_counter() - began,
        )
        publish_artifacts(report)
    return report


def _train(runtime: InProcessRuntime, folder: Path, shown: Display, run: TrainingRun) -> Outcome:
    def note(event: Event) -> None:
        shown.show(event)
        if isinstance(event, RoundDone):
            run.log_round(round_point(event.report))

    _follow(runtime, folder, note)
    if not (folder / jobs.OUTCOME).exists():
        raise RunFailed(f"the ServerApp ended without an outcome; see {folder}")
    return jobs.load(Outcome, folder / jobs.OUTCOME)


def _deliver(
    runtime: InProcessRuntime,
    folder: Path,
    job: Job,
    *,
    package: ModelPackage,
    version: RegisteredVersion,
    shown: Display,
) -> Delivered:
    shown.say("delivery")
    run_folder.write_delivery(folder, job, package, version.version)
    _follow(runtime, folder, lambda _: None)
    return jobs.load(Delivered, folder / jobs.DELIVERED)


def _follow(runtime: InProcessRuntime, folder: Path, note: Callable[[Event], None]) -> None:
    """Start the ServerApp and hand over its events until it ends; whatever stops us stops it."""
    started = runtime.start(folder)
    try:
        ended = False
        while not ended:
            stop_if_interrupted()
            events, ended = started.new_events(POLL_SECONDS)
            for event in events:
                note(event)
    except BaseException:
        started.stop()
        raise
