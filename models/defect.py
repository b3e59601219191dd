"""DefectClassifier: how the network is trained, as a LightningModule. The network itself is in `models.network`."""

import torch
from lightning.pytorch import LightningModule
from torch import Tensor
from torch.nn import functional

from models.configs import NetworkConfig
from models.network import DefectNetwork, build_network
from models.preprocessing import Preprocessing


class DefectClassifier(LightningModule):
    """A network with its loss and its optimiser.

    The loss is the cross-entropy weighted by class, ``mean over rows of w_y * -log q_y``, where q is the softmax of the
    network's logits.

    Args:
        network: what is trained; its parameters are changed in place.
        learning_rate: step of AdamW.
        weight_decay: decay of AdamW per unit of learning rate.
    """

    def __init__(self, network: DefectNetwork, *, learning_rate: float = 1e-3, weight_decay: float = 0.0) -> None:
        super().__init__()
        self.network = network
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.epoch_losses: list[Tensor] = []

    def training_step(self, batch: tuple[Tensor, Tensor], _batch_index: int) -> Tensor:
        """Compute the loss (a scalar) of a batch: inputs `(B, I)` and class indices `(B,)`."""
        x, y = batch
        losses = functional.cross_entropy(self.network(x), y, reduction="none")  # (B,)
        weighted = self.network.class_weights[y] * losses  # (B,)
        self.epoch_losses.append(weighted.detach().sum())
        return weighted.mean()

    def on_train_epoch_start(self) -> None:
        """Forget the losses of the epoch before."""
        self.epoch_losses.clear()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Build a fresh AdamW (Loshchilov and Hutter 2019): no moment of an earlier round or other member is kept."""
        return torch.optim.AdamW(self.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay)


def build_classifier(
    preprocessing: Preprocessing,
    network: NetworkConfig,
    *,
    seed: int,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.0,
) -> DefectClassifier:
    """Build the classifier that fits a preprocessing.

    Args:
        preprocessing: gives the number of inputs, the classes and their weights.
        network: size of the network.
        seed: where the initial parameters come from.
        learning_rate: step of AdamW.
        weight_decay: decay of AdamW.
    """
    built = build_network(preprocessing, network, seed=seed)
    return DefectClassifier(built, learning_rate=learning_rate, weight_decay=weight_decay)
