"""Every message survives Flower's own serialisation, the one that is used between machines."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from flwr.app import ConfigRecord, RecordDict
from flwr.common.serde import recorddict_from_proto, recorddict_to_proto
from flwr.proto.recorddict_pb2 import RecordDict as ProtoRecordDict

from data_contracts.statistics import GRID, FrameStatistics
from federated import messages as m
from federated.errors import BadMessage
from federated.wire import pack, unpack
from models.calibration import TEMPERATURES
from models.configs import NetworkConfig, TrainingConfig
from models.evaluation import Scorecard
from models.intervals import Interval

ASSIGNMENT = m.Assignment(
    "run-1", "e" * 64, "목적", "tiny@1.0.0", "a" * 64, 7, 3, 2, NetworkConfig(), TrainingConfig(), m.Minimums()
)
ARRAYS = {"b": np.array([1.5, -2.0], dtype=np.float32), "a": np.eye(2, dtype=np.float32)}
CARD = Scorecard(np.array([3, 1]), 2.5, 1.25, np.array([[2, 1], [0, 1]]), np.zeros((2, 2, 50), dtype=np.int64), 1)
STATISTICS = FrameStatistics(
    rows=10,
    class_counts=np.array([6, 4]),
    present=np.array([10]),
    sums=np.array([5.0]),
    squares=np.array([3.0]),
    bins=np.array([[10] + [0] * (GRID - 1)]),
    categories=np.array([[4, 6]]),
)
MESSAGES = [
    m.RollCall("run-1", "tiny@1.0.0", "{}", ""),
    m.Present("anvil", "0.1.0", "tiny@1.0.0", "a" * 64, shares_metrics=True),
    m.CheckContract(ASSIGNMENT),
    m.ContractChecked(accepted=False, reasons=("one_class", "missing_rate"), commitment="b" * 64),
    m.ContractChecked(accepted=True, reasons=(), commitment="b" * 64),
    m.DescribeRecords(ASSIGNMENT),
    m.RecordsDescribed(STATISTICS),
    m.TrainRound(ARRAYS, ASSIGNMENT, "{}", 2),
    m.RoundTrained(ARRAYS, 10, 0.5, 4, 2.25),
    m.Calibrate(ARRAYS, ASSIGNMENT, "{}"),
    m.Calibrated(4, np.linspace(0, 1, len(TEMPERATURES))),
    m.Evaluate(ARRAYS, {}, ASSIGNMENT, "{}", 1.5, 0.95),
    m.Evaluate(ARRAYS, ARRAYS, ASSIGNMENT, "{}", 1.5, 0.95, m.Champion("{}", NetworkConfig(), 2.0)),
    m.Evaluated(withheld=True),
    m.Evaluated(withheld=False, comparison=m.Comparison(CARD, CARD, CARD, "mean", None, Interval(-0.1, 0.0, 0.1))),
    m.TakeHome(ARRAYS, ASSIGNMENT, "print-defect", "3", "{}", 1.5, 0.4),
    m.TakenHome("c" * 64),
]


def over_the_wire(record: RecordDict) -> RecordDict:
    """Serialise as Flower does between machines, and read it again."""
    return recorddict_from_proto(ProtoRecordDict.FromString(recorddict_to_proto(record).SerializeToString()))


def same(one: object, other: object) -> bool:
    """Compare messages field by field, arrays by dtype, shape and content, mappings with their order."""
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    if isinstance(one, dict):
        return isinstance(other, dict) and list(one) == list(other) and all(same(one[n], other[n]) for n in one)
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(message: object) -> None:
    assert same(message, unpack(type(message), over_the_wire(pack(message))))


def test_every_message_of_the_table_is_among_them() -> None:
    table = {line.split("`")[1] for line in (m.__doc__ or "").splitlines() if line.count("`") == 4}
    table |= {line.split("`")[3] for line in (m.__doc__ or "").splitlines() if line.count("`") == 4}

    assert table == {type(message).__name__ for message in MESSAGES}


def test_bytes_are_no_value_of_any_message() -> None:
    record = pack(m.RollCall("run-1", "tiny@1.0.0", "{}", ""))
    record["message"] = ConfigRecord({**record.config_records["message"], "contract": b"tiny"})

    with pytest.raises(BadMessage, match="the field contract holds bytes"):
        unpack(m.RollCall, record)
