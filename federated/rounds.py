"""What happened in one round or phase: who was asked, who answered, who was refused and why."""

from dataclasses import dataclass

from federated.screening import Refused


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
