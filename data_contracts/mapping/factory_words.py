"""The factory's words in a category column: which are known, which only a person can tell.

What ``양품`` and ``NG`` mean is plain. ``O``, ``X``, ``Y``, ``N``, ``1`` and ``0`` depend on what the header asks:
under ``불량 여부`` (is it defective?) a ``Y`` is bad, under ``합격 여부`` it is good. A circle is good and a cross bad
where the header asks for a judgement (``판정 O/X``), as inspection sheets have it, if the crosses are the few; under
``불량`` only the factory knows. A word that hardly occurs is no question: it is a slip, and its rows are set aside and
reported.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from data_contracts.cells.missing import is_missing
from data_contracts.cells.texts import folded
from data_contracts.contract import Column, Contract, Kind, Role
from data_contracts.mapping.good_and_bad import (
    BAD,
    GOOD,
    NO,
    NO_DEFECT,
    YES,
    good_and_bad,
    initials_of,
    polarity_of,
    sure_answers,
)
from data_contracts.mapping.word_likeness import by_likeness

__all__ = [
    "MOST_UNKNOWN",
    "WordReading",
    "WordShares",
    "known_words",
    "read_factory_words",
    "read_kinds_as_target",
    "word_shares",
]

MOST_UNKNOWN = 20
"""Unknown words that are asked about; a column with more of them is another column."""

_FEWEST_CELLS, _LEAST_SHARE = 3, 0.02  # from one of these on, a word that is not known is worth a question
_PARTS = re.compile(r"[\s()\[\]{}/,.:;_\-]+")
_CODE = re.compile(r"\d{1,3}|[a-z]")  # beside a word that is known, a number or letter is its number on a list
_ENDINGS = ("조", "반", "식", "형", "타입", "type", "소재", "재")  # 랙형 is 랙, 황동소재 is 황동
_PERSONAL = re.compile(r"\d{2,4}-\d{3,4}-\d{4}|01\d{8,9}|\d{6}-?[1-4]\d{6}|\S+@\S+\.\S+")


@dataclass(frozen=True, slots=True)
class WordShares:
    """How many cells of a column hold words that are known.

    Attributes:
        recognised: share of the cells whose word is known, or is a yes or a no of a target; 0 to 1.
        unknown: how many distinct words are neither.
    """

    recognised: float
    unknown: int


@dataclass(frozen=True, slots=True)
class WordReading:
    """What the words of a column were found to mean.

    Attributes:
        pairs: the factory's words that are not the contract's, and the contract's word for each.
        asked: words that are doubtful, the most frequent first, each with the vocabulary, the likeliest value first.
        over: how many doubtful words there are beyond those.
    """

    pairs: tuple[tuple[str, str | None], ...]
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    over: int = 0


def known_words(column: Column, contract: Contract) -> dict[str, str]:
    """Return every word that is known for a column's values, folded, and the value of each."""
    words = {folded(value): value for value in column.vocabulary}
    for value, others in column.words:
        for word in others:
            words.setdefault(folded(word), value)
    good, bad = good_and_bad(column, contract)
    if good is not None and bad is not None:
        for general, value in ((GOOD, good), (BAD, bad)):
            for word in general:
                words.setdefault(word, value)
    return words


def word_shares(column: Column, contract: Contract, counts: Iterable[tuple[str, int]]) -> WordShares:
    """Count how much of a column is known.

    Args:
        column: the column.
        contract: the contract, for what counts as a defect.
        counts: the distinct texts and how many cells hold each.
    """
    known, counts = known_words(column, contract), tuple(counts)
    two_classes = good_and_bad(column, contract)[0] is not None
    answers = YES | NO | set(initials_of(word for word, _ in counts)) if two_classes else frozenset()
    all_cells = recognised = unknown = 0
    for word, times in counts:
        plain = folded(word)
        if _says_nothing(word, known, column):
            continue
        all_cells += times
        if plain in answers or _meaning(word, known) is not None:
            recognised += times
        else:
            unknown += 1
    return WordShares(recognised / all_cells if all_cells else 0.0, unknown)


def read_factory_words(
    column: Column,
    contract: Contract,
    counts: tuple[tuple[str, int], ...],
    *,
    header: Iterable[str] = (),
    said: Iterable[str] = (),
    blanks: int = 0,
) -> WordReading:
    """Find out what the factory's words mean.

    Args:
        column: the column.
        contract: the contract.
        counts: the distinct texts and how many cells hold each, the most frequent first.
        header: the words of the header, which may say whether a yes is good or bad.
        said: words about which a person has decided already.
        blanks: cells without a text.
    """
    known = known_words(column, contract)
    decided = set(said)
    polarity = polarity_of(column, contract, frozenset(header))
    answers = sure_answers(column, contract, frozenset(header), counts)
    cells = sum(times for _, times in counts)
    said_cells = sum(times for word, times in counts if not _says_nothing(word, known, column))
    if _letters_doubtful(counts, {*known, *answers}):
        known = {word: value for word, value in known.items() if not _CODE.fullmatch(word)}
    pairs: list[tuple[str, str | None]] = []
    asked: list[tuple[str, tuple[str, ...]]] = []
    for word, times in counts:
        plain = folded(word)
        if word in decided or word in column.vocabulary:
            continue
        value = known.get(plain) or answers.get(plain) or _meaning(word, known)
        if value is not None or _means_none(plain, column):
            pairs.append((word, value))
        elif not is_missing(word) and not _PERSONAL.search(word) and _occurs(times, cells, said_cells):
            asked.append((word, _likeliest(word, times / cells, column, contract, polarity)))
    found = {value for _, value in pairs if value is not None} | {
        word for word, _ in counts if word in column.vocabulary
    }
    if column.role is Role.TARGET and blanks and len(found) == 1 and not asked and "" not in decided:
        asked.append(("", (*(value for value in column.vocabulary if value not in found), *found)))
    return WordReading(tuple(pairs), tuple(asked[:MOST_UNKNOWN]), max(len(asked) - MOST_UNKNOWN, 0))


def read_kinds_as_target(
    column: Column, contract: Contract, counts: tuple[tuple[str, int], ...], *, said: Iterable[str] = ()
) -> WordReading:
    """Read the target from a column that holds the kind of defect: a blank is none, every kind is one.

    The arguments are those of `read_factory_words`.
    """
    good = next(value for value in column.vocabulary if value not in contract.defects)
    bad = next(value for value in column.vocabulary if value in contract.defects)
    outcomes = [one for one in contract.columns if one.role is Role.OUTCOME and one.kind is Kind.CATEGORY]
    kinds = {word for one in outcomes for word in known_words(one, contract)}
    known, decided = known_words(column, contract), set(said)
    pairs: list[tuple[str, str | None]] = [] if "" in decided else [("", good)]
    asked: list[tuple[str, tuple[str, ...]]] = []
    for word, _ in counts:
        plain = folded(word)
        value = known.get(plain) or (bad if plain in kinds else good if is_missing(word) else None)
        if word in decided or word == value:
            continue
        if value is not None:
            pairs.append((word, value))
        else:
            asked.append((word, (bad, good)))
    return WordReading(tuple(pairs), tuple(asked[:MOST_UNKNOWN]), max(len(asked) - MOST_UNKNOWN, 0))


def _says_nothing(word: str, known: dict[str, str], column: Column) -> bool:
    """Tell whether a word says that there is no value, or no defect: it is none of the words that are compared."""
    plain = folded(word)
    return plain not in known and (is_missing(word) or _means_none(plain, column))


def _means_none(plain: str, column: Column) -> bool:
    """Tell whether a word says, where the kind of a defect is asked for, that there is none."""
    return column.role is Role.OUTCOME and plain in NO_DEFECT


def _meaning(word: str, known: dict[str, str]) -> str | None:
    """Return what a word means by those it is made of: ``RACK(걸이)``, ``1.주간``, ``랙형``; None if they disagree."""
    plain = folded(word)
    if plain in known:
        return known[plain]
    if is_missing(word):
        return None
    parts = [part for part in map(folded, _PARTS.split(word)) if part]
    said = [part for part in parts if part in known or not _CODE.fullmatch(part)]
    meanings = [known.get(part) or _without_ending(part, known) for part in said]
    found = set(meanings)
    spelled = any(not _CODE.fullmatch(part) for part in said)  # of letters alone, as in N-1, nothing is made
    return found.pop() if len(found) == 1 and spelled else None


def _without_ending(part: str, known: dict[str, str]) -> str | None:
    """Look a word up without its ending; a single letter before one is no word: D조 may be the fourth of four crews."""
    stems = (part.removesuffix(one) for one in _ENDINGS if part.endswith(one))
    return next((known.get(stem) for stem in stems if not _CODE.fullmatch(stem)), None)


def _letters_doubtful(counts: Iterable[tuple[str, int]], known: Iterable[str]) -> bool:
    """Tell whether single letters stand in a row of which some mean nothing: beside A, B and C, a D is no day."""
    letters = {folded(word) for word, _ in counts if len(word) == 1 and word.isascii() and word.isalpha()}
    return bool(letters - set(known))


def _occurs(times: int, cells: int, said_cells: int) -> bool:
    """Tell whether a word is worth a question: what was written twice is no slip where few cells say anything."""
    twice = times > 1 and times >= _LEAST_SHARE * said_cells
    return twice or times >= _FEWEST_CELLS or times >= _LEAST_SHARE * cells


def _likeliest(word: str, share: float, column: Column, contract: Contract, polarity: str | None) -> tuple[str, ...]:
    """Return the vocabulary, the value first that the word most likely means."""
    plain = folded(word)
    good, bad = good_and_bad(column, contract)
    if good is None or bad is None:
        return by_likeness(plain, column)
    if plain in {"0", "1"} and polarity is None:
        first = good if share >= 0.5 else bad  # noqa: PLR2004  (good parts are the many)
    elif plain in YES | NO:
        yes = polarity or good
        no = bad if yes == good else good
        first = yes if plain in YES else no
    else:
        kinds = (other for other in contract.columns if other.role is Role.OUTCOME and other.kind is Kind.CATEGORY)
        kind = any(plain in known_words(other, contract) for other in kinds)
        first = good if share >= 0.5 and not kind else bad  # noqa: PLR2004
    return (first, good if first == bad else bad)
