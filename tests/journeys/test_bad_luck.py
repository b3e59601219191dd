"""What goes wrong at a newcomer's desk ends in one sentence that says what to do, and loses nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flows.plan import load_plan
from tests.cooperative import Cooperative

BIN = Path(sys.executable).parent
NOBODY = 65534

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


def run(*command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the product's commands in a process of its own."""
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PUMASI_HOME": str(home)},
    )


def tiny_plan(cooperative: Cooperative, **changes: object) -> str:
    """Write a plan for the tiny trade."""
    data = yaml.safe_load(load_plan("print-defect").yaml())
    data |= {"contract": str(cooperative.contract_file), "model": "tiny-model", **changes}
    data["learning"] |= {"rounds": 2, "average_last": 1}
    path = cooperative.folder / "plan.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(path)


def test_a_home_that_cannot_be_written_to_is_refused_before_anything_starts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for folder in (home, *tmp_path.parents[:2], tmp_path):
        folder.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY.format(nobody=NOBODY)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PUMASI_HOME": str(home)},
        )
    finally:
        for folder in (*tmp_path.parents[:2], tmp_path, home):
            folder.chmod(0o700)

    assert done.returncode == 2, done.stderr
    assert done.stderr == (
        f"pumasi: {home} cannot be written to (Permission denied). "
        "Point PUMASI_HOME to a folder that you may write to, like: export PUMASI_HOME=$HOME/pumasi\n"
    )
    assert list(home.iterdir()) == []


def test_without_members_the_command_says_how_to_get_some(tmp_path: Path) -> None:
    done = run("pumasi", "train", "print-defect", home=tmp_path)

    assert done.returncode == 2
    assert "pumasi demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_plan_key_is_named_with_the_known_ones(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    cooperative.add("anvil")

    done = run("pumasi", "train", tiny_plan(cooperative, epochs=3), home=tmp_path)

    assert done.returncode == 2
    assert "epochs: unknown key; allowed here: purpose, contract, model" in done.stderr
    assert "Traceback" not in done.stderr


def test_too_few_members_fail_the_run_and_nothing_is_registered(tmp_path: Path) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415  (the product switches its telemetry off first)

    from models.registry import tracking_uri  # noqa: PLC0415

    cooperative = Cooperative(tmp_path)
    for member in ("anvil", "bellows"):
        cooperative.add(member)

    done = run("pumasi", "train", tiny_plan(cooperative), home=tmp_path)

    client = MlflowClient(tracking_uri(tmp_path), tracking_uri(tmp_path))
    (only,) = client.search_runs([client.get_experiment_by_name("tiny-model").experiment_id])
    assert done.returncode == 2
    assert "roll call: 2 member(s) can take part, the plan's minimum is 3" in done.stderr
    assert "Traceback" not in done.stderr
    assert only.info.status == "FAILED"
    assert client.search_registered_models() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no header line"),
        ("온도,습도\n1,2\n".encode("cp949"), "CP949"),
        ("viscosity\n1\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "parts.csv").write_bytes(content)

    done = run("pumasi-member", "check", str(tmp_path / "parts.csv"), "--contract", "print-defect", home=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_file_leaves_no_member_and_no_dataset_behind(tmp_path: Path) -> None:
    (tmp_path / "parts.csv").write_text("viscosity,band_type\n9999,maybe\n", encoding="utf-8")

    done = run(
        *("pumasi-member", "data", "add", str(tmp_path / "parts.csv"), "--contract", "print-defect"),
        *("--member", "anvil", "--lang", "ko"),
        home=tmp_path,
    )

    assert done.returncode == 1
    assert "record_id" in done.stdout
    assert "9999" not in done.stdout
    assert "maybe" not in done.stdout
    assert not (tmp_path / "members").exists()


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
