"""How well a header's words are explained by a column's: wholly, or with words left over.

Only a header that is explained to the last word can be certain: what stands beside a known word, such as 설정 (set),
건조 (drying) or a word that nobody knows, makes another quantity of it, however similar the rest.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from data_contracts.contract import Kind, Role
from data_contracts.mapping.judging_words import INSPECTION, NOT_OF_A_LOT
from data_contracts.mapping.lexicon import (
    AIR,
    ASIDE_FOR_NAMES,
    CHECKED,
    MEASURING,
    NAMES_AND_CODES,
    NEUTRAL,
    PLAIN,
    QUANTITIES,
    STAGES,
    STEPS,
)
from data_contracts.mapping.names import ColumnNames, Names

__all__ = ["Level", "Match", "Reading", "closeness", "match"]

_SIMILAR = 0.75
_ASIDE: dict[Kind | None, frozenset[str]] = {Kind.TEXT: ASIDE_FOR_NAMES, Kind.CATEGORY: NAMES_AND_CODES}


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


def match(reading: Reading, names: ColumnNames, all_names: Names) -> Match:
    """Compare a header with one column's names; the best comparison counts."""
    if not reading.words:
        return Match(Level.NONE)
    allowed = _allowed(reading, names)
    named_so = next((name for name, _, letters in names.variants if letters and letters == reading.compact), None)
    if named_so is not None:
        return Match(Level.EXACT, named_so, len(set(reading.words)))
    header = frozenset(reading.words)
    if len({names.values.get(word) for word in header} - {None}) > 1 and header <= names.values.keys():
        return Match(Level.COVERED, reading.compact, len(header))  # D/N, 철/황동
    if not header & names.own:  # as with most pairs: no name need be looked at
        return Match(Level.NONE, left_over=tuple(word for word in dict.fromkeys(reading.words) if word not in allowed))
    best = max(
        (_against(header, one, allowed, all_names.trade, names) for one in names.variants),
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
    """Tell whether all words are the column's, one of them being what it is and no other column of the contract is.

    Of a target none is: a result in general may be that of another inspection.
    """
    if names.column.role is Role.TARGET:
        return False
    header = frozenset(reading.words)
    kinds = names.own if names.column.kind is Kind.CATEGORY else QUANTITIES
    mains = {word for word in header & names.mains & kinds if all_names.times[word] == 1}
    return bool(mains) and header <= allowed - reading.common | names.own


def _allowed(reading: Reading, names: ColumnNames) -> frozenset[str]:
    """Return the words that add nothing to a name of the column."""
    kind = None if names.column.role is Role.TARGET else names.column.kind  # 불량 코드 is its kind, no result
    aside = CHECKED if names.column.is_numeric else _ASIDE.get(kind, frozenset())
    air = AIR if names.own & AIR else frozenset()
    other = NOT_OF_A_LOT if names.column.role in {Role.TARGET, Role.OUTCOME} else INSPECTION
    return names.own | names.values.keys() | _neutral(names) | reading.common - other | names.idle | aside | air


def _neutral(names: ColumnNames) -> frozenset[str]:
    """Return the words that change no name of the column: what measures a thing is another thing."""
    if names.column.role is Role.TARGET:
        return PLAIN
    return NEUTRAL if names.column.is_numeric else NEUTRAL - MEASURING


def _against(
    header: frozenset[str],
    variant: tuple[str, frozenset[str], str],
    allowed: frozenset[str],
    trade: frozenset[str],
    names: ColumnNames,
) -> Match:
    """Compare a header with one name; the trade's words add nothing to it unless it only says what is measured.

    In a plating shop ``도금 pH`` is the pH; but ``실린더 두께`` in a print shop is not the thickness of the paper.
    Where the target is one kind of defect, no name is compared that does not say which, such as 불량 여부.
    """
    name, words, _ = variant
    any_defect = names.column.role is Role.TARGET and not names.judges and words <= QUANTITIES
    if header == words and not any_defect:
        return Match(Level.EXACT, name, len(header))
    less = words - names.idle if header & names.idle else words
    for needed in () if any_defect else (words, words - _neutral(names), less):
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
