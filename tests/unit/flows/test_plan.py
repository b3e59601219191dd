"""A plan is what it says, refuses what it does not know, and has one digest everywhere."""

import re
from pathlib import Path

import pytest
import yaml

from data_contracts.contract import load_contract
from flows.errors import PlanInvalid, PlanNotFound
from flows.plan import TrainingPlan, load_plan, shipped_plans
from models.configs import NetworkConfig, TrainingConfig


def written(tmp_path: Path, **changes: object) -> str:
    """Write the shipped plan with changes and return the file's name."""
    data = yaml.safe_load(load_plan("print-defect").yaml())
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump({**data, **changes}, allow_unicode=True), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", shipped_plans())
def test_every_shipped_plan_loads_and_names_a_shipped_contract(name: str) -> None:
    plan = load_plan(name)

    assert load_contract(plan.contract).reference == plan.contract


def test_a_plan_survives_its_own_yaml(tmp_path: Path) -> None:
    plan = load_plan("print-defect")

    assert load_plan(written(tmp_path)) == plan
    assert load_plan(written(tmp_path)).sha256() == plan.sha256()


def test_another_seed_is_another_plan() -> None:
    plan = load_plan("print-defect")

    assert plan.with_overrides(seed=2).sha256() != plan.sha256()
    assert plan.with_overrides(seed=plan.seed).sha256() == plan.sha256()


def test_fewer_rounds_shorten_the_averaging() -> None:
    plan = load_plan("print-defect").with_overrides(rounds=2)

    assert (plan.learning.rounds, plan.learning.average_last) == (2, 2)


def test_a_seed_that_is_too_large_is_named_as_it_was_given() -> None:
    with pytest.raises(PlanInvalid, match=rf"^the plan with seed {2**63} is not a valid plan:\n  seed: .*less than"):
        load_plan("print-defect").with_overrides(seed=2**63)


def test_an_unknown_key_is_named_with_the_allowed_ones(tmp_path: Path) -> None:
    with pytest.raises(PlanInvalid, match=r"epochs: unknown key; allowed here: purpose, contract, model"):
        load_plan(written(tmp_path, epochs=3))


def test_an_unknown_key_inside_a_section_is_named_with_that_sections_keys(tmp_path: Path) -> None:
    with pytest.raises(PlanInvalid, match=r"training\.epoch: unknown key; allowed here: epochs, batch_size"):
        load_plan(written(tmp_path, training={"epoch": 3}))


@pytest.mark.parametrize(
    ("section", "setting"),
    [
        ({"learning": {"rounds": 0}}, "learning.rounds must be above 0"),
        ({"learning": {"minimum_members": 1}}, "learning.minimum_members must be at least 2"),
        ({"learning": {"deadline_seconds": float("inf")}}, "learning.deadline_seconds must be finite"),
        ({"learning": {"deadline_seconds": 1e300}}, r"learning.deadline_seconds must be at most 604800 \(a week\)"),
        ({"learning": {"maximum_update_norm": float("inf")}}, "learning.maximum_update_norm must be finite"),
        ({"learning": {"maximum_update_norm": float("nan")}}, "learning.maximum_update_norm must be above 0"),
        ({"learning": {"strategy": "FedMagic"}}, "learning.strategy must be one of .*FedAvgM.*got 'FedMagic'"),
        ({"learning": {"options": {"momentum": 0.5}}}, "FedAvgM does not take 'momentum'"),
        ({"minimums": {"count": 2}}, "minimums.count must be at least 3"),
        ({"training": {"epochs": 0}}, "training.epochs"),
        ({"seed": -1}, "seed"),
        ({"model": "Bad Name"}, "model"),
    ],
)
def test_a_value_that_cannot_work_is_named(tmp_path: Path, section: dict[str, object], setting: str) -> None:
    with pytest.raises(PlanInvalid, match=setting):
        load_plan(written(tmp_path, **section))


def test_a_missing_plan_names_the_shipped_ones() -> None:
    with pytest.raises(PlanNotFound, match="print-defect"):
        load_plan("no-such-plan")


@pytest.mark.parametrize("text", ["- a list", "just text", ": : :", "\t", "seed: 2026-13-45", "seed: 0x_", "[" * 3000])
def test_a_file_that_is_no_plan_is_refused_clearly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PlanInvalid):
        load_plan(str(path))


def test_a_setting_that_is_written_twice_is_refused_instead_of_one_of_them_being_chosen(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(Path(written(tmp_path)).read_text(encoding="utf-8") + "\nseed: 8\n", encoding="utf-8")

    with pytest.raises(PlanInvalid, match="a key is written twice"):
        load_plan(str(path))


def test_prefect_shows_the_plan_as_a_form_with_its_sections() -> None:
    properties = TrainingPlan.model_json_schema()["properties"]

    assert {"purpose", "contract", "model", "seed", "learning", "training", "minimums", "gates"} <= set(properties)


def test_a_plan_that_names_neither_family_trains_a_network(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, network=None, training=None))

    assert (plan.network, plan.training, plan.trees) == (NetworkConfig(), TrainingConfig(), None)


def test_a_plan_with_trees_has_no_network_and_survives_its_own_yaml(tmp_path: Path) -> None:
    plan = load_plan("print-defect-trees")
    path = tmp_path / "plan.yaml"
    path.write_text(plan.yaml(), encoding="utf-8")

    assert (plan.network, plan.training) == (None, None)
    assert load_plan(str(path)) == plan


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"trees": 3}, r"trees must be a mapping of settings (depth, columns, own_trees, own_step), got int"),
        ({"network": []}, r"network must be a mapping of settings (width, blocks), got list"),
        ({"training": False}, r"training must be a mapping of settings (epochs, batch_size, learning_rate"),
        ({"purpose": "to learn"}, r"purpose must be a mapping of settings (ko, en), got str"),
        ({"minimums": None}, r"minimums must be a mapping of settings (count, evaluation_rows), got nothing"),
        ({"learning": {"options": 1}}, r"learning.options must be a mapping of settings, got int"),
    ],
)
def test_a_section_that_is_no_mapping_is_refused_in_one_sentence_with_its_keys(
    tmp_path: Path, section: dict[str, object], said: str
) -> None:
    with pytest.raises(PlanInvalid, match=rf"is not a valid plan:\n  {re.escape(said)}[^\n]*\Z"):
        load_plan(written(tmp_path, **section))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trees": {}}, "either trees, or a network"),
        ({"trees": {}, "network": None, "training": None}, "trees need learning.strategy Bagging"),
        ({"trees": {"depth": 20}, "network": None, "training": None}, "trees.depth must be a whole number from 1 to 8"),
        ({"learning": {"strategy": "Bagging", "options": {}}}, "Bagging merges trees, and this plan has a network"),
        ({"trees": {"deep": 3}}, r"trees\.deep: unknown key; allowed here: depth, columns"),
    ],
)
def test_a_plan_of_two_families_or_with_the_other_ones_strategy_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(PlanInvalid, match=said):
        load_plan(written(tmp_path, **changes))


@pytest.mark.parametrize(
    ("plan", "least", "said"),
    [
        ("print-defect", 1, "bins: Input should be greater than or equal to 1"),
        ("print-defect-trees", 2, "bins must be a whole number from 2 to 64 with trees, which ask on which side of an"),
    ],
)
def test_a_network_does_with_one_piece_per_column_and_trees_need_an_edge_between_two(
    tmp_path: Path, plan: str, least: int, said: str
) -> None:
    data = yaml.safe_load(load_plan(plan).yaml())
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump({**data, "bins": least}), encoding="utf-8")
    assert load_plan(str(path)).bins == least

    path.write_text(yaml.safe_dump({**data, "bins": least - 1}), encoding="utf-8")
    with pytest.raises(PlanInvalid, match=rf"is not a valid plan:\n  {said}[^\n]*\Z"):
        load_plan(str(path))


def test_trees_are_not_averaged_over_rounds(tmp_path: Path) -> None:
    data = yaml.safe_load(load_plan("print-defect-trees").yaml())
    data["learning"]["average_last"] = 5
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")

    with pytest.raises(PlanInvalid, match="average_last 1: they are added up"):
        load_plan(str(path))
