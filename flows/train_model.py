"""The main flow: train one shared model with the members, register it, judge it, and hand it to them if it passes.

There is no code path from here to a member's rows: the flow knows the members' folders only as addresses that it gives
to the in-process runtime.
"""

import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from data_contracts.contract import load_contract
from federated import job as jobs
from federated.errors import RunFailed
from federated.events import Event, RoundDone
from federated.job import Delivered, Job, Outcome
from federated.results import evidence, round_point
from federated.runtime.running import Runtime
from flows import run_folder, standing
from flows.artifacts import publish_artifacts
from flows.following import follow
from flows.hand_over import hand_over
from flows.home_lock import one_training
from flows.interrupts import handlers_taken_back, stop_if_interrupted, uninterrupted
from flows.places import Place, open_place
from flows.plan import TrainingPlan
from flows.progress import Display, display, tell
from flows.settings import UI_PORT, Settings
from flows.training_report import TrainingReport
from models.package import ModelPackage
from models.promotion import decide
from models.registry import Registry, TrainingRun, artifact_root, tracking_uri, ui_page


@flow(name="train-model")
def train_model(plan: TrainingPlan, home: Path | None = None) -> TrainingReport:
    """Train a candidate as the plan says, register it, hold it against the gates, and deliver it if it passes.

    Args:
        plan: What to train, with whom, how, under which gates.
        home: The association's state; ``PUMASI_HOME`` by default.
    """
    began = time.perf_counter()
    settings = (Settings(home) if home else Settings.from_environment()).ready()
    with handlers_taken_back(), one_training(settings.home, tell):
        registry = Registry(tracking_uri(settings.home), artifact_root(settings.home))
        for abandoned in registry.close_abandoned_runs():
            tell(f"run {abandoned} was left RUNNING by a training that is gone: now it is marked KILLED")
        report = replace(_run(plan, settings, registry), seconds=time.perf_counter() - began)
        with uninterrupted():
            return _published(report)


def _run(plan: TrainingPlan, settings: Settings, registry: Registry) -> TrainingReport:
    """Do everything between opening the run in MLflow and the members' taking the model home."""
    account = standing.begin()
    place = open_place(plan, settings)
    place.check(plan.learning.minimum_members)
    contract = load_contract(plan.contract)
    signed = place.agreement(plan, contract)
    folder = settings.runs / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    run = account.run = registry.start_run(
        experiment=plan.model, run_name=folder.name, training_run_id=folder.name, plan_yaml=plan.yaml()
    )
    with run, display(plan.learning.rounds) as shown:
        job = run_folder.write_job(folder, plan, contract, signed, admitted=place.admitted())
        no_champion = run_folder.add_champion(folder, contract, registry, plan.model)
        outcome = _train(place.runtime, folder, shown, run)
        stop_if_interrupted()
        shown.say("gates")
        package = run_folder.write_candidate(folder, plan, contract, outcome)
        verdict = decide(evidence(outcome, no_champion, minimum=plan.learning.minimum_members), plan.gates)
        record = replace(run_folder.make_record(plan, contract, outcome), verdict=verdict, simulated=place.simulated)
        shown.say("registering")  # with the verdict, so that the version's page holds its reasons
        account.version = registry.register(folder / run_folder.CANDIDATE, record, run)
        run.record(record, run_folder.write_documents(folder, record), contract)
        stop_if_interrupted()
        report = TrainingReport(
            record=record,
            verdict=verdict,
            version=account.version,
            mlflow_run_id=run.mlflow_run_id,
            page=ui_page(UI_PORT, run),
            delivered=None,
            warnings=(),
            folder=folder,
            seconds=0.0,
        )
        with uninterrupted():
            run.finish()  # trained, judged and recorded: nothing after this can make it a failed run
            if verdict.promoted:
                report = hand_over(report, registry, account, lambda done: _deliver(place, job, package, done, shown))
    return report


def _published(report: TrainingReport) -> TrainingReport:
    """Show the run in Prefect; when Prefect does not take it, the run is none the worse."""
    try:
        publish_artifacts(report)
    except Exception as error:  # noqa: BLE001  (Prefect raises its client's errors, its own and the database's)
        warning = f"Prefect did not take the run's table and page ({type(error).__name__}); MLflow has everything."
        return replace(report, warnings=(*report.warnings, warning))
    return report


def _train(runtime: Runtime, folder: Path, shown: Display, run: TrainingRun) -> Outcome:
    def note(event: Event) -> None:
        shown.show(event)
        if isinstance(event, RoundDone):
            run.log_round(round_point(event.report))

    follow(runtime, folder, note)
    if not (folder / jobs.OUTCOME).exists():
        raise RunFailed(f"the ServerApp ended without an outcome; see {folder}")
    return jobs.load(Outcome, folder / jobs.OUTCOME)


def _deliver(place: Place, job: Job, package: ModelPackage, report: TrainingReport, shown: Display) -> Delivered:
    shown.say("delivery (Ctrl-C takes effect after it)")
    current = replace(job, admitted=place.admitted())  # a SuperLink that was restarted gives its nodes new numbers
    run_folder.write_delivery(report.folder, current, package, report.version.version)
    follow(place.runtime, report.folder, lambda _: None)
    return jobs.load(Delivered, report.folder / jobs.DELIVERED)
