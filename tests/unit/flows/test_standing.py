"""After Ctrl-C a person is told what happened, no more and no less."""

from typing import cast

from flows.standing import Standing
from models.registry import RegisteredVersion, RunStatus, TrainingRun


class Run:
    """A run that ended as given."""

    def __init__(self, status: RunStatus | None) -> None:
        self.status = status


def standing(status: RunStatus | None, **changes: object) -> str:
    return Standing(cast("TrainingRun", Run(status)), **changes).sentence()  # type: ignore[arg-type]


VERSION = RegisteredVersion("print-defect", 3, "", (), "")


def test_before_there_is_a_run_nothing_happened() -> None:
    assert Standing().sentence() == "No run had begun in MLflow; nothing was registered or promoted."


def test_a_killed_run_that_registered_nothing_says_both() -> None:
    assert standing(RunStatus.KILLED) == "The run is marked KILLED in MLflow. Nothing was registered or promoted."


def test_a_run_that_mlflow_did_not_hear_of_is_not_called_killed() -> None:
    assert "could not be told" in standing(None)


def test_a_registered_version_is_named() -> None:
    assert standing(RunStatus.KILLED, version=VERSION) == (
        "The run is marked KILLED in MLflow. print-defect version 3 is registered; nothing was promoted."
    )


def test_a_promotion_is_never_denied() -> None:
    done = standing(RunStatus.FINISHED, version=VERSION, promoted=True, delivered=5)
    failed = standing(RunStatus.FINISHED, version=VERSION, promoted=True)

    assert done == (
        "The run is marked FINISHED in MLflow. "
        "print-defect version 3 was promoted before that, and taken home by 5 members."
    )
    assert failed.endswith("version 3 was promoted before that, and not delivered.")
