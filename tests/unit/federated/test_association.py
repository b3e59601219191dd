"""A whole run with real apps and messages, on a small cooperative: who takes part, what leaves, what is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from federated import job as jobs
from federated.errors import TooFewMembers
from federated.job import Delivered, Task
from federated.member.home import PROFILE, MemberHome
from federated.messages import Minimums
from federated.results import declined as told
from federated.results import evidence, member_records, scorecards, spreads, withheld, worst_member
from models.configs import TreesConfig
from models.package import ModelPackage
from models.preprocessing import Preprocessing
from models.trees import LEAVES
from models.weights import Weights
from tests.cooperative import TREES, Cooperative, contract_file, parts


@pytest.fixture
def cooperative(tmp_path: Path) -> Cooperative:
    """Three members."""
    return Cooperative.of(tmp_path, "anvil", "bellows", "crucible")


def edit_profile(home: MemberHome, **changes: object) -> None:
    """Change a member's own settings as the member would: in its file."""
    path = home.folder / PROFILE
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | changes), encoding="utf-8")


def test_a_run_ends_with_a_model_that_separates_hot_from_cold(cooperative: Cooperative) -> None:
    outcome = cooperative.run("first")

    assert [one.member for one in outcome.members] == ["anvil", "bellows", "crucible"]
    assert [len(report.accepted) for report in outcome.rounds] == [3, 3, 3]
    assert outcome.declined == ()
    assert outcome.trees is None
    shared = scorecards(outcome, minimum=2)["federated"].roc_auc()
    assert shared is not None
    assert shared > 0.85


def test_the_same_seed_gives_bit_equal_weights_and_another_seed_others(cooperative: Cooperative) -> None:
    first = cooperative.run("first").weights_sha256

    assert cooperative.run("again").weights_sha256 == first
    assert cooperative.run("other", seed=2).weights_sha256 != first


def test_three_classes_need_no_other_code(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path, classes=("good", "scratch", "crack"))
    for member in ("anvil", "bellows"):
        cooperative.add(member)

    card = scorecards(cooperative.run("first"), minimum=2)["federated"]

    area = card.roc_auc()
    assert card.confusion.shape == (3, 3)
    assert area is not None
    assert area > 0.7


def test_a_run_with_trees_says_how_many_of_them_the_model_has(cooperative: Cooperative) -> None:
    outcome = cooperative.run("first", trees=TREES)

    weights = Weights.load(cooperative.folder / "runs" / "first" / jobs.WEIGHTS)
    assert outcome.trees is not None
    assert outcome.trees.grown == 9  # three members in three rounds
    assert outcome.trees.kept == len(weights.arrays[LEAVES]) - 1  # less the one that the run began with


def test_a_member_on_another_contract_version_is_left_out_and_the_others_go_on(cooperative: Cooperative) -> None:
    other = contract_file(cooperative.folder, version="1.1.0")
    cooperative.add("dross", contract=other)

    outcome = cooperative.run("first")

    assert len(outcome.members) == 3
    (declined,) = outcome.declined
    assert (declined.phase, declined.refused.member) == ("roll call", "dross")
    assert declined.refused.detail == "holds contract tiny@1.1.0, this run needs tiny@1.0.0"
    assert told(outcome) == (("roll call", "other_contract", 1),)


def test_fewer_members_than_the_minimum_end_the_run_before_it_starts(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    cooperative.add("anvil")

    with pytest.raises(TooFewMembers, match=r"roll call: 1 member\(s\) can take part, the plan's minimum is 2"):
        cooperative.run("first")


def test_a_tampered_dataset_keeps_its_member_out(cooperative: Cooperative) -> None:
    folder = cooperative.folder / "members" / "bellows" / "data"
    saved = (folder / "tiny.parquet").read_bytes()
    for file in [path for path in folder.rglob("*") if path.is_file() and path.read_bytes() == saved]:
        file.chmod(0o600)
        file.write_bytes(saved[:-1] + b"!")

    outcome = cooperative.run("first")

    (declined,) = outcome.declined
    assert (declined.phase, declined.refused.member) == ("contract check", "bellows")
    assert [one.member for one in outcome.members] == ["anvil", "crucible"]


def test_a_member_with_one_class_teaches_but_cannot_compare(cooperative: Cooperative) -> None:
    cooperative.add("dross", parts(9).assign(grade="good"))

    outcome = cooperative.run("first")

    dross = next(one for one in outcome.members if one.member == "dross")
    assert all("dross" in report.accepted for report in outcome.rounds)
    assert dross.evaluated is not None
    assert dross.evaluated.comparison is not None
    assert dross.evaluated.comparison.difference is None
    assert dross.evaluated.comparison.local.roc_auc() is None


def test_a_member_with_few_hold_out_rows_withholds_its_whole_comparison(cooperative: Cooperative) -> None:
    cooperative.add("dross", parts(9, rows=30))

    outcome = cooperative.run("first")

    dross = next(one for one in outcome.members if one.member == "dross")
    assert dross.evaluated is not None
    assert dross.evaluated.withheld
    assert dross.evaluated.comparison is None
    assert withheld(outcome) == 1


def test_a_member_too_small_for_any_statistic_is_left_out(cooperative: Cooperative) -> None:
    cooperative.add("dross", parts(9, rows=6))

    (declined,) = cooperative.run("first").declined

    assert (declined.phase, declined.refused.member) == ("statistics", "dross")


def test_a_members_own_minimum_is_stricter_than_what_the_run_asks(cooperative: Cooperative) -> None:
    edit_profile(MemberHome(cooperative.folder / "members" / "anvil"), minimums={"count": 5, "evaluation_rows": 1000})

    outcome = cooperative.run("first", minimums=Minimums(count=3, evaluation_rows=3))

    anvil = next(one for one in outcome.members if one.member == "anvil")
    assert anvil.evaluated is not None
    assert anvil.evaluated.withheld


def test_a_sum_over_fewer_members_than_the_minimum_is_not_published(cooperative: Cooperative) -> None:
    for member in ("anvil", "bellows"):
        edit_profile(
            MemberHome(cooperative.folder / "members" / member), minimums={"count": 5, "evaluation_rows": 1000}
        )

    outcome = cooperative.run("first")

    assert withheld(outcome) == 2
    assert scorecards(outcome, minimum=2) == {}
    assert evidence(outcome, "none", minimum=2).candidate.roc_auc is None
    assert list(scorecards(outcome, minimum=1)) == ["federated", "personalised", "local"]


def test_only_members_that_opted_in_appear_by_name(cooperative: Cooperative) -> None:
    edit_profile(MemberHome(cooperative.folder / "members" / "bellows"), shares_metrics=False)

    outcome = cooperative.run("first")

    assert [record.name for record in member_records(outcome)] == ["anvil", "crucible"]
    assert worst_member(outcome) is None  # it would tell how the one unnamed member fares
    assert spreads(outcome) == {}


@pytest.mark.parametrize("trees", [None, TREES], ids=["network", "trees"])
def test_an_outcome_is_read_back_as_it_was_written(cooperative: Cooperative, trees: TreesConfig | None) -> None:
    outcome = cooperative.run("first", trees=trees)
    jobs.save(outcome, cooperative.folder / "copy.json")

    again = jobs.load(jobs.Outcome, cooperative.folder / "copy.json")

    assert (
        scorecards(again, minimum=2)["local"].histogram.tolist()
        == scorecards(outcome, minimum=2)["local"].histogram.tolist()
    )
    assert again.rounds == outcome.rounds
    assert again.trees == outcome.trees
    assert evidence(again, "none", minimum=2).members == evidence(outcome, "none", minimum=2).members


def test_no_cell_value_of_a_member_lies_in_the_run_folder(cooperative: Cooperative) -> None:
    cooperative.add("dross", parts(9).assign(part=[f"SECRET-{number}" for number in range(120)], heat=12.3456789))
    cooperative.run("first")

    for file in (cooperative.folder / "runs").rglob("*"):
        assert not file.is_file() or b"SECRET" not in file.read_bytes()
        assert not file.is_file() or b"12.3456789" not in file.read_bytes()


def promoted(cooperative: Cooperative, run: str) -> Path:
    """Write what the flow writes when the candidate of a run is promoted."""
    folder = cooperative.folder / "runs" / run
    job = jobs.load(jobs.Job, folder / jobs.JOB)
    outcome = jobs.load(jobs.Outcome, folder / jobs.OUTCOME)
    ModelPackage(
        contract=cooperative.contract,
        preprocessing=Preprocessing.from_json(outcome.preprocessing),
        network=job.assignment.network,
        weights=Weights.load(folder / jobs.WEIGHTS),
        temperature=outcome.temperature,
        threshold=0.5,
        variant="shared",
        name="tiny-model",
        version="7",
        run_id=run,
    ).save(folder / jobs.DELIVERY)
    jobs.save(replace(job, task=Task.DELIVER), folder / jobs.JOB)
    return folder


def test_a_promoted_model_is_taken_home_with_the_members_own_variant(cooperative: Cooperative) -> None:
    outcome = cooperative.run("first")
    folder = promoted(cooperative, "first")

    cooperative.follow(folder)

    assert jobs.load(Delivered, folder / jobs.DELIVERED).members == ("anvil", "bellows", "crucible")
    for member in outcome.members:
        assert member.evaluated is not None
        assert member.evaluated.comparison is not None
        models = cooperative.folder / "members" / member.member / "models" / "tiny-model"
        assert ModelPackage.load(models / "shared").weights.sha256() == outcome.weights_sha256
        assert ModelPackage.load(models / "personal").variant == member.evaluated.comparison.variant


def test_the_champion_is_judged_on_the_same_hold_out_rows(cooperative: Cooperative) -> None:
    cooperative.run("first")
    first = promoted(cooperative, "first")
    folder, _ = cooperative.job("second", seed=2)
    (folder / jobs.CHAMPION).symlink_to(first / jobs.DELIVERY, target_is_directory=True)

    cooperative.follow(folder)

    cards = scorecards(jobs.load(jobs.Outcome, folder / jobs.OUTCOME), minimum=2)
    assert cards["champion"].class_counts.tolist() == cards["federated"].class_counts.tolist()
    assert cards["champion"].loss_sum != cards["federated"].loss_sum
