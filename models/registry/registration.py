"""The making of one version: its steps, and the way back from each of them."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.registry.connection import store_errors
from models.registry.errors import UnregistrableError
from models.registry.mlflow_import import import_mlflow
from models.registry.model_folder import write_model_folder
from models.registry.run import milliseconds
from models.registry.versions import CANDIDATE_ALIAS
from models.report import describe_version
from models.run_labels import summary_metrics, version_tags
from models.run_record import FEDERATED

if TYPE_CHECKING:
    from models.package import ModelPackage
    from models.registry.run import TrainingRun
    from models.run_record import RunRecord


def load_checked(folder: Path, record: RunRecord) -> ModelPackage:
    """Load the package and make sure that it is the record's.

    Raises:
        UnregistrableError: If its weights or its contract are not those of the record.
    """
    from models.package import ModelPackage  # noqa: PLC0415 - pandas comes with it

    package = ModelPackage.load(folder)
    expected = {"weights": record.weights_sha256, "contract": record.contract_sha256}
    got = {"weights": package.weights.sha256(), "contract": package.contract.sha256}
    for what, value in expected.items():
        if got[what] != value:
            raise UnregistrableError(
                f"The {what} of the package in {folder} do not belong to run {record.run_id!r}: expected SHA-256 "
                f"{value}, got {got[what]}. Register the package that this run wrote."
            )
    return package


@dataclass
class Registration:
    """One version on its way into the registry.

    Attributes:
        client: MLflow's client.
        run: The run that made the package.
        record: What is known of the run.
        package: The package, checked against the record.
        folder: The package's folder.
        model_id: MLflow's identifier of the logged model, once there is one.
        location: Address of the logged model's files, once there is one.
        version: Number of the version, once there is one.
        new_name: Whether the registered model itself was made on the way.
    """

    client: Any
    run: TrainingRun
    record: RunRecord
    package: ModelPackage
    folder: Path
    model_id: str = ""
    location: str = ""
    version: str = ""
    new_name: bool = False

    def carry_out(self) -> int:
        """Make the version, or leave nothing behind; return its number."""
        try:
            self._log_model()
            self._make_version()
        except BaseException:  # Ctrl-C must not leave half a version either
            self._undo()
            raise
        return int(self.version)

    def _log_model(self) -> None:
        """Store the package as an MLflow model beside the run."""
        logged = self.client.create_logged_model(
            self.run.experiment_id,
            name=self.record.model_name,
            source_run_id=self.run.mlflow_run_id,
            tags=version_tags(self.record),
            model_type="federated classifier",
        )
        self.model_id, self.location = logged.model_id, logged.artifact_location
        self._log_files()
        self.client.finalize_logged_model(self.model_id, "READY")
        output = import_mlflow().entities.LoggedModelOutput(self.model_id, 0)
        self.client.log_outputs(self.run.mlflow_run_id, [output])
        self._log_model_metrics()

    def _log_files(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            target = Path(scratch) / "model"
            write_model_folder(
                self.folder,
                target,
                contract=self.package.contract,
                model_id=self.model_id,
                mlflow_run_id=self.run.mlflow_run_id,
            )
            self.client.log_model_artifacts(self.model_id, str(target))

    def _log_model_metrics(self) -> None:
        """Give the logged model the shared model's figures, so that versions can be compared on their own page."""
        metric = import_mlflow().entities.Metric
        own = {key: value for key, value in summary_metrics(self.record).items() if key.startswith(f"{FEDERATED}/")}
        metrics = [
            metric(key, value, milliseconds(), 0, self.model_id, run_id=self.run.mlflow_run_id)
            for key, value in own.items()
        ]
        self.client.log_batch(self.run.mlflow_run_id, metrics=metrics)

    def _make_version(self) -> None:
        """Make the version with its tags and description, and only then the alias that makes others look at it."""
        name = self.record.model_name
        if not self.client.search_registered_models(f"name='{name}'", max_results=1):
            self.client.create_registered_model(name, description=self.record.purpose.en)
            self.new_name = True
        made = self.client.create_model_version(
            name,
            self._source(),
            self.run.mlflow_run_id,
            tags=version_tags(self.record),
            description=describe_version(self.record),
            model_id=self.model_id,
        )
        self.version = made.version
        versions = json.dumps([{"name": name, "version": int(self.version)}])
        self.client.set_logged_model_tags(self.model_id, {"mlflow.modelVersions": versions})
        self.client.set_registered_model_alias(name, CANDIDATE_ALIAS, self.version)

    def _source(self) -> str:
        """Where the version's files are: by identifier over HTTP; by place for a database opened directly.

        MLflow's SQL store would look an identifier up through the global tracking URI, in whatever store that is.
        """
        return f"models:/{self.model_id}" if self.run.over_http else self.location

    def _undo(self) -> None:
        """Take back what was done, last step first; a step that fails must not stop the ones before it."""
        name = self.record.model_name
        if self.version:
            with suppress(*store_errors()):
                self.client.delete_model_version(name, self.version)
        if self.new_name:
            with suppress(*store_errors()):
                self.client.delete_registered_model(name)
        if self.model_id:
            with suppress(*store_errors()):
                self.client.delete_logged_model(self.model_id)
                _remove_local(self.location)


def _remove_local(location: str) -> None:
    """Remove a logged model's files when they lie in a local folder; MLflow only marks it deleted."""
    local = import_mlflow().artifacts.download_artifacts(location) if location.startswith("file:") else None
    if local is not None:
        shutil.rmtree(Path(local).parent, ignore_errors=True)
