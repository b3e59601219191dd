"""What a run leaves in its folder for people."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from flows import run_folder
from flows.plan import load_plan
from flows.run_folder import write_documents
from tests.run_record_example import example_record


def test_the_plan_lies_beside_the_report_that_speaks_of_it_and_has_its_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = load_plan("print-defect")
    monkeypatch.setattr(run_folder, "draw_plots", lambda *_: ())

    (report,) = write_documents(tmp_path, example_record(plan_yaml=plan.yaml(), plan_sha256=plan.sha256()))

    beside = yaml.safe_load((report.parent / "plan.yaml").read_text(encoding="utf-8"))
    text = json.dumps(beside, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert "the plan is `plan.yaml` beside this report" in report.read_text(encoding="utf-8")
    assert hashlib.sha256(text.encode()).hexdigest() == plan.sha256()
