"""Sizes and settings that a plan sets and that cross the border: known to everybody, so nothing heavy is imported."""

from dataclasses import dataclass
from typing import Any, ClassVar

from models.errors import SettingError

MOST_BINS = 64
"""Pieces per numeric column, at most."""

_MOST_WIDTH = 1024
_MOST_BLOCKS = 16
_MOST_EPOCHS = 10_000
_MOST_ROWS = 1_000_000
_MOST_DEPTH = 8
_MOST_OWN_TREES = 1000


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


@dataclass(frozen=True)
class TrainingConfig:
    """How a member trains within one round. What a plan sets once for all members."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    epochs: int = 1
    """Passes over the member's training rows per round, 1 to 10,000."""
    batch_size: int = 16
    """Rows per step, 1 to 1,000,000; the last batch of an epoch may be smaller."""
    learning_rate: float = 0.002
    """Step of AdamW, above 0 and at most 1."""
    weight_decay: float = 2.0
    """Decay of AdamW per unit of learning rate, 0 to 10."""
    own_classes: bool = False
    """Whether the loss of a round leaves out the classes that the member has no training row of; of them it could only
    teach that they never occur. For many classes of which each member has few: Li and Zhan 2021, "FedRS: Federated
    Learning with Restricted Softmax for Label Distribution Non-IID Data", but leaving out what they scale down."""

    def __post_init__(self) -> None:
        if not 1 <= self.epochs <= _MOST_EPOCHS:
            raise SettingError("training.epochs", allowed=f"from 1 to {_MOST_EPOCHS}", got=self.epochs)
        if not 1 <= self.batch_size <= _MOST_ROWS:
            raise SettingError("training.batch_size", allowed=f"from 1 to {_MOST_ROWS}", got=self.batch_size)
        if not 0 < self.learning_rate <= 1:
            raise SettingError("training.learning_rate", allowed="above 0 and at most 1", got=self.learning_rate)
        if not 0 <= self.weight_decay <= 10:  # noqa: PLR2004
            raise SettingError("training.weight_decay", allowed="from 0 to 10", got=self.weight_decay)
        if not isinstance(self.own_classes, bool):
            raise SettingError("training.own_classes", allowed="true or false", got=self.own_classes)


@dataclass(frozen=True)
class TreesConfig:
    """How a member grows boosted trees, the other family of models. What a plan sets once for all members."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    depth: int = 3
    """Decisions on the way to a leaf, 1 to 8; a tree has at most 2 to the power of it leaves."""
    columns: float = 0.2
    """Share of the columns that a decision may choose among, above 0 and at most 1; drawn anew for each."""
    own_trees: int = 10
    """Trees that a member may add for itself when it takes the shared ones home, 1 to 1,000."""
    own_step: float = 0.3
    """What trees that stay at a member are multiplied by, also those of the model that it grows alone, above 0 and at
    most 1; of the shared trees the strategy's `step` decides."""

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= _MOST_DEPTH:
            raise SettingError("trees.depth", allowed=f"a whole number from 1 to {_MOST_DEPTH}", got=self.depth)
        if not 0 < self.columns <= 1:
            raise SettingError("trees.columns", allowed="above 0 and at most 1", got=self.columns)
        if not 1 <= self.own_trees <= _MOST_OWN_TREES:
            raise SettingError("trees.own_trees", allowed=f"from 1 to {_MOST_OWN_TREES}", got=self.own_trees)
        if not 0 < self.own_step <= 1:
            raise SettingError("trees.own_step", allowed="above 0 and at most 1", got=self.own_step)


def check_bins(bins: int, trees: TreesConfig | None = None) -> None:
    """Refuse a number of pieces per numeric column that cannot work.

    A tree asks on which side of an edge between two pieces a number lies, so one piece leaves it nothing to ask.

    Args:
        bins: pieces per numeric column.
        trees: settings of the trees, or None for a network.

    Raises:
        SettingError: it is below 1, below 2 with trees, or above 64.
    """
    least, why = (1, "") if trees is None else (2, " with trees, which ask on which side of an edge a number lies")
    if not least <= bins <= MOST_BINS:
        raise SettingError("bins", allowed=f"a whole number from {least} to {MOST_BINS}{why}", got=bins)


def check_one_family(network: NetworkConfig | None, trees: TreesConfig | None) -> None:
    """Refuse settings of two families of models at once, or of none.

    Raises:
        SettingError: both are given, or neither.
    """
    if (network is None) == (trees is None):
        raise SettingError("network", allowed="given, or trees in its place, and not both", got=network)
