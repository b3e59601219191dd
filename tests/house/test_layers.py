"""The layers are held by import-linter; here it is shown that breaking one is caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("data_contracts", "models", "federated", "flows")


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("data_contracts/split.py", "import models.weights", "flows > federated > models > data_contracts"),
        ("federated/local_round.py", "import mlflow", "only models.registry imports mlflow"),
        ("federated/screening.py", "import torch", "pure arithmetic knows numpy and the standard library only"),
        (
            "flows/train_model.py",
            "from data_contracts.intake import read_source",
            "train_model opens no rows: the runtime's members alone do",
        ),
    ],
)
def test_a_layer_broken_on_purpose_is_caught(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = tmp_path / module
    source.write_text(f"{source.read_text()}\n{line}\n", encoding="utf-8")

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())
