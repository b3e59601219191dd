"""DefectObjective: how the network is trained: loss and optimiser, in the hooks of a LightningModule, in plain torch.

The network itself is in `models.network`; `models.lightning_module` makes a LightningModule of both.
"""

import torch
from torch import Tensor
from torch.nn import functional

from models.configs import NetworkConfig
from models.network import DefectNetwork, build_network
from models.optimiser import AdamW
from models.preprocessing import Preprocessing


class DefectObjective:
    """A network with its loss and its optimiser.

    The hooks are named, and called, as Lightning's Trainer does it; whoever drives them makes the same model.

    The loss is the cross-entropy weighted by class, ``mean over rows of w_y * -log q_y``, where q is the softmax of the
    network's logits, over the classes that the loss is about. Example: equal logits of three classes cost ``log 3``,
    with one of them left out ``log 2``.

    Args:
        network: what is trained; its parameters are changed in place.
        learning_rate: step of AdamW.
        weight_decay: decay of AdamW per unit of learning rate.
        classes: which classes the loss is about `(C,)`, every label's among them; None for all.
    """

    def __init__(
        self,
        network: DefectNetwork,
        *,
        learning_rate: float = 1e-3,
        weight_decay: float = 0.0,
        classes: Tensor | None = None,
    ) -> None:
        self.network = network
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.classes = classes
        self.epoch_losses: list[Tensor] = []

    def training_step(self, batch: tuple[Tensor, Tensor], _batch_index: int) -> Tensor:
        """Compute the loss (a scalar) of a batch: inputs `(B, I)` and class indices `(B,)`."""
        x, y = batch
        logits = self.network(x)  # (B, C)
        if self.classes is not None:
            logits = logits.masked_fill(~self.classes, -torch.inf)  # (B, C)
        losses = functional.cross_entropy(logits, y, reduction="none")  # (B,)
        weighted = self.network.class_weights[y] * losses  # (B,)
        self.epoch_losses.append(weighted.detach().sum())
        return weighted.mean()

    def on_train_epoch_start(self) -> None:
        """Forget the losses of the epoch before."""
        self.epoch_losses.clear()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Build a fresh AdamW (Loshchilov and Hutter 2019): no moment of an earlier round or other member is kept."""
        return AdamW(self.network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay)


def build_objective(
    preprocessing: Preprocessing,
    network: NetworkConfig,
    *,
    seed: int | None,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.0,
    classes: Tensor | None = None,
) -> DefectObjective:
    """Build the objective that fits a preprocessing.

    Args:
        preprocessing: gives the number of inputs, the classes and their weights.
        network: size of the network.
        seed: where the initial parameters come from; None leaves them undrawn.
        learning_rate: step of AdamW.
        weight_decay: decay of AdamW.
        classes: which classes the loss is about; None for all.
    """
    built = build_network(preprocessing, network, seed=seed)
    return DefectObjective(built, learning_rate=learning_rate, weight_decay=weight_decay, classes=classes)
