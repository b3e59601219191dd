"""One MLflow run: the training it shows while it goes on, and everything known of it at the end."""

from __future__ import annotations

import time
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from models.registry.datasets import dataset_inputs
from models.registry.errors import RegistryError, TrackingLockedError
from models.registry.mlflow_import import import_mlflow
from models.run_labels import round_metrics, run_params, run_tags, summary_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from data_contracts.contract import Contract
    from models.registry.connection import Connection
    from models.run_record import RoundPoint, RunRecord

_PARAMS_PER_BATCH = 100


class RunStatus(StrEnum):
    """How a run ended, in MLflow's words."""

    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


class TrainingRun:
    """One MLflow run, open until `finish`. As a context manager it ends itself: FINISHED, FAILED, or KILLED by Ctrl-C.

    Attributes:
        mlflow_run_id: MLflow's identifier.
        experiment_id: MLflow's identifier of the experiment.
        status: How it ended, as MLflow has it; None while it is open, or when MLflow could not be told.
    """

    def __init__(self, connection: Connection, mlflow_run_id: str, experiment_id: str) -> None:
        self.mlflow_run_id = mlflow_run_id
        self.experiment_id = experiment_id
        self._connection = connection
        self.status: RunStatus | None = None
        self._logged_rounds: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self.finish(RunStatus.FINISHED)
            return
        with suppress(RegistryError):  # the error that ended the run must not be covered by one about tracking
            self.finish(RunStatus.FAILED if isinstance(error, Exception) else RunStatus.KILLED)

    @property
    def over_http(self) -> bool:
        """Whether the store is reached through a tracking server."""
        return self._connection.over_http

    def log_round(self, point: RoundPoint) -> None:
        """Show a finished round at once. A store that is locked just now does not stop training: `record` catches up.

        Raises:
            TrackingUnavailableError: If the store does not answer for another reason than a lock.
        """
        with suppress(TrackingLockedError):
            self._log_rounds((point,))

    def record(self, record: RunRecord, files: Sequence[Path] = (), contract: Contract | None = None) -> None:
        """Write down everything that is known of the run.

        Args:
            record: What the association may know.
            files: Report and plots; PNG files go below `plots/`, the others beside the plan.
            contract: When given, each dataset input shows its columns.

        Raises:
            TrackingUnavailableError: If the store does not answer.
        """
        client = self._connection.client()
        self._log_rounds([point for point in record.rounds if point.round not in self._logged_rounds])
        with self._connection.telling("record the run"):
            entities = import_mlflow().entities
            now = milliseconds()
            metrics = [entities.Metric(key, value, now, 0) for key, value in summary_metrics(record).items()]
            tags = [entities.RunTag(key, value) for key, value in run_tags(record).items()]
            client.log_batch(self.mlflow_run_id, metrics=metrics, tags=tags)
            log_params(client, self.mlflow_run_id, run_params(record))
            client.log_inputs(self.mlflow_run_id, dataset_inputs(record, contract))
            client.log_text(self.mlflow_run_id, record.plan_yaml, "plan.yaml")
            for file in files:
                client.log_artifact(self.mlflow_run_id, str(file), "plots" if file.suffix == ".png" else None)

    def finish(self, status: RunStatus = RunStatus.FINISHED) -> None:
        """Close the run; a second call does nothing."""
        if self.status is not None:
            return
        client = self._connection.client()
        with self._connection.telling("finish the run"):
            client.set_terminated(self.mlflow_run_id, status.value)
        self.status = status

    def _log_rounds(self, points: Sequence[RoundPoint]) -> None:
        client = self._connection.client()
        with self._connection.telling("log a round"):
            metric = import_mlflow().entities.Metric
            now = milliseconds()
            metrics = [
                metric(key, value, now, point.round) for point in points for key, value in round_metrics(point).items()
            ]
            client.log_batch(self.mlflow_run_id, metrics=metrics)
        self._logged_rounds.update(point.round for point in points)


def log_params(client: Any, run_id: str, params: Mapping[str, str]) -> None:
    """Log params in MLflow's batches of at most 100."""
    entities = import_mlflow().entities
    items = [entities.Param(key, value) for key, value in params.items()]
    for start in range(0, len(items), _PARAMS_PER_BATCH):
        client.log_batch(run_id, params=items[start : start + _PARAMS_PER_BATCH])


def milliseconds() -> int:
    """Time now as MLflow counts it: milliseconds since 1970."""
    return time.time_ns() // 1_000_000
