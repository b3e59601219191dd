"""train(weights, records, ...) -> TrainResult: one call, no memory, the same bits for the same seed.

Knows nothing of Flower, Prefect or MLflow. It works in any thread, writes no file, prints nothing, and leaves torch's
global random state as it was.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.configs import NetworkConfig, TrainingConfig
from models.defect import DefectObjective, build_objective
from models.preprocessing import Preprocessing
from models.records import Records
from models.torch_runtime import one_thread
from models.weights import Weights


@dataclass(frozen=True)
class TrainResult:
    """What one call of :func:`train` gives back.

    Attributes:
        weights: the trained model.
        loss: weighted cross-entropy, mean over the rows of the last epoch, in nats.
    """

    weights: Weights
    loss: float


class ShuffledSlices:
    """Batches by slicing tensors in an order drawn from a seed; a DataLoader's work per row would cost more than steps.

    Args:
        records: the rows.
        batch_size: rows per batch.
        seed: of the order; every pass draws the next permutation of the same generator.
    """

    def __init__(self, records: Records, batch_size: int, seed: int) -> None:
        self._x, self._y = _tensor(records.x), _tensor(records.y)
        self._batch_size = batch_size
        self._generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return math.ceil(len(self._y) / self._batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(self._y), generator=self._generator)
        for start in range(0, len(order), self._batch_size):
            rows = order[start : start + self._batch_size]
            yield self._x[rows], self._y[rows]


def _tensor(array: NDArray[Any]) -> Tensor:
    """Share an array's memory, which is only read; torch warns of an array that nobody may write to."""
    return torch.from_numpy(array if array.flags.writeable else array.copy())


class Fit(Protocol):
    """What drives the epochs of a training."""

    def __call__(self, objective: DefectObjective, batches: ShuffledSlices, *, epochs: int) -> None:
        """Change the objective's network in place."""


def fit_by_hooks(objective: DefectObjective, batches: ShuffledSlices, *, epochs: int) -> None:
    """Run the epochs over the LightningModule's own hooks.

    A member trains anew in every round, mostly on few rows: for 60 rows Lightning's Trainer spends five times as long
    around the steps as in them.
    """
    with one_thread():
        objective.network.train()
        optimiser = objective.configure_optimizers()
        for _ in range(epochs):
            objective.on_train_epoch_start()
            for index, batch in enumerate(batches):
                loss = objective.training_step(batch, index)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()


def train(
    weights: Weights,
    records: Records,
    *,
    preprocessing: Preprocessing,
    network: NetworkConfig,
    config: TrainingConfig,
    seed: int,
    fit: Fit = fit_by_hooks,
) -> TrainResult:
    """Train a model on a member's rows, from given weights and with a fresh optimiser.

    Args:
        weights: where to start.
        records: the member's training rows.
        preprocessing: of the run; gives classes and their weights in the loss.
        network: size of the network.
        config: epochs, batch size, learning rate, weight decay, and which classes the loss is about.
        seed: of the order of rows; the only source of chance.
        fit: what drives the epochs: :func:`fit_by_hooks`, or `models.lightning_module.fit_by_trainer`.

    Raises:
        RecordsError: no records, wrong width, or a label out of range.
        WeightsMismatchError: the weights do not fit the network, or training left the finite numbers.
    """
    records.check(preprocessing)
    objective = build_objective(
        preprocessing,
        network,
        seed=None,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        classes=_own_classes(records, preprocessing) if config.own_classes else None,
    )
    weights.load_into(objective.network)
    fit(objective, ShuffledSlices(records, config.batch_size, seed), epochs=config.epochs)
    trained = Weights.of_module(objective.network)
    trained.check(weights.spec)
    loss = float(torch.stack(objective.epoch_losses).sum()) / len(records)
    return TrainResult(trained, loss)


def _own_classes(records: Records, preprocessing: Preprocessing) -> Tensor:
    """Tell which classes the records have a row of `(classes,)`."""
    return torch.isin(torch.arange(len(preprocessing.classes)), torch.from_numpy(np.unique(records.y)))
