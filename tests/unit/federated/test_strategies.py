"""Flower's strategies by name, and their memory as arrays."""

import random

import numpy as np
import pytest
from flwr.app import Array, ArrayRecord, ConfigRecord
from flwr.serverapp.strategy import FedAvgM

from federated.errors import UnknownStrategy
from federated.strategies import capture_state, make_strategy, restore_state, seeded_sampling, strategy_names


def test_a_strategy_is_made_with_its_options() -> None:
    strategy = make_strategy("FedAvgM", {"server_momentum": 0.5, "server_learning_rate": 0.7})

    assert isinstance(strategy, FedAvgM)
    assert (strategy.server_momentum, strategy.server_learning_rate) == (0.5, 0.7)


def test_an_unknown_strategy_names_the_known_ones() -> None:
    with pytest.raises(UnknownStrategy, match=r"FedAvg, FedAvgM.*got 'FedMagic'"):
        make_strategy("FedMagic", {})


def test_an_unknown_option_names_the_allowed_ones() -> None:
    with pytest.raises(UnknownStrategy, match=r"does not take 'momentum'; allowed:.*server_momentum"):
        make_strategy("FedAvgM", {"momentum": 0.5})


@pytest.mark.parametrize(
    "name", ["FedXgbCyclic", "FedXgbBagging", "DifferentialPrivacyServerSideFixedClipping", "Strategy"]
)
def test_what_is_not_in_the_list_cannot_be_made(name: str) -> None:
    with pytest.raises(UnknownStrategy, match=r"learning\.strategy must be one of"):
        make_strategy(name, {})

    assert name not in strategy_names()


def test_everything_in_the_list_can_be_made() -> None:
    options = {"QFedAvg": {"client_learning_rate": 0.1}}

    for name in strategy_names():
        assert type(make_strategy(name, options.get(name, {}))).__name__ == name


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("QFedAvg", {}, "QFedAvg needs client_learning_rate"),
        ("FedAvgM", {"server_momentum": float("nan")}, "server_momentum of FedAvgM must be a finite number, got nan"),
        ("Krum", {"num_malicious_nodes": 0.5}, "num_malicious_nodes of Krum must be a whole number, got 0.5"),
        ("FedAvg", {"weighted_by_key": 1.0}, "does not take 'weighted_by_key'"),
        ("FedAvg", {"min_train_nodes": 2.0}, "does not take 'min_train_nodes'"),
    ],
)
def test_an_option_that_cannot_work_is_refused(name: str, options: dict[str, float], said: str) -> None:
    with pytest.raises(UnknownStrategy, match=said):
        make_strategy(name, options)


def test_a_whole_number_stays_one() -> None:
    strategy = make_strategy("MultiKrum", {"num_malicious_nodes": 1.0, "num_nodes_to_select": 2.0})

    assert [type(value) for value in vars(strategy).values() if value == 2] == [int]


@pytest.mark.parametrize("name", ["FedAvg", "FedAvgM", "FedAdam", "FedYogi", "FedMedian", "FedTrimmedAvg"])
def test_the_usual_strategies_may_be_named(name: str) -> None:
    assert name in strategy_names()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("name", "options"),
    [(name, {"num_malicious_nodes": 1.0} if name in ("Krum", "Bulyan") else {}) for name in strategy_names()],
)
def test_no_strategy_that_may_be_named_needs_members_to_do_more_than_train(
    name: str, options: dict[str, float]
) -> None:
    """FedProx does: without its term in the members' loss it would be FedAvg under another name."""
    if name == "QFedAvg":
        options = {"client_learning_rate": 0.1}
    if name == "MultiKrum":
        options = {"num_malicious_nodes": 1.0, "num_nodes_to_select": 1.0}
    config = ConfigRecord()

    list(make_strategy(name, options).configure_train(1, ArrayRecord(), config, OneNode()))  # type: ignore[arg-type]

    assert set(config) == {"server-round"}


class OneNode:
    """All that a strategy asks of a grid."""

    def get_node_ids(self) -> list[int]:
        """Return one node."""
        return [1]


def test_momentum_survives_capture_and_restore() -> None:
    full = make_strategy("FedAvgM", {"server_momentum": 0.5})
    assert isinstance(full, FedAvgM)
    full.current_arrays = ArrayRecord({"w": Array(np.array([1.0, 2.0]))})
    full.momentum_vector = [np.array([0.5, 0.25])]
    fresh = make_strategy("FedAvgM", {"server_momentum": 0.5})
    assert isinstance(fresh, FedAvgM)

    restore_state(fresh, capture_state(full))

    assert fresh.current_arrays is not None
    assert fresh.momentum_vector is not None
    assert fresh.current_arrays["w"].numpy().tolist() == [1.0, 2.0]
    assert fresh.momentum_vector[0].tolist() == [0.5, 0.25]


def test_sampling_is_repeatable_and_leaves_the_global_generator_alone() -> None:
    random.seed(7)
    before = random.getstate()

    with seeded_sampling(1, 2):
        first = random.sample(range(100), 5)
    with seeded_sampling(1, 2):
        again = random.sample(range(100), 5)
    with seeded_sampling(1, 3):
        other = random.sample(range(100), 5)

    assert first == again != other
    assert random.getstate() == before
