"""dvc.yaml, params.yaml, and the order of results."""

from operator import attrgetter
from pathlib import Path
from typing import Any

import grimp
import pandas as pd
import pytest
import yaml

from flows.benchmark.__main__ import TASKS as NAMED
from flows.benchmark.case import Case, CaseName
from flows.benchmark.cases import TASKS
from flows.benchmark.compare import STAGES
from flows.benchmark.params import load_params
from flows.benchmark.workers import work_through
from flows.errors import PlanInvalid

ROOT = Path(__file__).parents[4]
ROOMS = ("data_contracts", "models", "federated", "flows")

NO_NUMBERS = {  # what the stages import, and what no number of theirs depends on
    "federated": "agreement errors events fields in_memory job names plain questions reply_schemas results",
    "flows": "errors runtime_name benchmark.params benchmark.leakage",
    "models": "errors evaluation intervals layout package promotion run_record",
}
LEFT_OUT = {f"{room}.{name}" for room, names in NO_NUMBERS.items() for name in names.split()}
# A stage without a federation only checks its plan by them.
IN_PROCESS = (
    "federated.bagging",
    "federated.messages",
    "federated.strategies",
    "federated.strategy_records",
    "federated.wire",
)
# A deployed member's own parts, which the in-process runtime imports as it imports every app.
DEPLOYED_PARTS = "address authority certificates client_app disk keys kit own_files server_app"
DEPLOYED = {f"federated.{name}" for name in DEPLOYED_PARTS.split()}


def counts(module: str, stage: str) -> bool:
    """Tell whether a stage's numbers depend on a module that it imports."""
    elsewhere = ("federated.member", "federated.runtime.")
    if module == "federated.runtime.in_process":
        return True
    if module.startswith("data_contracts."):
        return module in {f"data_contracts.{name}" for name in ("disclosure", "frame_statistics", "statistics")}
    if stage != "federated" and module in IN_PROCESS:
        return False
    return not (module in LEFT_OUT | DEPLOYED or module.startswith(elsewhere))


def stages() -> dict[str, Any]:
    """Return the stages of dvc.yaml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    return found


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """Return who imports whom in our rooms."""
    return grimp.build_graph(*ROOMS)


def test_every_dependency_of_the_pipeline_that_is_code_exists() -> None:
    named = [one for stage in stages().values() for one in stage.get("do", stage)["deps"]]

    code = [one for one in named if one.endswith(".py")]
    assert len(code) > 50
    assert [one for one in code if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("stage", ["local", "pooled", "federated"])
def test_a_change_of_code_that_makes_numbers_runs_its_stage_again(stage: str, imports: grimp.ImportGraph) -> None:
    entry = {"federated": "federation"}.get(stage, stage)
    reached = imports.find_upstream_modules(f"flows.benchmark.{entry}")
    needed = {one for one in reached if counts(one, stage)}

    listed = {one.removesuffix(".py").replace("/", ".") for one in stages()[stage]["do"]["deps"]}

    assert needed <= listed


@pytest.mark.parametrize("stage", ["compare", "report"])
def test_a_change_of_code_that_judges_runs_its_stage_again(stage: str, imports: grimp.ImportGraph) -> None:
    cases = "flows.benchmark.cases"
    before = imports.find_upstream_modules(cases) | {cases, "flows.benchmark.predictions"}  # in what the stage is given
    reached = imports.find_upstream_modules(f"flows.benchmark.{stage}") | {f"flows.benchmark.{stage}"}
    needed = {one for one in reached - before if one.startswith("flows.benchmark.")}

    listed = {one.removesuffix(".py").replace("/", ".") for one in stages()[stage]["deps"]}

    assert needed <= listed


@pytest.mark.parametrize("stage", ["local", "pooled", "federated"])
def test_seeds_and_the_tasks_plan_run_a_training_stage_again(stage: str) -> None:
    do = stages()[stage]["do"]

    assert "seeds" in do["params"]
    assert "flows/plans/${item}.yaml" in do["deps"]


def test_the_command_and_the_pipeline_know_every_task_and_stage() -> None:
    assert tuple(TASKS) == NAMED
    for stage in STAGES:
        assert tuple(stages()[stage]["foreach"]) == NAMED
    for task in TASKS:
        assert {f".benchmarks/accuracy/{task}/{stage}.parquet" for stage in STAGES} <= set(stages()["compare"]["deps"])


def test_no_stage_depends_on_a_folder_that_it_writes_into() -> None:
    for stage in stages().values():
        do = stage.get("do", stage)
        written = [next(iter(one)) if isinstance(one, dict) else one for one in do.get("outs", [])]
        for dependency in do["deps"]:
            assert not any(Path(one).is_relative_to(dependency) for one in written)


def test_settings_with_an_unknown_key_are_refused(tmp_path: Path) -> None:
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(f"{text}\nsede: [1]\n", encoding="utf-8")

    with pytest.raises(PlanInvalid, match="sede"):
        load_params(tmp_path / "params.yaml")


def test_the_settings_name_five_seeds() -> None:
    assert load_params(ROOT / "params.yaml").seeds == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_cases(jobs: int, capfd: pytest.CaptureFixture[str]) -> None:
    every = [Case(CaseName("tiny", "own", seed, 0), {}, pd.DataFrame()) for seed in range(6)]

    found = list(work_through(every, attrgetter("name.seed"), total=6, jobs=jobs, label="tiny"))

    assert found == [0, 1, 2, 3, 4, 5]
    assert "tiny: 6 of 6 cases" in capfd.readouterr().err
