# ruff: noqa: PD011  (`values` is a field of ours)
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.changes import Rule
from data_contracts.cells.numbers import Numbers, read_numbers
from data_contracts.coercion import coerce
from data_contracts.contract import Column, Kind, Label, Role

NUMBER = Column("x", Kind.NUMBER, Role.FEATURE, Label("", ""))


def _read(*cells: str | None, decimal: str = ".", missing: tuple[str, ...] = ()) -> Numbers:
    return read_numbers(pd.Series(list(cells), dtype="string"), decimal=decimal, missing=missing)


def _values(numbers: Numbers) -> list[float | None]:
    return [None if math.isnan(value) else value for value in numbers.values.tolist()]


def _rules(numbers: Numbers) -> dict[str, list[int]]:
    return {str(rule): np.flatnonzero(mask).tolist() for rule, mask in numbers.changed.items()}


def test_plain_numbers_are_read_without_a_change() -> None:
    numbers = _read("1", "2.50", "-3", "+4", ".5", "5.", "1e3", "1E-02", None)

    assert _values(numbers) == [1.0, 2.5, -3.0, 4.0, 0.5, 5.0, 1000.0, 0.01, None]
    assert numbers.blank.tolist() == [False] * 8 + [True]
    assert not numbers.unread.any()
    assert numbers.changed == {}


@pytest.mark.parametrize(
    ("cell", "value", "rules"),
    [
        (" 2.5 ", 2.5, {"blanks"}),
        ("\u00a02.5\u200b", 2.5, {"blanks"}),
        ("1,234.5", 1234.5, {"thousands"}),
        ("1,234,567", 1234567.0, {"thousands"}),
        ("-1,234,567.25", -1234567.25, {"thousands"}),
        ("1 234", 1234.0, {"thousands"}),
        ("1\u202f234\u202f567.5", 1234567.5, {"thousands"}),
        ("１２．５", 12.5, {"full_width"}),
        ("−5", -5.0, {"full_width"}),
        ("１，２３４．５", 1234.5, {"full_width", "thousands"}),
        ("45%", 45.0, {"percent"}),
        ("45 ％", 45.0, {"percent"}),
        ("23.5℃", 23.5, {"unit_in_cell"}),
        ("23.5 [℃]", 23.5, {"unit_in_cell"}),
        ("3 A/dm²", 3.0, {"unit_in_cell"}),
        ("1,234,567 mm", 1234567.0, {"thousands", "unit_in_cell"}),
        ("(1,234.5)", -1234.5, {"thousands", "negative"}),
        (" （１，２３４，５６７） ", -1234567.0, {"blanks", "thousands", "negative", "full_width"}),
    ],
)
def test_what_is_done_to_read_a_number_is_listed(cell: str, value: float, rules: set[str]) -> None:
    numbers = _read(cell, "7")

    assert _values(numbers) == [value, 7.0]
    assert {str(rule) for rule in numbers.changed} == rules
    assert all(mask.tolist() == [True, False] for mask in numbers.changed.values())


@pytest.mark.parametrize(
    "cell",
    [
        "약 5",
        "~5",
        "<0.1",
        "≤3",
        "±2",
        "3~5",
        "3-5",
        "- 5",
        "5±1",
        "1/2",
        "½",
        "10²",
        "①",
        "٣",
        "Ⅲ",
        "inf",
        "-inf",
        "Infinity",
        "1e999",
        "0x10",
        "1_000",
        "TRUE",
        "₩5",
        "5x",
        "5 (재작업)",
        "1 5",
        "12 34",
        "1,23",
        "12,5",
        "0,125",
        "1,2345",
        "1,234,5",
        "1.2.3",
        "2026-03-05",
        "14:30",
        "1분 30초",
        "--5",
        "5-",
        "1,234e5",
        "(5",
        "5)",
        "mpa",
        "5 mpa",
        "e5",
        "+",
        "%",
        "℃",
        "1 ,234",
    ],
)
def test_what_is_no_number_is_unread(cell: str) -> None:
    numbers = _read(cell, "7")

    assert numbers.unread.tolist() == [True, False]
    assert _values(numbers) == [None, 7.0]
    assert numbers.changed == {}
    assert numbers.units == ()


def test_words_that_mean_missing_are_blank_and_listed() -> None:
    numbers = _read("-", "측정불가", "  ", None, "nan", "3")

    assert numbers.blank.tolist() == [True, True, True, True, True, False]
    assert _rules(numbers) == {"blanks": [2], "missing_word": [0, 1, 4]}


def test_a_members_own_word_for_missing_may_be_a_number() -> None:
    numbers = _read("999", "5", "９９９", missing=("999",))

    assert _values(numbers) == [None, 5.0, None]
    assert _rules(numbers) == {"missing_word": [0, 2]}


@pytest.mark.parametrize(
    ("cells", "ambiguous"),
    [
        (("1,234", "1,567"), True),  # nothing decides
        (("1,234", "12.5"), False),  # decimals begin with a point
        (("1,234", "1,234,567"), False),  # commas between thousands
        (("1,234", "2,345.5"), False),
        (("1,230", "950"), False),  # neither three decimals throughout, nor dropped zeros
        (("1,234", "950"), True),  # might be 1.234 and 950
        (("1,230", "1250"), True),  # a file that writes 1250 does not separate thousands
        (("1,234", "12.5", "12,5"), True),  # a comma begins decimals somewhere
    ],
)
def test_one_comma_before_three_digits_is_ambiguous_unless_the_column_decides(
    cells: tuple[str, ...],
    ambiguous: bool,  # noqa: FBT001
) -> None:
    numbers = _read(*cells)

    assert numbers.ambiguous[0] == ambiguous
    assert _values(numbers)[0] == float(cells[0].replace(",", ""))


def test_a_comma_begins_decimals_where_the_member_says_so() -> None:
    numbers = _read("12,5", "1,234", "7", "-0,5", "1.234,5", "12,5 ℃", decimal=",")

    assert _values(numbers) == [12.5, 1.234, 7.0, -0.5, 1234.5, 12.5]
    assert _rules(numbers) == {"decimal_comma": [0, 1, 3, 4, 5], "thousands": [4], "unit_in_cell": [5]}
    assert not numbers.unread.any()


def test_points_between_thousands_are_read_where_a_comma_begins_decimals() -> None:
    numbers = _read("12,5", "1.234", decimal=",")

    assert _values(numbers) == [12.5, 1234.0]
    assert not numbers.ambiguous.any()


def test_two_hands_may_write_decimals_in_two_ways() -> None:
    numbers = _read("12,5", "12.5", "1.234", decimal=",")

    assert _values(numbers) == [12.5, 12.5, 1.234]
    assert numbers.ambiguous.tolist() == [False, False, True]
    assert _rules(numbers) == {"decimal_comma": [0]}


def test_points_that_separate_thousands_begin_no_decimals_elsewhere_in_the_column() -> None:
    numbers = _read("12,5", "12.5", "1.234.567", decimal=",")

    assert _values(numbers) == [12.5, None, 1234567.0]
    assert numbers.unread.tolist() == [False, True, False]


def test_parentheses_are_negative_only_where_the_column_is_written_as_accountants_do() -> None:
    assert _values(_read("(1,234.5)", "(5)", "3")) == [-1234.5, -5.0, 3.0]
    assert _read("(5)", "3").unread.tolist() == [True, False]


def test_units_in_cells_are_told_for_each_cell() -> None:
    numbers = _read("23.5℃", "75 °F", "5", "45%", "25℃")

    assert numbers.units == ("℃", "°F", "%")
    assert numbers.unit_at.tolist() == [0, 1, -1, 2, 0]


def test_an_empty_column_has_no_numbers() -> None:
    assert _read().values.tolist() == []
    assert _read(None, None).blank.tolist() == [True, True]


def test_other_pandas_texts_are_read_alike() -> None:
    for dtype in ("string[python]", "str", object):
        assert read_numbers(pd.Series(["1,234.5", None], dtype=dtype)).values.tolist()[0] == 1234.5


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_that_a_program_writes_is_read_exactly(number: float) -> None:
    assert _read(repr(number)).values[0] == number
    assert _read(repr(number).replace(".", ","), decimal=",").values[0] == number


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_thousands_separators_change_nothing_about_the_number(whole: int, cents: int) -> None:
    text = f"{whole:,}.{cents:02d}"

    assert _read(text).values[0] == float(text.replace(",", ""))
    assert _read(text.replace(",", " ")).values[0] == float(text.replace(",", ""))
    assert _read(text.translate(str.maketrans(",.", ".,")), decimal=",").values[0] == float(text.replace(",", ""))


@given(
    st.lists(st.text(alphabet="0123456789.,-+eE %() ℃약~측０，", max_size=9) | st.none(), max_size=6),
    st.sampled_from(".,"),
)
def test_each_cell_is_blank_unread_or_a_number_and_what_is_unread_no_judge_takes_for_one(
    cells: list[str | None], decimal: str
) -> None:
    numbers = _read(*cells, decimal=decimal)

    assert (numbers.blank.astype(int) + numbers.unread + np.isfinite(numbers.values) == 1).all()
    assert not (numbers.ambiguous & ~np.isfinite(numbers.values)).any()
    unread = pd.Series(cells, dtype="string")[numbers.unread]
    if decimal == ".":
        assert coerce(unread, NUMBER)[1].all()


@given(st.lists(st.text(alphabet="0123456789.,-％ ", max_size=7), min_size=1, max_size=5))
def test_a_cell_that_is_not_written_plainly_is_listed(cells: list[str]) -> None:
    numbers = _read(*cells)
    listed = np.zeros(len(cells), dtype=bool)
    for mask in numbers.changed.values():
        listed |= mask
    for cell, value, known in zip(cells, numbers.values, listed, strict=True):
        if np.isfinite(value) and not known:
            assert float(cell) == value


def test_a_rule_is_only_named_where_it_was_applied() -> None:
    assert set(_read("1,234.5", "2").changed) == {Rule.THOUSANDS}


PIECES = ["5", "12.5", "1,234", "1,234.5", "1,234,567", "0,125", "-", "+", "(", ")", " ", "%", "％", "℃", "mm", "e3", "．", "x"]  # fmt: skip  # noqa: E501


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=3).map("".join) | st.none(), max_size=6))
def test_the_quick_way_for_numbers_with_units_gives_what_the_slow_one_does(cells: list[str | None]) -> None:
    quick, slow = _read(*cells), _read(*cells, missing=("재검",))

    assert _values(quick) == _values(slow)
    assert _rules(quick) == _rules(slow)
    assert quick.blank.tolist() == slow.blank.tolist()
    assert quick.unread.tolist() == slow.unread.tolist()
    assert quick.ambiguous.tolist() == slow.ambiguous.tolist()
    assert [[*one.units, ""][at] for one in (quick,) for at in one.unit_at] == [
        [*slow.units, ""][at] for at in slow.unit_at
    ]
    assert set(quick.units) == set(slow.units)


def test_a_remark_of_a_megabyte_takes_no_time() -> None:
    for remark in ("1" * 10**6 + "x", "1," * 500_000, "5" + " " * 10**6 + "x", "9" * 10**6):
        assert _read(remark, "1,234.5").unread.tolist() == [True, False]
