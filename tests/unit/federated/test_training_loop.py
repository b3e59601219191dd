"""The round loop, on Flower's real messages and strategies, with members whose arithmetic can be checked by eye."""

import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flwr.app import Context, Message
from flwr.clientapp import ClientApp
from numpy.typing import NDArray

from federated.errors import TooFewMembers
from federated.learning import Learning
from federated.messages import Assignment, Minimums, RoundTrained, TrainRound
from federated.roster import Roster
from federated.rounds import RoundReport
from federated.runtime.in_process import InProcessGrid
from federated.training_loop import LoopState, RoundLoop
from federated.wire import pack, unpack
from models.configs import NetworkConfig, TrainingConfig

Member = Callable[[TrainRound], RoundTrained]

pytestmark = pytest.mark.usefixtures("server")

ASSIGNMENT = Assignment(
    run_id="test",
    agreement="0" * 64,
    purpose="a test",
    contract="print-defect@1.0.0",
    contract_sha256="0" * 64,
    seed=1,
    rounds=10,
    average_last=1,
    network=NetworkConfig(),
    training=TrainingConfig(),
    minimums=Minimums(),
)
START = LoopState(round=0, weights={"w": np.zeros(2, dtype=np.float32)})
PLAIN = Learning(rounds=1, strategy="FedAvg", options={}, average_last=1, minimum_members=2, deadline_seconds=5)


def adds(amount: float, *, rows: int = 10, loss: float = 1.0) -> Member:
    """Return a member whose training adds a constant to every weight."""

    def train(request: TrainRound) -> RoundTrained:
        arrays = {name: array + np.float32(amount) for name, array in request.arrays.items()}
        return RoundTrained(arrays, rows, loss, validation_rows=rows, validation_loss_sum=loss * rows)

    return train


def sends(array: NDArray[Any]) -> Member:
    return lambda request: replace(adds(0)(request), arrays={"w": array})


def raises(request: TrainRound) -> RoundTrained:
    raise RuntimeError(f"cell value 123.456 in round {request.round}")


def hangs(request: TrainRound) -> RoundTrained:
    time.sleep(3)
    return adds(1)(request)


def loop(
    members: Mapping[str, Member], learning: Learning = PLAIN, *, node_ids: Iterable[int] = range(1, 99)
) -> RoundLoop:
    """Put members behind a grid; their node ids may be in any order."""
    app = ClientApp()
    nodes = dict(zip(members, node_ids, strict=False))
    by_node = {node: members[member] for member, node in nodes.items()}

    @app.train()
    def train(message: Message, context: Context) -> Message:
        return Message(pack(by_node[context.node_id](unpack(TrainRound, message.content))), reply_to=message)

    return RoundLoop(
        grid=InProcessGrid(app, {node: {} for node in by_node}),
        roster=Roster({member: nodes[member] for member in sorted(members)}),
        assignment=ASSIGNMENT,
        preprocessing="{}",
        learning=learning,
        rows=dict.fromkeys(members, 10),
        inputs=4,
        most_loss=100.0,
    )


def run(the_loop: RoundLoop, state: LoopState = START) -> tuple[LoopState, list[RoundReport]]:
    reports: list[RoundReport] = []
    return the_loop.run(state, lambda report, _: reports.append(report)), reports


def test_the_mean_of_one_and_three_is_two() -> None:
    state, (report,) = run(loop({"a": adds(1), "b": adds(3)}))

    assert state.weights["w"].tolist() == [2.0, 2.0]
    assert report.accepted == ("a", "b")
    assert report.refused == ()
    assert report.update_norm == pytest.approx(np.sqrt(8))
    assert (report.train_loss, report.validation_loss, report.validation_rows) == (1.0, 1.0, 20)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (sends(np.array([np.nan, 0], dtype=np.float32)), "not_finite"),
        (sends(np.zeros(3, dtype=np.float32)), "wrong_shape"),
        (sends(np.zeros(2, dtype=np.float64)), "wrong_dtype"),
        (sends(np.array([1e6, 0], dtype=np.float32)), "norm_too_large"),
        (adds(1, rows=99), "wrong_count"),
        (adds(1, loss=float("nan")), "not_finite"),
        (lambda request: replace(adds(1)(request), loss=1e308), "contradiction"),
        (raises, "member_error"),
        (lambda request: replace(adds(1)(request), validation_rows=-3), "wrong_count"),
        (lambda request: replace(adds(1)(request), validation_rows=11), "wrong_count"),
    ],
)
def test_a_bad_update_is_refused_and_the_others_are_merged(bad: Member, reason: str) -> None:
    state, (report,) = run(loop({"a": adds(1), "b": bad, "c": adds(3)}))

    assert state.weights["w"].tolist() == [2.0, 2.0]
    assert [(one.member, str(one.reason)) for one in report.refused] == [("b", reason)]


def test_what_a_raising_member_says_does_not_leave_it() -> None:
    _, (report,) = run(loop({"a": adds(1), "b": raises, "c": adds(3)}))

    assert "123.456" not in report.refused[0].detail
    assert "RuntimeError" in report.refused[0].detail


def test_a_member_that_hangs_costs_one_deadline_and_its_own_update_only() -> None:
    learning = replace(PLAIN, deadline_seconds=0.3)
    began = time.monotonic()

    state, (report,) = run(loop({"a": adds(1), "b": hangs, "c": adds(3)}, learning))

    assert time.monotonic() - began < 2
    assert state.weights["w"].tolist() == [2.0, 2.0]
    assert [(one.member, str(one.reason)) for one in report.refused] == [("b", "no_reply")]


def test_fewer_updates_than_the_minimum_end_the_run_and_say_why() -> None:
    with pytest.raises(TooFewMembers, match=r"round 1: 1 member\(s\) can take part, the plan's minimum is 2.*b: "):
        run(loop({"a": adds(1), "b": raises}))


def test_a_member_that_fails_three_rounds_in_a_row_is_no_longer_asked() -> None:
    learning = replace(PLAIN, rounds=5)

    _, reports = run(loop({"a": adds(1), "b": raises, "c": adds(3)}, learning))

    assert [len(report.asked) for report in reports] == [3, 3, 3, 2, 2]


def test_the_result_does_not_depend_on_node_ids_or_the_order_of_members() -> None:
    members = {"a": adds(0.1), "b": adds(0.7), "c": adds(1.3)}
    shuffled = {name: members[name] for name in ("c", "a", "b")}

    first, _ = run(loop(members))
    second, _ = run(loop(shuffled, node_ids=[907, 3, 55]))

    assert first.weights["w"].tobytes() == second.weights["w"].tobytes()


@pytest.mark.parametrize(
    ("strategy", "options"),
    [("FedAvgM", {"server_momentum": 0.5, "server_learning_rate": 0.7}), ("FedAdam", {"eta": 0.1}), ("FedAvg", {})],
)
def test_a_run_continued_from_its_state_ends_bit_equal(strategy: str, options: dict[str, float]) -> None:
    learning = replace(PLAIN, rounds=6, average_last=3, strategy=strategy, options=options)
    members = {"a": adds(0.1), "b": adds(0.7)}
    states: list[LoopState] = []
    whole = loop(members, learning).run(START, lambda _, state: states.append(state))

    continued, reports = run(loop(members, learning), states[3])

    assert [report.round for report in reports] == [5, 6]
    assert continued.final_weights()["w"].tobytes() == whole.final_weights()["w"].tobytes()


def test_the_final_weights_are_the_mean_of_the_last_rounds() -> None:
    learning = replace(PLAIN, rounds=4, average_last=2)

    state, _ = run(loop({"a": adds(1), "b": adds(1)}, learning))

    assert state.weights["w"].tolist() == [4.0, 4.0]
    assert state.final_weights()["w"].tolist() == [3.5, 3.5]
    assert state.final_weights()["w"].dtype == np.float32


def test_a_fraction_of_the_members_is_drawn_the_same_way_twice() -> None:
    learning = replace(PLAIN, rounds=4, options={"fraction_train": 0.5})
    members = {name: adds(1) for name in "abcd"}

    _, first = run(loop(members, learning))
    _, again = run(loop(members, learning))

    assert [report.asked for report in first] == [report.asked for report in again]
    assert all(len(report.asked) == 2 for report in first)


@pytest.mark.parametrize(
    ("field", "value"),
    [("rounds", 0), ("average_last", 0), ("deadline_seconds", 0), ("minimum_members", 1), ("average_last", 41)],
)
def test_a_setting_that_cannot_work_is_named(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"learning\.{field} must be"):
        Learning(**{field: value})  # type: ignore[arg-type]


def test_claiming_rows_does_not_buy_the_model() -> None:
    greedy = loop({"a": adds(0, rows=10), "b": adds(0, rows=10), "c": adds(52, rows=10**9)})
    greedy = replace(greedy, rows={"a": 10, "b": 10, "c": 10**9}, learning=replace(PLAIN, maximum_weight=5))

    state, _ = run(greedy)

    assert state.weights["w"].tolist() == pytest.approx([52 * 50 / 70] * 2)


def test_a_round_holds_each_members_weights_once_and_not_in_three_forms() -> None:
    members, layers, numbers = 16, 10, 25_000
    start = LoopState(round=0, weights={f"w{layer}": np.zeros(numbers, dtype=np.float32) for layer in range(layers)})
    drive = loop({f"m{number}": adds(1e-6) for number in range(members)})
    tracemalloc.start()
    try:
        drive.run(start, lambda *_: None)
        peak = tracemalloc.get_traced_memory()[1] / (4 * layers * numbers)
    finally:
        tracemalloc.stop()
    assert members < peak < 1.5 * members  # each thrice at once would be more than twice as many
