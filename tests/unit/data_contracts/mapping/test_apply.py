"""A small trade and a factory's file for it, small enough to check every cell by eye."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.changes import Rule
from data_contracts.contract import Column, Contract, Kind, Label, Role
from data_contracts.errors import MappingMismatch
from data_contracts.intake.table import Header, SourceTable
from data_contracts.mapping.apply import apply_mapping
from data_contracts.mapping.types import ColumnMapping, Mapped, Mapping

_NAME = Label("", "")
CONTRACT = Contract(
    id="tiny",
    version="1.0.0",
    title=_NAME,
    purpose=_NAME,
    sha256="",
    source="",
    columns=(
        Column("lot", Kind.TEXT, Role.ID, _NAME, required=True),
        Column("at", Kind.TIMESTAMP, Role.TIME, _NAME),
        Column("heat", Kind.NUMBER, Role.FEATURE, _NAME, unit="°C", minimum=0, maximum=100),
        Column("passes", Kind.INTEGER, Role.FEATURE, _NAME, minimum=0, maximum=9),
        Column("grade", Kind.CATEGORY, Role.TARGET, _NAME, vocabulary=("ok", "ng"), required=True),
        Column("fault", Kind.CATEGORY, Role.OUTCOME, _NAME, vocabulary=("pit", "stain")),
    ),
    key=("lot",),
    defects=("ng",),
)


def _table(**columns: Sequence[str | None]) -> SourceTable:
    """Build a file whose first record stands in line 3."""
    headers = tuple(Header(at, text, text) for at, text in enumerate(columns, start=1))
    cells = pd.DataFrame({at: pd.Series(list(texts), dtype="string") for at, texts in enumerate(columns.values())})
    cells.index = pd.Index(np.arange(3, 3 + len(cells), dtype=np.int64))
    return SourceTable("file.csv", "0" * 64, headers, cells)


def _apply(table: SourceTable, *entries: ColumnMapping, labelled: bool = True) -> Mapped:
    mapping = Mapping("tiny@1.0.0", tuple(header.text for header in table.headers), entries)
    return apply_mapping(table, mapping, CONTRACT, labelled=labelled)


def _changes(mapped: Mapped) -> dict[tuple[str, str], list[int]]:
    return {(change.column, str(change.rule)): change.lines.tolist() for change in mapped.changes}


def _unread(mapped: Mapped) -> dict[str, list[int]]:
    return {name: lines.tolist() for name, lines in mapped.unread.items()}


def test_clean_cells_get_the_contracts_types_and_order_without_a_change() -> None:
    table = _table(
        판정=["ok", "ng"], 번호=["A1", "A2"], 시각=["2026-03-05 14:30:00", None], 온도=["55", None], 횟수=["1", "2"]
    )
    mapped = _apply(
        table,
        ColumnMapping("lot", "번호"),
        ColumnMapping("at", "시각"),
        ColumnMapping("heat", "온도"),
        ColumnMapping("passes", "횟수"),
        ColumnMapping("grade", "판정"),
    )

    assert list(mapped.frame.columns) == ["lot", "at", "heat", "passes", "grade"]
    assert [str(dtype) for dtype in mapped.frame.dtypes] == ["string", "datetime64[us]", "float64", "float64", "string"]
    assert mapped.frame.index.tolist() == [3, 4]
    assert mapped.frame["at"].tolist() == [pd.Timestamp("2026-03-05 14:30"), pd.NaT]
    assert mapped.frame["heat"].tolist()[0] == 55.0
    assert mapped.changes == ()
    assert mapped.unread == {}


def test_the_files_unit_is_converted_and_every_converted_line_listed_with_the_formula() -> None:
    mapped = _apply(_table(온도=["131", "-", "212"]), ColumnMapping("heat", "온도", unit="℉"))
    (converted,) = [change for change in mapped.changes if change.rule is Rule.UNIT]

    assert mapped.frame["heat"].dropna().tolist() == [55.0, 100.0]
    assert converted.lines.tolist() == [3, 5]
    assert converted.detail == Label("°F → °C: (x − 32) × 0.5556", "°F → °C: (x − 32) × 0.5556")
    assert _changes(mapped) == {("heat", "missing_word"): [4], ("heat", "unit"): [3, 5]}


def test_the_same_unit_in_another_spelling_converts_nothing() -> None:
    mapped = _apply(_table(온도=["55"]), ColumnMapping("heat", "온도", unit="섭씨"))

    assert mapped.frame["heat"].tolist() == [55.0]
    assert mapped.changes == ()


def test_a_unit_in_a_cell_counts_for_that_cell_alone() -> None:
    mapped = _apply(_table(온도=["131", "55℃", "131 °F", "328.15K"]), ColumnMapping("heat", "온도", unit="°F"))

    assert mapped.frame["heat"].tolist() == pytest.approx([55.0, 55.0, 55.0, 55.0])
    assert _changes(mapped)["heat", "unit_in_cell"] == [4, 5, 6]
    by_formula = {change.detail.en[:2]: change.lines.tolist() for change in mapped.changes if change.rule is Rule.UNIT}
    assert by_formula == {"°F": [3, 5], "K ": [6]}


def test_a_cell_whose_unit_measures_something_else_stays_as_it_was_and_is_unread() -> None:
    mapped = _apply(_table(온도=["55", "5 kPa", "60℃", "45%"]), ColumnMapping("heat", "온도"))

    assert mapped.frame["heat"].tolist() == ["55", "5 kPa", "60", "45%"]
    assert _unread(mapped) == {"heat": [4, 6]}
    assert _changes(mapped) == {("heat", "unit_in_cell"): [5]}
    assert mapped.changes[0].detail.en == "°C"


def test_a_column_without_a_unit_lets_a_count_or_a_percent_sign_go_but_no_unit() -> None:
    mapped = _apply(_table(횟수=["3회", "5%", "2", "7 mm"]), ColumnMapping("passes", "횟수"))

    assert mapped.frame["passes"].tolist() == ["3", "5", "2", "7 mm"]
    assert _changes(mapped) == {("passes", "percent"): [4], ("passes", "unit_in_cell"): [3]}
    assert _unread(mapped) == {"passes": [6]}


def test_unread_numbers_stay_as_they_were_beside_the_readable_ones() -> None:
    mapped = _apply(_table(온도=["1,234.5", "약 5", "-", None, "0.1"]), ColumnMapping("heat", "온도"))

    assert mapped.frame["heat"].tolist() == ["1234.5", "약 5", pd.NA, pd.NA, "0.1"]
    assert str(mapped.frame["heat"].dtype) == "string"
    assert _unread(mapped) == {"heat": [4]}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_a_number_beside_an_unread_cell_keeps_all_its_digits(numbers: list[float]) -> None:
    mapped = _apply(_table(온도=[*map(repr, numbers), "약 5"]), ColumnMapping("heat", "온도"))

    assert [float(text) for text in mapped.frame["heat"].tolist()[:-1]] == numbers


def test_unread_moments_stay_as_they_were_beside_the_readable_ones() -> None:
    mapped = _apply(_table(시각=["2026.3.5 오후 2:30", "2026-02-30", None]), ColumnMapping("at", "시각"))

    assert mapped.frame["at"].tolist() == ["2026-03-05 14:30:00", "2026-02-30", pd.NA]
    assert _changes(mapped) == {("at", "date"): [3]}
    assert _unread(mapped) == {"at": [4]}


def test_the_mappings_order_of_dates_is_kept_to_and_named() -> None:
    mapped = _apply(_table(시각=["03/05/2026"]), ColumnMapping("at", "시각", dates="mdy"))

    assert mapped.frame["at"].tolist() == [pd.Timestamp("2026-03-05")]
    assert mapped.changes[0].detail == Label("월-일-연", "month-day-year")


def test_the_mappings_words_become_the_contracts_and_others_stay_as_they_were() -> None:
    words = (("합격", "ok"), ("불합격", "ng"), ("", "ok"), ("보류", None))
    table = _table(판정=["합격", "불합격", None, "보류", "재검", "ok"])
    mapped = _apply(table, ColumnMapping("grade", "판정", words=words))

    assert mapped.frame["grade"].tolist() == ["ok", "ng", "ok", pd.NA, "재검", "ok"]
    assert _changes(mapped) == {("grade", "missing_word"): [6], ("grade", "word"): [3, 4, 5]}
    assert _unread(mapped) == {"grade": [7]}


def test_two_columns_may_be_read_from_one_header() -> None:
    table = _table(결과=["양호", "핀홀"])
    mapped = _apply(
        table,
        ColumnMapping("grade", "결과", words=(("양호", "ok"), ("핀홀", "ng"))),
        ColumnMapping("fault", "결과", words=(("양호", None), ("핀홀", "pit"))),
    )

    assert mapped.frame["grade"].tolist() == ["ok", "ng"]
    assert mapped.frame["fault"].tolist() == [pd.NA, "pit"]


def test_a_word_may_stand_for_a_number_and_a_number_for_no_value() -> None:
    entry = ColumnMapping("heat", "온도", words=(("상온", "20"),), missing=("999",))
    mapped = _apply(_table(온도=["상온", "999", "55"]), entry)

    assert mapped.frame["heat"].tolist()[::2] == [20.0, 55.0]
    assert _changes(mapped) == {("heat", "missing_word"): [4], ("heat", "word"): [3]}


def test_decimal_commas_are_read_where_the_mapping_says_so() -> None:
    mapped = _apply(_table(온도=["12,5"]), ColumnMapping("heat", "온도", decimal=","))

    assert mapped.frame["heat"].tolist() == [12.5]
    assert _changes(mapped) == {("heat", "decimal_comma"): [3]}


def test_texts_lose_the_blanks_around_them_and_that_is_listed() -> None:
    mapped = _apply(_table(번호=[" A1", "A2", "N/A"]), ColumnMapping("lot", "번호"))

    assert mapped.frame["lot"].tolist() == ["A1", "A2", pd.NA]
    assert _changes(mapped) == {("lot", "blanks"): [3], ("lot", "missing_word"): [5]}


def test_a_column_that_is_undecided_or_not_in_the_file_is_left_out() -> None:
    mapped = _apply(_table(번호=["A1"]), ColumnMapping("lot", "번호"), ColumnMapping("heat", None))

    assert list(mapped.frame.columns) == ["lot"]


def test_new_parts_need_neither_target_nor_outcome() -> None:
    entries = (ColumnMapping("lot", "번호"), ColumnMapping("grade", "판정"), ColumnMapping("fault", "불량"))

    assert list(_apply(_table(번호=["A1"]), *entries, labelled=False).frame.columns) == ["lot"]
    with pytest.raises(MappingMismatch, match="column grade"):
        _apply(_table(번호=["A1"]), *entries)


def test_lines_that_repeat_after_a_wide_table_was_made_long_are_listed_once_per_cell() -> None:
    table = _table(온도=["1,234.5", "1,234.5"])
    table.cells.index = pd.Index(np.array([3, 3], dtype=np.int64))

    assert _apply(table, ColumnMapping("heat", "온도")).changes[0].lines.tolist() == [3, 3]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (ColumnMapping("weight", "온도"), "has no column 'weight'; it has at, fault"),
        (ColumnMapping("heat", "없는 머리글"), "column heat: the file no longer has"),
        (ColumnMapping("heat", "온도", unit="kPa"), "'kPa' cannot be converted"),
        (ColumnMapping("heat", "온도", unit="furlong"), "'furlong' cannot be converted"),
        (ColumnMapping("passes", "온도", unit="mm"), "it has no unit"),
        (ColumnMapping("lot", "온도", unit="mm"), "cannot be converted"),
        (ColumnMapping("at", "온도", dates="ydm"), "ymd, dmy, mdy"),
        (ColumnMapping("heat", "온도", decimal=";"), "decimal"),
        (ColumnMapping("grade", "온도", words=(("12345", "bad"),)), "ok, ng or null"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_the_next_step_and_without_a_cell(
    entry: ColumnMapping, message: str
) -> None:
    with pytest.raises(MappingMismatch) as refused:
        _apply(_table(온도=["12345"]), entry)

    assert message in str(refused.value)
    assert "pumasi-member map" in str(refused.value)
    assert "12345" not in str(refused.value)


def test_a_mapping_for_another_contract_is_refused() -> None:
    table = _table(온도=["5"])

    with pytest.raises(MappingMismatch, match=r"tiny@1\.0\.0, not for tiny@2\.0\.0"):
        apply_mapping(table, Mapping("tiny@1.0.0", ("온도",), ()), replace(CONTRACT, version="2.0.0"))


CELLS = ["5", "1,234.5", "-", None, " 7", "약 5", "131°F", "45%", "12.5", "１２", "2026.3.5", "ok", "OK", "46086"]


@given(
    st.lists(st.sampled_from(CELLS), min_size=1, max_size=8), st.sampled_from(["lot", "at", "heat", "passes", "grade"])
)
def test_no_cell_changes_without_being_listed(cells: list[str | None], name: str) -> None:
    mapped = _apply(_table(열=cells), ColumnMapping(name, "열"))
    listed = {int(line) for change in mapped.changes for line in change.lines}

    for line, cell, value in zip(mapped.frame.index, cells, mapped.frame[name], strict=True):
        same = pd.isna(value) if cell is None else str(value) == cell or _same_number(cell, value)
        assert same or line in listed


def _same_number(cell: str, value: object) -> bool:
    try:
        return float(cell) == float(str(value))
    except ValueError:
        return False


def test_a_time_of_day_belongs_to_a_moment_only() -> None:
    table = _table(temp=["60"], clock=["14:30"])

    with pytest.raises(MappingMismatch, match="column heat: it is no moment"):
        _apply(table, ColumnMapping("heat", "temp", time="clock"))


def test_a_cell_with_a_time_that_cannot_be_read_stays_as_both_cells_were() -> None:
    table = _table(day=["2026.3.5", "2026.3.6"], clock=["14:30", "아침"])

    mapped = _apply(table, ColumnMapping("at", "day", time="clock"))

    assert mapped.frame["at"].tolist() == ["2026-03-05 14:30:00", "2026.3.6 아침"]
    assert _unread(mapped) == {"at": [4]}
