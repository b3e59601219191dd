"""What Flower's strategies read and give back: named arrays as records that stay in this process.

Between machines an array travels inside a typed message (`federated.wire`); a strategy only ever meets the records of
this module.
"""

from typing import Any

from flwr.app import Array, ArrayRecord, MetricRecord, RecordDict
from numpy.typing import NDArray

from federated.messages import Arrays

_NUMPY = "numpy.ndarray"
"""Flower's name for an array whose bytes, were they asked for, are those of numpy's own file format."""


class HeldArray(Array):
    """An array that a strategy reads without parsing it.

    Flower's own keeps the bytes of a file in numpy's format: written for each member and round, and parsed as often as
    a strategy looks.

    Args:
        array: What is held; nobody can write to it through this.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self.__dict__.update(dtype=array.dtype.name, shape=array.shape, stype=_NUMPY, _held=array)

    def numpy(self) -> NDArray[Any]:
        """Return a copy, as Flower's own does: some strategies compute in place."""
        held: NDArray[Any] = self.__dict__["_held"]
        return held.copy()

    @property
    def data(self) -> bytes:  # type: ignore[override]
        """Serialise, for the strategies that count bytes."""
        return Array(self.__dict__["_held"]).data


def array_record(arrays: Arrays) -> ArrayRecord:
    """Wrap named arrays as Flower's strategies know them, keeping their order and the arrays themselves."""
    record = ArrayRecord()
    for name, array in arrays.items():  # given as a whole, each would be serialised
        record[name] = HeldArray(array)
    return record


def weights_reply(arrays: Arrays, rows: int, loss: float) -> RecordDict:
    """Return what Flower's strategies aggregate: screened weights and the rows they stand for."""
    return RecordDict(
        {"arrays": array_record(arrays), "metrics": MetricRecord({"num-examples": rows, "train_loss": float(loss)})}
    )


def read_arrays(record: ArrayRecord) -> Arrays:
    """Read named arrays, in order, from a record that a strategy made."""
    return {name: array.numpy() for name, array in record.items()}
