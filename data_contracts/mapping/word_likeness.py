"""The values of a vocabulary by how alike a factory's word is to the words that each of them has."""

import difflib
import unicodedata

from data_contracts.cells.texts import folded
from data_contracts.contract import Column

__all__ = ["by_likeness"]

_OTHER = frozenset({"other", "others", "기타"})
_HALF_ALIKE = 0.5  # a word less alike than that is rather "other", where the vocabulary has it
_SHORT = 3  # syllables
_SAME_SOUND = 0.8  # share of the sounds of a short word


def by_likeness(word: str, column: Column) -> tuple[str, ...]:
    """Return the vocabulary of a category, the value first that a word is most alike to.

    Args:
        word: the factory's word, folded.
        column: the category.
    """
    names = {value: {folded(value)} for value in column.vocabulary}
    for value, others in column.words:
        names[value].update(map(folded, others))
    alike = {value: max(_alike(word, name) for name in some) for value, some in names.items()}
    alike |= {value: max(alike[value], _HALF_ALIKE) for value, some in names.items() if some & _OTHER}
    return tuple(sorted(column.vocabulary, key=lambda value: -alike[value]))


def _alike(word: str, name: str) -> float:
    """Return how alike two words are, 0 to 1.

    Two short words of Hangul share a syllable by chance: they are alike only where one is part of the other, or where
    nearly every sound is the same.
    """
    if len(word) > _SHORT or not "가" <= word[0] <= "힣":
        return difflib.SequenceMatcher(a=word, b=name, autojunk=False).ratio()
    if len(word) > 1 and (word in name or (len(name) > 1 and name in word)):
        return 1.0
    sounds, others = (unicodedata.normalize("NFD", text) for text in (word, name))
    ratio = difflib.SequenceMatcher(a=sounds, b=others, autojunk=False).ratio()
    return ratio if ratio >= _SAME_SOUND else 0.0
