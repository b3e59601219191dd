"""An auditor's way through MLflow's pages, over its REST interface: run, inputs, files, model version, champion."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.plan import load_plan, shipped_plans
from models.registry import Registry
from models.registry.ui_app import REFUSAL
from models.report import write_report
from tests.run_record_example import example_package, record_of

if TYPE_CHECKING:
    from tests.journeys.conftest import MlflowServer

pytestmark = pytest.mark.slow


def fetch(server: "MlflowServer", page: str, headers: dict[str, str] | None = None, /, **query: str) -> bytes:
    address = f"{server.url}{page}?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(address, headers=headers or {})  # noqa: S310 - our own loopback server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return bytes(answer.read())


def ask(server: "MlflowServer", method: str, **query: str) -> Any:
    return json.loads(fetch(server, f"/api/2.0/mlflow/{method}", **query))


def run_of(server: "MlflowServer") -> Any:
    return ask(server, "runs/get", run_id=server.version.mlflow_run_id)["run"]


def test_the_run_shows_its_figures_and_the_hashes_that_lead_to_the_evidence(mlflow_server: "MlflowServer") -> None:
    run = run_of(mlflow_server)
    metrics = {metric["key"]: metric["value"] for metric in run["data"]["metrics"]}
    tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
    params = {param["key"]: param["value"] for param in run["data"]["params"]}

    assert run["info"]["status"] == "FINISHED"
    assert metrics["federated/roc_auc"] == pytest.approx(mlflow_server.record.scorecards["federated"].roc_auc())
    assert metrics["round/accepted"] == 5
    assert {name.split(".")[1] for name in metrics if name.startswith("member.")} == {"b", "대림인쇄"}
    assert tags["weights_sha256"] == mlflow_server.version.weights_sha256
    assert tags["verdict"] == "promoted"
    assert params["training.rounds"] == "12"
    assert params["software.flwr"] == "1.41.0"


def test_each_round_is_a_step_of_the_learning_curve(mlflow_server: "MlflowServer") -> None:
    run_id = mlflow_server.version.mlflow_run_id
    history = ask(mlflow_server, "metrics/get-history", run_id=run_id, metric_key="round/validation_log_loss")

    assert [int(point["step"]) for point in history["metrics"]] == list(range(1, 13))


def test_the_datasets_of_the_run_are_commitments_without_a_way_to_the_rows(mlflow_server: "MlflowServer") -> None:
    datasets = [entry["dataset"] for entry in run_of(mlflow_server)["inputs"]["dataset_inputs"]]
    sources = [json.loads(dataset["source"]) for dataset in datasets]

    assert {dataset["source_type"] for dataset in datasets} == {"member_rows"}
    assert sorted(source["commitment"] for source in sources) == [c.value for c in mlflow_server.record.commitments]
    assert {key for source in sources for key in source} == {"commitment", "contract", "member"}


def test_report_and_pictures_are_served_as_files_of_the_run(mlflow_server: "MlflowServer") -> None:
    run_id = mlflow_server.version.mlflow_run_id
    report = fetch(mlflow_server, "/get-artifact", path="report.md", run_uuid=run_id)
    picture = fetch(mlflow_server, "/get-artifact", path="plots/learning_curve.png", run_uuid=run_id)
    listed = ask(mlflow_server, "artifacts/list", run_id=run_id, path="plots")["files"]

    assert report.decode() == write_report(mlflow_server.record)
    assert picture.startswith(b"\x89PNG")
    assert len(listed) == 3


def test_the_champion_is_found_by_alias_with_its_tags_and_description(mlflow_server: "MlflowServer") -> None:
    found = ask(mlflow_server, "registered-models/alias", name="print-defect", alias="champion")["model_version"]
    tags = {tag["key"]: tag["value"] for tag in found["tags"]}

    assert (found["version"], found["aliases"], found["status"]) == ("1", ["champion"], "READY")
    assert found["run_id"] == mlflow_server.version.mlflow_run_id
    assert tags["weights_sha256"] == mlflow_server.record.weights_sha256
    assert "all gates passed" in found["description"]


def test_pages_of_other_sites_and_names_cannot_reach_the_server(mlflow_server: "MlflowServer") -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(mlflow_server, "/api/2.0/mlflow/experiments/search", {"Host": "evil.example"}, max_results="1")


def test_the_server_reports_nothing_home_and_leaves_no_files_of_its_own(mlflow_server: "MlflowServer") -> None:
    telemetry = json.loads(fetch(mlflow_server, "/ajax-api/3.0/mlflow/ui-telemetry"))

    assert telemetry["disable_ui_telemetry"] is True
    assert not {"mlruns", "mlartifacts"} & {entry.name for entry in mlflow_server.home.iterdir()}


@pytest.mark.parametrize("path", ["assistant/config", "%61ssistant/config", "assistant/providers", "assistant"])
def test_mlflows_assistant_which_runs_host_commands_is_not_there(mlflow_server: "MlflowServer", path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        fetch(mlflow_server, f"/ajax-api/3.0/mlflow/{path}")

    assert refused.value.read() == REFUSAL


def test_no_message_can_be_sent_to_mlflows_assistant(mlflow_server: "MlflowServer") -> None:
    body = json.dumps({"message": "list the files here"}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own loopback server
        f"{mlflow_server.url}/ajax-api/3.0/mlflow/assistant/message",
        body,
        {"Content-Type": "application/json", "Origin": mlflow_server.url},
    )
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request, timeout=60)  # noqa: S310


def test_everything_beside_the_assistant_is_answered(mlflow_server: "MlflowServer") -> None:
    assert fetch(mlflow_server, "/").startswith(b"<!doctype html>")
    assert json.loads(fetch(mlflow_server, "/ajax-api/3.0/mlflow/server-info"))["store_type"] == "SqlStore"
    assert ask(mlflow_server, "experiments/search", max_results="1")["experiments"]


def test_the_reports_own_command_prints_the_hash_of_the_plan_beside_it(tmp_path: Path) -> None:
    plan = load_plan(shipped_plans()[0])
    (tmp_path / "plan.yaml").write_text(plan.yaml(), encoding="utf-8")
    report = write_report(record_of(example_package(), plan_yaml=plan.yaml(), plan_sha256=plan.sha256()))
    command = report.split("```sh\n")[1].split("\n```")[0]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=True)

    assert done.stdout.decode().strip() == plan.sha256()


def test_a_registry_over_http_registers_promotes_and_fetches_as_well(
    mlflow_server: "MlflowServer", tmp_path: Path
) -> None:
    package = example_package(seed=4)
    package.save(tmp_path / "package")
    record = record_of(package, model_name="over-http")
    registry = Registry(mlflow_server.url)
    with registry.start_run(
        experiment="print-defect", run_name="over http", training_run_id="http", plan_yaml=record.plan_yaml
    ) as run:
        run.record(record)
        version = registry.register(tmp_path / "package", record, run)
        again = registry.register(tmp_path / "package", record, run)
    registry.promote("over-http", version.version)
    found = registry.champion("over-http")

    assert (version.created, again.created, again.version) == (True, False, 1)
    assert found is not None
    assert found[1].weights == package.weights
    assert registry.champion("nobody") is None
