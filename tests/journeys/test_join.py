"""The README's member page, followed word for word from a host of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.synthetic.cooperative import write_cooperative

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.slow
def test_six_factories_come_from_the_file_they_have_to_a_trained_model_by_the_readme_alone(tmp_path: Path) -> None:
    write_cooperative(tmp_path / "files", 6, 7)
    alone = ["--user", "--map-root-user"] if os.geteuid() else []

    driver = str(Path(__file__).parent / "join_from_elsewhere.py")
    done = subprocess.run(
        ["/usr/bin/unshare", *alone, "--net", "--mount", sys.executable, driver, str(README), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=1800,  # two minutes alone: a busy machine is no failure
        check=False,
    )

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["trained"]["members"] == 6
    assert report["visitors"] == ["10.213.0.2"]
    assert "FAIL" not in "".join(report[f"doctor factory-{number}"] for number in range(1, 7))
    assert report["egress"].count("RoundTrained") == report["trained"]["rounds"]
    assert sum(one["verdict"]["accepted_rows"] for one in report["added"].values()) > 7_000
