"""One command's work with Prefect and MLflow: both start in the background while the command prepares its data."""

import signal
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flows.home_lock import one_training
from flows.installed import require_association
from flows.interrupts import deferred_interrupts, note, stop_if_interrupted
from flows.local_prefect import local_prefect, without_heartbeat
from flows.progress import tell
from flows.runtime_name import RuntimeName
from flows.settings import Settings
from models.registry import Registry, artifact_root, tracking_uri

if TYPE_CHECKING:
    from flows.plan import TrainingPlan
    from flows.training_report import TrainingReport


class Session:
    """Runs flows as flows, with as little waiting as possible, one session per home at a time.

    Args:
        settings: Where the state lives.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Wait for other trainings in this home, then begin to start Prefect's API and MLflow's database.

        Raises:
            AssociationMissing: One of them is not installed.
        """
        require_association()
        registry = Registry(tracking_uri(self._settings.home), artifact_root(self._settings.home))
        with ExitStack() as opening:
            opening.enter_context(deferred_interrupts())
            opening.enter_context(one_training(self._settings.home, tell))
            opening.enter_context(local_prefect(self._settings.prefect))
            opening.callback(registry.settle)  # nobody else may open a database that is still being made
            registry.prepare()
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop what was started."""
        self._open.__exit__(kind, error, traceback)

    def train(self, plan: "TrainingPlan") -> "TrainingReport":
        """Run the flow `train_model` through Prefect's engine.

        Raises:
            KeyboardInterrupt: Somebody asked to stop; `flows.standing` knows what had happened by then.
        """
        if plan.runtime is RuntimeName.IN_PROCESS:
            plan.family()  # imports torch: beside the servers' start, and not in the first round
        from prefect.exceptions import TerminationSignal  # noqa: PLC0415

        from flows.train_model import train_model  # noqa: PLC0415  (imports Prefect: only inside local_prefect)

        stop_if_interrupted()
        try:
            with without_heartbeat():
                report = train_model(plan, self._settings.home)
        except TerminationSignal:  # SIGTERM while Prefect's own handler was in place, around the flow's body
            note(signal.SIGTERM)
            raise KeyboardInterrupt from None
        stop_if_interrupted()
        return report


def run_training(
    settings: Settings,
    reference: str,
    *,
    rounds: int | None = None,
    seed: int | None = None,
    runtime: str | None = None,
) -> "TrainingReport":
    """Load a plan and run it.

    Args:
        settings: Where the state lives.
        reference: A shipped plan's name, or a file.
        rounds: Training rounds instead of the plan's.
        seed: Seed instead of the plan's.
        runtime: Where to run, ``in-process`` or ``federation``, instead of where the plan says.
    """
    with Session(settings) as session:
        tell("starting")
        from flows.plan import load_plan  # noqa: PLC0415  (imports Flower: beside the servers' start)

        place = None if runtime is None else RuntimeName(runtime)
        return session.train(load_plan(reference).with_overrides(rounds=rounds, seed=seed, runtime=place))
