"""Members alone and pooled rows: what they know, and what they may be asked."""

from pathlib import Path

import numpy as np

from data_contracts.contract import load_contract
from flows.benchmark.families import inputs, train_boosting, train_families, train_forest
from flows.benchmark.judging import among, judge_members, own_classes
from flows.benchmark.local import local
from flows.benchmark.params import Boosting, Families, Forest
from flows.benchmark.pooled import pooled
from flows.benchmark.predictions import EVERYBODY
from flows.benchmark.scores import macro_f1
from flows.pooled import pool
from tests.cooperative import Cooperative
from tests.tiny_case import MEMBERS, tiny_case, tiny_plan, without_class

FAMILIES = Families(
    forest=Forest(trees=20, leaf_rows=(1, 5)),
    boosting=Boosting(iterations=10, learning_rate=0.3, leaves=4, leaf_rows=5),
)


def test_probabilities_among_a_members_classes_are_divided_by_their_sum() -> None:
    said = among(np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]]), np.array([False, True, True]))

    assert np.allclose(said, [[0.0, 0.6, 0.4], [0.0, 0.5, 0.5]])


def test_a_member_is_asked_about_the_classes_it_trains_on(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path, classes=("good", "scratch", "crack"))
    case = without_class(tiny_case(cooperative), "anvil", "scratch")
    contract = cooperative.contract

    (anvil, _) = judge_members(case, contract, "x", dict.fromkeys(MEMBERS, lambda rows: np.full((len(rows), 3), 1 / 3)))

    assert own_classes(case.members["anvil"], contract).tolist() == [True, False, True]
    assert anvil.probabilities[0].tolist() == [0.5, 0.0, 0.5]
    assert anvil.keys[0].startswith("part-")


def test_every_family_learns_that_hot_parts_fail(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    rows = tiny_case(cooperative).members["anvil"]

    for model in train_families(rows, cooperative.contract, FAMILIES, seed=1).values():
        y = (rows.holdout.grade == "bad").to_numpy().astype(np.int64)
        assert macro_f1(y, model(rows.holdout)) > 0.7


def test_a_class_that_was_never_seen_gets_no_probability(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path, classes=("good", "scratch", "crack"))
    case = without_class(tiny_case(cooperative), "anvil", "scratch")
    rows = case.members["anvil"]

    for model in train_families(rows, cooperative.contract, FAMILIES, seed=1).values():
        said = model(rows.holdout)
        assert said[:, 1].max() == 0
        assert np.allclose(said.sum(axis=1), 1)


def test_the_same_seed_grows_the_same_trees_and_another_seed_others(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    rows, contract = tiny_case(cooperative).members["anvil"], cooperative.contract
    x = inputs(rows.holdout, contract)

    first, again, other = (
        train_forest(rows, contract, FAMILIES.forest, seed=seed).predict_proba(x) for seed in (1, 1, 2)
    )

    assert first.tolist() == again.tolist() != other.tolist()


def test_boosting_stops_where_enough_validation_rows_say_so(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case = tiny_case(cooperative, ("anvil", "bellows", "crucible", "dross", "ember", "forge"))
    everybody, alone = pool(case.members.values()), case.members["anvil"]
    settings = FAMILIES.boosting.model_copy(update={"iterations": 60})

    assert len(alone.validation) < 30 <= len(everybody.validation)
    assert train_boosting(alone, cooperative.contract, settings, seed=1).n_iter_ == 60  # type: ignore[attr-defined]
    assert train_boosting(everybody, cooperative.contract, settings, seed=1).n_iter_ < 60  # type: ignore[attr-defined]


def test_trees_read_numbers_as_they_are_and_categories_as_positions(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    rows = tiny_case(cooperative).members["anvil"].train

    x = inputs(rows, load_contract(cooperative.contract_file))

    assert np.array_equal(x[:, 0], rows.heat.to_numpy(), equal_nan=True)
    assert x[:, 1].tolist() == (rows.paper == "b").astype(float).tolist()


def test_members_alone_speak_for_themselves_and_pooled_models_of_everybody_too(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case, plan = tiny_case(cooperative), tiny_plan(cooperative)

    alone = {(one.system, one.member) for one in local(case, plan, FAMILIES)}
    together = {(one.system, one.member) for one in pooled(case, plan, FAMILIES)}

    families = ("net", "forest", "boosting")
    assert alone == {(f"local-{family}", member) for family in families for member in MEMBERS}
    assert together == {(f"pooled-{family}", who) for family in families for who in (*MEMBERS, EVERYBODY)}
