"""The main job as a newcomer does it: real commands, real data, a real Prefect engine, a real MLflow store."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow import MlflowClient

from models.package import ModelPackage
from models.registry import tracking_uri

BIN = Path(sys.executable).parent
SECONDS = 600  # far more than it takes alone: a busy machine is no failure


@dataclass(frozen=True)
class Done:
    """A finished demo: the one JSON object it printed, and its home."""

    home: Path
    json: dict[str, Any]
    progress: str


def run(*command: str, home: Path, prefect: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one of the product's commands in a process of its own."""
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **(prefect or {}), "PUMASI_HOME": str(home)},
        cwd=home.parent,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Run the demo once, in an empty home."""
    home = tmp_path_factory.mktemp("demo") / "home"
    done = run("pumasi", "demo", "--json", home=home)
    assert done.returncode == 0, done.stderr
    return Done(home, json.loads(done.stdout), done.stderr)


@pytest.fixture(scope="module")
def again(demo: Done) -> dict[str, Any]:
    """Train once more by the same plan, on the same members."""
    done = run("pumasi", "train", "print-defect", "--json", home=demo.home)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def mlflow(home: Path) -> MlflowClient:
    return MlflowClient(tracking_uri(home), tracking_uri(home))


def test_the_demo_prints_one_object_for_programs(demo: Done) -> None:
    assert set(demo.json) == {
        "run_id",
        "mlflow_run_id",
        "model",
        "version",
        "verdict",
        "refused_by",
        "members",
        "rounds",
        "seconds",
        "weights_sha256",
        "metrics",
    }
    assert (demo.json["model"], demo.json["version"], demo.json["members"]) == ("print-defect", 1, 5)
    assert (demo.json["verdict"], demo.json["refused_by"]) == ("promoted", [])
    assert set(demo.json["metrics"]) == {"local", "federated", "personalised", "pooled"}


def test_the_shared_model_has_learned_something_real(demo: Done) -> None:
    for name in ("federated", "personalised", "pooled"):
        assert demo.json["metrics"][name]["roc_auc"] > 0.6


def test_progress_goes_to_standard_error_in_plain_lines(demo: Done) -> None:
    lines = demo.progress.splitlines()

    assert [line for line in lines if line in ("roll call", "contract check", "statistics", "evaluation")] == [
        "roll call",
        "contract check",
        "statistics",
        "evaluation",
    ]
    assert f"round {demo.json['rounds']}/{demo.json['rounds']}" in demo.progress
    assert "Traceback" not in demo.progress


def test_the_same_plan_gives_bit_equal_weights_and_no_second_version(demo: Done, again: dict[str, Any]) -> None:
    assert again["weights_sha256"] == demo.json["weights_sha256"]
    assert again["version"] == 1
    assert again["run_id"] != demo.json["run_id"]
    same = f"name='print-defect' and tag.weights_sha256='{demo.json['weights_sha256']}'"
    assert len(mlflow(demo.home).search_model_versions(same)) == 1


def test_training_itself_knows_no_pooled_reference(again: dict[str, Any]) -> None:
    assert again["metrics"]["pooled"] is None


def test_another_seed_gives_other_weights(demo: Done, prefect: dict[str, str]) -> None:
    command = ("pumasi", "train", "print-defect", "--seed", "2", "--rounds", "2", "--json")
    done = run(*command, home=demo.home, prefect=prefect)
    result = json.loads(done.stdout)

    assert result["weights_sha256"] != demo.json["weights_sha256"]
    assert result["rounds"] == 2
    assert result["verdict"] in ("promoted", "refused")
    assert (result["verdict"] == "refused") == bool(result["refused_by"])


def test_mlflow_holds_the_run_with_plan_commitments_metrics_and_documents(demo: Done) -> None:
    client = mlflow(demo.home)
    found = client.get_run(demo.json["mlflow_run_id"])

    assert found.info.status == "FINISHED"
    assert found.data.params["contract"] == "print-defect@1.0.0"
    assert found.data.params["seed"] == "1"
    assert found.data.metrics["federated/roc_auc"] == pytest.approx(demo.json["metrics"]["federated"]["roc_auc"])
    assert len(client.get_metric_history(found.info.run_id, "round/train_loss")) == demo.json["rounds"]
    assert found.inputs is not None
    assert len(found.inputs.dataset_inputs) == 5
    names = {file.path for file in client.list_artifacts(found.info.run_id)}
    plots = {file.path for file in client.list_artifacts(found.info.run_id, "plots")}
    assert {"report.md", "plan.yaml"} <= names
    assert {
        f"plots/{name}.png" for name in ("learning_curve", "precision_recall", "calibration", "member_spread")
    } == plots


def test_the_promoted_version_is_the_champion_and_holds_no_pickle(demo: Done) -> None:
    version = mlflow(demo.home).get_model_version_by_alias("print-defect", "champion")

    assert version.tags["weights_sha256"] == demo.json["weights_sha256"]
    for file in (demo.home / "artifacts").rglob("*"):
        assert file.suffix not in (".pkl", ".pickle", ".pt", ".pth", ".joblib")
        assert not (file.is_file() and file.read_bytes()[:2] in (b"\x80\x03", b"\x80\x04", b"\x80\x05"))


def test_prefect_holds_a_completed_flow_run_with_its_artifacts(demo: Done) -> None:
    with sqlite3.connect(demo.home / "prefect" / "prefect.db") as database:
        states = [row[0] for row in database.execute("select state_name from flow_run order by created limit 1")]
        kinds = {row[0] for row in database.execute("select distinct type from artifact")}

    assert states == ["Completed"]
    assert {"table", "markdown"} <= kinds


def test_no_row_of_a_member_lies_anywhere_outside_its_folder(demo: Done, again: dict[str, Any]) -> None:
    assert again
    outside = [
        file
        for part in ("runs", "artifacts", "prefect", "mlflow.db")
        for file in ([demo.home / part] if (demo.home / part).is_file() else (demo.home / part).rglob("*"))
        if file.is_file()
    ]
    assert len(outside) > 20

    for file in outside:
        assert b"run-0" not in file.read_bytes(), f"{file} holds a record's id"


def test_every_member_took_the_same_shared_model_home_and_keeps_its_own_variant(demo: Done) -> None:
    for member in range(1, 6):
        folder = demo.home / "members" / f"factory-{member}" / "models" / "print-defect"

        assert ModelPackage.load(folder / "shared").weights.sha256() == demo.json["weights_sha256"]
        assert ModelPackage.load(folder / "personal").variant in ("shared", "fine-tuned", "mean")


def test_a_member_scores_new_parts_without_a_label_and_learns_why(demo: Done, tmp_path: Path) -> None:
    parts = pd.read_csv(demo.home / "members" / "factory-1" / "inbox" / "print-defect.csv").drop(columns="band_type")
    parts.to_csv(tmp_path / "new.csv", index=False)

    done = run(
        *("pumasi-member", "score", str(tmp_path / "new.csv"), "--model", "print-defect"),
        *("--member", "factory-1", "-o", str(tmp_path / "out.csv")),
        home=demo.home,
    )

    assert done.returncode == 0, done.stderr
    scored = pd.read_csv(tmp_path / "out.csv")
    assert len(scored) == len(parts)
    assert scored["score"].between(0, 1).all()
    worst = scored.iloc[int(scored["score"].argmax())]
    assert "defect probability" in worst["reasons"]
    assert f"line {worst['line']}:" in done.stdout


def test_scoring_needs_neither_mlflow_nor_prefect_nor_flower_servers(demo: Done) -> None:
    forbidden = "import sys; bad = [m for m in ('mlflow', 'prefect') if m in sys.modules]; assert not bad, bad"
    script = f"import federated.member.score, federated.client_app, federated.member.cli; {forbidden}"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=demo.home)

    assert done.returncode == 0, done.stderr


def test_ctrl_c_leaves_a_killed_run_and_nothing_half_registered(demo: Done) -> None:
    before = len(mlflow(demo.home).search_model_versions("name='print-defect'"))
    training = subprocess.Popen(
        [str(BIN / "pumasi"), "train", "print-defect", "--rounds", "5000"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PUMASI_HOME": str(demo.home)},
    )
    assert training.stderr is not None
    line = next(line for line in training.stderr if line.startswith("round "))
    training.send_signal(signal.SIGINT)
    _, rest = training.communicate(timeout=SECONDS)

    assert line.startswith("round ")
    assert training.returncode == 130
    assert "The run is marked KILLED in MLflow. Nothing was registered or promoted." in rest
    assert "Traceback" not in rest
    client = mlflow(demo.home)
    experiment = client.get_experiment_by_name("print-defect")
    assert experiment is not None
    newest = client.search_runs([experiment.experiment_id], order_by=["start_time desc"], max_results=1)[0]
    assert newest.info.status == "KILLED"
    assert len(client.search_model_versions("name='print-defect'")) == before
    assert not (demo.home / "runs" / newest.data.tags["run_id"] / "outcome.json").exists()


def test_the_whole_training_tries_to_reach_nothing_outside_this_machine(demo: Done) -> None:
    report = offline(["pumasi", "train", "print-defect", "--rounds", "1", "--json"], demo.home)

    assert report["returncode"] == 0, report["stderr"]
    assert (report["without_route"], report["to_closed_port"]) == (0, 0)


def test_the_count_of_attempts_to_reach_outside_does_count(demo: Done) -> None:
    attempt = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))"

    report = offline(["python", "-c", attempt], demo.home)

    assert report["without_route"] > 0


def offline(command: list[str], home: Path) -> dict[str, Any]:
    """Run a command in a network namespace without any way out."""
    script = Path(__file__).with_name("without_network.py")
    done = subprocess.run(
        [
            "/usr/bin/unshare",
            "--user",
            "--map-root-user",
            "--net",
            sys.executable,
            str(script),
            str(BIN / command[0]),
            *command[1:],
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
        env={**os.environ, "PUMASI_HOME": str(home)},
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report
