"""The association's errands: ask for agreement, train a candidate with the members, hand a promoted model to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flwr.serverapp import Grid

from data_contracts.contract import load_contract
from data_contracts.statistics import merge
from federated import job as jobs
from federated.events import EventLog
from federated.job import Declined, Delivered, Job, MemberOutcome, Outcome, Proposed
from federated.messages import Calibrate, Champion, ContractChecked, Evaluate, Evaluated, Present, TakeHome
from federated.phases import Phases, declined_in
from federated.results import JOINT_LEVEL
from federated.roster import Roster
from federated.rounds import RoundReport
from federated.stopping import trees_to_keep
from federated.training_loop import LoopState, RoundLoop
from models.evaluation import MOST_NATS
from models.family import planned_family
from models.intervals import family_level
from models.package import ModelPackage
from models.preprocessing import Preprocessing, fit_preprocessing
from models.run_record import TreesKept
from models.trees import first_trees, trees_in
from models.weights import Weights


@dataclass(frozen=True)
class Learned:
    """What the members' answers to statistics, rounds and calibration came to.

    Attributes:
        roster: The members that described their records.
        rows: Member id -> rows that its statistics spoke of.
        preprocessing: Made from the sum of it.
        weights: The shared weights.
        rounds: Every round.
        temperature: The fitted temperature.
        declined: Who dropped out, where and why.
        trees: Trees that were grown and kept; None for a network.
    """

    roster: Roster
    rows: Mapping[str, int]
    preprocessing: Preprocessing
    weights: Weights
    rounds: tuple[RoundReport, ...]
    temperature: float
    declined: tuple[Declined, ...]
    trees: TreesKept | None = None


def propose_agreement(grid: Grid, job: Job, folder: Path) -> Proposed:
    """Show every member that is online what it is asked to approve, and hear who has.

    Args:
        grid: Flower's grid.
        job: What the members are asked to do.
        folder: The run's folder; the answers are left in it.
    """
    _, answers = Phases(grid, job, load_contract(folder / jobs.CONTRACT)).who_agrees()
    proposed = Proposed(tuple(sorted(answers.replies)), declined_in("roll call", answers))
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
    log, phases = EventLog(folder), Phases(grid, job, load_contract(folder / jobs.CONTRACT))
    with log.phase("roll call"):
        roster, present, absent = phases.roll_call()
    with log.phase("contract check"):
        checks, failing = phases.check_contracts(roster)
    learned = learn(phases, roster.keep(checks), log)
    with log.phase("evaluation"):
        request = _evaluation_request(job, folder, learned)
        evaluated, missing = phases.evaluate(learned.roster, request, learned.rows)
    learned.weights.save(folder / jobs.WEIGHTS)
    outcome = Outcome(
        run_id=job.assignment.run_id,
        members=_members(learned, present, checks, evaluated),
        declined=(*absent, *failing, *learned.declined, *missing),
        rounds=learned.rounds,
        preprocessing=learned.preprocessing.to_json(),
        temperature=learned.temperature,
        weights_sha256=learned.weights.sha256(),
        seconds=log.seconds,
        trees=learned.trees,
    )
    jobs.save(outcome, folder / jobs.OUTCOME)
    return outcome


def learn(phases: Phases, roster: Roster, log: EventLog) -> Learned:
    """Statistics, rounds and calibration: all that it takes to make a shared model with members that agreed.

    Args:
        phases: The questions to the members.
        roster: The members.
        log: Where the events go.

    Raises:
        TooFewMembers: A phase had fewer members than the plan's minimum.
    """
    job = phases.job
    with log.phase("statistics"):
        statistics, silent = phases.statistics(roster)
        roster = roster.keep(statistics)
        merged = merge([statistics[member] for member in roster])
        preprocessing = fit_preprocessing(phases.contract, merged, bins=job.bins)
    rows = {member: statistics[member].rows for member in roster}
    with log.phase("rounds"):
        weights, trees, rounds = _run_rounds(phases.grid, job, roster, rows, preprocessing, log=log)
    with log.phase("calibration"):
        calibrate = Calibrate(weights.arrays, job.assignment, preprocessing.to_json())
        temperature, uncalibrated = phases.temperature(roster, calibrate, rows)
    declined = (*silent, *uncalibrated)
    return Learned(roster, rows, preprocessing, weights, rounds, temperature, declined, trees)


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
    delivered = Delivered(tuple(answers.replies), (*absent, *declined_in("delivery", answers)))
    jobs.save(delivered, folder / jobs.DELIVERED)
    return delivered


def _run_rounds(
    grid: Grid,
    job: Job,
    roster: Roster,
    rows: Mapping[str, int],
    preprocessing: Preprocessing,
    *,
    log: EventLog,
) -> tuple[Weights, TreesKept | None, tuple[RoundReport, ...]]:
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
        rows=rows,
        inputs=preprocessing.width,
        most_loss=MOST_NATS * max(preprocessing.class_weights),
    )
    start = planned_family(job.assignment).start(preprocessing, seed=job.assignment.seed)
    end = loop.run(LoopState(round=0, weights=dict(start.arrays)), note)
    weights = Weights(end.final_weights())
    if job.assignment.trees is None:
        return weights, None, tuple(rounds)
    total = trees_in(weights.arrays)
    kept = trees_to_keep(end.judged, total)
    # the tree that a run starts from is no member's
    return first_trees(weights, kept), TreesKept(grown=total - 1, kept=kept - 1), tuple(rounds)


def _evaluation_request(job: Job, folder: Path, learned: Learned) -> Evaluate:
    champion = ModelPackage.load(folder / jobs.CHAMPION) if (folder / jobs.CHAMPION).exists() else None
    return Evaluate(
        arrays=learned.weights.arrays,
        champion_arrays={} if champion is None else champion.weights.arrays,
        assignment=job.assignment,
        preprocessing=learned.preprocessing.to_json(),
        temperature=learned.temperature,
        level=family_level(len(learned.roster), JOINT_LEVEL),
        champion=None
        if champion is None
        else Champion(champion.preprocessing.to_json(), champion.network, champion.temperature, champion.trees),
    )


def _members(
    learned: Learned,
    present: Mapping[str, Present],
    checks: Mapping[str, ContractChecked],
    evaluated: Mapping[str, Evaluated],
) -> tuple[MemberOutcome, ...]:
    return tuple(
        MemberOutcome(
            member=member,
            shares_metrics=present[member].shares_metrics,
            check=checks[member],
            described_rows=learned.rows[member],
            evaluated=evaluated.get(member),
        )
        for member in learned.roster
    )
