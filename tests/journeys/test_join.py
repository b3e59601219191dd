"""The README's member page, followed word for word from a host of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data_contracts.contract import load_contract
from flows.demo import deal
from flows.sources import PRINT_DEFECT, fetch

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.slow
def test_a_factory_on_another_host_joins_by_the_readme_alone_and_its_first_round_counts(tmp_path: Path) -> None:
    for table in deal(
        fetch(PRINT_DEFECT, tmp_path / "downloads"), load_contract("print-defect"), tmp_path / "dealt", 3
    ):
        table.rename(tmp_path / f"{table.parents[1].name}.csv")
    alone = ["--user", "--map-root-user"] if os.geteuid() else []

    driver = str(Path(__file__).parent / "join_from_elsewhere.py")
    done = subprocess.run(
        ["/usr/bin/unshare", *alone, "--net", "--mount", sys.executable, driver, str(README), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["trained"]["members"] == 3
    assert report["visitors"] == ["10.213.0.2"]
    assert "FAIL" not in "".join(report[f"doctor factory-{number}"] for number in (1, 2, 3))
    assert report["egress"].count("RoundTrained") == report["trained"]["rounds"] == 24
