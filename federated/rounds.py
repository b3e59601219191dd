"""What happened in one round or phase: who was asked, who answered, who was refused and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from federated.screening import Refused
from models.variants import ENOUGH_TO_CHOOSE


@dataclass(frozen=True)
class RoundReport:
    """One training round as the association saw it.

    Attributes:
        round: The round, counted from 1.
        asked: Members asked, sorted.
        accepted: Members whose update was merged, sorted.
        refused: Those that were not, with the reason.
        train_loss: Mean training loss per row over the accepted members.
        validation_rows: Validation rows behind the next field, over the accepted members.
        validation_loss: Negative log-likelihood per validation row of the model that arrived (that of the round
            before), or None when every member withheld it.
        update_norm: L2 norm of the step from the old to the new shared weights.
        seconds: Wall time of the round.
    """

    round: int
    asked: tuple[str, ...]
    accepted: tuple[str, ...]
    refused: tuple[Refused, ...]
    train_loss: float
    validation_rows: int
    validation_loss: float | None
    update_norm: float
    seconds: float


def trees_to_keep(rounds: Sequence[RoundReport]) -> int:
    """Return how many trees of a forest to keep: as many as it had when the validation rows liked it best.

    Boosting goes on to fit what is chance at single members, and the members tell every round how the forest that
    arrived does on rows that taught no tree. So no question more is asked. Nobody has judged the last round's trees:
    they are kept where the forest had become better up to there. Example: three rounds of two members each, whose
    forests arrived with losses .7, .5 and .6, keep the first tree and those of the first round, 1 + 2; with .7, .6 and
    .5 they keep all, 1 + 6.

    Args:
        rounds: Every round, in order; the run began with one tree.
    """
    sizes = [1]
    for report in rounds:
        sizes.append(sizes[-1] + len(report.accepted))
    told = [
        (report.validation_loss, size)
        for report, size in zip(rounds, sizes, strict=False)
        if report.validation_loss is not None and report.validation_rows >= ENOUGH_TO_CHOOSE
    ]
    best = min(told)[1] if told else sizes[-1]
    return sizes[-1] if best == sizes[-2] else best
