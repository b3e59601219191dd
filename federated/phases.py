"""The phases of a run around the rounds, each a request to every member and the answers to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from flwr.serverapp import Grid

from data_contracts.contract import Contract
from data_contracts.errors import StatisticsError
from data_contracts.statistics import FrameStatistics, check_statistics
from federated.errors import BadMessage
from federated.job import Declined, Job
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
from federated.plain import plain_text
from federated.questions import Question
from federated.roster import Answers, Roster, ask
from federated.screening import Refusal, Refused
from models.calibration import best_temperature, check_loss_sums
from models.errors import ModelsError
from models.evaluation import check_scorecard
from models.intervals import check_interval
from models.preprocessing import Preprocessing
from models.weights import Weights

T = TypeVar("T")

HOLDOUT_BOUND = 2
"""A third of the rows is held out, so a hold-out of twice the other rows is beyond any chance."""


@dataclass(frozen=True)
class Phases:
    """The association's questions to its members, other than the rounds.

    Attributes:
        grid: Flower's grid.
        job: What the members are asked to do, under which agreement, and how long a phase may take.
        contract: The contract of the run.
    """

    grid: Grid
    job: Job
    contract: Contract

    @property
    def assignment(self) -> Assignment:
        """What the members are asked to do."""
        return self.job.assignment

    @property
    def learning(self) -> Learning:
        """Minimum of members, and the deadline of a phase."""
        return self.job.learning

    def roll_call(self) -> tuple[Roster, dict[str, Present], tuple[Declined, ...]]:
        """Ask every online node who it is; see `who_agrees` for who is left out.

        Raises:
            TooFewMembers: Fewer members than the minimum can take part.
        """
        roster, answers = self.who_agrees()
        enough = answers.at_least(self.learning.minimum_members, "roll call")
        return roster, enough.replies, declined_in("roll call", enough)

    def who_agrees(self) -> tuple[Roster, Answers[Present]]:
        """Ask every online node who it is and whether it agrees.

        Left out is who has not agreed, who holds another contract, whose key is another member's, and a name that two
        nodes claim.
        """
        anonymous = Roster(dict(sorted((self._name(node), node) for node in self.grid.get_node_ids())))
        signed = self.job.agreement
        request = RollCall(self.assignment.run_id, self.assignment.contract, signed.text, signed.signature)
        heard = ask(
            self.grid, anonymous, Question.ROLL_CALL, request, reply=Present, deadline=self.learning.deadline_seconds
        )
        refused = list(heard.refused)
        nodes: dict[str, int] = {}
        kept: dict[str, Present] = {}
        honest = [reply for name, reply in heard.replies.items() if not self.job.admitted or reply.member == name]
        claimed = [reply.member for reply in honest]  # whoever lies about its name takes nobody else's away
        for name, reply in sorted(heard.replies.items(), key=lambda item: item[1].member):
            broken = self._not_admitted(name, reply, claimed)
            if broken is None:
                nodes[reply.member], kept[reply.member] = anonymous.nodes[name], reply
            elif broken not in refused:
                refused.append(broken)
        return Roster(nodes), Answers(kept, tuple(sorted(refused, key=lambda one: one.member)))

    def _name(self, node: int) -> str:
        """Return the member that a node's key was admitted for; where there are no keys, the node's number."""
        return self.job.admitted.get(str(node), f"node {node}")

    def _not_admitted(self, name: str, reply: Present, claimed: list[str]) -> Refused | None:
        if self.job.admitted and reply.member != name:
            detail = "its node calls itself by another name than the one it was admitted under"
            return Refused(name, Refusal.OTHER_KEY, detail)
        if claimed.count(reply.member) > 1:
            detail = "more than one node claims this member's id, so none of them takes part"
            return Refused(reply.member, Refusal.CLAIMED_TWICE, detail)
        if reply.contract_sha256 != self.assignment.contract_sha256:
            same = " (same version, another file)" if reply.contract == self.assignment.contract else ""
            held = plain_text(reply.contract, 80)
            detail = f"holds contract {held}{same}, this run needs {self.assignment.contract}"
            return Refused(reply.member, Refusal.OTHER_CONTRACT, detail)
        return None

    def check_contracts(self, roster: Roster) -> tuple[dict[str, ContractChecked], tuple[Declined, ...]]:
        """Let every member check its dataset; those that fail are left out."""
        answers = self._ask(roster, Question.CHECK_CONTRACT, CheckContract(self.assignment), ContractChecked)
        failing = tuple(
            Refused(member, Refusal.FAILS_CONTRACT, plain_text(f"its dataset fails the contract: {', '.join(codes)}"))
            for member, codes in ((m, check.reasons) for m, check in answers.replies.items() if not check.accepted)
        )
        passing = {member: check for member, check in answers.replies.items() if check.accepted}
        kept = Answers(passing, (*answers.refused, *failing)).at_least(self.learning.minimum_members, "contract check")
        return kept.replies, declined_in("contract check", kept)

    def statistics(self, roster: Roster) -> tuple[dict[str, FrameStatistics], tuple[Declined, ...]]:
        """Gather sums and counts; a member whose statistics contradict the contract is left out."""
        answers = self._ask(roster, Question.STATISTICS, DescribeRecords(self.assignment), RecordsDescribed)
        minimum = self.assignment.minimums.count
        sound = _sound(
            answers, lambda _, reply: check_statistics(reply.statistics, self.contract, minimum_count=minimum)
        )
        enough = sound.at_least(self.learning.minimum_members, "statistics")
        statistics = {member: reply.statistics for member, reply in enough.replies.items()}
        return statistics, declined_in("statistics", enough)

    def temperature(
        self, roster: Roster, request: Calibrate, rows: Mapping[str, int]
    ) -> tuple[float, tuple[Declined, ...]]:
        """Fit the temperature from the members' loss sums; 1 when everybody withheld them.

        Args:
            roster: Whom to ask.
            request: The model.
            rows: Member id -> rows its statistics spoke of: no member can have validated on more.
        """
        answers = self._ask(roster, Question.CALIBRATE, request, Calibrated)
        sound = _sound(answers, lambda member, reply: check_loss_sums(reply.loss_sums, reply.rows, rows[member]))
        enough = sound.at_least(self.learning.minimum_members, "calibration")
        sums = np.sum([reply.loss_sums for reply in enough.replies.values()], axis=0)
        return best_temperature(sums), declined_in("calibration", enough)

    def evaluate(
        self, roster: Roster, request: Evaluate, rows: Mapping[str, int]
    ) -> tuple[dict[str, Evaluated], tuple[Declined, ...]]:
        """Let every member compare the models on its hold-out rows.

        Args:
            roster: Whom to ask.
            request: The models.
            rows: Member id -> rows its statistics spoke of: the hold-out is smaller than that, give or take chance.
        """
        answers = self._ask(roster, Question.EVALUATE, request, Evaluated)
        sound = _sound(
            answers, lambda member, reply: self._check_comparison(reply, request, HOLDOUT_BOUND * rows[member])
        )
        enough = sound.at_least(self.learning.minimum_members, "evaluation")
        return enough.replies, declined_in("evaluation", enough)

    def _check_comparison(self, reply: Evaluated, request: Evaluate, most_rows: int) -> None:
        """Refuse a comparison that contradicts itself.

        Raises:
            ModelsError: A scorecard or the interval is impossible.
            BadMessage: The models were not scored on the same rows, or not all that were asked for.
        """
        if reply.comparison is None:
            return
        one = reply.comparison
        if (one.champion is None) != (request.champion is None):
            raise BadMessage("the champion was asked for and not scored, or the other way round")
        positive = Preprocessing.from_json(request.preprocessing).positive
        cards = [one.shared, one.personalised, one.local, *([] if one.champion is None else [one.champion])]
        for card in cards:
            check_scorecard(card, classes=len(self.contract.classes), positive=positive, most_rows=most_rows)
            if card.class_counts.tolist() != one.shared.class_counts.tolist():
                raise BadMessage("the models were scored on different rows")
        if one.difference is not None:
            check_interval(one.difference)

    def take_home(self, roster: Roster, request: TakeHome) -> Answers[TakenHome]:
        """Hand the promoted model to every member; who stored something else did not take it."""
        digest = Weights(request.arrays).sha256()
        return _sound(
            self._ask(roster, Question.TAKE_HOME, request, TakenHome), lambda _, reply: _check_taken(reply, digest)
        )

    def _ask(self, roster: Roster, message_type: str, request: object, reply: type[T]) -> Answers[T]:
        return ask(self.grid, roster, message_type, request, reply=reply, deadline=self.learning.deadline_seconds)


def _check_taken(reply: TakenHome, digest: str) -> None:
    if reply.weights_sha256 != digest:
        raise BadMessage("it stored other weights than it was sent")


def _sound(answers: Answers[T], check: Callable[[str, T], None]) -> Answers[T]:
    """Move the replies that contradict themselves to the refused ones, with the reason."""
    kept: dict[str, T] = {}
    refused = list(answers.refused)
    for member, reply in answers.replies.items():
        try:
            check(member, reply)
        except (StatisticsError, ModelsError, BadMessage) as error:
            refused.append(Refused(member, Refusal.CONTRADICTION, plain_text(str(error))))
        else:
            kept[member] = reply
    return Answers(kept, tuple(sorted(refused, key=lambda one: one.member)))


def declined_in(phase: str, answers: Answers[T]) -> tuple[Declined, ...]:
    """Return who gave no usable answer in a phase."""
    return tuple(Declined(phase, refused) for refused in answers.refused)
