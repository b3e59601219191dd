"""One command's work with Prefect and MLflow: both start in the background while the command prepares its data."""

from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flows.interrupts import deferred_interrupts, stop_if_interrupted
from flows.local_prefect import local_prefect, without_heartbeat
from flows.progress import tell
from flows.settings import Settings
from models.registry import Registry, artifact_root, tracking_uri

if TYPE_CHECKING:
    from flows.plan import TrainingPlan
    from flows.train_model import TrainingReport


class Session:
    """Runs flows as flows, with as little waiting as possible.

    Args:
        settings: Where the state lives.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin to start Prefect's API and MLflow's database."""
        self._open.enter_context(deferred_interrupts())
        self._open.enter_context(local_prefect(self._settings.prefect))
        Registry(tracking_uri(self._settings.home), artifact_root(self._settings.home)).prepare()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop what was started."""
        self._open.__exit__(kind, error, traceback)

    def train(self, plan: "TrainingPlan") -> "TrainingReport":
        """Run the flow `train_model` through Prefect's engine."""
        from flows.train_model import train_model  # noqa: PLC0415  (imports Prefect: only inside local_prefect)

        stop_if_interrupted()
        with without_heartbeat():
            return train_model(plan, self._settings.home)


def run_training(
    settings: Settings, reference: str, *, rounds: int | None = None, seed: int | None = None
) -> "TrainingReport":
    """Load a plan and run it.

    Args:
        settings: Where the state lives.
        reference: A shipped plan's name, or a file.
        rounds: Training rounds instead of the plan's.
        seed: Seed instead of the plan's.
    """
    with Session(settings) as session:
        tell("starting")
        from flows.plan import load_plan  # noqa: PLC0415  (imports torch: beside the servers' start)

        return session.train(load_plan(reference).with_overrides(rounds=rounds, seed=seed))
