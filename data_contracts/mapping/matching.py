"""How well a header's words are explained by a column's: wholly, or with words left over.

Only a header that is explained to the last word can be certain: what stands beside a known word, such as 설정 (set),
건조 (drying) or a word that nobody knows, makes another quantity of it, however similar the rest.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache

from data_contracts.contract import Column, Contract, Kind, Role
from data_contracts.mapping.headers import Lexicon, compact
from data_contracts.mapping.lexicon import ASIDE_FOR_NAMES, NEUTRAL, QUALIFIERS, QUANTITIES, STAGES, STEPS
from data_contracts.mapping.units import canonical_unit

__all__ = ["ColumnNames", "Level", "Match", "Names", "Reading", "closeness", "match", "names_of"]

_WITH_UNIT = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]")
_SIMILAR = 0.75


class Level(IntEnum):
    """How far a header is explained by the names of a column."""

    NONE = 0
    PARTIAL = 1
    """Some words are the column's, others are not."""
    GENERAL = 2
    """It is the column's quantity without saying which, such as 온도: enough only where nothing else can be meant."""
    COVERED = 3
    """It holds a whole name of the column, and otherwise only words that add nothing to it."""
    EXACT = 4
    """It is a name of the column, apart from case, width, blanks, punctuation and the order of words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a header.

    Attributes:
        words: its words, as `Lexicon.tokens` returns them.
        compact: its letters and digits.
        common: those of its words that say nothing, since many headers begin with them; see `headings`.
    """

    words: tuple[str, ...]
    compact: str
    common: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """What the words of a header say about one column.

    Attributes:
        level: how far the header is explained.
        name: the name of the column that it was compared with, for people.
        covered: how many words of the header are that name.
        left_over: words of the header that are not explained.
    """

    level: Level
    name: str = ""
    covered: int = 0
    left_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnNames:
    """Every name of one column.

    Attributes:
        column: the column.
        variants: its names, the words of each, and its letters.
        own: every word of them.
        mains: the last word of each, which says what it is: 온도 of 도금조 온도.
    """

    column: Column
    variants: tuple[tuple[str, frozenset[str], str], ...] = field(repr=False)
    own: frozenset[str] = field(repr=False)
    mains: frozenset[str] = field(repr=False)


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
    return Names(columns, lexicon, frozenset(trade), times)


def match(reading: Reading, names: ColumnNames, all_names: Names) -> Match:
    """Compare a header with one column's names; the best comparison counts."""
    if not reading.words:
        return Match(Level.NONE)
    allowed = _allowed(reading, names)
    named_so = next((name for name, _, letters in names.variants if letters and letters == reading.compact), None)
    if named_so is not None:
        return Match(Level.EXACT, named_so, len(set(reading.words)))
    header = frozenset(reading.words)
    if not header & names.own:  # as with most pairs: no name need be looked at
        return Match(Level.NONE, left_over=tuple(word for word in dict.fromkeys(reading.words) if word not in allowed))
    best = max(
        (_against(header, one, allowed, all_names.trade) for one in names.variants),
        key=lambda one: (one.level, one.covered),
    )
    if best.level >= Level.COVERED:
        return best
    level = Level.GENERAL if _is_general(reading, names, all_names, allowed) else best.level
    left_over = tuple(word for word in dict.fromkeys(reading.words) if word not in allowed)
    return replace(best, level=level, left_over=left_over)


def closeness(reading: Reading, names: ColumnNames, all_names: Names) -> float:
    """Return how close a header comes to the closest name of a column, 0 to 1, to put doubtful headers into an order.

    It is the share of words in common, rare words counting more, or how alike the letters are if that is more.
    """
    header = frozenset(reading.words)

    def weight(of: Iterable[str]) -> float:
        return sum(0.1 if word in NEUTRAL else 1 / max(all_names.times[word], 1) for word in of)

    def one(words: frozenset[str], letters: str) -> float:
        return max(weight(header & words) / weight(header | words), _alike(reading.compact, letters))

    return max((one(words, letters) for _, words, letters in names.variants if words), default=0.0) if header else 0.0


def _is_general(reading: Reading, names: ColumnNames, all_names: Names, allowed: frozenset[str]) -> bool:
    """Tell whether all words are the column's, one of them being what it is and no other column of the contract is."""
    header = frozenset(reading.words)
    kinds = names.own if names.column.kind is Kind.CATEGORY else QUANTITIES
    mains = {word for word in header & names.mains & kinds if all_names.times[word] == 1}
    return bool(mains) and header <= allowed - reading.common | names.own


def _allowed(reading: Reading, names: ColumnNames) -> frozenset[str]:
    """Return the words that add nothing to a name of the column."""
    aside = ASIDE_FOR_NAMES if names.column.kind is Kind.TEXT else frozenset()
    return names.own | NEUTRAL | reading.common | aside


def _against(
    header: frozenset[str], variant: tuple[str, frozenset[str], str], allowed: frozenset[str], trade: frozenset[str]
) -> Match:
    """Compare a header with one name; the trade's words add nothing to it unless it only says what is measured.

    In a plating shop ``도금 pH`` is the pH; but ``실린더 두께`` in a print shop is not the thickness of the paper.
    """
    name, words, _ = variant
    if header == words:
        return Match(Level.EXACT, name, len(header))
    for needed in (words, words - NEUTRAL):
        beside = (allowed if needed <= QUANTITIES else allowed | trade) | (STAGES if needed & STEPS else frozenset())
        if needed and needed <= header and header - needed <= beside:
            return Match(Level.COVERED, name, len(needed))
    shared = len(header & words)
    return Match(Level.PARTIAL if shared else Level.NONE, name, shared)


def _alike(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1; 0 also where they are not alike enough to matter."""
    common = len(set(one) & set(other))
    if 2 * min(len(one), len(other)) < _SIMILAR * (len(one) + len(other)) or 2 * common < len(set(one)):
        return 0.0  # seen without the dear comparison
    ratio = difflib.SequenceMatcher(a=one, b=other, autojunk=False).ratio()
    return ratio if ratio >= _SIMILAR else 0.0


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
    return ColumnNames(
        column,
        variants,
        frozenset(word for _, some in words for word in some),
        frozenset(some[-1] for _, some in words if some),
    )
