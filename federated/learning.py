"""How the association merges what the members send: a section of the plan."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

WEEK = 7 * 24 * 3600
BAGGING = "Bagging"
"""The strategy that adds trees up; all others average arrays. See `federated.bagging`."""


@dataclass(frozen=True)
class Learning:
    """How the shared model is learned: a section of the plan.

    Attributes:
        rounds: Training rounds.
        strategy: A Flower strategy by class name, or `BAGGING` for trees.
        options: Its options.
        average_last: The final weights are the mean of those after each of the last so many rounds.
        minimum_members: Fewer usable replies than this end the run.
        deadline_seconds: Seconds to wait for the replies of one phase or round, at most a week.
        maximum_update_norm: Largest L2 norm of one member's step that is merged; finite. Trees have their own limits.
        maximum_weight: A member's rows count for at most so many times the median member's: nobody owns the model by
            claiming rows. Trees count alike, whatever their rows.
    """

    rounds: int = 24
    strategy: str = "FedAvgM"
    options: Mapping[str, float] = field(default_factory=lambda: {"server_learning_rate": 0.7, "server_momentum": 0.5})
    average_last: int = 12
    minimum_members: int = 3
    deadline_seconds: float = 120.0
    maximum_update_norm: float = 100.0
    maximum_weight: float = 5.0

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse settings that cannot work, naming them."""
        for name in ("rounds", "average_last", "deadline_seconds", "maximum_update_norm", "maximum_weight"):
            if not getattr(self, name) > 0:
                raise ValueError(f"learning.{name} must be above 0, got {getattr(self, name)}")
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"learning.{name} must be finite, got {getattr(self, name)}")
        if self.deadline_seconds > WEEK:
            raise ValueError(f"learning.deadline_seconds must be at most {WEEK} (a week), got {self.deadline_seconds}")
        if self.maximum_weight < 1:
            raise ValueError(f"learning.maximum_weight must be at least 1, got {self.maximum_weight}")
        if self.minimum_members < 2:  # noqa: PLR2004  (with one member the sum is that member's update)
            raise ValueError(f"learning.minimum_members must be at least 2, got {self.minimum_members}")
        if self.average_last > self.rounds:
            raise ValueError(
                f"learning.average_last must be at most learning.rounds ({self.rounds}), got {self.average_last}"
            )
