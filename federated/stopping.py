"""How many trees of a forest are kept: boosting goes on to fit what is chance at single members.

Members tell every round how the forest that arrived does on rows that taught no tree, so no question more is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.variants import ENOUGH_TO_CHOOSE


@dataclass(frozen=True)
class Judged:
    """What one member's validation rows said of a forest that arrived.

    Attributes:
        trees: How many trees it had.
        rows: The rows.
        loss: Negative log-likelihood per row, in nats.
    """

    trees: int
    rows: int
    loss: float


def trees_to_keep(judged: Mapping[str, Sequence[Judged]], total: int) -> int:
    """Return how many trees to keep: as many as the forest had when the middle member liked it best.

    Each member counts by how much it gained on the forest that the run began with, and of all members' gains the median
    decides: so neither one that lies nor one that misses rounds moves it far. Nobody has judged the last round's trees:
    they are kept where the forest had become better up to there. Example: forests of 1, 3 and 5 trees with losses of
    .7, .5 and .6 at one member and .9, .6 and .7 at another keep 3 of the 7 trees that there are in the end.

    Args:
        judged: Member id -> what it said, in the order of the rounds.
        total: Trees in the end.
    """
    told = {member: said for member, said in judged.items() if said and said[0].trees == 1}
    if sum(said[0].rows for said in told.values()) < ENOUGH_TO_CHOOSE:
        return total
    gains: dict[int, list[float]] = {}
    for said in told.values():
        for one in said:
            gains.setdefault(one.trees, []).append(said[0].loss - one.loss)
    middle = {trees: float(np.median(found)) for trees, found in gains.items() if 2 * len(found) > len(told)}
    best = max(middle, key=lambda trees: (middle[trees], -trees))
    return total if best == max(middle) else best
