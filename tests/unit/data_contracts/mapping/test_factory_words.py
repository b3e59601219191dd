"""How often a word must stand to be worth a question, and which value it most likely means."""

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.factory_words import read_factory_words

PLATING = load_contract("plating-defect")
KINDS, METALS, HOLDING = (PLATING.column(name) for name in ("defect_type", "base_material", "process"))


def test_marks_for_no_defect_do_not_outnumber_the_words_that_are_compared() -> None:
    words = (("-", 200), ("핀홀", 5), ("zz", 2))

    assert [word for word, _ in read_factory_words(KINDS, PLATING, words).asked] == ["zz"]


def test_a_word_that_stands_once_among_many_cells_is_a_slip() -> None:
    assert read_factory_words(KINDS, PLATING, (("-", 200), ("핀홀", 5), ("zz", 1))).asked == ()


@pytest.mark.parametrize(("word", "metal"), [("황동소재", "brass"), ("황동재", "brass"), ("철소재", "steel")])
def test_a_metal_is_known_by_its_name_before_the_word_for_material(word: str, metal: str) -> None:
    assert read_factory_words(METALS, PLATING, ((word, 9),)).pairs == ((word, metal),)


@pytest.mark.parametrize("word", ["비철소재", "원소재", "소재"])
def test_a_material_that_names_no_metal_is_asked_about(word: str) -> None:
    assert [one for one, _ in read_factory_words(METALS, PLATING, ((word, 9),)).asked] == [word]


def test_short_words_that_share_a_syllable_by_chance_are_not_alike() -> None:
    (asked,) = read_factory_words(KINDS, PLATING, (("갸짐", 9),)).asked

    assert asked[1][0] == "other"


def test_short_words_with_nearly_the_same_sounds_are_alike() -> None:
    (asked,) = read_factory_words(HOLDING, PLATING, (("빠랠", 9),)).asked

    assert asked[1][0] == "barrel"
