"""The association's errands: ask for agreement, train a candidate with the members, hand a promoted model to them."""

from collections.abc import Mapping
from pathlib import Path

from flwr.serverapp import Grid

from data_contracts.contract import load_contract
from data_contracts.statistics import FrameStatistics, merge
from federated import job as jobs
from federated.events import EventLog
from federated.job import Declined, Delivered, Job, MemberOutcome, Outcome, Proposed
from federated.messages import Calibrate, Champion, ContractChecked, Evaluate, Evaluated, Present, TakeHome
from federated.phases import Phases
from federated.results import JOINT_LEVEL
from federated.roster import Roster
from federated.rounds import RoundReport
from federated.training_loop import LoopState, RoundLoop
from models.intervals import family_level
from models.package import ModelPackage
from models.prediction import initial_weights
from models.preprocessing import Preprocessing, fit_preprocessing
from models.weights import Weights


def propose_agreement(grid: Grid, job: Job, folder: Path) -> Proposed:
    """Show every member that is online what it is asked to approve, and hear who has.

    Args:
        grid: Flower's grid.
        job: What the members are asked to do.
        folder: The run's folder; the answers are left in it.
    """
    _, answers = Phases(grid, job, load_contract(folder / jobs.CONTRACT)).who_agrees()
    declined = tuple(Declined("roll call", refused) for refused in answers.refused)
    proposed = Proposed(tuple(sorted(answers.replies)), declined)
    jobs.save(proposed, folder / jobs.PROPOSED)
    return proposed


def train_candidate(grid: Grid, job: Job, folder: Path) -> Outcome:
    """Roll call, contract check, statistics, rounds, calibration, evaluation; the outcome is left in the folder.

    Args:
        grid: Flower's grid.
        job: What to do.
        folder: The run's folder (see `federated.job`).

    Raises:
        TooFewMembers: A phase had fewer members than the plan's minimum.
    """
    log, task = EventLog(folder), job.assignment
    contract = load_contract(folder / jobs.CONTRACT)
    phases = Phases(grid, job, contract)
    with log.phase("roll call"):
        roster, present, absent = phases.roll_call()
    with log.phase("contract check"):
        checks, failing = phases.check_contracts(roster)
    with log.phase("statistics"):
        statistics, silent = phases.statistics(roster.keep(checks))
        roster = roster.keep(statistics)
        preprocessing = fit_preprocessing(contract, merge([statistics[member] for member in roster]), bins=job.bins)
    with log.phase("rounds"):
        weights, rounds = _run_rounds(grid, job, roster, statistics, preprocessing, log=log)
    rows = {member: statistics[member].rows for member in roster}
    with log.phase("calibration"):
        calibrate = Calibrate(weights.arrays, task, preprocessing.to_json())
        temperature, uncalibrated = phases.temperature(roster, calibrate, rows)
    with log.phase("evaluation"):
        request = _evaluation_request(job, folder, weights, preprocessing.to_json(), temperature, members=len(roster))
        evaluated, missing = phases.evaluate(roster, request, rows)
    weights.save(folder / jobs.WEIGHTS)
    outcome = Outcome(
        run_id=task.run_id,
        members=_members(roster, present, checks, statistics, evaluated),
        declined=(*absent, *failing, *silent, *uncalibrated, *missing),
        rounds=rounds,
        preprocessing=preprocessing.to_json(),
        temperature=temperature,
        weights_sha256=weights.sha256(),
        seconds=log.seconds,
    )
    jobs.save(outcome, folder / jobs.OUTCOME)
    return outcome


def deliver_model(grid: Grid, job: Job, folder: Path) -> Delivered:
    """Hand the model in the run's delivery folder to every member that holds its contract.

    Args:
        grid: Flower's grid.
        job: The run that made the model.
        folder: The run's folder; who took the model and who did not is left in it.

    Raises:
        TooFewMembers: Fewer members than the plan's minimum answered the roll call.
    """
    package = ModelPackage.load(folder / jobs.DELIVERY)
    phases = Phases(grid, job, package.contract)
    roster, _, absent = phases.roll_call()
    answers = phases.take_home(
        roster,
        TakeHome(
            arrays=package.weights.arrays,
            assignment=job.assignment,
            model=package.name,
            version=str(package.version),
            preprocessing=package.preprocessing.to_json(),
            temperature=package.temperature,
            threshold=package.threshold,
        ),
    )
    declined = (*absent, *(Declined("delivery", refused) for refused in answers.refused))
    delivered = Delivered(tuple(answers.replies), declined)
    jobs.save(delivered, folder / jobs.DELIVERED)
    return delivered


def _run_rounds(
    grid: Grid,
    job: Job,
    roster: Roster,
    statistics: Mapping[str, FrameStatistics],
    preprocessing: Preprocessing,
    *,
    log: EventLog,
) -> tuple[Weights, tuple[RoundReport, ...]]:
    rounds: list[RoundReport] = []

    def note(report: RoundReport, _: LoopState) -> None:
        rounds.append(report)
        log.round(report)

    loop = RoundLoop(
        grid=grid,
        roster=roster,
        assignment=job.assignment,
        preprocessing=preprocessing.to_json(),
        learning=job.learning,
        rows={member: statistics[member].rows for member in roster},
    )
    start = initial_weights(preprocessing, job.assignment.network, seed=job.assignment.seed)
    end = loop.run(LoopState(round=0, weights=dict(start.arrays)), note)
    return Weights(end.final_weights()), tuple(rounds)


def _evaluation_request(
    job: Job, folder: Path, weights: Weights, preprocessing: str, temperature: float, *, members: int
) -> Evaluate:
    champion = ModelPackage.load(folder / jobs.CHAMPION) if (folder / jobs.CHAMPION).exists() else None
    return Evaluate(
        arrays=weights.arrays,
        champion_arrays={} if champion is None else champion.weights.arrays,
        assignment=job.assignment,
        preprocessing=preprocessing,
        temperature=temperature,
        level=family_level(members, JOINT_LEVEL),
        champion=None
        if champion is None
        else Champion(champion.preprocessing.to_json(), champion.network, champion.temperature),
    )


def _members(
    roster: Roster,
    present: Mapping[str, Present],
    checks: Mapping[str, ContractChecked],
    statistics: Mapping[str, FrameStatistics],
    evaluated: Mapping[str, Evaluated],
) -> tuple[MemberOutcome, ...]:
    return tuple(
        MemberOutcome(
            member=member,
            shares_metrics=present[member].shares_metrics,
            check=checks[member],
            described_rows=statistics[member].rows,
            evaluated=evaluated.get(member),
        )
        for member in roster
    )
