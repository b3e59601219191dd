"""The shared model, by the product's own path: Flower's messages, statistics, screening, rounds, calibration.

Not here: roll call and contract check, since rows in memory have neither keys nor a dataset version; that every row
keeps its contract is checked when the rows are prepared.
"""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from data_contracts.contract import Contract, load_contract
from data_contracts.split import Split
from federated.agreement import SignedAgreement
from federated.association import Learned, learn
from federated.events import EventLog
from federated.fields import text_digest
from federated.job import Job, Task
from federated.learning import Learning
from federated.local_round import MemberRecords
from federated.messages import Assignment
from federated.phases import Phases
from federated.roster import Roster
from federated.runtime.in_process import FIRST_NODE, InProcessGrid, identify_as_association
from federated.seeds import derive_seed
from flows.alone import Trained, records
from flows.benchmark.case import Case
from flows.benchmark.judging import judge_everybody, judge_members
from flows.benchmark.members import member_app
from flows.benchmark.predictions import Predictions
from flows.errors import FlowError
from flows.plan import TrainingPlan


class MemberLost(FlowError):
    """A member of the benchmark dropped out of a run or of one of its rounds."""


@dataclass(frozen=True)
class Federated:
    """A shared model and what each member made of it.

    Attributes:
        learned: What the run came to, with every round.
        shared: The shared model.
        personal: Member id -> the variant that it would keep.
    """

    learned: Learned
    shared: Trained
    personal: Mapping[str, Trained]


def federated(case: Case, plan: TrainingPlan) -> Iterator[Predictions]:
    """Train with all members and yield what the shared model and each member's variant say of the rows that judge.

    Plain federated averaging gets the same rounds, without the plan's strategy and without averaging over rounds.

    Args:
        case: The federation.
        plan: The plan, with the case's seed.
    """
    contract = load_contract(plan.contract)
    made, plain = train_federated(case, plan), train_federated(case, plain_averaging(plan))
    for system, net in (("shared", made.shared), ("fedavg", plain.shared)):
        yield from judge_members(case, contract, system, dict.fromkeys(case.members, net))
        yield judge_everybody(case, contract, system, net)
    yield from judge_members(case, contract, "personalised", made.personal)


def train_federated(case: Case, plan: TrainingPlan, folder: Path | None = None) -> Federated:
    """Run statistics, rounds and calibration over in-process members, then let each member fine-tune for itself.

    Args:
        case: The federation.
        plan: The plan, with the case's seed.
        folder: Where the run's events go; nowhere by default.

    Raises:
        TooFewMembers: A phase had fewer members than the plan's minimum.
        MemberLost: A member dropped out, and a benchmark without it would be about another federation.
    """
    contract = load_contract(plan.contract)
    nodes = {member: FIRST_NODE + index for index, member in enumerate(sorted(case.members))}
    rows = {
        node: MemberRecords(member, contract, case.members[member], plan.minimums) for member, node in nodes.items()
    }
    logging.getLogger("flwr").setLevel(logging.WARNING)  # two lines per round otherwise
    identify_as_association()
    grid = InProcessGrid(member_app(rows), {node: {} for node in rows})
    with tempfile.TemporaryDirectory() as scratch:
        log = EventLog(folder or Path(scratch))
        learned = learn(Phases(grid, benchmark_job(case, plan, contract), contract), Roster(nodes), log)
    lost = [*learned.declined, *(one for report in learned.rounds for one in report.refused)]
    if lost:
        raise MemberLost(f"{case.name}: {lost[0]}")
    family = plan.family()
    shared = Trained(learned.weights, learned.preprocessing, family, learned.temperature)
    personal = {member: fine_tuned(shared, member, case.members[member], plan) for member in nodes}
    return Federated(learned, shared, personal)


def plain_averaging(plan: TrainingPlan) -> TrainingPlan:
    """Return the plan with McMahan et al.'s FedAvg (2017) and the last round's weights, all else being equal."""
    learning = replace(plan.learning, strategy="FedAvg", options={}, average_last=1)
    return plan.model_copy(update={"learning": learning})


def benchmark_job(case: Case, plan: TrainingPlan, contract: Contract) -> Job:
    """Return what the members are asked to do; nobody has a key here, so the agreement is a name."""
    name = f"{case.name.task}-{case.name.partition}-seed{case.name.seed}-fold{case.name.fold}".replace(".", "-")
    learning: Learning = plan.learning
    assignment = Assignment(
        run_id=name,
        agreement=text_digest(name),
        purpose=plan.purpose.en,
        contract=contract.reference,
        contract_sha256=contract.sha256,
        seed=plan.seed,
        rounds=learning.rounds,
        average_last=learning.average_last,
        network=plan.network,
        training=plan.training,
        minimums=plan.minimums,
        trees=plan.trees,
    )
    return Job(Task.TRAIN, assignment, learning, plan.bins, SignedAgreement(name))


def fine_tuned(shared: Trained, member: str, rows: Split, plan: TrainingPlan) -> Trained:
    """Return the variant that a member would keep, as `federated.local_round.evaluate` makes it."""
    chosen = shared.family.personalise(
        shared.weights,
        records(shared.preprocessing, rows.train),
        records(shared.preprocessing, rows.validation),
        preprocessing=shared.preprocessing,
        seed=derive_seed(plan.seed, "personalise", member),
    )
    return replace(shared, weights=chosen.weights)
