"""DefectClassifier: from encoded process conditions to the probability of each class of part.

One small residual multilayer perceptron with a softmax over the contract's classes; two classes and many are the same
case. It is built from any Preprocessing without code, starts from an explicit seed, and holds no state but parameters.
Letters in the shape comments: B rows of a batch, I inputs (the preprocessing's width), W width, C classes.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import skip_init

from models.errors import SettingError
from models.preprocessing import Preprocessing

_MOST_WIDTH = 1024
_MOST_BLOCKS = 16


@dataclass(frozen=True)
class NetworkConfig:
    """Size of the network. What a plan sets once for all members."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    width: int = 32
    """Numbers in the hidden layer, 1 to 1024."""
    blocks: int = 0
    """Residual blocks of two linear layers each, 0 to 16; 0 leaves one hidden layer, best for a few hundred rows."""

    def __post_init__(self) -> None:
        if not 1 <= self.width <= _MOST_WIDTH:
            raise SettingError("network.width", allowed=f"a whole number from 1 to {_MOST_WIDTH}", got=self.width)
        if not 0 <= self.blocks <= _MOST_BLOCKS:
            raise SettingError("network.blocks", allowed=f"a whole number from 0 to {_MOST_BLOCKS}", got=self.blocks)


class ResidualBlock(nn.Module):
    """Add a two-layer correction to what comes in: ``h + Linear(ReLU(Linear(LayerNorm(h))))``.

    Args:
        width: numbers in and out, W.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner = _linear(width, width)
        self.outer = _linear(width, width)

    def forward(self, h: Tensor) -> Tensor:
        """Map `(B, W)` to `(B, W)`."""
        inner = functional.relu(self.inner(self.norm(h)))  # (B, W)
        result: Tensor = h + self.outer(inner)  # (B, W)
        return result


class DefectClassifier(LightningModule):
    """The network, its loss and its optimiser.

    The loss is the cross-entropy weighted by class, ``mean over rows of w_y * -log q_y``, where q is the softmax of the
    logits. Its optimum is ``q_c = w_c p_c / sum over k of w_k p_k``, where p are the true probabilities; so the logits
    for prediction have ``log w_c`` subtracted, and their softmax is p again (Elkan 2001, "The Foundations of
    Cost-Sensitive Learning", theorem 2; Saerens, Latinne and Decaestecker 2002, "Adjusting the Outputs of a Classifier
    to New a Priori Probabilities: A Simple Procedure", equation 2.4). Example: weights (2/3, 2) and logits (0, 0) give
    (0.75, 0.25).

    Args:
        inputs: numbers per row, I.
        class_weights: one weight per class, C of them.
        network: size of the network.
        seed: where the initial parameters come from; equal seed, equal parameters.
        learning_rate: step of AdamW.
        weight_decay: decay of AdamW per unit of learning rate.
    """

    def __init__(
        self,
        *,
        inputs: int,
        class_weights: tuple[float, ...],
        network: NetworkConfig,
        seed: int,
        learning_rate: float = 1e-3,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__()
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.entry = _linear(inputs, network.width)
        self.blocks = nn.ModuleList(ResidualBlock(network.width) for _ in range(network.blocks))
        self.norm = nn.LayerNorm(network.width)
        self.head = _linear(network.width, len(class_weights))
        # Not persistent: they belong to the preprocessing, and only parameters cross the border.
        self.register_buffer("class_weights", torch.tensor(class_weights), persistent=False)
        self.class_weights: Tensor
        self.epoch_losses: list[Tensor] = []
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        """Draw every linear layer from U(-1/sqrt(fan_in), 1/sqrt(fan_in)), torch's own default, but from one seed."""
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                bound = layer.in_features**-0.5
                nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
                nn.init.uniform_(layer.bias, -bound, bound, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """Map inputs `(B, I)` to the logits `(B, C)` that the weighted loss trains."""
        h = functional.relu(self.entry(x))  # (B, W)
        for block in self.blocks:
            h = block(h)  # (B, W)
        logits: Tensor = self.head(functional.relu(self.norm(h)))  # (B, C)
        return logits

    def unbiased_logits(self, x: Tensor) -> Tensor:
        """Map inputs `(B, I)` to logits `(B, C)` whose softmax is calibrated to the data's own class frequencies."""
        logits: Tensor = self(x) - self.class_weights.log()  # (B, C) - (C,)
        return logits

    def training_step(self, batch: tuple[Tensor, Tensor], _batch_index: int) -> Tensor:
        """Compute the loss (a scalar) of a batch: inputs `(B, I)` and class indices `(B,)`."""
        x, y = batch
        losses = functional.cross_entropy(self(x), y, reduction="none")  # (B,)
        weighted = self.class_weights[y] * losses  # (B,)
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
    return DefectClassifier(
        inputs=preprocessing.width,
        class_weights=preprocessing.class_weights,
        network=network,
        seed=seed,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
    )


def _linear(inputs: int, outputs: int) -> nn.Linear:
    """Make a layer without drawing its parameters: torch's own constructor would draw from the global generator."""
    layer: nn.Linear = skip_init(nn.Linear, inputs, outputs)  # type: ignore[no-untyped-call]
    return layer
