"""Flower's own strategies by name, and their state as plain arrays so that a run can be continued exactly."""

import inspect
import math
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import flwr.serverapp.strategy as flower_strategies
import numpy as np
from flwr.app import Array, ArrayRecord
from flwr.serverapp.strategy import Strategy
from numpy.typing import NDArray

from federated.bagging import Bagging
from federated.errors import UnknownStrategy
from federated.learning import BAGGING

OURS = ("min_train_nodes", "min_evaluate_nodes", "min_available_nodes", "fraction_evaluate")
"""Options that the training loop decides: it knows who answered the roll call."""

TREES = "FedXgb"
"""Flower's strategies that merge XGBoost's trees; ours are arrays, and `BAGGING` merges them."""

ASKS_MEMBERS = frozenset({"FedProx"})
"""Strategies that need a term of their own in the members' loss, which our members do not add."""


def make_strategy(name: str, options: Mapping[str, float]) -> Strategy:
    """Build a Flower strategy from the plan.

    Args:
        name: Class name in ``flwr.serverapp.strategy``, one of `strategy_names`.
        options: Its keyword arguments, numbers only.

    Raises:
        UnknownStrategy: Flower has no such strategy, it does not take an option, or it lacks one.
    """
    if name not in strategy_names():
        raise UnknownStrategy(f"learning.strategy must be one of {', '.join(strategy_names())}; got {name!r}")
    kind: type[Strategy] = Bagging if name == BAGGING else getattr(flower_strategies, name)
    parameters = _number_parameters(kind)
    given = {option: _option(name, option, value, parameters) for option, value in options.items()}
    missing = [p.name for p in parameters.values() if p.default is p.empty and p.name not in given]
    if missing:
        raise UnknownStrategy(f"learning.options: {name} needs {', '.join(missing)}")
    return kind(**{**given, "min_train_nodes": 1, "min_evaluate_nodes": 1, "min_available_nodes": 1})


def strategy_names() -> tuple[str, ...]:
    """Return the strategies that a plan may name."""
    averaging = (
        name
        for name, kind in sorted(vars(flower_strategies).items())
        if inspect.isclass(kind)
        and issubclass(kind, Strategy)
        and not inspect.isabstract(kind)
        and not name.startswith(TREES)
        and name not in ASKS_MEMBERS
        and "min_available_nodes" in inspect.signature(kind).parameters  # wrappers of strategies need another one
    )
    return (BAGGING, *averaging)


def _number_parameters(kind: type[Strategy]) -> dict[str, inspect.Parameter]:
    """Return what a plan may set of a strategy: its numbers, but for those that the training loop decides."""
    return {
        name: parameter
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.annotation in (int, float) and name not in OURS
    }


def _option(strategy: str, option: str, value: float, parameters: Mapping[str, inspect.Parameter]) -> float:
    """Return an option's value as the strategy takes it.

    Raises:
        UnknownStrategy: The strategy does not take the option, or not with this value.
    """
    if option not in parameters:
        allowed = ", ".join(sorted(parameters))
        raise UnknownStrategy(f"learning.options: {strategy} does not take {option!r}; allowed: {allowed}")
    if parameters[option].annotation is float and math.isfinite(value):
        return value
    if parameters[option].annotation is int and float(value).is_integer():
        return int(value)
    wanted = "a finite number" if parameters[option].annotation is float else "a whole number"
    raise UnknownStrategy(f"learning.options: {option} of {strategy} must be {wanted}, got {value}")


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
