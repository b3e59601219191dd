"""A column of texts -> words of a vocabulary, by the member's own table of words; and texts that are only cleaned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_contracts.cells.changes import Rule
from data_contracts.cells.missing import is_missing
from data_contracts.cells.texts import Distinct, Mask, arrow_texts, folded, matching, stripped

__all__ = ["Words", "read_texts", "read_words"]

_OPENING = "([{<'\"“‘「『【〈《（［"  # noqa: RUF001
_CLOSING = ")]}>'\"”’」』】〉》）］.,;:"  # noqa: RUF001

_SEEN = "[0-9A-Za-z가-힣]"
_CLEAN = rf"(?s)^(?:[0-9]|[0-9].*{_SEEN}|{_SEEN}.*[0-9]|{_SEEN}.*[0-9].*{_SEEN})$"
"""Texts such as lot numbers, which may all differ: no blanks around them, and no word for missing holds a digit."""


@dataclass(frozen=True)
class Words:
    """A column of words; every array has shape (rows,).

    Attributes:
        values: the words, pandas' ``string`` type; missing where blank, the text as it was where unread.
        blank: where there is no value.
        unread: where there is a word that the table does not have.
        changed: where which rule was applied; only rules that were.
    """

    values: pd.Series = field(repr=False)
    blank: Mask = field(repr=False)
    unread: Mask = field(repr=False)
    changed: dict[Rule, Mask] = field(repr=False)


class _Word(NamedTuple):
    value: str | None
    known: bool
    rule: Rule | None


def read_words(cells: pd.Series, words: Mapping[str, str | None], *, missing: tuple[str, ...] = ()) -> Words:
    """Replace words by the vocabulary's.

    A text is looked for in the table first as it is, then with case, width, blanks, surrounding brackets and quotes and
    a closing mark ignored, where only one word of the vocabulary comes into question. Only what is not in the table can
    be a word that means missing: ``없음`` may mean that there is no defect.

    Args:
        cells: texts; missing where blank.
        words: the vocabulary's word for each of the member's; None for one that means missing. ``""`` stands for a
            blank cell.
        missing: words that count as missing, besides those that always do and those of the table.
    """
    table, forgiving = dict(words), _forgiving(words)
    further = frozenset(map(folded, missing))

    def read(text: str) -> _Word:
        core = stripped(text)
        known = core in table or _bare(core) in forgiving
        if known:
            value = table[core] if core in table else forgiving[_bare(core)]
            return _Word(value, True, _rule(text, core, value))
        if not core or is_missing(core, further):
            return _Word(None, True, Rule.MISSING_WORD if core else Rule.BLANKS)
        return _Word(text, False, None)

    return _read(cells, read, blank_as=table.get(""))


def read_texts(cells: pd.Series, *, missing: tuple[str, ...] = ()) -> Words:
    """Clean texts that need no vocabulary: blanks around them go, words that mean missing become missing."""
    further = frozenset(map(folded, missing))

    def read(text: str) -> _Word:
        core = stripped(text)
        if not core or is_missing(core, further):
            return _Word(None, True, Rule.MISSING_WORD if core else Rule.BLANKS)
        return _Word(core, True, Rule.BLANKS if core != text else None)

    return _read(cells, read, clean=None if missing else _CLEAN)


def _read(
    cells: pd.Series, read: Callable[[str], _Word], *, blank_as: str | None = None, clean: str | None = None
) -> Words:
    """Read each distinct text, but for those that match `clean`: these stay as they are."""
    texts = arrow_texts(cells)
    kept = matching(texts, clean) if clean else np.zeros(len(texts), dtype=np.bool_)
    distinct = Distinct.of(texts, ~kept)
    found = [read(text) for text in distinct.texts]
    filled = Rule.WORD if blank_as is not None else None
    rules = {word.rule for word in found} | ({filled} if (distinct.codes < 0).any() else set())
    return Words(
        values=_replaced(texts, distinct, [word.value for word in found], blank_as, cells),
        blank=distinct.mask([word.value is None for word in found], missing=blank_as is None),
        unread=distinct.mask([not word.known for word in found]),
        changed={
            rule: distinct.mask([word.rule is rule for word in found], missing=filled is rule)
            for rule in Rule
            if rule in rules
        },
    )


def _replaced(
    texts: Any, distinct: Distinct, values: list[str | None], blank_as: str | None, cells: pd.Series
) -> pd.Series:
    """Put a value for each distinct text, and one for missing cells, in the place of the texts."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    places = np.where(distinct.codes < 0, len(values), distinct.codes)
    taken = pa.array([*values, blank_as], pa.large_string()).take(pa.array(places))
    replaced = pc.replace_with_mask(texts, pa.array(distinct.at), taken)
    array = replaced.to_pandas(types_mapper={pa.large_string(): pd.StringDtype()}.get).array
    return pd.Series(array, index=cells.index, name=cells.name)


def _forgiving(words: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the table by bare word, without those that could stand for two words of the vocabulary."""
    meanings: dict[str, set[str | None]] = {}
    for word, value in words.items():
        if word:
            meanings.setdefault(_bare(word), set()).add(value)
    return {bare: next(iter(values)) for bare, values in meanings.items() if len(values) == 1}


def _bare(text: str) -> str:
    word = folded(text)
    return word.lstrip(_OPENING).rstrip(_CLOSING) or word


def _rule(text: str, core: str, value: str | None) -> Rule | None:
    if value is None:
        return Rule.MISSING_WORD
    if value != core:
        return Rule.WORD
    return Rule.BLANKS if core != text else None
