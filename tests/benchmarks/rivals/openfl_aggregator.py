"""OpenFL's `fx aggregator start` with a stamp when the first collaborator asks for work and at each round's end."""

import sys
from typing import Any

import rival_work as work
from openfl.component.aggregator.aggregator import Aggregator
from openfl.interface.cli import entry
from openfl.utilities import TensorKey

_get_tasks, _end_of_round = Aggregator.get_tasks, Aggregator._end_of_round_check
_seen: list[str] = []


def _stamped_tasks(self: Aggregator, name: str) -> Any:
    if not _seen:
        for what in ("up", "submitted", 0):
            work.stamp(what)
    _seen.append(name)
    return _get_tasks(self, name)


def _stamped_end(self: Aggregator, *arguments: Any, **named: Any) -> Any:
    before = self.round_number
    result = _end_of_round(self, *arguments, **named)
    if self.round_number > before:
        work.stamp(self.round_number)
        if self.round_number == self.rounds_to_train:
            work.stamp("final", final_loss=work.evaluate_all(_merged(self), len(self.authorized_cols)))
    return result


def _merged(aggregator: Aggregator) -> dict[str, Any]:
    """Return the merged network's state from the aggregator's own store; it knows it as a part of the task runner."""
    found = {}
    for name in work.Network().state_dict():
        key = TensorKey(f"model.{name}", aggregator.uuid, aggregator.round_number, False, ("model",))
        found[name] = aggregator.tensor_db.get_tensor_from_cache(key)
    return work.tensors(found)


def main() -> None:
    """Start the aggregator."""
    Aggregator.get_tasks, Aggregator._end_of_round_check = _stamped_tasks, _stamped_end
    sys.argv = ["fx", "aggregator", "start"]
    entry()


if __name__ == "__main__":
    main()
