import pytest

from data_contracts.contract import Label
from data_contracts.readiness.sentences import lines_text, number, percent, said


def test_a_count_takes_the_word_for_one_or_for_many() -> None:
    template = Label("{rows}행", "{rows:row is|rows are} blank")

    assert said(template, rows=1) == Label("1행", "1 row is blank")
    assert said(template, rows=1200) == Label("1,200행", "1,200 rows are blank")


def test_a_gap_is_filled_in_each_language_and_never_filled_again() -> None:
    assert said(Label("{what}의 값", "of {what}"), what=Label("{rows}", "heat")) == Label("{rows}의 값", "of heat")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.05, "5 %"),
        (0.0525, "5.2 %"),
        (0.25, "25 %"),
        (0.996, "99.6 %"),
        (1e-6, "<0.1 %"),
        (1 - 1e-6, ">99.9 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.05, "0.05"), (12.3456, "12.35"), (1234.5, "1,234"), (-9876543, "-9,876,543")]
)
def test_numbers_have_four_digits_and_all_before_the_point(value: float, text: str) -> None:
    assert number(value) == text


def test_the_first_lines_are_named_and_the_rest_hinted_at() -> None:
    assert lines_text((3,), 1) == Label("3번째 줄", "line 3")
    assert lines_text((3, 4), 9) == Label("3, 4번째 줄 등", "lines 3, 4, …")
    assert lines_text((), 9) == Label("", "")
