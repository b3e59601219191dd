"""Typed messages <-> Flower records: the only module that knows under which keys they travel.

A message becomes one Flower ``ConfigRecord`` named ``config`` for its scalars, one ``ArrayRecord`` named ``numbers``
for its single arrays, and one ``ArrayRecord`` per group of named arrays, under the field's own name. A network's
weights therefore travel as ``arrays``, where Flower's strategies look for them.
"""

from typing import TypeVar

from flwr.app import Array, ArrayRecord, ConfigRecord, MetricRecord, RecordDict

from federated.errors import BadMessage
from federated.fields import Flat, build, flatten
from federated.messages import Arrays

T = TypeVar("T")

CONFIG = "config"
NUMBERS = "numbers"
SERVER_ROUND = "server-round"
"""Added to a train request by Flower's strategies; it is not ours."""


def pack(message: object) -> RecordDict:
    """Turn a typed message into the Flower record that carries it."""
    flat = flatten(message)
    record = RecordDict({name: array_record(arrays) for name, arrays in flat.groups.items() if arrays})
    if flat.arrays:
        record[NUMBERS] = array_record(flat.arrays)
    # Flower cannot type an empty list; an absent one is read back as empty.
    record[CONFIG] = ConfigRecord({name: value for name, value in flat.values.items() if value != []})
    return record


def unpack(kind: type[T], record: RecordDict) -> T:
    """Read a typed message from a Flower record.

    Raises:
        BadMessage: The record does not hold exactly the fields that `kind` declares.
    """
    groups = {name: read_arrays(arrays) for name, arrays in record.array_records.items() if name != NUMBERS}
    numbers = read_arrays(record.array_records[NUMBERS]) if NUMBERS in record.array_records else {}
    if set(record.config_records) != {CONFIG} or record.metric_records:
        raise BadMessage(f"{kind.__name__}: exactly one config record, named {CONFIG!r}, and no metrics must be sent")
    values = {name: value for name, value in record.config_records[CONFIG].items() if name != SERVER_ROUND}
    return build(kind, Flat(groups, numbers, values))  # type: ignore[arg-type]  # bytes are refused by build


def array_record(arrays: Arrays) -> ArrayRecord:
    """Wrap named arrays, keeping their order."""
    return ArrayRecord({name: Array(array) for name, array in arrays.items()})


def weights_reply(arrays: Arrays, rows: int, loss: float) -> RecordDict:
    """Return what Flower's strategies aggregate: screened weights and the rows they stand for."""
    return RecordDict(
        {"arrays": array_record(arrays), "metrics": MetricRecord({"num-examples": rows, "loss": float(loss)})}
    )


def read_arrays(record: ArrayRecord) -> Arrays:
    """Read named arrays, in order.

    Raises:
        BadMessage: An array's bytes are not a NumPy array.
    """
    try:
        return {name: array.numpy() for name, array in record.items()}
    except Exception as error:  # bytes of anybody's making: a header may lie about shape, size or type
        raise BadMessage("an array in the message cannot be read") from error
