import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.contract import Contract
from data_contracts.readiness.periods import balance, blank_over_time, moment_counts, parts
from tests.tiny_lots import lots, records_of


def _moments(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[us]")


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2026-03-05 08:10", "2026-03-05 10:20", ["2026-03-05 08:00", "2026-03-05 09:00", "2026-03-05 10:00"]),
        ("2026-03-05", "2026-03-07", ["2026-03-05", "2026-03-06", "2026-03-07"]),
        ("2026-03-05", "2026-03-25", ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]),  # Mondays
        ("2025-12-05", "2026-05-25", ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]),
        ("2024-06-05", "2025-12-31", ["2024 Q2", "2024 Q3", "2024 Q4", "2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4"]),
        ("2020-06-05", "2025-12-31", ["2020", "2021", "2022", "2023", "2024", "2025"]),
    ],
)
def test_periods_are_as_short_as_sixteen_allow(first: str, last: str, names: list[str]) -> None:
    counted = moment_counts(_moments(first, last))

    assert [name for name, _ in counted] == names
    assert [rows for _, rows in counted] == [1, *[0] * (len(names) - 2), 1]


def test_a_mistyped_year_does_not_stretch_the_periods() -> None:
    days = [f"2026-03-{1 + at % 10:02d}" for at in range(400)]

    counted = moment_counts(_moments(*days, "2206-03-01"))
    assert len(counted) == 10
    assert sum(rows for _, rows in counted) == 401


@given(st.lists(st.datetimes(), min_size=1, max_size=50))
def test_every_moment_is_in_one_of_at_most_sixteen_periods(moments: list[object]) -> None:
    counted = moment_counts(np.array(moments, dtype="datetime64[us]"))

    assert sum(rows for _, rows in counted) == len(moments)
    assert 1 <= len(counted) <= 16


def test_blanks_are_counted_by_day(tiny: Contract) -> None:
    """Lines 2 to 25 are the first of March, 26 to 49 the second: 6 of 24 blank, then none."""
    heat = [None if at in {0, 1, 2, 3, 4, 5} else "50" for at in range(48)]
    records = records_of(lots(48, heat=heat), tiny)
    cut = parts(records)

    assert (cut.periods.unit, cut.periods.names, cut.periods.rows) == ("day", ("2026-03-01", "2026-03-02"), (24, 24))
    assert [(one.column, one.shares) for one in blank_over_time(records, cut)] == [("heat", (0.25, 0.0))]


def test_without_a_time_column_the_file_is_cut_by_position(tiny: Contract) -> None:
    cells = lots(24, heat=[None] * 6 + ["50"] * 18)
    del cells["at"]
    records = records_of(cells, tiny)
    cut = parts(records)

    assert cut.periods.unit == "lines"
    assert cut.periods.names == ("2–7", "8–13", "14–19", "20–25")
    assert cut.periods.rows == (6, 6, 6, 6)
    assert blank_over_time(records, cut)[0].shares == (1.0, 0.0, 0.0, 0.0)


def test_rows_without_a_moment_are_in_no_period(tiny: Contract) -> None:
    cells = lots(24)
    cut = parts(records_of({**cells, "at": [*list(cells["at"])[:20], None, None, "nonsense", None]}, tiny))

    assert sum(cut.periods.rows) == 20
    assert cut.periods.undated == 4


def test_the_kind_of_a_defect_is_no_blank_that_should_not_be(tiny: Contract) -> None:
    records = records_of(lots(), tiny)

    assert records.blank("flaw").sum() == 30
    assert blank_over_time(records, parts(records)) == ()


def test_the_balance_counts_defects_in_all_and_by_period(tiny: Contract) -> None:
    grade = ["ng"] * 12 + ["ok"] * 12 + ["ok"] * 24
    records = records_of(lots(48, grade=grade), tiny)
    spread = balance(records, parts(records))

    assert spread is not None
    assert (spread.defects, spread.labelled, spread.words) == (12, 48, (("ok", 36), ("ng", 12)))
    assert spread.over_time == ((12, 24), (0, 24))


def test_without_a_target_there_is_no_balance(tiny: Contract) -> None:
    cells = lots()
    del cells["grade"]
    records = records_of(cells, tiny)

    assert balance(records, parts(records)) is None
