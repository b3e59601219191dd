"""The run's folder as the flow fills and reads it: job, contract, champion in; candidate, record and documents out."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from data_contracts.contract import Contract, Label
from federated import job as jobs
from federated.agreement import Agreement, SignedAgreement
from federated.disk import whole_file
from federated.job import Job, Outcome, Task
from federated.results import (
    JOINT_LEVEL,
    commitments,
    declined,
    member_records,
    scorecards,
    software_versions,
    spreads,
    withheld,
    worst_member,
)
from federated.results import round_point as point
from flows.plan import TrainingPlan
from models.package import ModelPackage
from models.plots import draw_plots
from models.preprocessing import Preprocessing
from models.registry import Registry
from models.report import write_report
from models.run_record import RunRecord
from models.weights import Weights

CANDIDATE = "candidate"
PLAN = "plan.yaml"


def write_job(
    folder: Path,
    plan: TrainingPlan,
    contract: Contract,
    signed: SignedAgreement,
    *,
    task: Task = Task.TRAIN,
    admitted: Mapping[str, str] = MappingProxyType({}),
) -> Job:
    """Make the run's folder with the job and the contract in it.

    Args:
        folder: The run's folder, which does not exist yet; its name is the run's id.
        plan: The plan.
        contract: The contract that it names.
        signed: The agreement that the members are asked to approve.
        task: What the ServerApp shall do.
        admitted: Flower node id, as text -> member; empty in one process.
    """
    folder.mkdir(parents=True)
    (folder / jobs.CONTRACT).write_bytes(contract.source.encode())
    assignment = Agreement.read(signed.text).assignment(folder.name)
    job = Job(task, assignment, plan.learning, plan.bins, signed, dict(admitted))
    jobs.save(job, folder / jobs.JOB)
    return job


def add_champion(folder: Path, contract: Contract, registry: Registry, model: str) -> str | None:
    """Put the champion beside the job if the members can score it on today's hold-out rows.

    Returns:
        Why there is no champion to compare with; None when there is one.
    """
    found = registry.champion(model)
    if found is None:
        return "no champion yet"
    version, package = found
    if package.contract.sha256 != contract.sha256:
        return f"not comparable: version {version.version} was made for {package.contract.reference}"
    package.save(folder / jobs.CHAMPION)
    return None


def write_candidate(folder: Path, plan: TrainingPlan, contract: Contract, outcome: Outcome) -> ModelPackage:
    """Make a model package of what the run left behind."""
    preprocessing = Preprocessing.from_json(outcome.preprocessing)
    package = ModelPackage(
        contract=contract,
        preprocessing=preprocessing,
        network=plan.network,
        trees=plan.trees,
        weights=Weights.load(folder / jobs.WEIGHTS),
        temperature=outcome.temperature,
        threshold=preprocessing.defect_share,
        variant="shared",
        name=plan.model,
        version=None,
        run_id=outcome.run_id,
    )
    package.save(folder / CANDIDATE)
    return package


def write_delivery(folder: Path, job: Job, package: ModelPackage, version: int) -> None:
    """Turn the folder's job into the errand of handing the promoted package to the members."""
    replace(package, version=str(version)).save(folder / jobs.DELIVERY)
    jobs.save(replace(job, task=Task.DELIVER), folder / jobs.JOB)


def make_record(plan: TrainingPlan, contract: Contract, outcome: Outcome) -> RunRecord:
    """Gather everything the association may know of the run, before the verdict."""
    return RunRecord(
        run_id=outcome.run_id,
        purpose=Label(ko=plan.purpose.ko, en=plan.purpose.en),
        plan_yaml=plan.yaml(),
        plan_sha256=plan.sha256(),
        contract=contract.reference,
        contract_sha256=contract.sha256,
        model_name=plan.model,
        seed=plan.seed,
        member_count=len(outcome.members),
        minimum=plan.learning.minimum_members,
        weights_sha256=outcome.weights_sha256,
        rounds=tuple(point(report) for report in outcome.rounds),
        commitments=commitments(outcome, contract),
        scorecards=scorecards(outcome, minimum=plan.learning.minimum_members),
        members=member_records(outcome),
        spread=spreads(outcome),
        worst=worst_member(outcome),
        withheld=withheld(outcome),
        temperature=outcome.temperature,
        versions=software_versions(),
        phase_seconds=outcome.seconds,
        classes=contract.classes,
        joint_level=JOINT_LEVEL,
        declined=declined(outcome),
        trees=outcome.trees,
    )


def write_documents(folder: Path, record: RunRecord) -> tuple[Path, ...]:
    """Write report.md, the plots, and beside them the plan that the report speaks of.

    Returns:
        The report and the plots; MLflow is given the plan with the record.
    """
    report = folder / "report.md"
    for path, text in ((report, write_report(record)), (folder / PLAN, record.plan_yaml)):
        with whole_file(path) as partial:
            partial.write_text(text, encoding="utf-8")
    plots = folder / "plots"
    plots.mkdir(exist_ok=True)
    return (report, *draw_plots(record, plots))
