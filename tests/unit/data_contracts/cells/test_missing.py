import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.missing import MISSING_WORDS, is_missing
from data_contracts.cells.texts import BLANKS, folded, stripped


@pytest.mark.parametrize(
    "word",
    [
        "-",
        "--",
        "–",
        "―",
        "ㅡ",
        "N/A",
        "NA",
        "#N/A",
        "n.a.",
        "null",
        "None",
        "NaN",
        "\\N",
        "(null)",
        "#DIV/0!",
        ".",
        "?",
        "없음",
        "미측정",
        "측정불가",
        "측정 불가",
        "측정 안함",
        "해당없음",
        "해당 없음",
        "불명",
        "결측",
        "（없음）",
        " - ",
        "［ N / A ］",
    ],
)
def test_a_word_that_means_no_value_is_known_in_any_case_width_and_spacing(word: str) -> None:
    assert is_missing(word)


@pytest.mark.parametrize(
    "text", ["0", "x", "X", "O", "/", "무", "정상", "5", "-5", "N", "no", "불량", "미정", "999", "nano", "()"]
)
def test_a_text_that_may_be_a_value_is_not_missing(text: str) -> None:
    assert not is_missing(text)


def test_no_word_holds_a_digit_but_behind_a_sign_which_the_short_cuts_rely_on() -> None:
    digits = {word for word in MISSING_WORDS if any(map(str.isdigit, word))}

    assert {word[0] for word in digits} <= {"#"}
    assert "" not in MISSING_WORDS


def test_further_words_are_the_members_own() -> None:
    assert is_missing("９９９", frozenset({"999"}))
    assert is_missing("측정 X", frozenset({folded("측정x")}))
    assert not is_missing("998", frozenset({"999"}))


@given(
    st.sampled_from(sorted(MISSING_WORDS)), st.text(alphabet=BLANKS, max_size=3), st.text(alphabet=BLANKS, max_size=3)
)
def test_blanks_around_a_word_make_no_difference(word: str, before: str, after: str) -> None:
    assert is_missing(before + word.upper() + after)


@given(st.text(max_size=20))
def test_stripping_takes_blanks_from_both_ends_and_nothing_else(text: str) -> None:
    assert stripped(text) == text.strip(BLANKS)
