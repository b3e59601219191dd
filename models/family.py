"""What a plan can train: a family of models, with all that a run asks of one.

The rounds, the border and the registry know this and no more: a network's update is its weights after training, a
forest's is one tree. `family_of` builds a family from the settings that cross the border.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from models.configs import NetworkConfig, TrainingConfig, TreesConfig, check_one_family
from models.errors import RecordsError, SettingError
from models.preprocessing import Preprocessing
from models.records import Records
from models.variants import ENOUGH_TO_CHOOSE, Variant, choose
from models.weights import Weights


@dataclass(frozen=True, eq=False)
class Update:
    """What a member's training came to.

    Attributes:
        weights: what leaves the member.
        loss: mean training loss per row, in nats.
    """

    weights: Weights
    loss: float


@dataclass(frozen=True, eq=False)
class Personal:
    """A member's choice among the variants of the shared model.

    Attributes:
        variant: what was chosen.
        weights: its weights.
        validation_losses: variant -> mean negative log-likelihood on the member's validation rows, in nats, among the
            member's own classes if it was trained so; empty if there were too few rows to choose by.
    """

    variant: Variant
    weights: Weights
    validation_losses: Mapping[Variant, float]

    @classmethod
    def chosen(
        cls,
        variants: Mapping[Variant, Weights],
        losses: Mapping[Variant, NDArray[np.float64]],
        *,
        minimum_rows: int = ENOUGH_TO_CHOOSE,
    ) -> Self:
        """Take what `models.variants.choose` says, with the mean losses of all variants.

        Args:
            variants: variant -> its weights.
            losses: variant -> loss of each validation row `(rows,)`, in nats.
            minimum_rows: see there.
        """
        variant = choose(losses, minimum_rows=minimum_rows)
        return cls(variant, variants[variant], {v: float(of_rows.mean()) for v, of_rows in losses.items()})


class Family(Protocol):
    """A family of models. Letters in the shapes: R rows, I encoded inputs, C classes."""

    def start(self, preprocessing: Preprocessing, *, seed: int) -> Weights:
        """Return the model that a run starts from: the same for everybody with the same seed."""

    def check(self, weights: Weights, preprocessing: Preprocessing) -> None:
        """Refuse weights that are no model of this family and preprocessing.

        Raises:
            WeightsMismatchError: with every broken condition.
        """

    def predict(
        self, weights: Weights, x: NDArray[np.float32], *, preprocessing: Preprocessing, temperature: float = 1.0
    ) -> NDArray[np.float64]:
        """Return the probabilities `(R, C)` of encoded rows `(R, I)`; scores are divided by the temperature before.

        Raises:
            RecordsError: the rows have another width than the model.
            SettingError: the temperature is not above 0.
            WeightsMismatchError: as `check` says.
        """

    def train(self, weights: Weights, records: Records, *, preprocessing: Preprocessing, seed: int) -> Update:
        """Train for one round on a member's rows."""

    def personalise(
        self, shared: Weights, records: Records, validation: Records, *, preprocessing: Preprocessing, seed: int
    ) -> Personal:
        """Make a member's variants of the shared model and choose by its validation rows."""

    def train_alone(
        self,
        records: Records,
        validation: Records,
        *,
        preprocessing: Preprocessing,
        rounds: int,
        average_last: int,
        start_seed: int,
        seed: int,
    ) -> Weights:
        """Train without the others, with the shared model's start and tricks and no smaller a budget."""


class Planned(Protocol):
    """What says which family is trained, and how: a plan, or the assignment that crosses the border."""

    @property
    def network(self) -> NetworkConfig | None:
        """Size of the network, or None for trees."""

    @property
    def training(self) -> TrainingConfig | None:
        """How the network is trained."""

    @property
    def trees(self) -> TreesConfig | None:
        """Settings of the trees, or None for a network."""


def planned_family(planned: Planned, *, leaf_rows: int | None = None) -> Family:
    """Build the family that a plan or an assignment names; see `family_of`."""
    return family_of(planned.network, planned.training, planned.trees, leaf_rows=leaf_rows)


def family_of(
    network: NetworkConfig | None,
    training: TrainingConfig | None,
    trees: TreesConfig | None,
    *,
    leaf_rows: int | None = None,
) -> Family:
    """Build the family that the settings name.

    Args:
        network: size of the network, or None for trees.
        training: of the network; None where it is not trained.
        trees: settings of the trees, or None for a network.
        leaf_rows: rows that a leaf of a tree must cover; without it trees only predict.

    Raises:
        SettingError: both are given, or neither.
    """
    check_one_family(network, trees)
    if trees is not None:
        from models.tree_family import TreeFamily  # noqa: PLC0415  (each family brings only what it needs)

        return TreeFamily(trees, leaf_rows)
    from models.network_family import NetworkFamily  # noqa: PLC0415  (torch)

    return NetworkFamily(network or NetworkConfig(), training or TrainingConfig())


def check_prediction(x: NDArray[np.float32], preprocessing: Preprocessing, temperature: float) -> None:
    """Refuse what no family can predict from.

    Args:
        x: encoded rows `(R, I)`.
        preprocessing: of the run.
        temperature: what scores are to be divided by.

    Raises:
        RecordsError: the rows have another width than the model.
        SettingError: the temperature is not above 0.
    """
    if not 0 < temperature < np.inf:
        raise SettingError("temperature", allowed="above 0 and finite", got=temperature)
    if x.ndim != 2 or x.shape[1] != preprocessing.width:  # noqa: PLR2004
        raise RecordsError(f"Inputs must have shape (rows, {preprocessing.width}), got {x.shape}.")
