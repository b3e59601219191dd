"""The layout that a node computes without torch is the network's own."""

import pytest

from models.configs import NetworkConfig
from models.layout import network_layout
from models.network import DefectNetwork
from models.weights import Weights


@pytest.mark.parametrize("blocks", [0, 1, 3])
def test_the_layout_told_without_torch_is_that_of_the_network(blocks: int) -> None:
    size = NetworkConfig(width=5, blocks=blocks)
    network = DefectNetwork(inputs=7, class_weights=(1.0, 2.0, 3.0), network=size, seed=1)

    assert network_layout(7, 3, size) == Weights.of_module(network).spec
