"""Flower's own strategies by name, and their state as plain arrays so that a run can be continued exactly."""

import inspect
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import flwr.serverapp.strategy as flower_strategies
import numpy as np
from flwr.app import Array, ArrayRecord
from flwr.serverapp.strategy import Strategy
from numpy.typing import NDArray

from federated.errors import UnknownStrategy

OURS = ("min_train_nodes", "min_evaluate_nodes", "min_available_nodes", "fraction_evaluate")
"""Options that the training loop decides: it knows who answered the roll call."""


def make_strategy(name: str, options: Mapping[str, float], *, members: int) -> Strategy:
    """Build a Flower strategy from the plan.

    Args:
        name: Class name in ``flwr.serverapp.strategy``, like ``FedAvgM``.
        options: Its keyword arguments.
        members: Members on the roster; the strategy never waits for more of them.

    Raises:
        UnknownStrategy: Flower has no such strategy, or it does not take an option.
    """
    kind = getattr(flower_strategies, name, None)
    if not (inspect.isclass(kind) and issubclass(kind, Strategy)) or inspect.isabstract(kind):
        raise UnknownStrategy(f"learning.strategy must be one of {', '.join(strategy_names())}; got {name!r}")
    allowed = [option for option in inspect.signature(kind).parameters if option not in OURS]
    for option in options:
        if option not in allowed:
            raise UnknownStrategy(
                f"learning.options: {name} does not take {option!r}; allowed: {', '.join(sorted(allowed))}"
            )
    return kind(**{**options, "min_train_nodes": 1, "min_evaluate_nodes": 1, "min_available_nodes": min(1, members)})


def strategy_names() -> tuple[str, ...]:
    """Return the strategies that a plan may name."""
    return tuple(
        name
        for name, kind in sorted(vars(flower_strategies).items())
        if inspect.isclass(kind)
        and issubclass(kind, Strategy)
        and not inspect.isabstract(kind)
        and "min_available_nodes" in inspect.signature(kind).parameters  # wrappers of strategies need another one
    )


def capture_state(strategy: Strategy) -> dict[str, NDArray[Any]]:
    """Return every array a strategy has gathered, under a name that says where to put it back.

    Flower's strategies keep their momentum and second moments in attributes that are an ``ArrayRecord``, a list or a
    dict of arrays; the name is ``attribute|record or list or dict|key``.
    """
    state: dict[str, NDArray[Any]] = {}
    for attribute, value in vars(strategy).items():
        for form, items in _forms(value):
            state.update({f"{attribute}|{form}|{key}": array for key, array in items.items()})
    return state


def restore_state(strategy: Strategy, state: Mapping[str, NDArray[Any]]) -> None:
    """Put back what `capture_state` returned."""
    found: dict[tuple[str, str], dict[str, NDArray[Any]]] = {}
    for name, array in state.items():
        attribute, form, key = name.split("|", 2)
        found.setdefault((attribute, form), {})[key] = array
    for (attribute, form), items in found.items():
        setattr(strategy, attribute, _restore(form, items))


@contextmanager
def seeded_sampling(seed: int, server_round: int) -> Iterator[None]:
    """Make Flower's choice of members repeatable: it draws from the global generator, which is put back afterwards."""
    before = random.getstate()
    random.seed(f"{seed}/{server_round}")
    try:
        yield
    finally:
        random.setstate(before)


def _forms(value: object) -> Iterator[tuple[str, dict[str, NDArray[Any]]]]:
    if isinstance(value, ArrayRecord):
        yield "record", {key: array.numpy() for key, array in value.items()}
    elif isinstance(value, list) and value and all(isinstance(item, np.ndarray) for item in value):
        yield "list", {str(index): array for index, array in enumerate(value)}
    elif isinstance(value, dict) and value and all(isinstance(item, np.ndarray) for item in value.values()):
        yield "dict", cast("dict[str, NDArray[Any]]", value)


def _restore(form: str, items: dict[str, NDArray[Any]]) -> ArrayRecord | list[NDArray[Any]] | dict[str, NDArray[Any]]:
    if form == "record":
        return ArrayRecord({key: Array(array) for key, array in items.items()})
    if form == "list":
        return [items[str(index)] for index in range(len(items))]
    return items
