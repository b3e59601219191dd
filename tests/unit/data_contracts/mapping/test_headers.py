"""How headers are evened out and taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.mapping.headers import Lexicon, compact, pieces

LEXICON = Lexicon.of(["도금조 온도", "current density", "pH", "LOT NO"])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("도금조온도", ("도금조", "온도")),
        ("도금조 온도값", ("도금조", "온도", "값")),
        ("작업장온도", ("작업장", "온도")),
        ("수세후pH", ("수세", "후", "ph")),
        ("도금전온도", ("도금", "전", "온도")),
        ("전처리온도", ("전처리", "온도")),
        ("CurrentDensity", ("전류", "밀도")),
        ("CURRENTDENSITY", ("전류", "밀도")),
        ("current_density2", ("전류", "밀도", "2")),
        ("phosphorus", ("phosphorus",)),
        ("LOTNo.", ("로트", "번호")),
        ("No. 3) 온도", ("온도",)),
        ("②온도", ("온도",)),
        ("1.5온도", ("1", "5", "온도")),
    ],
)
def test_compounds_are_split_where_their_parts_are_known(header: str, words: tuple[str, ...]) -> None:
    lexicon = Lexicon(LEXICON.words | {"도금"})

    assert lexicon.tokens(header) == words


def test_letters_of_one_script_stay_together_and_case_and_width_do_not_matter() -> None:
    assert pieces("ＢａｔｈTemp 도금조pH") == ("bath", "temp", "도금조", "ph")
    assert compact("Bath  Temp.") == compact("ＢＡＴＨ_temp") == "bathtemp"


@given(st.text(max_size=80))
def test_any_text_has_words_and_none_of_them_is_empty(text: str) -> None:
    assert all(LEXICON.tokens(text))
    assert compact(compact(text)) == compact(text)
