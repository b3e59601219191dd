"""One member that answers rubbish, or lies, is left out with the reason; the others finish the run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flwr.app import ConfigRecord, Context, Message, RecordDict

from federated import job as jobs
from federated.association import train_candidate
from federated.client_app import MEMBER_HOME
from federated.client_app import app as honest_app
from federated.job import Job, Outcome
from federated.runtime.in_process import InProcessGrid
from federated.wire import CONTENTS, MESSAGE, pack_flat, read_flat
from tests.cooperative import Cooperative

Lie = Callable[[RecordDict], None]
pytestmark = pytest.mark.usefixtures("server")

MEMBERS = ("anvil", "bellows", "crucible", "dross")


def run_with(
    cooperative: Cooperative, phase: str, lie: Lie, *, liar: str = "dross", admitted: Mapping[str, str] | None = None
) -> Outcome:
    """Run with real members, of which one changes its reply in one phase."""
    folder, _ = cooperative.job("first")
    homes = {1000 + index: cooperative.folder / "members" / member for index, member in enumerate(MEMBERS)}

    def app(message: Message, context: Context) -> Message:
        reply = honest_app(message, context)
        lies = message.metadata.message_type == phase and Path(str(context.node_config[MEMBER_HOME])).name == liar
        if lies and reply.has_content():
            lie(reply.content)
        return reply

    grid = InProcessGrid(app, {node: {MEMBER_HOME: str(home)} for node, home in homes.items()})  # type: ignore[arg-type]
    job = replace(jobs.load(Job, folder / jobs.JOB), admitted=admitted or {})
    return train_candidate(grid, job, folder)


@pytest.fixture
def cooperative(tmp_path: Path) -> Cooperative:
    """Four members."""
    return Cooperative.of(tmp_path, *MEMBERS)


def without_config(record: RecordDict) -> None:
    del record[MESSAGE]


def with_a_hidden_field(record: RecordDict) -> None:
    record.config_records[MESSAGE]["rows"] = ["row 1", "row 2"]


def with_arrays_of_terabytes(record: RecordDict) -> None:
    record.config_records[MESSAGE][CONTENTS] = '[["","statistics.sums","float64",[10000000000000]]]'


def with_arrays_of_text(record: RecordDict) -> None:
    config = record.config_records[MESSAGE]
    config[CONTENTS] = str(config[CONTENTS]).replace("float64", "<U8")


def changed(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Lie:
    """Return a lie about one array."""

    def lie(record: RecordDict) -> None:
        flat = read_flat(record)
        flat.arrays[name] = change(flat.arrays[name])
        record[MESSAGE] = pack_flat(flat)[MESSAGE]

    return lie


def said(**values: float) -> Lie:
    """Return a lie about numbers; ``__`` in a name stands for a dot."""

    def lie(record: RecordDict) -> None:
        config = record.config_records[MESSAGE]
        record[MESSAGE] = ConfigRecord({**config, **{name.replace("__", "."): v for name, v in values.items()}})

    return lie


LIES = {
    "roll call without fields": ("query.roll_call", without_config, "roll call"),
    "roll call with a field of rows": ("query.roll_call", with_a_hidden_field, "roll call"),
    "statistics of negative counts": (
        "query.statistics",
        changed("statistics.bins", lambda bins: bins - 1),
        "statistics",
    ),
    "statistics as text": ("query.statistics", with_arrays_of_text, "statistics"),
    "statistics of terabytes": ("query.statistics", with_arrays_of_terabytes, "statistics"),
    "calibration of NaN": ("query.calibrate", changed("loss_sums", lambda sums: sums * np.nan), "calibration"),
    "calibration of another shape": ("query.calibrate", changed("loss_sums", lambda sums: sums[:3]), "calibration"),
    "calibration that promises everything": (
        "query.calibrate",
        changed("loss_sums", lambda sums: sums - 1e300),
        "calibration",
    ),
    "evaluation of negative rows": (
        "evaluate",
        changed("comparison.shared.histogram", lambda counts: -counts),
        "evaluation",
    ),
    "evaluation of two billion rows": (
        "evaluate",
        changed("comparison.shared.class_counts", lambda counts: counts + 10**9),
        "evaluation",
    ),
    "evaluation of three classes": (
        "evaluate",
        changed("comparison.local.class_counts", lambda counts: np.append(counts, 1)),
        "evaluation",
    ),
    "evaluation with a NaN interval": ("evaluate", said(comparison__difference__low=float("nan")), "evaluation"),
    "evaluation with an impossible veto": (
        "evaluate",
        said(comparison__difference__low=-9.0, comparison__difference__high=-8.0),
        "evaluation",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_costs_the_liar_its_part_and_nobody_else_anything(cooperative: Cooperative, name: str) -> None:
    phase, lie, where = LIES[name]

    outcome = run_with(cooperative, phase, lie)

    assert [(one.phase, one.refused.member.replace("node 1003", "dross")) for one in outcome.declined] == [
        (where, "dross")
    ]
    judged = [one.member for one in outcome.members if one.evaluated is not None]
    assert {"anvil", "bellows", "crucible"} <= set(judged)


def test_neither_of_two_nodes_that_claim_one_id_takes_part(cooperative: Cooperative) -> None:
    outcome = run_with(cooperative, "query.roll_call", said_member("anvil"))

    assert [one.member for one in outcome.members] == ["bellows", "crucible"]
    assert [(one.phase, one.refused.member, str(one.refused.reason)) for one in outcome.declined] == [
        ("roll call", "anvil", "claimed_twice")
    ]


def test_where_nodes_are_known_by_their_keys_a_liar_takes_nobody_elses_name_away(cooperative: Cooperative) -> None:
    admitted = {str(1000 + index): member for index, member in enumerate(MEMBERS)}

    outcome = run_with(cooperative, "query.roll_call", said_member("anvil"), admitted=admitted)

    assert [one.member for one in outcome.members] == ["anvil", "bellows", "crucible"]
    assert [(one.refused.member, str(one.refused.reason)) for one in outcome.declined] == [("dross", "other_key")]


def said_member(name: str) -> Lie:
    """Return the lie of being somebody else."""

    def lie(record: RecordDict) -> None:
        record[MESSAGE] = ConfigRecord({**record.config_records[MESSAGE], "member": name})

    return lie


def test_a_member_that_keeps_its_champions_score_to_itself_cannot_switch_the_gate_off(cooperative: Cooperative) -> None:
    outcome = run_with(cooperative, "evaluate", said(comparison__champion__loss_sum=1.0))

    assert [one.refused.member for one in outcome.declined] == ["dross"]
