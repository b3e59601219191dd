"""What goes wrong at a newcomer's desk ends in one sentence that says what to do, and loses nothing."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from data_contracts.contract import Column, load_contract
from flows.plan import load_plan
from tests.cooperative import Cooperative, contract_file

BIN = Path(sys.executable).parent
NOBODY = 65534
SECONDS = 300  # far more than it takes alone: a busy machine is no failure

AS_NOBODY = """
import os, sys
import flows.cli
if os.getuid() == 0:
    os.setgroups([])
    os.setgid({nobody})
    os.setuid({nobody})
sys.argv = ["pumasi", "train", "print-defect"]
flows.cli.main()
"""


def run(*command: str, home: Path, prefect: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one of the product's commands in a process of its own."""
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **(prefect or {}), "PUMASI_HOME": str(home)},
    )


def tiny_plan(cooperative: Cooperative, *, rounds: int = 2, **changes: object) -> str:
    """Write a plan for the tiny trade."""
    data = yaml.safe_load(load_plan("print-defect").yaml())
    data |= {"contract": str(cooperative.contract_file), "model": "tiny-model", **changes}
    data["learning"] |= {"rounds": rounds, "average_last": 1}
    path = cooperative.folder / "plan.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(path)


def test_a_home_that_cannot_be_written_to_is_refused_before_anything_starts(folder_for_all: Path) -> None:
    home = folder_for_all / "home"
    home.mkdir(mode=0o555)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY.format(nobody=NOBODY)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, "PUMASI_HOME": str(home)},
    )

    assert done.returncode == 2, done.stderr
    assert done.stderr == (
        f"pumasi: {home} cannot be written to (Permission denied). "
        "Point PUMASI_HOME to a folder that you may write to, like: export PUMASI_HOME=$HOME/pumasi\n"
    )
    assert list(home.iterdir()) == []


def test_without_members_the_command_says_how_to_get_some(tmp_path: Path, prefect: dict[str, str]) -> None:
    done = run("pumasi", "train", "print-defect", home=tmp_path, prefect=prefect)

    assert done.returncode == 2
    assert "pumasi demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_plan_key_is_named_with_the_known_ones(tmp_path: Path, prefect: dict[str, str]) -> None:
    cooperative = Cooperative(tmp_path)
    cooperative.add("anvil")

    done = run("pumasi", "train", tiny_plan(cooperative, epochs=3), home=tmp_path, prefect=prefect)

    assert done.returncode == 2
    assert "epochs: unknown key; allowed here: purpose, contract, model" in done.stderr
    assert "Traceback" not in done.stderr


def test_too_few_members_fail_the_run_and_nothing_is_registered(tmp_path: Path, prefect: dict[str, str]) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415  (the product switches its telemetry off first)

    from models.registry import tracking_uri  # noqa: PLC0415

    cooperative = Cooperative(tmp_path)
    for member in ("anvil", "bellows"):
        cooperative.add(member)
    cooperative.add("crucible", contract=contract_file(tmp_path, version="2.0.0"))

    done = run("pumasi", "train", tiny_plan(cooperative), home=tmp_path, prefect=prefect)

    client = MlflowClient(tracking_uri(tmp_path), tracking_uri(tmp_path))
    experiment = client.get_experiment_by_name("tiny-model")
    assert experiment is not None
    (only,) = client.search_runs([experiment.experiment_id])
    assert done.returncode == 2
    assert "roll call: 2 member(s) can take part, the plan's minimum is 3" in done.stderr
    assert "Traceback" not in done.stderr
    assert only.info.status == "FAILED"
    assert client.search_registered_models() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no header line"),
        (b"%PDF-1.7 x", "is a PDF, and no table"),
        (b"PK\x03\x04broken", "is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "parts.csv").write_bytes(content)

    done = run("pumasi-member", "check", str(tmp_path / "parts.csv"), "--contract", "print-defect", home=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def middle_of(column: Column) -> str:
    assert column.minimum is not None
    assert column.maximum is not None
    return f"{(column.minimum + column.maximum) / 2}"


def test_a_refused_file_leaves_no_member_and_no_dataset_behind(tmp_path: Path) -> None:
    contract = load_contract("print-defect")
    middle = {column.name: middle_of(column) for column in contract.numbers}
    rows = [
        {
            "record_id": f"r{at}",
            **middle,
            "viscosity": "9999" if at < 3 else "50",
            "band_type": ("band", "noband")[at % 2],
        }
        for at in range(20)
    ]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    (tmp_path / "parts.csv").write_text("\n".join(lines), encoding="utf-8")

    done = run(
        *("pumasi-member", "data", "add", str(tmp_path / "parts.csv"), "--contract", "print-defect"),
        *("--member", "anvil", "--lang", "ko"),
        home=tmp_path,
    )

    assert done.returncode == 1
    assert "viscosity" in done.stdout
    assert "9999" not in done.stdout
    kept = sorted(file.name for file in (tmp_path / "members").rglob("*") if file.is_file())
    assert kept == ["data.lock", "print-defect.refused.csv"]  # the rows to correct, and neither profile nor dataset


def test_a_model_that_is_not_here_is_named(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    cooperative.add("anvil")

    done = run(
        *(
            "pumasi-member",
            "score",
            str(tmp_path / "anvil.csv"),
            "--model",
            "tiny-model",
            "-o",
            str(tmp_path / "o.csv"),
        ),
        home=tmp_path,
    )

    assert done.returncode == 2
    assert "there is no model tiny-model" in done.stderr


def training(plan: str, home: Path) -> subprocess.Popen[str]:
    """Start a training that goes on until it is stopped."""
    return subprocess.Popen(
        [str(BIN / "pumasi"), "train", plan],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PUMASI_HOME": str(home)},
    )


def line_with(part: str, process: subprocess.Popen[str]) -> str:
    """Read standard error up to a line with this part."""
    assert process.stderr is not None
    return next((line for line in process.stderr if part in line), "")


def test_a_second_training_waits_for_the_first_outlives_its_sudden_end_and_ends_politely(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    for member in ("anvil", "bellows", "chisel"):
        cooperative.add(member)
    plan = tiny_plan(cooperative, rounds=5000)

    first = training(plan, tmp_path)
    assert line_with("starting", first)
    second = training(plan, tmp_path)
    waiting = line_with("another training", second)
    assert line_with("round ", first)
    first.kill()
    first.communicate(timeout=SECONDS)
    closed = line_with("left RUNNING", second)
    assert line_with("round ", second)
    second.terminate()
    _, rest = second.communicate(timeout=SECONDS)

    assert f"process {first.pid}" in waiting
    assert "now it is marked KILLED" in closed
    assert second.returncode == 143
    assert rest.splitlines()[-1] == (
        "pumasi: stopped. The run is marked KILLED in MLflow. Nothing was registered or promoted."
    )
    assert "Traceback" not in rest
    assert statuses(tmp_path) == ["KILLED", "KILLED"]


IMPATIENT = """
import os, signal
import flows.cli
from flows import train_model as module

real = module._deliver

def impatient(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    return real(*arguments)

module._deliver = impatient
flows.cli.main()
"""


def statuses(home: Path, model: str = "tiny-model") -> list[str]:
    """What MLflow says of the runs of a model."""
    from mlflow import MlflowClient  # noqa: PLC0415  (the product switches its telemetry off first)

    from models.registry import tracking_uri  # noqa: PLC0415

    client = MlflowClient(tracking_uri(home), tracking_uri(home))
    experiment = client.get_experiment_by_name(model)
    assert experiment is not None
    return [one.info.status for one in client.search_runs([experiment.experiment_id])]


def test_ctrl_c_during_the_delivery_lets_it_end_and_does_not_deny_the_promotion(
    tmp_path: Path, prefect: dict[str, str]
) -> None:
    cooperative = Cooperative(tmp_path)
    for member in ("anvil", "bellows", "chisel"):
        cooperative.add(member)
    plan = tiny_plan(cooperative, rounds=8, gates={"minimum_rows_per_class": 1})

    done = subprocess.run(
        [sys.executable, "-c", IMPATIENT, "train", plan],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **prefect, "PUMASI_HOME": str(tmp_path)},
    )

    assert done.returncode == 130, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "pumasi: stopped. The run is marked FINISHED in MLflow. "
        "tiny-model version 1 was promoted before that, and taken home by 3 members."
    )
    assert statuses(tmp_path) == ["FINISHED"]
    assert (tmp_path / "members" / "anvil" / "models" / "tiny-model" / "personal").exists()
