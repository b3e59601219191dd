"""MLflow: training runs, dataset inputs, model versions and their aliases. The only importer of mlflow.

Three rules make this module what it is. Nothing here is evidence (a finished run can be edited), so the run carries the
hashes that lead to the evidence. No pickle is ever written: a version is the package folder plus MLflow's own YAML
files, loaded through `models.serving`. And MLflow is used through its client alone, never through its global state
(active run, tracking URI), so that two runs in one process cannot mix.

Errors::

    RegistryError
    +-- TrackingUnavailableError   the store cannot be opened or answers with an error
    |   +-- TrackingLockedError    another process holds the SQLite file
    |   +-- TrackingOutdatedError  the store was written by another MLflow release
    +-- UnknownVersionError        no such registered version
    +-- UnregistrableError         the package does not belong to the run it is registered for
    +-- RowsStayAtMemberError      somebody tried to load the rows behind a dataset input
    +-- AlteredVersionError        the stored weights are not the ones that were registered
"""

from __future__ import annotations

import json
import logging
import os
import platform
import re
import shutil
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never, Self

import yaml

from data_contracts.contract import Kind
from data_contracts.telemetry import OPT_OUT, switch_off_telemetry
from models.report import describe_version
from models.run_labels import flatten_plan, round_metrics, run_params, run_tags, summary_metrics, version_tags
from models.run_record import FEDERATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType, TracebackType

    from data_contracts.contract import Column, Contract
    from models.package import ModelPackage
    from models.run_record import Commitment, RoundPoint, RunRecord

CANDIDATE_ALIAS = "candidate"
CHAMPION_ALIAS = "champion"
MODEL_FOLDER = "package"
"""Name of the package folder below `data/` inside the logged model."""

_PARAMS_PER_BATCH = 100
_DIGEST_DIGITS = 12  # enough to tell commitments apart in a list; the whole value stands in the source
_SOURCE_TYPE = "member_rows"
_OUTPUTS = (("score", "double"), ("predicted", "string"), ("defect", "boolean"), ("reasons", "string"))


class RegistryError(RuntimeError):
    """Tracking or the registry could not do what was asked."""


class TrackingUnavailableError(RegistryError):
    """The store cannot be opened or answers with an error."""


class TrackingLockedError(TrackingUnavailableError):
    """Another process holds the SQLite file longer than we wait (20 s)."""


class TrackingOutdatedError(TrackingUnavailableError):
    """The store was written by another MLflow release and must be migrated by hand, after a backup."""


class UnknownVersionError(RegistryError):
    """No such registered version."""


class UnregistrableError(RegistryError):
    """The package does not belong to the run it is registered for."""


class AlteredVersionError(RegistryError):
    """The stored weights are not the ones that were registered."""


class RowsStayAtMemberError(RegistryError):
    """Somebody tried to load the rows behind a dataset input."""


class RunStatus(StrEnum):
    """How a run ended, in MLflow's words."""

    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


@dataclass(frozen=True)
class RegisteredVersion:
    """A version of a registered model.

    Attributes:
        name: Registered model.
        version: Number counted from 1.
        weights_sha256: Fingerprint of its weights.
        aliases: Aliases it carries, sorted.
        mlflow_run_id: MLflow's identifier of the run that made it.
        created: True if the call that returned this made the version; False if it was there before.
    """

    name: str
    version: int
    weights_sha256: str
    aliases: tuple[str, ...]
    mlflow_run_id: str
    created: bool = False


def tracking_uri(home: Path) -> str:
    """Address of the embedded store below the association's home folder."""
    return f"sqlite:///{(home.resolve() / 'mlflow.db').as_posix()}"


def artifact_root(home: Path) -> Path:
    """Folder of the embedded store's files below the association's home folder."""
    return home.resolve() / "artifacts"


def ui_command(home: Path, port: int) -> list[str]:
    """Command that serves MLflow's pages for one home, to be run with `ui_environment`.

    One worker, loopback only, and only for pages that were opened under this very address.

    Args:
        home: The association's home folder.
        port: Free TCP port on 127.0.0.1.
    """
    own = [f"{host}:{port}" for host in ("127.0.0.1", "localhost")]
    options = {
        "--backend-store-uri": tracking_uri(home),
        "--default-artifact-root": artifact_root(home).as_uri(),
        "--host": "127.0.0.1",
        "--port": str(port),
        "--workers": "1",
        "--allowed-hosts": ",".join(own),
        "--cors-allowed-origins": ",".join(f"http://{address}" for address in own),
    }
    words = [word for pair in options.items() for word in pair]
    return [sys.executable, "-m", "mlflow", "server", *words, "--no-serve-artifacts"]


def ui_page(port: int, run: TrainingRun | None = None) -> str:
    """Address of the pages that `ui_command` serves, opened as model training instead of MLflow's default, GenAI.

    Args:
        port: As given to `ui_command`.
        run: The run to show; None shows the list of experiments.
    """
    place = "experiments" if run is None else f"experiments/{run.experiment_id}/runs/{run.mlflow_run_id}"
    return f"http://127.0.0.1:{port}/#/{place}?workflowType=machine_learning"


def ui_environment() -> dict[str, str]:
    """This process's environment with MLflow's reporting, background jobs and gateway switched off."""
    return {
        **os.environ,
        **OPT_OUT,
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_ENABLE_AI_GATEWAY": "false",
    }


class Registry:
    """The association's tracking store and model registry.

    Making one costs nothing: mlflow is imported and the database created at first use, or earlier and beside other work
    with `prepare`.

    Attributes:
        uri: MLflow's tracking and registry address.

    Args:
        tracking_uri: MLflow tracking and registry address, for example from `tracking_uri(home)`.
        artifact_root: Folder below which new experiments keep their files; None leaves the choice to the server.
    """

    def __init__(self, tracking_uri: str, artifact_root: Path | None = None) -> None:
        self.uri = tracking_uri
        self._artifact_root = artifact_root
        self._lock = threading.Lock()
        self._opened: Any = None

    def prepare(self) -> None:
        """Import mlflow and create or open the database in the background; the first real call waits for it.

        The first start of a new home takes about 5 s, of which 3 s are MLflow's own migrations: call this before the
        work that does not need tracking. A failure is not raised here but by the first real call.
        """
        threading.Thread(target=self._prepare_quietly, name="pumasi-registry", daemon=True).start()

    def _prepare_quietly(self) -> None:
        with suppress(RegistryError):
            self._client()

    def _client(self) -> Any:
        """Return the one MLflow client, opened under a lock so that `prepare` and a caller share it."""
        with self._lock:
            if self._opened is None:
                with self._telling("open the tracking store"):
                    mlflow = _import_mlflow()
                    client = mlflow.MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
                    client.search_registered_models(max_results=1)
                    self._opened = client
            return self._opened

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
        client = self._client()
        with self._telling("start a run"):
            own = {"run_id": training_run_id, "mlflow.source.name": "pumasi", "mlflow.source.type": "LOCAL"}
            created = client.create_run(
                self._experiment(client, experiment), run_name=run_name, tags={**own, **(tags or {})}
            )
            run = TrainingRun(self, created.info.run_id, created.info.experiment_id)
            _log_params(client, run.mlflow_run_id, flatten_plan(plan_yaml))
        return run

    def _experiment(self, client: Any, name: str) -> str:
        """Find or make the experiment. The kind tag makes MLflow's pages open as model training, not as GenAI."""
        mlflow = _import_mlflow()
        location = None if self._artifact_root is None else self._artifact_root.resolve().as_uri()
        found = client.get_experiment_by_name(name)
        if found is None:
            with suppress(mlflow.exceptions.MlflowException):  # another process may have made it a moment ago
                return str(
                    client.create_experiment(
                        name,
                        artifact_location=location,
                        tags={"mlflow.experimentKind": "custom_model_development"},
                    )
                )
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
        package = _load_checked(folder, record)
        client = self._client()
        existing = self.find(record.model_name, package.weights.sha256())
        with self._telling("register the model"):
            if existing is None:
                version = _Registration(client, run, record, package, folder).carry_out()
                existing = replace(self._version(client, record.model_name, version), created=True)
            elif CHAMPION_ALIAS not in existing.aliases:
                client.set_registered_model_alias(record.model_name, CANDIDATE_ALIAS, str(existing.version))
            client.set_tag(run.mlflow_run_id, "registered_version", f"{existing.name}/{existing.version}")
            fresh = self._version(client, record.model_name, existing.version)
        return replace(fresh, created=existing.created)

    def find(self, name: str, weights_sha256: str) -> RegisteredVersion | None:
        """Return the newest version of `name` with exactly these weights, or None."""
        client = self._client()
        with self._telling("look for a version"):
            found = client.search_model_versions(f"name='{name}' and tag.weights_sha256='{weights_sha256}'")
            numbers = sorted(int(version.version) for version in found)
            return self._version(client, name, numbers[-1]) if numbers else None

    def promote(self, name: str, version: int) -> RegisteredVersion:
        """Make `version` the champion.

        The alias `champion` moves in one step, so there is never a moment without a champion. The alias `candidate`
        goes away if it stood on this version; on a newer version it stays.

        Raises:
            UnknownVersionError: If there is no such version.
        """
        client = self._client()
        with self._telling("promote a version"):
            known = self._version(client, name, version)
            client.set_registered_model_alias(name, CHAMPION_ALIAS, str(version))
            client.set_model_version_tag(name, str(version), "promoted_at", _utc_now())
            if CANDIDATE_ALIAS in known.aliases:
                client.delete_registered_model_alias(name, CANDIDATE_ALIAS)
            return self._version(client, name, version)

    def champion(self, name: str) -> tuple[RegisteredVersion, ModelPackage] | None:
        """Return the champion of `name` with its package, or None when there is none yet.

        Raises:
            AlteredVersionError: If the stored weights are not the ones that were registered.
        """
        from models.package import ModelPackage  # noqa: PLC0415 - torch comes with it

        client = self._client()
        mlflow = _import_mlflow()
        with self._telling("fetch the champion"):
            try:
                found = client.get_model_version_by_alias(name, CHAMPION_ALIAS)
            except mlflow.exceptions.MlflowException as error:
                if _is_missing(error):
                    return None
                raise
            version = self._version(client, name, int(found.version))
            uri = client.get_model_version_download_uri(name, found.version)
            folder = mlflow.artifacts.download_artifacts(artifact_uri=uri, tracking_uri=self.uri)
        return version, _unaltered(ModelPackage.load(Path(folder) / "data" / MODEL_FOLDER), version)

    def _version(self, client: Any, name: str, version: int) -> RegisteredVersion:
        """Read one version with its aliases, which MLflow tells only for single versions."""
        mlflow = _import_mlflow()
        try:
            found = client.get_model_version(name, str(version))
        except mlflow.exceptions.MlflowException as error:
            if _is_missing(error):
                raise UnknownVersionError(
                    f"Model {name!r} has no version {version}. See the page Models; register it first."
                ) from error
            raise
        return RegisteredVersion(
            name=name,
            version=int(found.version),
            weights_sha256=found.tags.get("weights_sha256", ""),
            aliases=tuple(sorted(found.aliases)),
            mlflow_run_id=found.run_id or "",
        )

    @contextmanager
    def _telling(self, doing: str) -> Iterator[None]:
        """Keep MLflow's and Alembic's chatter away and turn their errors into ours."""
        _import_mlflow()
        with _quiet():
            try:
                yield
            except _store_errors() as error:
                raise _in_our_words(error, doing, self.uri) from error


class TrainingRun:
    """One MLflow run, open until `finish`. As a context manager it ends itself: FINISHED, FAILED, or KILLED by Ctrl-C.

    Attributes:
        mlflow_run_id: MLflow's identifier.
        experiment_id: MLflow's identifier of the experiment.
    """

    def __init__(self, registry: Registry, mlflow_run_id: str, experiment_id: str) -> None:
        self.mlflow_run_id = mlflow_run_id
        self.experiment_id = experiment_id
        self._registry = registry
        self._logged_rounds: set[int] = set()
        self._finished = False

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
        return self._registry.uri.startswith("http")

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
        client = self._registry._client()  # noqa: SLF001 - the two classes are one adapter
        self._log_rounds([point for point in record.rounds if point.round not in self._logged_rounds])
        with self._registry._telling("record the run"):  # noqa: SLF001
            mlflow = _import_mlflow()
            entities = mlflow.entities
            now = _milliseconds()
            metrics = [entities.Metric(key, value, now, 0) for key, value in summary_metrics(record).items()]
            tags = [entities.RunTag(key, value) for key, value in run_tags(record).items()]
            client.log_batch(self.mlflow_run_id, metrics=metrics, tags=tags)
            _log_params(client, self.mlflow_run_id, run_params(record))
            client.log_inputs(self.mlflow_run_id, _dataset_inputs(mlflow, record, contract))
            client.log_text(self.mlflow_run_id, record.plan_yaml, "plan.yaml")
            for file in files:
                client.log_artifact(self.mlflow_run_id, str(file), "plots" if file.suffix == ".png" else None)

    def finish(self, status: RunStatus = RunStatus.FINISHED) -> None:
        """Close the run; a second call does nothing."""
        if self._finished:
            return
        client = self._registry._client()  # noqa: SLF001
        with self._registry._telling("finish the run"):  # noqa: SLF001
            client.set_terminated(self.mlflow_run_id, status.value)
        self._finished = True

    def _log_rounds(self, points: Sequence[RoundPoint]) -> None:
        client = self._registry._client()  # noqa: SLF001
        with self._registry._telling("log a round"):  # noqa: SLF001
            metric = _import_mlflow().entities.Metric
            now = _milliseconds()
            metrics = [
                metric(key, value, now, point.round) for point in points for key, value in round_metrics(point).items()
            ]
            client.log_batch(self.mlflow_run_id, metrics=metrics)
        self._logged_rounds.update(point.round for point in points)


@dataclass
class _Registration:
    """The steps that make one version, and the way back from each of them."""

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
        """Make the version, or leave nothing behind."""
        try:
            self._log_model()
            self._make_version()
        except BaseException:  # Ctrl-C must not leave half a version either
            self._undo()
            raise
        return int(self.version)

    def _log_model(self) -> None:
        """Store the package as an MLflow model beside the run."""
        mlflow = _import_mlflow()
        logged = self.client.create_logged_model(
            self.run.experiment_id,
            name=self.record.model_name,
            source_run_id=self.run.mlflow_run_id,
            tags=version_tags(self.record),
            model_type="federated classifier",
        )
        self.model_id, self.location = logged.model_id, logged.artifact_location
        with tempfile.TemporaryDirectory() as scratch:
            target = Path(scratch) / "model"
            write_model_folder(
                self.folder, target, contract=self.package.contract, model_id=self.model_id, run=self.run
            )
            self.client.log_model_artifacts(self.model_id, str(target))
        self.client.finalize_logged_model(self.model_id, "READY")
        self.client.log_outputs(self.run.mlflow_run_id, [mlflow.entities.LoggedModelOutput(self.model_id, 0)])
        self._log_model_metrics(mlflow)

    def _log_model_metrics(self, mlflow: ModuleType) -> None:
        """Give the logged model the shared model's figures, so that versions can be compared on their own page."""
        own = {key: value for key, value in summary_metrics(self.record).items() if key.startswith(f"{FEDERATED}/")}
        metrics = [
            mlflow.entities.Metric(key, value, _milliseconds(), 0, self.model_id, run_id=self.run.mlflow_run_id)
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
            with suppress(*_store_errors()):
                self.client.delete_model_version(name, self.version)
        if self.new_name:
            with suppress(*_store_errors()):
                self.client.delete_registered_model(name)
        if self.model_id:
            with suppress(*_store_errors()):
                self.client.delete_logged_model(self.model_id)
                _remove_local(self.location)


def write_model_folder(
    package: Path, target: Path, *, contract: Contract, model_id: str | None = None, run: TrainingRun | None = None
) -> None:
    """Write an MLflow model around a package folder: a copy of it and four YAML or text files, no pickle, no code.

    The environment files are written here because MLflow's own `save_model` scans every installed package for that
    (0.9 s).

    Args:
        package: The package folder.
        target: Folder to make.
        contract: Its feature columns are the model's typed inputs.
        model_id: MLflow's identifier of the logged model.
        run: The run that made it.
    """
    mlflow = _import_mlflow()
    shutil.copytree(package, target / "data" / MODEL_FOLDER)
    requirements = [f"mlflow=={mlflow.__version__}", f"pumasi=={pumasi_version()}"]
    python = platform.python_version()
    dependencies = [f"python={python}", "pip", {"pip": requirements}]
    environment = {"name": "pumasi", "channels": ["conda-forge"], "dependencies": dependencies}
    (target / "conda.yaml").write_text(yaml.safe_dump(environment, sort_keys=False), encoding="utf-8")
    virtual = {"python": python, "build_dependencies": ["pip"], "dependencies": ["-r requirements.txt"]}
    (target / "python_env.yaml").write_text(yaml.safe_dump(virtual, sort_keys=False), encoding="utf-8")
    (target / "requirements.txt").write_text("\n".join(requirements) + "\n", encoding="utf-8")
    model = mlflow.models.Model(
        artifact_path="model",
        run_id=run.mlflow_run_id if run else None,
        signature=_signature(contract),
        model_id=model_id,
    )
    mlflow.pyfunc.add_to_model(
        model,
        loader_module="models.serving",
        data=f"data/{MODEL_FOLDER}",
        conda_env="conda.yaml",
        python_env="python_env.yaml",
    )
    model.save(str(target / "MLmodel"))


def pumasi_version() -> str:
    """Version of the installed Pumasi; "0+source" when it runs from an uninstalled source tree."""
    try:
        return metadata.version("pumasi")
    except metadata.PackageNotFoundError:
        return "0+source"


def _signature(contract: Contract) -> Any:
    """Typed inputs and outputs. An integer that may be missing is a double: MLflow's integers know no missing value."""
    mlflow = _import_mlflow()
    column = mlflow.types.ColSpec
    inputs = [column(_input_type(feature), feature.name) for feature in contract.features]
    outputs = [column(kind, name) for name, kind in _OUTPUTS]
    return mlflow.models.ModelSignature(mlflow.types.Schema(inputs), mlflow.types.Schema(outputs))


def _input_type(column: Column) -> str:
    if not column.is_numeric:
        return "string"
    return "long" if column.kind is Kind.INTEGER and column.required else "double"


def _dataset_inputs(mlflow: ModuleType, record: RunRecord, contract: Contract | None) -> list[Any]:
    """One input per commitment: what was trained on, without a way to it."""
    entities = mlflow.entities
    context = entities.InputTag("mlflow.data.context", "training")
    return [entities.DatasetInput(_dataset(entities, item, contract), [context]) for item in record.commitments]


def _dataset(entities: ModuleType, commitment: Commitment, contract: Contract | None) -> Any:
    source = {"commitment": commitment.value, "contract": commitment.contract, "member": commitment.member_label}
    columns = [] if contract is None else [(_input_type(column), column.name) for column in contract.features]
    colspec = [{"type": kind, "name": name, "required": True} for kind, name in columns]
    return entities.Dataset(
        name=f"{commitment.contract} {commitment.member_label}",
        digest=commitment.value[:_DIGEST_DIGITS],
        source_type=_SOURCE_TYPE,
        source=json.dumps(source, ensure_ascii=False),
        schema=json.dumps({"mlflow_colspec": colspec}) if colspec else None,
        profile=None if commitment.rows is None else json.dumps({"num_rows": commitment.rows}),
    )


def _log_params(client: Any, run_id: str, params: Mapping[str, str]) -> None:
    """Log params in MLflow's batches of at most 100."""
    entities = _import_mlflow().entities
    items = [entities.Param(key, value) for key, value in params.items()]
    for start in range(0, len(items), _PARAMS_PER_BATCH):
        client.log_batch(run_id, params=items[start : start + _PARAMS_PER_BATCH])


def _load_checked(folder: Path, record: RunRecord) -> ModelPackage:
    """Load the package and make sure that it is the record's."""
    from models.package import ModelPackage  # noqa: PLC0415 - torch comes with it

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


def _unaltered(package: ModelPackage, version: RegisteredVersion) -> ModelPackage:
    got = package.weights.sha256()
    if got != version.weights_sha256:
        raise AlteredVersionError(
            f"The weights stored for version {version.version} of {version.name!r} have SHA-256 {got}, but "
            f"{version.weights_sha256 or 'none'} was registered. Do not use them; compare with the ledger."
        )
    return package


def _remove_local(location: str) -> None:
    """Remove a logged model's files when they lie in a local folder; MLflow only marks it deleted."""
    local = _import_mlflow().artifacts.download_artifacts(location) if location.startswith("file:") else None
    if local is not None:
        shutil.rmtree(Path(local).parent, ignore_errors=True)


@cache
def _import_mlflow() -> ModuleType:
    """Import mlflow when it is first needed, with its reporting off, and teach it our kind of dataset source."""
    switch_off_telemetry()
    import mlflow  # noqa: PLC0415
    import mlflow.pyfunc  # noqa: PLC0415
    from mlflow.data.dataset_source import DatasetSource  # noqa: PLC0415
    from mlflow.data.dataset_source_registry import register_dataset_source  # noqa: PLC0415

    class MemberRows(DatasetSource):
        """Rows that stay at a member: known by their commitment, not to be loaded."""

        def __init__(self, facts: dict[str, str]) -> None:
            self._facts = facts

        @staticmethod
        def _get_source_type() -> str:
            return _SOURCE_TYPE

        def load(self) -> Never:
            raise RowsStayAtMemberError(
                f"The rows behind this dataset ({self._facts.get('member')}) never leave the member, so they cannot be "
                "loaded here. Ask the member to open its commitment: it proves which data version it trained on."
            )

        @staticmethod
        def _can_resolve(raw_source: object) -> bool:
            del raw_source  # nothing in the world resolves to rows that stay where they are
            return False

        @classmethod
        def _resolve(cls, raw_source: object) -> Never:
            raise NotImplementedError(f"No {type(raw_source).__name__} leads to a member's rows.")

        def to_dict(self) -> dict[str, str]:
            return self._facts

        @classmethod
        def from_dict(cls, source_dict: dict[str, str]) -> Self:
            return cls(source_dict)

    register_dataset_source(MemberRows)  # type: ignore[arg-type] # it takes the class, whatever its hint says
    return mlflow


@contextmanager
def _quiet() -> Iterator[None]:
    """Hush MLflow and Alembic inside the block: what they log as errors, we raise."""
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@cache
def _store_errors() -> tuple[type[Exception], ...]:
    """What a store raises: MLflow's own error; while it is opened also the database's, the disk's, a missing driver."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - comes with mlflow

    return (_import_mlflow().exceptions.MlflowException, SQLAlchemyError, OSError, ImportError)


def _in_our_words(error: Exception, doing: str, uri: str) -> TrackingUnavailableError:
    """Say what failed, where, why and what to do; passwords in the address are never shown."""
    where = re.sub(r"//[^/@]*@", "//***@", uri)
    text = str(error)
    if "database is locked" in text:
        return TrackingLockedError(
            f"Could not {doing}: another process holds {where} for more than 20 s. Nothing was changed. Wait for the "
            "other run or `pumasi` command to end, then try again; for several users at once, use a Postgres store."
        )
    if "out-of-date database schema" in text or "Can't locate revision" in text:
        return TrackingOutdatedError(
            f"Could not {doing}: {where} was written by another MLflow release. Make a copy of it, then run "
            f"`python -m mlflow db upgrade {where}`, or use the MLflow release that wrote it."
        )
    reason = text.splitlines()[0] if text else type(error).__name__
    return TrackingUnavailableError(
        f"Could not {doing} in {where}: {reason} Check the address; a disk must have space "
        "and be writable, a server must run."
    )


def _is_missing(error: Exception) -> bool:
    return getattr(error, "error_code", "") in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _utc_now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="seconds")
