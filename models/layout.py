"""How the arrays of a model must look, told from the contract and the plan alone: no torch, no rows.

A member's node uses it to refuse a "model" that is none: a network that comes in with a round goes out again with it.
"""

import math
from collections.abc import Iterator

from data_contracts.contract import Contract
from models.configs import NetworkConfig
from models.weights import ArraySpec

_FLOAT = "float32"


def most_inputs(contract: Contract, bins: int) -> int:
    """Return how many inputs a network for this contract has at most.

    A numeric column becomes at most ``bins`` numbers, fewer where quantiles fall together, and one more where it may be
    missing; a categorical column one per allowed value.

    Args:
        contract: the contract.
        bins: pieces per numeric column, as the plan says.
    """
    numbers = sum(bins + int(column.max_missing > 0) for column in contract.numbers)
    return numbers + sum(len(column.vocabulary) for column in contract.categories)


def most_parameters(contract: Contract, network: NetworkConfig, *, bins: int) -> int:
    """Return how many parameters a network for this contract has at most.

    Args:
        contract: the contract.
        network: size of the network.
        bins: pieces per numeric column, as the plan says.
    """
    layout = network_layout(most_inputs(contract, bins), len(contract.classes), network)
    return sum(math.prod(spec.shape) for spec in layout)


def network_layout(inputs: int, classes: int, network: NetworkConfig) -> tuple[ArraySpec, ...]:
    """Return names, shapes and dtypes of a `models.network.DefectNetwork`, in order.

    Args:
        inputs: numbers per row.
        classes: number of classes.
        network: size of the network.
    """
    width = network.width
    layers = [_linear("entry", inputs, width)]
    for block in range(network.blocks):
        layers.append(_norm(f"blocks.{block}.norm", width))
        layers.append(_linear(f"blocks.{block}.inner", width, width))
        layers.append(_linear(f"blocks.{block}.outer", width, width))
    layers += [_norm("norm", width), _linear("head", width, classes)]
    return tuple(spec for layer in layers for spec in layer)


def _linear(name: str, inputs: int, outputs: int) -> Iterator[ArraySpec]:
    yield ArraySpec(f"{name}.weight", (outputs, inputs), _FLOAT)
    yield ArraySpec(f"{name}.bias", (outputs,), _FLOAT)


def _norm(name: str, width: int) -> Iterator[ArraySpec]:
    yield ArraySpec(f"{name}.weight", (width,), _FLOAT)
    yield ArraySpec(f"{name}.bias", (width,), _FLOAT)
