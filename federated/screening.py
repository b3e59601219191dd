"""Accept or refuse a member's update before it is merged, with a reason.

One refused update costs the round one member's work; one NaN merged costs everybody the model.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from federated.plain import plain_text
from models.configs import TreesConfig
from models.errors import WeightsMismatchError
from models.evaluation import MOST_NATS
from models.trees import check_tree
from models.weights import Weights


class Refusal(StrEnum):
    """Why a reply was not merged."""

    NO_REPLY = "no_reply"
    MEMBER_ERROR = "member_error"
    CONSENT_PENDING = "consent_pending"
    CONSENT_REFUSED = "consent_refused"
    OTHER_SOFTWARE = "other_software"
    BAD_MESSAGE = "bad_message"
    WRONG_NAMES = "wrong_names"
    WRONG_SHAPE = "wrong_shape"
    WRONG_DTYPE = "wrong_dtype"
    NOT_FINITE = "not_finite"
    NORM_TOO_LARGE = "norm_too_large"
    NO_TREE = "no_tree"
    WRONG_COUNT = "wrong_count"
    CONTRADICTION = "contradiction"
    CLAIMED_TWICE = "claimed_twice"
    OTHER_KEY = "other_key"
    OTHER_CONTRACT = "other_contract"
    FAILS_CONTRACT = "fails_contract"


@dataclass(frozen=True)
class Refused:
    """One refused reply.

    Attributes:
        member: The member's id.
        reason: The broken rule.
        detail: One sentence: what was expected and what came.
    """

    member: str
    reason: Refusal
    detail: str


@dataclass(frozen=True)
class Rules:
    """What an update must satisfy.

    Attributes:
        rows: Rows the member named in the statistics round.
        maximum_norm: Largest L2 norm of (update - current weights).
    """

    rows: int
    maximum_norm: float


def screen(
    member: str,
    update: Mapping[str, NDArray[Any]],
    rows: int,
    *,
    current: Mapping[str, NDArray[Any]],
    rules: Rules,
) -> Refused | None:
    """Check one update against the current weights; the first broken rule is returned.

    Args:
        member: The member's id.
        update: The weights that came back, by name.
        rows: The rows the member now claims.
        current: The weights that were sent, by name.
        rules: What the update must satisfy.

    Returns:
        None when the update may be merged, else the reason why not.
    """
    found = _layout(update, current) or _values(update, current, rules) or _count(rows, rules)
    return None if found is None else Refused(member, *found)


def screen_tree(
    member: str,
    tree: Mapping[str, NDArray[Any]],
    rows: int,
    *,
    trees: TreesConfig,
    inputs: int,
    classes: int,
    rules: Rules,
) -> Refused | None:
    """Check one tree: could the agreed software have grown it?

    Args:
        member: The member's id.
        tree: What came back, by name.
        rows: The rows the member now claims.
        trees: How trees are grown.
        inputs: Numbers per row that a tree may ask about.
        classes: Classes that a leaf speaks of.
        rules: What the update must satisfy; a leaf's own limits stand in place of the norm.
    """
    try:
        check_tree(Weights(tree), trees, width=inputs, classes=classes)
    except WeightsMismatchError as error:
        return Refused(member, Refusal.NO_TREE, plain_text(str(error)))
    found = _count(rows, rules)
    return None if found is None else Refused(member, *found)


def screen_figures(
    member: str, loss: float, validation_rows: int, validation_loss_sum: float, *, rows: int, most_loss: float
) -> Refused | None:
    """Check what a member says about its update.

    Args:
        member: The member's id.
        loss: Mean training loss per row.
        validation_rows: Validation rows behind the next figure.
        validation_loss_sum: Their summed loss.
        rows: Rows the member named in the statistics round; validation rows are among them.
        most_loss: What a training row can cost at most, its class's weight included, in nats.
    """
    if not all(math.isfinite(figure) and figure >= 0 for figure in (loss, validation_loss_sum)):
        return Refused(member, Refusal.NOT_FINITE, "a reported loss is negative, NaN or infinite")
    if not 0 <= validation_rows <= rows:
        detail = f"{validation_rows} validation rows are claimed, all rows are {rows}"
        return Refused(member, Refusal.WRONG_COUNT, detail)
    if validation_loss_sum > MOST_NATS * validation_rows:
        detail = f"the loss of {validation_rows} validation rows is at most {MOST_NATS:.0f} nats each"
        return Refused(member, Refusal.CONTRADICTION, detail)
    if loss > most_loss:
        return Refused(member, Refusal.CONTRADICTION, f"the mean training loss is at most {most_loss:.0f} nats")
    return None


def update_norm(update: Mapping[str, NDArray[Any]], current: Mapping[str, NDArray[Any]]) -> float:
    """Return the L2 norm of ``update - current`` over all arrays together.

    Example:
        ``{"w": [3, 4]}`` against ``{"w": [0, 0]}`` gives 5.
    """
    differences = (update[name].astype(np.float64) - current[name] for name in current)
    return math.sqrt(sum(float(np.square(difference).sum()) for difference in differences))


def _layout(update: Mapping[str, NDArray[Any]], current: Mapping[str, NDArray[Any]]) -> tuple[Refusal, str] | None:
    if list(update) != list(current):
        return Refusal.WRONG_NAMES, f"{len(current)} arrays were sent, {len(update)} with other names or order came"
    for name, array in current.items():
        if update[name].shape != array.shape:
            return Refusal.WRONG_SHAPE, f"{name} must have shape {array.shape}, got {update[name].shape}"
        if update[name].dtype != array.dtype:
            return Refusal.WRONG_DTYPE, f"{name} must be {array.dtype}, got {update[name].dtype}"
    return None


def _values(
    update: Mapping[str, NDArray[Any]], current: Mapping[str, NDArray[Any]], rules: Rules
) -> tuple[Refusal, str] | None:
    for name, array in update.items():
        if not np.isfinite(array).all():
            return Refusal.NOT_FINITE, f"{name} holds NaN or infinite values"
    norm = update_norm(update, current)
    if norm > rules.maximum_norm:
        return Refusal.NORM_TOO_LARGE, f"the update's norm is {norm:.3g}, at most {rules.maximum_norm:.3g} is merged"
    return None


def _count(rows: int, rules: Rules) -> tuple[Refusal, str] | None:
    if rows != rules.rows:
        return Refusal.WRONG_COUNT, f"{rows} rows are claimed, the statistics round said {rules.rows}"
    return None
