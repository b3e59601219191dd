"""Flower's strategies make the same bits of arrays that are held as of arrays that are serialised."""

import numpy as np
import pytest
from flwr.app import Array, ArrayRecord, ConfigRecord, Message, MetricRecord, RecordDict
from flwr.serverapp.strategy import Strategy
from numpy.typing import NDArray

from federated.learning import BAGGING
from federated.strategies import make_strategy, strategy_names
from federated.strategy_records import array_record, read_arrays, weights_reply

pytestmark = pytest.mark.usefixtures("server")

Arrays = dict[str, NDArray[np.float32]]
OPTIONS: dict[str, dict[str, float]] = {
    "QFedAvg": {"client_learning_rate": 0.1},
    "Krum": {"num_malicious_nodes": 1.0},
    "Bulyan": {"num_malicious_nodes": 0.0},
    "MultiKrum": {"num_malicious_nodes": 1.0, "num_nodes_to_select": 2.0},
}
NODES = [1, 2, 3, 4, 5]


class Grid:
    """All that a strategy asks of a grid."""

    def get_node_ids(self) -> list[int]:
        """Return all nodes."""
        return NODES


def drawn(seed: int) -> Arrays:
    draw = np.random.default_rng(seed)
    return {"w": draw.normal(size=(3, 2)).astype(np.float32), "b": draw.normal(size=2).astype(np.float32)}


def serialised(arrays: Arrays) -> ArrayRecord:
    """Wrap arrays in Flower's own way."""
    return ArrayRecord({name: Array(array) for name, array in arrays.items()})


def serialised_reply(arrays: Arrays, rows: int, loss: float) -> RecordDict:
    return RecordDict(
        {"arrays": serialised(arrays), "metrics": MetricRecord({"num-examples": rows, "train_loss": loss})}
    )


def one_round(strategy: Strategy, number: int, start: Arrays, *, held: bool) -> Arrays:
    record, reply = (array_record, weights_reply) if held else (serialised, serialised_reply)
    asked = strategy.configure_train(number, record(start), ConfigRecord(), Grid())  # type: ignore[arg-type]
    replies = [
        Message(reply(drawn(10 * number + at), 10 + at, 0.5), reply_to=message) for at, message in enumerate(asked)
    ]
    merged, _ = strategy.aggregate_train(number, replies)
    assert merged is not None
    return dict(read_arrays(merged))


@pytest.mark.parametrize("name", [name for name in strategy_names() if name != BAGGING])
def test_every_strategy_makes_the_same_bits_in_two_rounds(name: str) -> None:
    ends = []
    for held in (True, False):
        strategy, arrays = make_strategy(name, OPTIONS.get(name, {})), drawn(1)
        for number in (1, 2):
            arrays = one_round(strategy, number, arrays, held=held)
        ends.append({key: array.tobytes() for key, array in arrays.items()})

    assert ends[0] == ends[1]


def test_a_strategy_that_computes_in_place_changes_nothing_that_is_held() -> None:
    arrays = drawn(1)
    record = array_record(arrays)

    record["w"].numpy()[:] = 0

    assert record["w"].numpy().tobytes() == arrays["w"].tobytes() == drawn(1)["w"].tobytes()


def test_who_asks_for_bytes_gets_those_that_flower_would_have_made() -> None:
    arrays = drawn(1)
    record, flowers = array_record(arrays), serialised(arrays)

    assert record["w"].data == flowers["w"].data
    assert (record["w"].dtype, record["w"].shape, record["w"].stype) == ("float32", (3, 2), flowers["w"].stype)
