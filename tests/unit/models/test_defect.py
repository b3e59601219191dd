import numpy as np
import pytest
import torch
from lightning.pytorch import LightningModule

from models.configs import NetworkConfig
from models.defect import DefectObjective, build_objective
from models.errors import SettingError
from models.lightning_module import DefectClassifier
from models.network import DefectNetwork
from models.preprocessing import Preprocessing
from models.weights import Weights


def _network(seed: int = 1, *, class_weights: tuple[float, ...] = (2 / 3, 2.0), blocks: int = 1) -> DefectNetwork:
    size = NetworkConfig(width=4, blocks=blocks)
    return DefectNetwork(inputs=3, class_weights=class_weights, network=size, seed=seed)


def test_an_objective_is_built_from_the_preprocessing_alone(tiny_preprocessing: Preprocessing) -> None:
    objective = build_objective(tiny_preprocessing, NetworkConfig(width=4), seed=1)

    assert objective.network(torch.zeros(5, tiny_preprocessing.width)).shape == (5, 2)


@pytest.mark.parametrize("classes", [2, 3, 19])
def test_two_classes_and_many_share_one_head(classes: int) -> None:
    assert _network(class_weights=(1.0,) * classes)(torch.zeros(5, 3)).shape == (5, classes)


def test_equal_seeds_give_equal_parameters_and_others_do_not() -> None:
    assert Weights.of_module(_network(1)) == Weights.of_module(_network(1))
    assert Weights.of_module(_network(1)) != Weights.of_module(_network(2))


def test_building_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()

    _network()

    assert torch.equal(torch.get_rng_state(), before)


def test_initial_linear_layers_lie_within_one_over_the_root_of_their_inputs() -> None:
    arrays = Weights.of_module(_network()).arrays

    assert np.abs(arrays["entry.weight"]).max() <= 3**-0.5
    assert np.abs(arrays["head.weight"]).max() <= 4**-0.5
    assert arrays["entry.weight"].std() > 0.1


def test_only_parameters_cross_the_border() -> None:
    """Class weights belong to the preprocessing, so they are not part of the state."""
    network = _network()

    assert list(network.state_dict()) == [name for name, _ in network.named_parameters()]


def test_class_weights_are_taken_out_of_the_logits_again() -> None:
    """Equal weighted logits, weights 2/3 and 2: the defect is three times rarer, hence 0.75 and 0.25."""
    network = _network()
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)

    probabilities = torch.softmax(network.unbiased_logits(torch.zeros(1, 3)), dim=1)

    assert probabilities[0].tolist() == pytest.approx([0.75, 0.25])


def test_the_loss_weighs_each_row_by_its_class() -> None:
    """Equal logits cost log 2 per row; one row weighs 2/3, one 2, so the mean is 4/3 log 2."""
    network = _network()
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)

    loss = DefectObjective(network).training_step((torch.zeros(2, 3), torch.tensor([0, 1])), 0)

    assert loss.item() == pytest.approx(4 / 3 * np.log(2))


def test_a_class_that_the_loss_is_not_about_is_neither_counted_nor_taught() -> None:
    """Equal logits of three classes cost log 3, of two of them log 2; no gradient reaches the third."""
    network = _network(class_weights=(1.0, 1.0, 1.0))
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)
    batch = torch.zeros(2, 3), torch.tensor([0, 0])

    over_all = DefectObjective(network).training_step(batch, 0)
    over_two = DefectObjective(network, classes=torch.tensor([True, True, False])).training_step(batch, 0)
    over_two.backward()  # type: ignore[no-untyped-call]

    assert (over_all.item(), over_two.item()) == pytest.approx((np.log(3), np.log(2)))
    assert network.head.bias.grad is not None
    assert network.head.bias.grad.tolist() == pytest.approx([-0.5, 0.5, 0])


def test_no_blocks_leave_a_single_hidden_layer() -> None:
    assert [n for n in Weights.of_module(_network(blocks=0)).arrays if n.startswith("blocks")] == []


@pytest.mark.parametrize("setting", [{"width": 0}, {"width": 1025}, {"blocks": -1}, {"blocks": 17}])
def test_impossible_sizes_are_refused_by_name(setting: dict[str, int]) -> None:
    with pytest.raises(SettingError, match=f"network.{next(iter(setting))} must be"):
        NetworkConfig(**setting)


def test_the_lightning_module_is_the_objective_with_its_network_as_submodule(tiny_preprocessing: Preprocessing) -> None:
    objective = build_objective(tiny_preprocessing, NetworkConfig(width=4), seed=1, learning_rate=0.5)

    classifier = DefectClassifier(objective)

    assert isinstance(classifier, LightningModule)
    assert [name for name, _ in classifier.named_children()] == ["network"]
    assert [a is b for a, b in zip(classifier.parameters(), objective.network.parameters(), strict=True)] == [True] * 6
    assert classifier.configure_optimizers().defaults["lr"] == 0.5
