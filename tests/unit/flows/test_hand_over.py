"""A promotion is told as it is, whatever becomes of the delivery."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from federated.errors import TooFewMembers
from federated.job import Delivered
from flows.hand_over import hand_over
from flows.standing import Standing
from flows.summary import as_json, as_text
from flows.training_report import TrainingReport
from models.promotion import Verdict
from models.registry import RegisteredVersion, Registry
from models.run_record import TreesKept
from tests.run_record_example import example_package, record_of

CANDIDATE = RegisteredVersion("print-defect", 3, "", ("candidate",), "run")
CHAMPION = RegisteredVersion("print-defect", 3, "", ("champion",), "run")


class Store:
    """A registry that can promote one version."""

    def promote(self, name: str, version: int) -> RegisteredVersion:
        """Promote it."""
        assert (name, version) == ("print-defect", 3)
        return CHAMPION


@pytest.fixture
def report() -> TrainingReport:
    record = record_of(example_package())
    return TrainingReport(record, Verdict(()), CANDIDATE, "run", "page", None, (), Path("runs/1"), 1.0)


def test_a_delivery_that_fails_is_a_warning_beside_the_promotion(report: TrainingReport) -> None:
    def nobody_is_there(promoted: TrainingReport) -> Delivered:
        assert promoted.version is CHAMPION
        raise TooFewMembers("roll call: 1 member(s) can take part, the plan's minimum is 3.")

    account = Standing()
    done = hand_over(report, cast("Registry", Store()), account, nobody_is_there)

    warning = (
        "promoted, but not delivered: roll call: 1 member(s) can take part, the plan's minimum is 3. Members that have "
        "not taken it home keep what they had until a later training promotes and delivers."
    )
    assert (done.version, done.delivered, done.warnings) == (CHAMPION, None, (warning,))
    assert (account.promoted, account.delivered) == (True, None)
    assert as_json(done)["warnings"] == [warning]
    assert f"WARNING: {warning}" in as_text(done)


def test_programs_are_told_how_many_trees_of_a_forest_were_kept_and_nothing_of_a_network(
    report: TrainingReport,
) -> None:
    forest = replace(report, record=replace(report.record, trees=TreesKept(grown=60, kept=45)))

    assert as_json(forest)["trees"] == {"grown": 60, "kept": 45}
    assert "trees" not in as_json(report)


def test_a_delivery_that_works_is_counted(report: TrainingReport) -> None:
    account = Standing()

    done = hand_over(report, cast("Registry", Store()), account, lambda _: Delivered(("anvil", "bellows"), ()))

    assert done.warnings == ()
    assert account.delivered == 2
