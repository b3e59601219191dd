"""How far the training of this process has come: what a person is told after Ctrl-C must be what happened."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.registry import RegisteredVersion, TrainingRun


@dataclass
class Standing:
    """What a training has done so far that outlives it.

    Attributes:
        run: Its run in MLflow, once there is one.
        version: The version it registered, once there is one.
        promoted: Whether that version was promoted.
        delivered: How many members took it home; None until the delivery is over.
    """

    run: "TrainingRun | None" = None
    version: "RegisteredVersion | None" = None
    promoted: bool = False
    delivered: int | None = None

    def sentence(self) -> str:
        """Say what there is now in MLflow and at the members."""
        if self.run is None:
            return "No run had begun in MLflow; nothing was registered or promoted."
        return f"{self._run(self.run)} {self._model()}"

    @staticmethod
    def _run(run: "TrainingRun") -> str:
        if run.status is None:
            return "MLflow could not be told: the next training here marks the run KILLED."
        return f"The run is marked {run.status} in MLflow."

    def _model(self) -> str:
        if self.version is None:
            return "Nothing was registered or promoted."
        version = f"{self.version.name} version {self.version.version}"
        if not self.promoted:
            return f"{version} is registered; nothing was promoted."
        taken = "not delivered" if self.delivered is None else f"taken home by {self.delivered} members"
        return f"{version} was promoted before that, and {taken}."


_trainings = [Standing()]


def begin() -> Standing:
    """Begin the account of a training and return it, to be filled in."""
    _trainings[:] = [Standing()]
    return current()


def current() -> Standing:
    """Return the account of the training that was begun last; an empty one before any."""
    return _trainings[0]
