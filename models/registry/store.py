"""The association's tracking store and model registry: open a run, register, promote, fetch the champion."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.registry.connection import Connection
from models.registry.mlflow_import import import_mlflow
from models.registry.model_folder import MODEL_FOLDER
from models.registry.registration import Registration, load_checked
from models.registry.run import RunStatus, TrainingRun, log_params
from models.registry.versions import CANDIDATE_ALIAS, CHAMPION_ALIAS, champion_number, read_version, unaltered
from models.run_labels import flatten_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.package import ModelPackage
    from models.registry.versions import RegisteredVersion
    from models.run_record import RunRecord

SOURCE_NAME = "pumasi"
"""What MLflow shows as a run's source, and how we know our own runs."""


class Registry:
    """The association's tracking store and model registry.

    Making one costs nothing: mlflow is imported and the database created at first use, or earlier and beside other work
    with `prepare`.

    Args:
        tracking_uri: MLflow tracking and registry address, for example from `tracking_uri(home)`.
        artifact_root: Folder below which new experiments keep their files; None leaves the choice to the server.
    """

    def __init__(self, tracking_uri: str, artifact_root: Path | None = None) -> None:
        self._connection = Connection(tracking_uri)
        self._artifact_root = artifact_root

    @property
    def uri(self) -> str:
        """MLflow's tracking and registry address."""
        return self._connection.uri

    def prepare(self) -> None:
        """Import mlflow and create or open the database in the background; the first real call waits for it.

        The first start of a new home takes about 5 s, of which 3 s are MLflow's own migrations: call this before the
        work that does not need tracking. A failure is not raised here but by the first real call.
        """
        self._connection.prepare()

    def settle(self) -> None:
        """Wait until what `prepare` began has ended: a store should not be left, or opened by others, half made."""
        self._connection.settle()

    def close_abandoned_runs(self) -> tuple[str, ...]:
        """Mark every run of ours that is still RUNNING as KILLED: its process is gone without having said so.

        Call it only while no other training can be at work in this store.

        Returns:
            The training runs' own identifiers.

        Raises:
            TrackingUnavailableError: If the store does not answer.
        """
        client = self._connection.client()
        with self._connection.telling("close abandoned runs"):
            experiments = [experiment.experiment_id for experiment in client.search_experiments()]
            ours = f"attributes.status = 'RUNNING' and tags.`mlflow.source.name` = '{SOURCE_NAME}'"
            found = list(client.search_runs(experiments, ours)) if experiments else []
            for run in found:
                client.set_terminated(run.info.run_id, RunStatus.KILLED.value)
        return tuple(run.data.tags.get("run_id", run.info.run_id) for run in found)

    def start_run(
        self,
        *,
        experiment: str,
        run_name: str,
        training_run_id: str,
        plan_yaml: str,
        tags: Mapping[str, str] | None = None,
    ) -> TrainingRun:
        """Open one MLflow run for one training.

        Args:
            experiment: Name of the experiment, made when new; usually the model's name.
            run_name: What the run is called in the list.
            training_run_id: The training run's own identifier.
            plan_yaml: The plan; each of its settings becomes a param.
            tags: Further tags.

        Raises:
            TrackingUnavailableError: If the store does not answer (with its more exact subclasses).
        """
        client = self._connection.client()
        with self._connection.telling("start a run"):
            own = {"run_id": training_run_id, "mlflow.source.name": SOURCE_NAME, "mlflow.source.type": "LOCAL"}
            created = client.create_run(
                self._experiment(client, experiment), run_name=run_name, tags={**own, **(tags or {})}
            )
            run = TrainingRun(self._connection, created.info.run_id, created.info.experiment_id)
            log_params(client, run.mlflow_run_id, flatten_plan(plan_yaml))
        return run

    def _experiment(self, client: Any, name: str) -> str:
        """Find or make the experiment. The kind tag makes MLflow's pages open as model training, not as GenAI."""
        location = None if self._artifact_root is None else self._artifact_root.resolve().as_uri()
        found = client.get_experiment_by_name(name)
        if found is None:
            tags = {"mlflow.experimentKind": "custom_model_development"}
            with suppress(import_mlflow().exceptions.MlflowException):  # another process may have made it a moment ago
                return str(client.create_experiment(name, artifact_location=location, tags=tags))
            found = client.get_experiment_by_name(name)
        return str(found.experiment_id)

    def register(self, folder: Path, record: RunRecord, run: TrainingRun) -> RegisteredVersion:
        """Make the package a version of `record.model_name` and give it the alias `candidate`.

        Registering weights a second time makes no second version: the first one is returned, and becomes the candidate
        again unless it already is the champion. An interruption at any point, Ctrl-C included, leaves no version, no
        logged model and no alias behind.

        Args:
            folder: The model package's folder.
            record: What is known of the run.
            run: The run that made it.

        Raises:
            UnregistrableError: If the package's weights or contract are not those of the record.
            TrackingUnavailableError: If the store does not answer.
        """
        package = load_checked(folder, record)
        client = self._connection.client()
        existing = self.find(record.model_name, package.weights.sha256())
        with self._connection.telling("register the model"):
            if existing is None:
                version = Registration(client, run, record, package, folder).carry_out()
                existing = replace(read_version(client, record.model_name, version), created=True)
            elif CHAMPION_ALIAS not in existing.aliases:
                client.set_registered_model_alias(record.model_name, CANDIDATE_ALIAS, str(existing.version))
            client.set_tag(run.mlflow_run_id, "registered_version", f"{existing.name}/{existing.version}")
            fresh = read_version(client, record.model_name, existing.version)
        return replace(fresh, created=existing.created)

    def find(self, name: str, weights_sha256: str) -> RegisteredVersion | None:
        """Return the newest version of `name` with exactly these weights, or None."""
        client = self._connection.client()
        with self._connection.telling("look for a version"):
            found = client.search_model_versions(f"name='{name}' and tag.weights_sha256='{weights_sha256}'")
            numbers = sorted(int(version.version) for version in found)
            return read_version(client, name, numbers[-1]) if numbers else None

    def promote(self, name: str, version: int) -> RegisteredVersion:
        """Make `version` the champion.

        The alias `champion` moves in one step, so there is never a moment without a champion. The alias `candidate`
        goes away if it stood on this version; on a newer version it stays.

        Raises:
            UnknownVersionError: If there is no such version.
        """
        client = self._connection.client()
        with self._connection.telling("promote a version"):
            known = read_version(client, name, version)
            client.set_registered_model_alias(name, CHAMPION_ALIAS, str(version))
            now = datetime.now(tz=UTC).isoformat(timespec="seconds")
            client.set_model_version_tag(name, str(version), "promoted_at", now)
            if CANDIDATE_ALIAS in known.aliases:
                client.delete_registered_model_alias(name, CANDIDATE_ALIAS)
            return read_version(client, name, version)

    def champion(self, name: str) -> tuple[RegisteredVersion, ModelPackage] | None:
        """Return the champion of `name` with its package, or None when there is none yet.

        Raises:
            AlteredVersionError: If the stored weights are not the ones that were registered.
        """
        from models.package import ModelPackage  # noqa: PLC0415 - pandas comes with it

        client = self._connection.client()
        with self._connection.telling("fetch the champion"):
            number = champion_number(client, name)
            if number is None:
                return None
            version = read_version(client, name, number)
            uri = client.get_model_version_download_uri(name, str(number))
            folder = import_mlflow().artifacts.download_artifacts(artifact_uri=uri, tracking_uri=self.uri)
        return version, unaltered(ModelPackage.load(Path(folder) / "data" / MODEL_FOLDER), version)
