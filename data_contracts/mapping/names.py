"""The names of a contract's columns, taken apart into words."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from data_contracts.contract import Column, Contract, Role
from data_contracts.mapping.headers import Lexicon, compact, pieces
from data_contracts.mapping.judging_words import JUDGING
from data_contracts.mapping.lexicon import ADDED, QUALIFIERS, QUANTITIES, RATIOS, SAME
from data_contracts.mapping.units import canonical_unit

__all__ = ["ColumnNames", "Names", "names_of"]

_WITH_UNIT = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]")


@dataclass(frozen=True)
class ColumnNames:
    """Every name of one column.

    Attributes:
        column: the column.
        variants: its names, the words of each, and its letters.
        own: every word of them.
        mains: the last word of each, which says what it is: 온도 of 도금조 온도.
        idle: words that say no more than its unit or its kind does: 비율 of a column in percent.
        values: words for the values of its vocabulary, and the value of each: ``근무조(주간/야간)`` explains itself.
    """

    column: Column
    variants: tuple[tuple[str, frozenset[str], str], ...] = field(repr=False)
    own: frozenset[str] = field(repr=False)
    mains: frozenset[str] = field(repr=False)
    idle: frozenset[str] = field(default=frozenset(), repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def judges(self) -> bool:
        """Whether the column is the result as a whole, such as 판정, and not of one kind of defect, as 밴드 여부 is."""
        return any(words and words <= JUDGING for _, words, _ in self.variants)


@dataclass(frozen=True)
class Names:
    """The names of a contract's columns.

    Attributes:
        columns: the names by column, in contract order.
        lexicon: the words they are made of.
        trade: words of the contract's own title: in a plating shop's file, 도금 adds nothing to 전압.
        times: of how many columns a word is.
    """

    columns: tuple[ColumnNames, ...]
    lexicon: Lexicon = field(repr=False)
    trade: frozenset[str] = field(repr=False)
    times: Counter[str] = field(repr=False)


@lru_cache(maxsize=8)
def names_of(contract: Contract) -> Names:
    """Collect the names of a contract's columns."""
    texts = {column.name: _texts(column) for column in contract.columns}
    titles = (contract.id, contract.title.ko, contract.title.en)
    lexicon = Lexicon.of([*(text for names in texts.values() for text in names), *titles])
    columns = tuple(_names(column, texts[column.name], lexicon) for column in contract.columns)
    times = Counter(word for names in columns for word in names.own)
    results = [names for names in columns if names.column.role in {Role.TARGET, Role.OUTCOME}]
    judging = Counter(word for names in results for word in names.own)
    judged = {word for word in judging if judging[word] == times[word]}  # of the result only, such as 불량
    trade = {word for title in titles for word in lexicon.tokens(title)} - judged - QUANTITIES - QUALIFIERS
    machines = {word for word in times if word.endswith("기") and word[:-1] in trade | set(times)}  # 도금기, the plater
    return Names(columns, lexicon, frozenset(trade | machines), times)


def _texts(column: Column) -> tuple[str, ...]:
    """Return every name of the column, without the units that some synonyms carry."""
    texts = (column.label.ko, column.label.en, *column.synonyms, column.name)
    return tuple(dict.fromkeys(_without_unit(text) for text in texts))


def _without_unit(text: str) -> str:
    found = _WITH_UNIT.fullmatch(text.strip())
    return found["name"] if found and canonical_unit(found["unit"]) is not None else text


def _ways_to_split(text: str, lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name as it is spaced, and glued where that differs: ``라인 명``, ``라인명``."""
    spaced, glued = lexicon.tokens(text), lexicon.tokens(text.replace(" ", ""))
    hangul = all("가" <= sign <= "힣" for sign in text.replace(" ", ""))
    return (spaced, glued) if hangul and set(glued) != set(spaced) else (spaced,)


def _names(column: Column, texts: tuple[str, ...], lexicon: Lexicon) -> ColumnNames:
    words = [(text, some) for text in texts for some in _ways_to_split(text, lexicon)]
    variants = tuple((text, frozenset(some), compact(text)) for text, some in words)
    own = frozenset(word for _, some in words for word in some)
    mains = frozenset(some[-1] for _, some in words if some)
    return ColumnNames(column, variants, own, mains, _idle(column, own), _values(column))


def _idle(column: Column, own: frozenset[str]) -> frozenset[str]:
    """Return the words that add nothing to a share, nor to an amount for which no unit is agreed."""
    if not column.is_numeric:
        return frozenset()
    if canonical_unit(column.unit or "") == "%":
        return RATIOS
    return ADDED if column.unit is None and own & ADDED else frozenset()


def _values(column: Column) -> dict[str, str]:
    """Return the words for the values of a vocabulary that are one piece each."""
    words = [(value, value) for value in column.vocabulary]
    words += [(word, value) for value, some in column.words for word in some]
    found = ((pieces(word), value) for word, value in words)
    return {SAME.get(some[0], some[0]): value for some, value in found if len(some) == 1}
