import dataclasses
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.run_labels import flatten_plan, round_metrics, run_tags, summary_metrics, version_tags
from models.run_record import MemberRecord, RunRecordError, TreesKept, label_commitments, may_show_spread, metric_key
from tests.run_record_example import example_record, rounds


def test_commitments_are_ordered_by_value_so_that_their_order_names_nobody() -> None:
    labelled = label_commitments(
        {"alpha": ("ff", 10), "beta": ("00", None), "gamma": ("77", 30)},
        contract="print-defect@1.0.0",
        opted_in=frozenset({"gamma"}),
    )

    assert [(c.member_label, c.value, c.rows) for c in labelled] == [
        ("member 1", "00", None),
        ("gamma", "77", 30),
        ("member 3", "ff", 10),
    ]


def test_metrics_name_only_members_that_opted_in() -> None:
    metrics = summary_metrics(example_record())

    assert {name.split(".")[1] for name in metrics if name.startswith("member.")} == {"대림인쇄", "b"}
    assert not [name for name in summary_metrics(example_record(members=())) if name.startswith("member.")]


def test_metrics_hold_the_figures_of_each_variant_the_worst_member_and_the_counts() -> None:
    record = example_record(member_count=8)
    metrics = summary_metrics(record)

    assert metrics["federated/roc_auc"] == record.scorecards["federated"].roc_auc()
    assert metrics["local/rows"] == 400
    assert metrics["personalised/roc_auc_member_min"] == 0.67
    assert metrics["worst_member/difference"] == -0.005
    assert metrics["member.b.roc_auc.difference_low"] == -0.02
    assert metrics["members/withheld"] == 1
    assert metrics["rounds/refused_updates"] == 1
    assert metrics["seconds/training"] == 4.2
    assert "champion/roc_auc" not in metrics


def test_only_a_forest_has_metrics_of_its_trees() -> None:
    metrics = summary_metrics(example_record(trees=TreesKept(grown=60, kept=45)))

    assert (metrics["trees/grown"], metrics["trees/kept"]) == (60, 45)
    assert "trees/kept" not in summary_metrics(example_record())


def test_all_metric_names_are_allowed_by_mlflow() -> None:
    names = [*summary_metrics(example_record()), *round_metrics(rounds(1)[0])]

    assert [name for name in names if not re.fullmatch(r"[/\w.\- :]+", name) or len(name) > 250] == []


def test_unknown_figures_have_no_metric() -> None:
    point = dataclasses.replace(rounds(1)[0], validation_log_loss=None, train_loss=float("nan"))

    assert {"round/validation_log_loss", "round/train_loss"}.isdisjoint(round_metrics(point))
    assert round_metrics(point)["round/accepted"] == 5


@pytest.mark.parametrize(
    ("members", "named", "may"),
    [
        (5, 5, True),
        (5, 0, True),
        (5, 1, False),
        (5, 4, False),
        (4, 0, False),
        (3, 0, False),
        (3, 3, True),
        (8, 3, True),
    ],
)
def test_a_spread_shows_if_all_are_named_or_at_least_five_are_not(members: int, named: int, may: bool) -> None:  # noqa: FBT001
    assert may_show_spread(members, named) is may


@pytest.mark.parametrize("changes", [{"member_count": 7}, {"member_count": 8, "withheld": 2}, {"member_count": 5}])
def test_a_record_drops_what_would_give_an_unnamed_member_away(changes: dict[str, object]) -> None:
    """Two are named and one is withheld: with 7 members, 4 unnamed ones told their figures."""
    record = example_record(**changes)

    assert record.spread == {}
    assert record.worst is None
    assert not [name for name in summary_metrics(record) if name.startswith("worst_member/") or "member_min" in name]


def test_a_record_of_named_members_only_shows_spread_and_worst() -> None:
    record = example_record(members=_named(4))

    assert set(record.spread) == {"local", "federated", "personalised"}
    assert record.worst is not None


def _named(count: int) -> tuple[MemberRecord, ...]:
    return tuple(dataclasses.replace(example_record().members[0], name=f"m{place}") for place in range(count))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"plan_sha256": "A" * 64}, "plan_sha256"),
        ({"weights_sha256": "c" * 63}, "weights_sha256"),
        ({"rounds": rounds(2)[::-1]}, "rounds"),
        ({"rounds": (dataclasses.replace(rounds(1)[0], accepted=6),)}, "5 asked, 5 answered, 6 accepted"),
        ({"scorecards": {"federated": example_record().scorecards["federated"]}}, "scorecards"),
        ({"member_count": 4}, "commitments"),
        ({"members": example_record().members[:1] * 2}, "members"),
        ({"trees": TreesKept(grown=6, kept=7)}, "7 of 6"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(changes: dict[str, object], named: str) -> None:
    with pytest.raises(RunRecordError, match=re.escape(named)):
        example_record(**changes)


def test_a_run_that_ended_early_still_makes_a_record() -> None:
    record = example_record(rounds=(), scorecards={}, weights_sha256=None, spread={}, worst=None, members=())

    assert summary_metrics(record)["rounds/count"] == 0
    assert version_tags(record)["weights_sha256"] == ""
    assert "weights_sha256" not in run_tags(record)


def test_a_plan_becomes_params_with_dotted_names() -> None:
    plan = "training: {epochs: 2, rates: [1, 2]}\nname: 인쇄\nnothing: null\nlong: " + "x" * 501

    assert flatten_plan(plan) == {"training.epochs": "2", "training.rates": "[1, 2]", "name": "인쇄"}


@given(st.text())
def test_any_member_name_becomes_a_metric_part_that_mlflow_allows(name: str) -> None:
    assert re.fullmatch(r"[\w\-]+", metric_key(name))


def test_what_only_describes_a_run_waits_for_no_heavy_import() -> None:
    code = (
        "import sys, models.run_record, models.run_labels, models.report, models.plots, models.serving\n"
        "import models.registry\n"
        "print([name for name in ('mlflow', 'matplotlib', 'torch', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
