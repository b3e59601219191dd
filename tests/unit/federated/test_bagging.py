"""Trees of a round are added to the forest, whoever sends them counts alike, and what is no tree is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from flwr.app import ConfigRecord, Message
from numpy.typing import NDArray

from federated import job as jobs
from federated.errors import UnknownStrategy
from federated.member.home import PROFILE
from federated.results import scorecards
from federated.screening import Refusal, Rules, screen_tree
from federated.strategies import make_strategy
from federated.strategy_records import array_record, read_arrays, weights_reply
from models.configs import TreesConfig
from models.trees import INPUTS, LEAVES, check_forest, prior_tree
from models.weights import Weights
from tests.cooperative import TREES, Cooperative

STUMP = TreesConfig(depth=1)
RULES = Rules(rows=10, maximum_norm=100.0)


@pytest.fixture
def cooperative(tmp_path: Path) -> Cooperative:
    """Three members."""
    return Cooperative.of(tmp_path, "anvil", "bellows", "crucible")


def test_a_run_grows_one_tree_per_member_and_round_and_ends_with_a_model_that_separates_hot_from_cold(
    cooperative: Cooperative,
) -> None:
    outcome = cooperative.run("first", trees=TREES)

    forest = Weights.load(cooperative.folder / "runs" / "first" / jobs.WEIGHTS)
    assert outcome.declined == ()
    assert [len(report.accepted) for report in outcome.rounds] == [3, 3, 3]
    assert len(forest.arrays[INPUTS]) == 1 + 3 * 3
    check_forest(forest, TREES, width=10, classes=2)
    shared = scorecards(outcome, minimum=2)["federated"].roc_auc()
    assert shared is not None
    assert shared > 0.8


def test_the_same_seed_gives_bit_equal_trees(cooperative: Cooperative) -> None:
    first = cooperative.run("first", trees=TREES).weights_sha256

    assert cooperative.run("again", trees=TREES).weights_sha256 == first


def test_no_leaf_of_a_round_speaks_of_fewer_rows_than_the_members_own_minimum(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    for member in ("anvil", "bellows"):
        profile = cooperative.add(member).folder / PROFILE
        own = {"minimums": {"count": 40, "evaluation_rows": 40}}  # of fewer than 80 rows that teach
        profile.write_text(yaml.safe_dump(yaml.safe_load(profile.read_text()) | own), encoding="utf-8")

    outcome = cooperative.run("first", trees=TREES)

    assert [len(one.accepted) for one in outcome.rounds] == [2, 2, 2]
    forest = Weights.load(cooperative.folder / "runs" / "first" / jobs.WEIGHTS)
    assert (forest.arrays[INPUTS] == -1).all()


@pytest.mark.usefixtures("server")
def test_the_mean_of_a_rounds_trees_is_added_times_the_step() -> None:
    strategy = make_strategy("Bagging", {"step": 3.0})
    start = array_record(prior_tree(STUMP, [0.5, 0.5]).arrays)

    asked = list(strategy.configure_train(1, start, ConfigRecord(), TwoNodes()))  # type: ignore[arg-type]
    sent = [tree(), tree(leaves=np.array([[0.25, -0.25], [1, -1]], dtype=np.float32))]
    replies = [Message(weights_reply(one, 10, 0.5), reply_to=ask) for one, ask in zip(sent, asked, strict=True)]
    merged, metrics = strategy.aggregate_train(1, replies)

    assert merged is not None
    first_class = read_arrays(merged)[LEAVES][1:, :, 0].tolist()
    assert sorted(first_class) == [[-0.75, 0.75], [0.375, 1.5]]  # 3 / 2 of what each says
    assert read_arrays(merged)[INPUTS].tolist() == [[-1], [0], [0]]
    assert metrics is not None
    assert metrics["train_loss"] == 0.5


class TwoNodes:
    """All that a strategy asks of a grid."""

    def get_node_ids(self) -> list[int]:
        """Return both."""
        return [1, 2]


def tree(**changes: NDArray[Any]) -> dict[str, NDArray[Any]]:
    leaves = np.array([[-0.5, 0.5], [0.5, -0.5]], dtype=np.float32)
    usual = {INPUTS: np.array([0], dtype=np.int32), LEAVES: leaves}
    return {**usual, **changes}


def test_a_tree_that_the_software_can_have_grown_is_accepted() -> None:
    assert screen_tree("a", tree(), 10, trees=STUMP, inputs=4, classes=2, rules=RULES) is None


@pytest.mark.parametrize(
    ("sent", "rows", "reason"),
    [
        (tree(inputs=np.array([4], dtype=np.int32)), 10, Refusal.NO_TREE),
        (tree(leaves=np.array([[9, -9], [0, 0]], dtype=np.float32)), 10, Refusal.NO_TREE),
        (tree(leaves=np.array([[np.nan, 0], [0, 0]], dtype=np.float32)), 10, Refusal.NO_TREE),
        (tree(rows=np.ones(3)), 10, Refusal.NO_TREE),
        (tree(), 99, Refusal.WRONG_COUNT),
    ],
)
def test_a_tree_that_it_cannot_have_grown_is_refused(sent: dict[str, NDArray[Any]], rows: int, reason: Refusal) -> None:
    refused = screen_tree("a", sent, rows, trees=STUMP, inputs=4, classes=2, rules=RULES)

    assert refused is not None
    assert (refused.member, refused.reason) == ("a", reason)


@pytest.mark.usefixtures("server")
def test_a_tree_that_says_nothing_does_not_thin_out_the_others() -> None:
    strategy = make_strategy("Bagging", {"step": 1.0})
    start = array_record(prior_tree(STUMP, [0.5, 0.5]).arrays)

    asked = list(strategy.configure_train(1, start, ConfigRecord(), TwoNodes()))  # type: ignore[arg-type]
    said = [tree(), tree(inputs=np.array([-1], dtype=np.int32), leaves=np.zeros((2, 2), dtype=np.float32))]
    replies = [Message(weights_reply(one, 10, 0.5), reply_to=ask) for one, ask in zip(said, asked, strict=True)]
    merged, _ = strategy.aggregate_train(1, replies)

    assert merged is not None
    assert read_arrays(merged)[LEAVES][1:].tolist() == [[[-0.5, 0.5], [0.5, -0.5]]]


@pytest.mark.usefixtures("server")
def test_the_order_of_a_rounds_trees_does_not_say_whose_they_are() -> None:
    ways = []
    for turned in (False, True):
        strategy = make_strategy("Bagging", {"step": 1.0})
        start = array_record(prior_tree(STUMP, [0.5, 0.5]).arrays)
        asked = list(strategy.configure_train(1, start, ConfigRecord(), TwoNodes()))  # type: ignore[arg-type]
        said = [tree(), tree(inputs=np.array([3], dtype=np.int32))][:: -1 if turned else 1]
        replies = [Message(weights_reply(one, 10, 0.5), reply_to=ask) for one, ask in zip(said, asked, strict=True)]
        merged, _ = strategy.aggregate_train(1, replies)
        assert merged is not None
        ways.append(read_arrays(merged)[INPUTS].tolist())

    assert ways[0] == ways[1]


@pytest.mark.parametrize("step", [0.0, -1.0, 1e39])
def test_a_step_that_learns_nothing_or_too_much_is_refused(step: float) -> None:
    with pytest.raises(UnknownStrategy, match="step must be above 0 and at most 10"):
        make_strategy("Bagging", {"step": step})
