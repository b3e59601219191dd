"""Columns of moments, and outcomes, on their way from a file to a version."""

import copy
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.api.typing import NaTType

from data_contracts.coercion import coerce
from data_contracts.contract import Column, Contract, Kind, Label, Role, parse_contract
from data_contracts.enforce import REASONS, enforce
from data_contracts.reasons import Reason
from data_contracts.split import split
from data_contracts.statistics import describe
from data_contracts.versions import read_version, save_version
from tests.unit.data_contracts.conftest import to_text

MOMENT = Column("begun", Kind.TIMESTAMP, Role.TIME, Label("시작", "Begun"))


@pytest.fixture
def timed(document: dict[str, Any]) -> Contract:
    """The tiny contract with a moment and a flaw."""
    begun = {
        "name": "begun",
        "businessName": "Begun",
        "logicalType": "timestamp",
        "logicalTypeOptions": {"timezone": False},
        "customProperties": [{"property": "role", "value": "time"}, {"property": "labelKo", "value": "시작"}],
    }
    flaw = {
        "name": "flaw",
        "businessName": "Flaw",
        "logicalType": "string",
        "enum": [{"value": "crack"}, {"value": "stain"}],
        "customProperties": [{"property": "role", "value": "outcome"}, {"property": "labelKo", "value": "흠"}],
    }
    changed = copy.deepcopy(document)
    changed["schema"][0]["properties"] += [begun, flaw]
    return parse_contract(to_text(changed))


@pytest.fixture
def rows(parts: pd.DataFrame) -> pd.DataFrame:
    return parts.assign(
        begun=column("2026-03-05 14:30:00", "2026-03-05", None, "2026-03-06T07:00"),
        flaw=column(None, "crack", "stain", None),
    )


def column(*cells: str | None) -> pd.Series:
    """A column beside the others of `parts`, whose first record stands in line 2."""
    return pd.Series(list(cells), index=range(2, 2 + len(cells)))


def read(*cells: object) -> tuple[list[pd.Timestamp | NaTType], list[bool]]:
    moments, wrong = coerce(pd.Series(list(cells), dtype="object"), MOMENT)
    assert moments.dtype == "datetime64[us]"
    return moments.tolist(), wrong.tolist()


def test_a_moment_is_iso_8601_with_or_without_its_time() -> None:
    moments, wrong = read("2026-03-05", " 2026-03-05 14:30 ", "2026-03-05T14:30:15.5", "", None)

    assert wrong == [False] * 5
    assert moments[:3] == [
        pd.Timestamp(2026, 3, 5),
        pd.Timestamp(2026, 3, 5, 14, 30),
        pd.Timestamp("2026-03-05T14:30:15.5"),
    ]
    assert all(moment is pd.NaT for moment in moments[3:])


@pytest.mark.parametrize(
    "text",
    [
        "2026.3.5",
        "26-03-05",
        "2026-3-5",
        "20260305",
        "2026-02-30",
        "2026-03-05 24:00",
        "2026-03-05T14:30:00Z",
        "2026-03-05T14:30:00+09:00",
        "2026-03-05 14:30:00.1234567",
        "0000-01-01",
        "２０２６-０３-０５",
        "46086",
        46086,
        46086.5,
        True,
        "now",
        "오전 9시",
    ],
)
def test_what_could_be_read_in_another_way_is_of_a_wrong_type(text: object) -> None:
    moments, wrong = read(text)

    assert wrong == [True]
    assert moments[0] is pd.NaT


def test_moments_of_any_resolution_stay_and_those_of_a_time_zone_do_not() -> None:
    of_seconds = pd.Series(np.array(["2026-03-05T14:30:00", "NaT"], dtype="datetime64[s]"))
    moments, wrong = coerce(of_seconds, MOMENT)
    assert (moments[0], wrong.tolist()) == (pd.Timestamp(2026, 3, 5, 14, 30), [False, False])

    elsewhere = pd.Series([pd.Timestamp("2026-03-05T14:30:00+09:00")])
    assert coerce(elsewhere, MOMENT)[1].tolist() == [True]


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001
def test_a_moment_that_is_written_is_the_moment_that_is_read(moment: datetime) -> None:
    moments, wrong = read(moment.isoformat(), moment.isoformat(sep=" "))

    assert wrong == [False, False]
    assert [one.to_pydatetime() for one in moments] == [moment, moment]


@given(st.lists(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.datetimes(), st.binary()), max_size=8))
def test_no_cell_breaks_the_reading_and_none_is_lost(cells: list[object]) -> None:
    moments, wrong = coerce(pd.Series(cells, dtype="object"), MOMENT)

    assert len(moments) == len(wrong) == len(cells)
    assert moments[wrong].isna().all()


def test_a_row_with_no_moment_is_set_aside_and_told_how_to_write_one(timed: Contract, rows: pd.DataFrame) -> None:
    checked = enforce(rows.assign(begun=column("2026-03-05", "5 March", None, "2026-03-06")), timed)
    (finding,) = checked.verdict.findings

    assert checked.quarantined[REASONS].tolist() == ["wrong_type:begun"]
    assert (finding.code, finding.lines) == (Reason.WRONG_TYPE, (3,))
    assert "2026-03-05 14:30" in finding.sentence("ko")
    assert "digits" not in finding.sentence("en")
    assert "March" not in checked.verdict.text("en")


def test_accepted_moments_survive_the_save(timed: Contract, rows: pd.DataFrame, tmp_path: Path) -> None:
    accepted = enforce(rows, timed).accepted
    version = save_version(tmp_path, accepted, timed)
    kept = read_version(version)

    assert kept["begun"].dtype == accepted["begun"].dtype == "datetime64[us]"
    assert kept["begun"].tolist()[:2] == [pd.Timestamp(2026, 3, 5, 14, 30), pd.Timestamp(2026, 3, 5)]
    assert save_version(tmp_path, kept, timed) == version


def test_a_file_without_the_column_has_blank_moments(timed: Contract, rows: pd.DataFrame) -> None:
    accepted = enforce(rows.drop(columns=["begun", "flaw"]), timed).accepted

    assert accepted["begun"].dtype == "datetime64[us]"
    assert accepted["begun"].isna().all()
    assert accepted["flaw"].isna().all()


def test_neither_moment_nor_outcome_is_part_of_the_statistics(
    timed: Contract, tiny: Contract, rows: pd.DataFrame
) -> None:
    accepted = enforce(rows, timed).accepted

    assert [column.name for column in timed.features] == ["heat", "passes", "paper"]
    assert describe(accepted, timed, minimum_count=1) == describe(accepted, tiny, minimum_count=1)


def test_an_outcome_keeps_its_vocabulary_but_new_parts_need_none(timed: Contract, rows: pd.DataFrame) -> None:
    odd = rows.assign(flaw=column(None, "dent", None, None))
    taught, scored = enforce(odd, timed), enforce(odd.drop(columns="grade"), timed, labelled=False)

    assert taught.quarantined[REASONS].tolist() == ["not_in_vocabulary:flaw"]
    assert (scored.verdict.accepted_rows, scored.verdict.findings) == (4, ())
    assert "flaw" not in scored.accepted


def test_a_rows_part_does_not_hang_on_the_other_rows_moments(timed: Contract, rows: pd.DataFrame) -> None:
    """Pandas writes midnight without its time, but only where every moment of the column is midnight."""
    keyless = parse_contract(timed.source.replace("primaryKey: true", "primaryKey: false"))
    frame = enforce(
        pd.concat([rows.assign(part=[f"{n}-{m}" for m in range(4)]) for n in range(30)], ignore_index=True), keyless
    ).accepted
    midnights = frame[frame["begun"] == pd.Timestamp(2026, 3, 5)]
    assert keyless.key == ()
    assert len(midnights) == 30

    together = split(frame, keyless).holdout.index.intersection(midnights.index)
    assert split(midnights, keyless).holdout.index.tolist() == together.tolist()
    assert 0 < len(together) < 30
