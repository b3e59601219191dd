"""The phases of a run around the rounds, each a request to every member and the answers to it."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from flwr.serverapp import Grid

from data_contracts.contract import Contract
from data_contracts.errors import StatisticsError
from data_contracts.statistics import FrameStatistics, check_statistics
from federated.job import Declined
from federated.learning import Learning
from federated.messages import (
    Assignment,
    Calibrate,
    Calibrated,
    CheckContract,
    ContractChecked,
    DescribeRecords,
    Evaluate,
    Evaluated,
    Present,
    RecordsDescribed,
    RollCall,
    TakeHome,
    TakenHome,
)
from federated.roster import Answers, Roster, ask
from federated.screening import Refusal, Refused
from models.calibration import TEMPERATURES, best_temperature

T = TypeVar("T")

ROLL_CALL = "query.roll_call"
CHECK_CONTRACT = "query.check_contract"
STATISTICS = "query.statistics"
CALIBRATE = "query.calibrate"
EVALUATE = "evaluate"
TAKE_HOME = "query.take_home"


@dataclass(frozen=True)
class Phases:
    """The association's questions to its members, other than the rounds.

    Attributes:
        grid: Flower's grid.
        assignment: What the members are asked to do.
        contract: The contract of the run.
        learning: Minimum of members, and the deadline of a phase.
    """

    grid: Grid
    assignment: Assignment
    contract: Contract
    learning: Learning

    def roll_call(self) -> tuple[Roster, dict[str, Present], tuple[Declined, ...]]:
        """Ask every online node who it is; members on another contract are left out.

        Raises:
            TooFewMembers: Fewer members than the minimum hold the contract.
        """
        anonymous = Roster({f"node {node}": node for node in sorted(self.grid.get_node_ids())})
        request = RollCall(self.assignment.run_id, self.assignment.contract)
        heard = ask(self.grid, anonymous, ROLL_CALL, request, reply=Present, deadline=self.learning.deadline_seconds)
        named = {reply.member: (anonymous.nodes[node], reply) for node, reply in sorted(heard.replies.items())}
        refused = [*heard.refused, *_twice(heard)]
        kept: dict[str, Present] = {}
        for member, (_, reply) in sorted(named.items()):
            if reply.contract_sha256 == self.assignment.contract_sha256:
                kept[member] = reply
            else:
                detail = f"holds contract {reply.contract}, this run needs {self.assignment.contract}"
                if reply.contract == self.assignment.contract:
                    detail += " (same version, another file)"
                refused.append(Refused(member, Refusal.MEMBER_ERROR, detail))
        answers = Answers(kept, tuple(refused)).at_least(self.learning.minimum_members, "roll call")
        return Roster({member: named[member][0] for member in kept}), kept, _declined("roll call", answers)

    def check_contracts(self, roster: Roster) -> tuple[dict[str, ContractChecked], tuple[Declined, ...]]:
        """Let every member check its dataset; those that fail are left out."""
        answers = self._ask(roster, CHECK_CONTRACT, CheckContract(self.assignment), ContractChecked)
        failing = tuple(
            Refused(member, Refusal.MEMBER_ERROR, f"its dataset fails the contract: {', '.join(check.reasons)}")
            for member, check in answers.replies.items()
            if not check.accepted
        )
        passing = {member: check for member, check in answers.replies.items() if check.accepted}
        kept = Answers(passing, (*answers.refused, *failing)).at_least(self.learning.minimum_members, "contract check")
        return kept.replies, _declined("contract check", kept)

    def statistics(self, roster: Roster) -> tuple[dict[str, FrameStatistics], tuple[Declined, ...]]:
        """Gather sums and counts; a member whose statistics contradict the contract is left out."""
        answers = self._ask(roster, STATISTICS, DescribeRecords(self.assignment), RecordsDescribed)
        kept: dict[str, FrameStatistics] = {}
        refused = list(answers.refused)
        for member, reply in answers.replies.items():
            try:
                check_statistics(reply.statistics, self.contract)
            except StatisticsError as error:
                refused.append(Refused(member, Refusal.BAD_MESSAGE, str(error)))
            else:
                kept[member] = reply.statistics
        enough = Answers(kept, tuple(refused)).at_least(self.learning.minimum_members, "statistics")
        return enough.replies, _declined("statistics", enough)

    def temperature(self, roster: Roster, request: Calibrate) -> float:
        """Fit the temperature from the members' loss sums; 1 when everybody withheld them."""
        answers = self._ask(roster, CALIBRATE, request, Calibrated)
        sums = [reply.loss_sums for reply in answers.replies.values() if reply.loss_sums.shape == (len(TEMPERATURES),)]
        rows = sum(reply.rows for reply in answers.replies.values())
        return best_temperature(np.sum(sums, axis=0)) if rows else 1.0

    def evaluate(self, roster: Roster, request: Evaluate) -> tuple[dict[str, Evaluated], tuple[Declined, ...]]:
        """Let every member compare the models on its hold-out rows."""
        answers = self._ask(roster, EVALUATE, request, Evaluated)
        answers.at_least(self.learning.minimum_members, "evaluation")
        return answers.replies, _declined("evaluation", answers)

    def take_home(self, roster: Roster, request: TakeHome) -> Answers[TakenHome]:
        """Hand the promoted model to every member."""
        return self._ask(roster, TAKE_HOME, request, TakenHome)

    def _ask(self, roster: Roster, message_type: str, request: object, reply: type[T]) -> Answers[T]:
        return ask(self.grid, roster, message_type, request, reply=reply, deadline=self.learning.deadline_seconds)


def _twice(heard: Answers[Present]) -> list[Refused]:
    """Name the members whose id two nodes claim: only one of them is heard."""
    ids = [reply.member for reply in heard.replies.values()]
    return [
        Refused(member, Refusal.BAD_MESSAGE, "two nodes claim this member id; only one of them takes part")
        for member in sorted({member for member in ids if ids.count(member) > 1})
    ]


def _declined(phase: str, answers: Answers[T]) -> tuple[Declined, ...]:
    return tuple(Declined(phase, refused) for refused in answers.refused)
