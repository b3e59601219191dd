import json
import logging
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from models.plots import draw_plots
from models.registry import (
    AlteredVersionError,
    RegisteredVersion,
    Registry,
    RegistryError,
    RowsStayAtMemberError,
    RunStatus,
    TrackingLockedError,
    TrackingOutdatedError,
    TrackingUnavailableError,
    TrainingRun,
    UnknownVersionError,
    UnregistrableError,
    artifact_root,
    tracking_uri,
    ui_command,
    ui_environment,
    ui_page,
)
from models.registry.connection import in_our_words
from models.report import write_report
from models.run_record import RunRecord
from tests.run_record_example import example_frame, example_package, record_of, rounds

MODEL_FILES = {
    "MLmodel",
    "conda.yaml",
    "python_env.yaml",
    "requirements.txt",
    "model.safetensors",
    "model.json",
    "contract.odcs.yaml",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose path holds a space and Hangul, as on a Korean desktop."""
    return tmp_path_factory.mktemp("바탕 화면")


@pytest.fixture(scope="module")
def registry(home: Path) -> Registry:
    """One real SQLite store for the module; each test uses its own model name."""
    registry = Registry(tracking_uri(home), artifact_root(home))
    registry.prepare()
    return registry


@pytest.fixture
def client(registry: Registry) -> Any:
    """MLflow's own client on the same store, to look at what was written."""
    return registry._connection.client()


def package_folder(folder: Path, seed: int = 1) -> Path:
    """A package folder with weights of this seed."""
    example_package(seed=seed).save(folder / f"package-{seed}")
    return folder / f"package-{seed}"


def named_record(name: str, seed: int = 1, **changes: object) -> RunRecord:
    return record_of(example_package(seed=seed), model_name=name, **changes)


def open_run(registry: Registry, record: RunRecord) -> TrainingRun:
    return registry.start_run(
        experiment=record.model_name,
        run_name="seed 7",
        training_run_id=record.run_id,
        plan_yaml=record.plan_yaml,
        tags={"started_by": "test"},
    )


def registered(registry: Registry, folder: Path, name: str, seed: int = 1) -> RegisteredVersion:
    record = named_record(name, seed)
    with open_run(registry, record) as run:
        return registry.register(package_folder(folder, seed), record, run)


def test_a_run_holds_params_rounds_metrics_tags_files_and_dataset_inputs(
    registry: Registry, client: Any, tmp_path: Path
) -> None:
    record = named_record("whole")
    (tmp_path / "report.md").write_text(write_report(record), encoding="utf-8")
    with open_run(registry, record) as run:
        run.log_round(record.rounds[0])
        run.record(record, [tmp_path / "report.md", *draw_plots(record, tmp_path)], example_package().contract)
    stored = client.get_run(run.mlflow_run_id)

    assert stored.info.status == "FINISHED"
    assert stored.data.params["training.learning_rate"] == "0.003"
    assert stored.data.metrics["members/count"] == 5
    assert stored.data.tags["plan_sha256"] == "a" * 64
    assert stored.data.tags["started_by"] == "test"
    assert {file.path for file in client.list_artifacts(run.mlflow_run_id)} == {"plan.yaml", "report.md", "plots"}
    assert len(client.list_artifacts(run.mlflow_run_id, "plots")) == 3
    assert sorted(entry.dataset.name for entry in stored.inputs.dataset_inputs) == sorted(
        f"print-defect@1.0.0 {commitment.member_label}" for commitment in record.commitments
    )


def test_rounds_are_steps_and_each_is_logged_once_whether_live_or_later(registry: Registry, client: Any) -> None:
    record = named_record("rounds", rounds=rounds(3))
    with open_run(registry, record) as run:
        run.log_round(record.rounds[0])
        run.log_round(record.rounds[2])
        run.record(record)
    history = client.get_metric_history(run.mlflow_run_id, "round/accepted")

    assert sorted((point.step, point.value) for point in history) == [(1, 5), (2, 5), (3, 4)]


def test_the_rows_behind_a_dataset_input_cannot_be_loaded(registry: Registry, client: Any) -> None:
    import mlflow.data  # noqa: PLC0415 - imported with the telemetry switch that the registry sets

    record = named_record("rows")
    with open_run(registry, record) as run:
        run.record(record)
    dataset = client.get_run(run.mlflow_run_id).inputs.dataset_inputs[0].dataset

    with pytest.raises(RowsStayAtMemberError, match="never leave the member"):
        mlflow.data.get_source(dataset).load()


def test_a_registered_version_is_a_candidate_with_tags_that_lead_to_the_evidence(
    registry: Registry, client: Any, tmp_path: Path
) -> None:
    version = registered(registry, tmp_path, "candidate-of")
    stored = client.get_model_version("candidate-of", version.version)

    assert (version.version, version.aliases, version.created) == (1, ("candidate",), True)
    assert stored.run_id == version.mlflow_run_id
    assert stored.tags["weights_sha256"] == example_package().weights.sha256()
    assert stored.tags["contract_sha256"] == example_package().contract.sha256
    assert stored.tags["plan_sha256"] == "a" * 64
    assert stored.tags["pumasi_version"] == "0.1.0"
    assert "Weights SHA-256" in stored.description


def test_the_logged_model_holds_known_text_files_and_safetensors_and_no_pickle(
    registry: Registry, client: Any, tmp_path: Path
) -> None:
    version = registered(registry, tmp_path, "no-pickle")
    folder = _local(client, "no-pickle", version.version)
    files = [file for file in folder.rglob("*") if file.is_file()]

    assert {file.name for file in files} == MODEL_FILES
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".safetensors":  # 8 bytes of length, a JSON header of that length, then nothing but arrays
            header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
            assert set(header) - {"__metadata__"} == set(example_package().weights.arrays)
        else:
            content.decode("utf-8")
            assert not content.startswith((b"\x80", b"PK")), f"{file.name} begins like a pickle or a zip"
    assert "loader_module: models.serving" in (folder / "MLmodel").read_text(encoding="utf-8")
    assert "code: " not in (folder / "MLmodel").read_text(encoding="utf-8")


def _local(client: Any, name: str, version: int) -> Path:
    import mlflow.artifacts  # noqa: PLC0415

    return Path(mlflow.artifacts.download_artifacts(client.get_model_version_download_uri(name, str(version))))


def test_a_version_loads_by_alias_through_mlflow_and_scores_rows(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow  # noqa: PLC0415
    import mlflow.pyfunc  # noqa: PLC0415

    registered(registry, tmp_path, "by-alias")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.uri)  # load_model knows no other way
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", registry.uri)
    model = mlflow.pyfunc.load_model("models:/by-alias@candidate")
    contract = example_package().contract
    scores = model.predict(example_frame(contract, rows=7))

    assert list(scores.columns) == ["score", "predicted", "defect", "reasons"]
    assert scores["score"].between(0, 1).all()
    assert len(scores) == 7
    assert model.metadata.get_input_schema().input_names() == [column.name for column in contract.features]
    with pytest.raises(mlflow.exceptions.MlflowException, match="missing inputs"):
        model.predict(example_frame(contract).drop(columns=contract.features[0].name))


def test_registering_identical_weights_again_makes_no_second_version(registry: Registry, tmp_path: Path) -> None:
    first = registered(registry, tmp_path, "twice")
    second = registered(registry, tmp_path, "twice")
    other = registered(registry, tmp_path, "twice", seed=2)

    assert (second.version, second.created) == (first.version, False)
    assert second.mlflow_run_id == first.mlflow_run_id
    assert (other.version, other.aliases) == (2, ("candidate",))
    assert registry.find("twice", first.weights_sha256).aliases == ()  # type: ignore[union-attr]
    assert registry.find("twice", "0" * 64) is None


def test_promotion_moves_the_champion_and_leaves_a_newer_candidate_alone(registry: Registry, tmp_path: Path) -> None:
    first = registered(registry, tmp_path, "promoted")

    assert registry.champion("promoted") is None
    assert registry.promote("promoted", first.version).aliases == ("champion",)
    second = registered(registry, tmp_path, "promoted", seed=2)
    assert registry.promote("promoted", first.version).aliases == ("champion",)
    assert registry.find("promoted", second.weights_sha256).aliases == ("candidate",)  # type: ignore[union-attr]
    assert registry.promote("promoted", second.version).aliases == ("champion",)
    found = registry.champion("promoted")
    assert found is not None
    assert found[0].version == 2
    assert found[1].weights == example_package(seed=2).weights


def test_the_champions_weights_registered_again_stay_champion_and_become_no_candidate(
    registry: Registry, tmp_path: Path
) -> None:
    first = registered(registry, tmp_path, "again")
    registry.promote("again", first.version)

    assert registered(registry, tmp_path, "again").aliases == ("champion",)


def test_a_champion_whose_stored_weights_were_exchanged_is_refused(
    registry: Registry, client: Any, tmp_path: Path
) -> None:
    version = registered(registry, tmp_path, "altered")
    registry.promote("altered", version.version)
    example_package(seed=9).save(_local(client, "altered", version.version) / "data" / "package")

    with pytest.raises(AlteredVersionError, match="Do not use them"):
        registry.champion("altered")


def test_a_version_that_is_not_there_cannot_be_promoted(registry: Registry) -> None:
    with pytest.raises(UnknownVersionError, match="'nobody' has no version 3"):
        registry.promote("nobody", 3)


def test_a_package_of_another_run_is_not_registered(registry: Registry, tmp_path: Path) -> None:
    record = named_record("mismatch", seed=1)
    with open_run(registry, record) as run, pytest.raises(UnregistrableError, match="weights"):
        registry.register(package_folder(tmp_path, seed=2), record, run)

    assert registry.find("mismatch", example_package(seed=2).weights.sha256()) is None


@pytest.mark.parametrize("step", ["log_model_artifacts", "create_model_version", "set_registered_model_alias"])
def test_ctrl_c_while_registering_leaves_nothing_behind(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path, step: str
) -> None:
    client = registry._connection.client()

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    name = f"interrupted-{step}"
    record = named_record(name)
    folders_before = set((artifact_root(home) / "models").glob("*"))
    run = open_run(registry, record)
    monkeypatch.setattr(client, step, interrupt)
    with pytest.raises(KeyboardInterrupt), run:
        registry.register(package_folder(tmp_path), record, run)
    monkeypatch.undo()

    assert client.get_run(run.mlflow_run_id).info.status == "KILLED"
    assert client.search_registered_models(f"name='{name}'") == []
    assert client.search_logged_models([run.experiment_id]) == []
    assert set((artifact_root(home) / "models").glob("*")) == folders_before


def test_a_run_that_fails_is_marked_failed_and_its_error_goes_on(registry: Registry, client: Any) -> None:
    run = open_run(registry, named_record("failing"))
    with pytest.raises(ZeroDivisionError), run:
        _ = 1 / 0

    assert client.get_run(run.mlflow_run_id).info.status == "FAILED"


def test_a_run_knows_how_it_ended_as_soon_as_mlflow_does(registry: Registry) -> None:
    with open_run(registry, named_record("status")) as run:
        while_open = run.status

    assert (while_open, run.status) == (None, RunStatus.FINISHED)


def test_runs_whose_process_is_gone_are_marked_killed_and_other_peoples_runs_are_left_alone(tmp_path: Path) -> None:
    store = Registry(tracking_uri(tmp_path), artifact_root(tmp_path))
    client = store._connection.client()
    with open_run(store, named_record("finished")) as finished:
        pass
    gone = open_run(store, named_record("gone"))
    somebodys = client.create_run(client.create_experiment("somebody's")).info.run_id

    closed = store.close_abandoned_runs()

    assert closed == (named_record("gone").run_id,)
    states = [client.get_run(run).info.status for run in (finished.mlflow_run_id, gone.mlflow_run_id, somebodys)]
    assert states == ["FINISHED", "KILLED", "RUNNING"]
    assert store.close_abandoned_runs() == ()


def test_two_runs_open_at_once_do_not_mix(registry: Registry, client: Any) -> None:
    record = named_record("parallel", rounds=rounds(2))
    with open_run(registry, record) as one, open_run(registry, record) as two:
        one.log_round(record.rounds[0])
        two.log_round(record.rounds[1])

    assert client.get_run(one.mlflow_run_id).data.metrics["round/seconds"] == 0.25
    assert [p.step for p in client.get_metric_history(one.mlflow_run_id, "round/asked")] == [1]
    assert [p.step for p in client.get_metric_history(two.mlflow_run_id, "round/asked")] == [2]


def test_a_model_version_page_can_compare_the_shared_models_figures(
    registry: Registry, client: Any, tmp_path: Path
) -> None:
    version = registered(registry, tmp_path, "compared")
    logged = client.search_logged_models([client.get_run(version.mlflow_run_id).info.experiment_id])[0]

    assert {metric.key for metric in logged.metrics} >= {"federated/roc_auc", "federated/log_loss"}
    assert logged.tags["mlflow.modelVersions"] == '[{"name": "compared", "version": 1}]'


@pytest.mark.usefixtures("client")  # what MLflow's import does to the loggers is done
def test_mlflow_stays_silent_and_its_loggers_are_left_as_they_were(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {name: logging.getLogger(name).level for name in ("mlflow", "alembic")}
    fresh = Registry(tracking_uri(tmp_path), artifact_root(tmp_path))
    record = named_record("silent")
    with open_run(fresh, record) as run:
        run.record(record)
        fresh.register(package_folder(tmp_path), record, run)

    assert capfd.readouterr() == ("", "")
    assert {name: logging.getLogger(name).level for name in before} == before


def test_a_store_that_is_not_a_database_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("this is not a database, however long one looks at it" * 20)

    with pytest.raises(TrackingUnavailableError, match=r"Could not open the tracking store .*file is not a database"):
        Registry(tracking_uri(tmp_path)).find("x", "y")


def test_a_store_of_another_mlflow_release_is_named_with_the_way_out(
    registry: Registry, home: Path, tmp_path: Path
) -> None:
    registry.find("x", "y")
    shutil.copy(home / "mlflow.db", tmp_path)  # a copy, because MLflow keeps opened stores by their address
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0123456789ab'")

    with pytest.raises(TrackingOutdatedError, match="mlflow db upgrade"):
        Registry(tracking_uri(tmp_path)).find("x", "y")


def test_a_locked_store_says_who_to_wait_for_and_shows_no_password() -> None:
    error = in_our_words(
        RuntimeError("(sqlite3.OperationalError) database is locked"), "log a round", "postgresql://me:secret@db/x"
    )

    assert isinstance(error, TrackingLockedError)
    assert "secret" not in str(error)
    assert "Wait for the other run" in str(error)


def test_a_store_that_is_locked_for_a_moment_does_not_stop_training(
    registry: Registry, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow.exceptions  # noqa: PLC0415

    def locked(*_: object, **__: object) -> None:
        raise mlflow.exceptions.MlflowException("(sqlite3.OperationalError) database is locked")

    record = named_record("locked", rounds=rounds(2))
    with open_run(registry, record) as run:
        monkeypatch.setattr(client, "log_batch", locked)
        run.log_round(record.rounds[0])
        with pytest.raises(TrackingLockedError):
            run.record(record)
        monkeypatch.undo()
        run.record(record)

    assert [p.step for p in client.get_metric_history(run.mlflow_run_id, "round/asked")] == [1, 2]


def test_every_error_of_this_module_is_a_registry_error() -> None:
    for error in (AlteredVersionError, RowsStayAtMemberError, TrackingLockedError, UnknownVersionError):
        assert issubclass(error, RegistryError)


def test_the_pages_are_served_to_this_machine_only_with_reporting_and_jobs_off(tmp_path: Path) -> None:
    command, environment = ui_command(tmp_path, 5055), ui_environment()

    assert command[1:4] == ["-P", "-m", "models.registry.ui_app"]
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--workers") + 1] == "1"
    assert command[command.index("--allowed-hosts") + 1] == "127.0.0.1:5055,localhost:5055"
    assert command[command.index("--backend-store-uri") + 1] == tracking_uri(tmp_path)
    assert ui_page(5055) == "http://127.0.0.1:5055/#/experiments?workflowType=machine_learning"
    assert environment["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
    assert environment["PATH"] == os.environ["PATH"]
