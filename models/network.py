"""DefectNetwork: from encoded process conditions to the logits of each class of part.

Plain torch, so that a member that only scores parts imports no training framework. One small residual multilayer
perceptron; two classes and many are the same case. It is built from any Preprocessing without code, starts from an
explicit seed, and holds no state but parameters. Letters in the shape comments: B rows of a batch, I inputs (the
preprocessing's width), W width, C classes.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.configs import NetworkConfig
from models.preprocessing import Preprocessing


class _Linear(nn.Linear):
    """A layer that draws no parameters: torch's own constructor would draw them from the global generator.

    ``torch.nn.utils.skip_init`` does the same by way of torch's meta device, whose first use imports a computer algebra
    system.
    """

    def reset_parameters(self) -> None:
        """Leave the parameters as they are."""


class ResidualBlock(nn.Module):
    """Add a two-layer correction to what comes in: ``h + Linear(ReLU(Linear(LayerNorm(h))))``.

    Args:
        width: numbers in and out, W.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner = _Linear(width, width)
        self.outer = _Linear(width, width)

    def forward(self, h: Tensor) -> Tensor:
        """Map `(B, W)` to `(B, W)`."""
        inner = functional.relu(self.inner(self.norm(h)))  # (B, W)
        result: Tensor = h + self.outer(inner)  # (B, W)
        return result


class DefectNetwork(nn.Module):
    """The network, and the correction that frees its probabilities of the loss's class weights.

    Training minimises the cross-entropy weighted by class. Its optimum is ``q_c = w_c p_c / sum over k of w_k p_k``,
    where p are the true probabilities; so the logits for prediction have ``log w_c`` subtracted, and their softmax is p
    again (Elkan 2001, "The Foundations of Cost-Sensitive Learning", theorem 2; Saerens, Latinne and Decaestecker 2002,
    "Adjusting the Outputs of a Classifier to New a Priori Probabilities: A Simple Procedure", equation 2.4). Example:
    weights (2/3, 2) and logits (0, 0) give (0.75, 0.25).

    Args:
        inputs: numbers per row, I.
        class_weights: one weight per class, C of them.
        network: size of the network.
        seed: where the initial parameters come from; equal seed, equal parameters. None leaves them undrawn, for
            weights that are loaded over them.
    """

    def __init__(
        self, *, inputs: int, class_weights: tuple[float, ...], network: NetworkConfig, seed: int | None
    ) -> None:
        super().__init__()
        self.entry = _Linear(inputs, network.width)
        self.blocks = nn.ModuleList(ResidualBlock(network.width) for _ in range(network.blocks))
        self.norm = nn.LayerNorm(network.width)
        self.head = _Linear(network.width, len(class_weights))
        # Not persistent: they belong to the preprocessing, and only parameters cross the border.
        self.register_buffer("class_weights", torch.tensor(class_weights), persistent=False)
        self.class_weights: Tensor
        if seed is not None:
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


def build_network(preprocessing: Preprocessing, network: NetworkConfig, *, seed: int | None) -> DefectNetwork:
    """Build the network that fits a preprocessing.

    Args:
        preprocessing: gives the number of inputs, the classes and their weights.
        network: size of the network.
        seed: where the initial parameters come from; None leaves them undrawn.
    """
    return DefectNetwork(
        inputs=preprocessing.width, class_weights=preprocessing.class_weights, network=network, seed=seed
    )
