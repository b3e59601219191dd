"""The round loop: drives Flower's strategies through their public `configure_train` and `aggregate_train`.

Flower's own ``Strategy.start`` cannot be resumed and sums replies in the order they arrive. Here replies are sorted by
member and screened before they are merged, and everything the loop knows between two rounds is one value, from which
it goes on to the same bits.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flwr.app import ConfigRecord, Message
from flwr.serverapp import Grid
from flwr.serverapp.strategy import Strategy
from numpy.typing import NDArray

from federated.aggregation import capped_rows, update_mean
from federated.errors import TooFewMembers
from federated.learning import Learning
from federated.messages import Arrays, Assignment, RoundTrained, TrainRound
from federated.plain import plain_text
from federated.questions import Question
from federated.roster import Roster, collect, too_few
from federated.rounds import RoundReport
from federated.screening import Refusal, Refused, Rules, screen, screen_figures, screen_tree, update_norm
from federated.stopping import Judged
from federated.strategies import capture_state, make_strategy, restore_state, seeded_sampling
from federated.strategy_records import array_record, read_arrays, weights_reply
from federated.wire import pack, unpack
from models.trees import LEAVES, added_norm

STRIKES = 3
"""Rounds in a row without a usable update after which a member is no longer asked: silence costs a deadline each."""


@dataclass(frozen=True)
class LoopState:
    """Everything the loop knows between two rounds.

    Attributes:
        round: Rounds done.
        weights: The shared weights after that round, in order.
        mean: Mean of the weights after the last rounds, float64, or None before averaging has begun.
        averaged: How many rounds `mean` stands for.
        strategy: What the strategy has gathered (`capture_state`).
        strikes: Member -> rounds in a row without a usable update.
        judged: Member -> what its validation rows said of each forest that arrived; empty for networks.
    """

    round: int
    weights: Arrays
    mean: Arrays | None = None
    averaged: int = 0
    strategy: Arrays = field(default_factory=dict)
    strikes: Mapping[str, int] = field(default_factory=dict)
    judged: Mapping[str, tuple[Judged, ...]] = field(default_factory=dict)

    def final_weights(self) -> dict[str, NDArray[Any]]:
        """Return the mean of the last rounds' weights in the weights' own dtypes, or the weights themselves."""
        source = self.weights if self.mean is None else self.mean
        return {name: source[name].astype(self.weights[name].dtype) for name in self.weights}


@dataclass(frozen=True)
class RoundLoop:
    """What does not change from round to round.

    Attributes:
        grid: Flower's grid.
        roster: The members that described their records.
        assignment: What they agreed to.
        preprocessing: JSON of the preprocessing.
        learning: How to learn.
        rows: Member id -> the rows its statistics spoke of.
        inputs: Numbers per row that the model sees.
        most_loss: What a training row can cost at most, in nats.
    """

    grid: Grid
    roster: Roster
    assignment: Assignment
    preprocessing: str
    learning: Learning
    rows: Mapping[str, int]
    inputs: int
    most_loss: float

    def run(self, state: LoopState, on_round: Callable[[RoundReport, LoopState], None]) -> LoopState:
        """Run the rounds that are still missing.

        Args:
            state: Where to start from; a state saved by an earlier run continues it exactly.
            on_round: Called after each round.

        Raises:
            TooFewMembers: A round had fewer usable updates than the plan's minimum.
        """
        strategy = make_strategy(self.learning.strategy, self.learning.options)
        restore_state(strategy, state.strategy)
        while state.round < self.learning.rounds:
            state, report = self._round(strategy, state)
            on_round(report, state)
        return state

    def _round(self, strategy: Strategy, state: LoopState) -> tuple[LoopState, RoundReport]:
        began, number = time.perf_counter(), state.round + 1
        messages = self._configure(strategy, state, number)
        by_member = {self.roster.member(message.metadata.dst_node_id): message for message in messages}
        updates, refused = self._updates(messages, state)
        if len(updates) < self.learning.minimum_members:
            minimum = self.learning.minimum_members
            raise TooFewMembers(too_few(f"round {number}", len(updates), minimum, refused))
        replies = self._replies(updates, by_member)
        merged, _ = strategy.aggregate_train(number, replies)
        weights = state.weights if merged is None else _same_dtypes(read_arrays(merged), state.weights)
        norm = self._norm(weights, state)
        report = _report(number, tuple(by_member), updates, refused, norm=norm, began=began)
        moved = replace(self._next(state, strategy, weights, report), judged=self._judged(state, updates))
        _let_go(replies)
        return moved, report

    def _configure(self, strategy: Strategy, state: LoopState, number: int) -> list[Message]:
        active = [member for member in self.roster if state.strikes.get(member, 0) < STRIKES]
        if len(active) < self.learning.minimum_members:
            raise TooFewMembers(too_few(f"round {number}", len(active), self.learning.minimum_members, ()))
        with seeded_sampling(self.assignment.seed, number):
            grid = _RosterGrid(self.roster.keep(active))
            config = ConfigRecord()
            chosen = list(strategy.configure_train(number, array_record(state.weights), config, grid))  # type: ignore[arg-type]
        content = pack(TrainRound(state.weights, self.assignment, self.preprocessing, number))
        return [
            Message(content, message.metadata.dst_node_id, Question.TRAIN, ttl=self.learning.deadline_seconds)
            for message in chosen
        ]

    def _updates(
        self, messages: list[Message], state: LoopState
    ) -> tuple[dict[str, RoundTrained], tuple[Refused, ...]]:
        raw, refused = collect(self.grid, self.roster, messages, self.learning.deadline_seconds)
        updates: dict[str, RoundTrained] = {}
        rejected = list(refused)
        for member in list(raw):
            try:
                update = unpack(RoundTrained, raw.pop(member).content)  # dropped: its bytes are all its arrays again
            except Exception as error:  # noqa: BLE001  (one member's reply must not end the run of all)
                rejected.append(Refused(member, Refusal.BAD_MESSAGE, plain_text(str(error))))
                continue
            broken = self._screen(member, update, state) or screen_figures(
                member,
                update.loss,
                update.validation_rows,
                update.validation_loss_sum,
                rows=self.rows[member],
                most_loss=self.most_loss,
            )
            if broken is None:
                updates[member] = update
            else:
                rejected.append(broken)
        return updates, tuple(sorted(rejected, key=lambda one: one.member))

    def _screen(self, member: str, update: RoundTrained, state: LoopState) -> Refused | None:
        rules, trees = Rules(self.rows[member], self.learning.maximum_update_norm), self.assignment.trees
        if trees is None:
            return screen(member, update.arrays, update.rows, current=state.weights, rules=rules)
        classes = state.weights[LEAVES].shape[-1]
        return screen_tree(
            member, update.arrays, update.rows, trees=trees, inputs=self.inputs, classes=classes, rules=rules
        )

    def _norm(self, weights: Arrays, state: LoopState) -> float:
        if self.assignment.trees is None:
            return update_norm(weights, state.weights)
        return added_norm(weights, len(state.weights[LEAVES]))

    def _judged(self, state: LoopState, updates: Mapping[str, RoundTrained]) -> Mapping[str, tuple[Judged, ...]]:
        if self.assignment.trees is None:
            return {}
        trees = len(state.weights[LEAVES])
        found = {
            member: Judged(trees, one.validation_rows, one.validation_loss_sum / one.validation_rows)
            for member, one in updates.items()
            if one.validation_rows
        }
        return {**state.judged, **{member: (*state.judged.get(member, ()), one) for member, one in found.items()}}

    def _replies(self, updates: dict[str, RoundTrained], asked: Mapping[str, Message]) -> list[Message]:
        """Turn updates into what a strategy reads; their arrays are dropped one by one, or each would be held twice."""
        weight = capped_rows({member: one.rows for member, one in updates.items()}, self.learning.maximum_weight)
        replies = []
        for member, one in updates.items():
            replies.append(Message(weights_reply(one.arrays, weight[member], one.loss), reply_to=asked[member]))
            updates[member] = replace(one, arrays={})
        return replies

    def _next(self, state: LoopState, strategy: Strategy, weights: Arrays, report: RoundReport) -> LoopState:
        strikes = {**state.strikes, **dict.fromkeys(report.accepted, 0)}
        strikes |= {one.member: state.strikes.get(one.member, 0) + 1 for one in report.refused}
        moved = replace(state, round=report.round, weights=weights, strategy=capture_state(strategy), strikes=strikes)
        if report.round <= self.learning.rounds - self.learning.average_last:
            return moved
        mean = update_mean(state.mean, state.averaged, weights)
        return replace(moved, mean=mean, averaged=state.averaged + 1)


class _RosterGrid:
    """The one thing a strategy asks of a grid when it configures a round: who is there.

    With the roster in place of the live grid no strategy can fall into Flower's endless wait for more nodes.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def get_node_ids(self) -> list[int]:
        return list(self._roster.nodes.values())


def _let_go(replies: list[Message]) -> None:
    """Free the arrays of a round's replies now: Flower's views of a record keep it until the garbage collector runs."""
    for reply in replies:
        for record in reply.content.values():
            record.clear()


def _same_dtypes(arrays: Arrays, like: Arrays) -> dict[str, NDArray[Any]]:
    """Bring merged arrays back to the network's dtypes: some strategies compute in float64."""
    return {name: arrays[name].astype(like[name].dtype, copy=False) for name in like}


def _report(
    number: int,
    asked: tuple[str, ...],
    updates: Mapping[str, RoundTrained],
    refused: tuple[Refused, ...],
    *,
    norm: float,
    began: float,
) -> RoundReport:
    rows = sum(update.rows for update in updates.values())
    validation_rows = sum(update.validation_rows for update in updates.values())
    validation_sum = sum(update.validation_loss_sum for update in updates.values())
    return RoundReport(
        round=number,
        asked=tuple(sorted(asked)),
        accepted=tuple(updates),
        refused=refused,
        train_loss=sum(update.loss * update.rows for update in updates.values()) / rows,
        validation_rows=validation_rows,
        validation_loss=validation_sum / validation_rows if validation_rows else None,
        update_norm=norm,
        seconds=time.perf_counter() - began,
    )
