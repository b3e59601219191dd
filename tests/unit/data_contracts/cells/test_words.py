# ruff: noqa: PD011  (`values` is a field of ours; full-width letters are what is tested)
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.words import Words, read_texts, read_words


def _series(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="string", index=range(2, 2 + len(cells)))


def _values(words: Words) -> list[str | None]:
    return [None if value is pd.NA else value for value in words.values.tolist()]


def _rules(words: Words) -> dict[str, list[int]]:
    return {str(rule): np.flatnonzero(mask).tolist() for rule, mask in words.changed.items()}


def test_words_of_the_table_become_the_vocabularys_and_others_stay_unread() -> None:
    words = read_words(_series("양품", "ok", "NG", "재검"), {"ok": "ok", "ng": "ng", "양품": "ok"})

    assert _values(words) == ["ok", "ok", "ng", "재검"]
    assert words.unread.tolist() == [False, False, False, True]
    assert _rules(words) == {"word": [0, 2]}
    assert words.values.index.tolist() == [2, 3, 4, 5]
    assert str(words.values.dtype) == "string"


@pytest.mark.parametrize("cell", ["NG", "ng", "ＮＧ", " n g ", "(NG)", "[ng]", "'NG'", "NG.", "「NG」"])
def test_case_width_blanks_brackets_and_a_closing_mark_make_no_difference(cell: str) -> None:
    assert _values(read_words(_series(cell), {"NG": "ng"})) == ["ng"]


@pytest.mark.parametrize("cell", ["A-", "A+", "A?", "*A", "△", "A/B"])
def test_signs_that_may_mean_something_are_not_dropped(cell: str) -> None:
    assert read_words(_series(cell), {"A": "a"}).unread.tolist() == [True]


def test_a_word_that_could_mean_two_things_must_be_written_exactly() -> None:
    words = read_words(_series("O", "o", "Ｏ"), {"O": "ok", "o": "ng"})

    assert _values(words) == ["ok", "ng", "Ｏ"]
    assert words.unread.tolist() == [False, False, True]


def test_the_table_comes_before_the_words_that_mean_missing() -> None:
    assert _values(read_words(_series("없음", "-"), {"없음": "none"})) == ["none", None]
    assert _values(read_words(_series("없음"), {})) == [None]


def test_a_word_may_mean_missing_and_so_may_further_words() -> None:
    words = read_words(_series("보류", "재검", "OK"), {"보류": None, "OK": "ok"}, missing=("재검",))

    assert _values(words) == [None, None, "ok"]
    assert words.blank.tolist() == [True, True, False]
    assert _rules(words) == {"missing_word": [0, 1], "word": [2]}


def test_a_blank_cell_stands_for_a_word_where_the_table_says_so() -> None:
    words = read_words(_series(None, "  ", "-", "NG"), {"": "ok", "NG": "ng"})

    assert _values(words) == ["ok", "ok", None, "ng"]
    assert _rules(words) == {"missing_word": [2], "word": [0, 1, 3]}
    assert _rules(read_words(_series(None, "  "), {})) == {"blanks": [1]}


def test_texts_lose_the_blanks_around_them_and_words_that_mean_missing() -> None:
    texts = read_texts(_series(" A1 ", "A 1", "N/A", None, "\u00a0", "ＬＯＴ", "x"), missing=("X",))

    assert _values(texts) == ["A1", "A 1", None, None, None, "ＬＯＴ", None]
    assert _rules(texts) == {"blanks": [0, 4], "missing_word": [2, 6]}
    assert not texts.unread.any()


@given(
    st.lists(st.text(max_size=6) | st.none(), max_size=8),
    st.dictionaries(st.text(max_size=4), st.sampled_from(["a", "b", None])),
)
def test_a_cell_that_changed_is_listed_and_one_that_did_not_is_not(
    cells: list[str | None], table: dict[str, str | None]
) -> None:
    words = read_words(_series(*cells), table)
    listed = np.zeros(len(cells), dtype=bool)
    for mask in words.changed.values():
        assert not (listed & mask).any()
        listed |= mask

    changed = [before != after for before, after in zip(cells, _values(words), strict=True)]
    assert listed.tolist() == changed
    assert not (words.unread & listed).any()


@given(st.lists(st.text(alphabet="09AzＡ가-.#!/ \u00a0\u200b\n", max_size=5) | st.none(), max_size=6))
def test_the_quick_way_for_lot_numbers_gives_what_the_slow_one_does(cells: list[str | None]) -> None:
    quick, slow = read_texts(_series(*cells)), read_texts(_series(*cells), missing=("재검",))

    assert _values(quick) == _values(slow)
    assert _rules(quick) == _rules(slow)
    assert quick.blank.tolist() == slow.blank.tolist()
