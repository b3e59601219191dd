"""The headers of one file, read for comparison with a contract: words, units, and what all of them begin with."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from data_contracts.contract import Column
from data_contracts.intake.table import Header
from data_contracts.mapping.column_reading import conversion_for
from data_contracts.mapping.headers import Lexicon, compact
from data_contracts.mapping.lexicon import AMOUNTS, GROUPS, HIGHEST, IMPLIED, NEUTRAL, QUALIFIERS, STAGES
from data_contracts.mapping.matching import ColumnNames, Level, Match, Names, Reading, match
from data_contracts.mapping.units import canonical_unit

__all__ = ["Heading", "best_match", "read_headings"]

_REPEATED = re.compile(r"(?P<text>.+?)(?: \(\d+\)|\.\d+)")  # as the reader and as pandas name a repeated header
_LAST_PIECE = re.compile(r"(?P<name>.*\w)[\s_,.\-]+(?P<unit>\S+)")
_LAST_SYLLABLE = re.compile(r"(?P<name>.*[가-힣])(?P<unit>초|분)")  # 탈지초, 도금분
_UNIT_SIGNS = re.compile(r"[/%°²³℃℉µμ·^]")
_COMMON_SHARE = 0.75
_COMMON_LEAST = 4


@dataclass(frozen=True)
class Heading:
    """A header, read.

    Attributes:
        header: the header.
        reading: its words, without the unit.
        unit: its unit as `canonical_unit` writes it, or None.
        strange: its unit as written, where it looks like one that is not known.
        others: other readings, each with its unit: the last piece may be a unit (``plating_time_min``), what looks like
            a unit may be a word (``수세(시간)``), and a unit says what is measured (``탈지(초)``).
    """

    header: Header
    reading: Reading = field(repr=False)
    unit: str | None = None
    strange: str | None = None
    others: tuple[tuple[Reading, str | None], ...] = field(default=(), repr=False)

    @property
    def nameless(self) -> bool:
        """Whether the header says nothing at all."""
        return not any(word.isalpha() for word in self.reading.words)


def read_headings(headers: Sequence[Header], names: Names) -> tuple[Heading, ...]:
    """Read the headers of a file.

    Args:
        headers: the headers, from left to right.
        names: the names of the contract, whose words are known.
    """
    plain = [_name_and_unit(header, headers, names.lexicon) for header in headers]
    words = [names.lexicon.tokens(name) for name, _, _ in plain]
    machine = _machine(words)
    minutes = not any(HIGHEST & set(some) for some in words)
    read = []
    for at, (header, (name, unit, strange)) in enumerate(zip(headers, plain, strict=True)):
        common = machine | _group(words, at, names.trade)
        others = tuple(_others(header, name, common, names.lexicon, minutes=minutes))
        read.append(Heading(header, _reading(name, common, names.lexicon), unit, strange, others))
    return tuple(read)


def best_match(
    heading: Heading, column: ColumnNames, names: Names, written: Callable[[], str | None] = lambda: None
) -> tuple[Match, str | None]:
    """Compare a header with a column; another reading counts only where it alone explains the header.

    Args:
        heading: the header.
        column: the column's names.
        names: the names of all columns.
        written: finds the unit that stands in the cells; it says what is measured as one in the header does.

    Returns:
        The comparison, and the unit that the header then has.
    """
    whole = match(heading.reading, column, names)
    if whole.level < Level.COVERED:
        by_cells = whole.covered and heading.unit is None and column.column.unit
        beside = _by_unit(heading.reading, written()) if by_cells else []
        for reading, unit in (*heading.others, *((reading, None) for reading in beside)):
            other = match(reading, column, names)
            if other.level >= Level.COVERED and (unit is None or _measures(unit, column.column)):
                return other, unit
    return whole, heading.unit


def _by_unit(reading: Reading, unit: str | None) -> list[Reading]:
    """Return the readings of a header under a unit that stands in its cells."""
    if unit is None:
        return []
    more = (*reading.words, *IMPLIED.get(unit, ()))
    less = _without_amounts(reading.words)
    found = [words for words in (more, less) if words and words != reading.words]
    return [Reading(words, compact("".join(words)), reading.common) for words in found]


def _without_amounts(words: tuple[str, ...]) -> tuple[str, ...]:
    """Drop words that say no more than "amount".

    One that falls apart, since its first half is a word of the contract as well, is seen together: ``투입`` and ``량``.
    """
    left: list[str] = []
    for word in words:
        if left and left[-1] + word in AMOUNTS:
            left.pop()
        elif word not in AMOUNTS:
            left.append(word)
    return tuple(left)


def _measures(unit: str, column: Column) -> bool:
    return column.unit is not None and conversion_for(unit, column) is not None


def _reading(name: str, common: frozenset[str], lexicon: Lexicon) -> Reading:
    return Reading(lexicon.tokens(name), compact(name), common)


def _name_and_unit(header: Header, headers: Sequence[Header], lexicon: Lexicon) -> tuple[str, str | None, str | None]:
    """Return the header's words as text, its unit, and a unit that is not known.

    What stands where a unit would, but is none, such as ``온도(SV)``, is put back among the words.
    """
    name, mark = header.name, (header.unit or "").strip()
    if not mark or (mark.isdigit() and _has_namesake(header, headers)):
        return _first_of_its_name(name, headers), None, None
    beside, comma, last = mark.rpartition(",")
    if comma and canonical_unit(last) is not None:  # Bath temp. (욕온, ℃)
        return f"{name} {beside}", canonical_unit(last), None
    unit = canonical_unit(mark)
    place = len(mark) == 1 and mark.isascii() and _has_namesake(header, headers)  # pH(A) beside pH(B)
    if unit is not None and not place:
        return name, unit, None
    if unit is None and _looks_like_unit(mark) and not set(lexicon.tokens(mark)) & lexicon.words:
        return name, None, mark
    return f"{name} {mark}", None, None


def _first_of_its_name(name: str, headers: Sequence[Header]) -> str:
    """Return a name without the `` (2)`` that a second column of one name has: it claims what the first one claims."""
    repeated = _REPEATED.fullmatch(name)
    names = {other.name for other in headers} | {other.text for other in headers}
    return repeated["text"] if repeated and repeated["text"] in names else name


def _has_namesake(header: Header, headers: Sequence[Header]) -> bool:
    return any(other is not header and compact(other.name) == compact(header.name) for other in headers)


def _looks_like_unit(text: str) -> bool:
    return bool(_UNIT_SIGNS.search(text)) or (len(text) == 1 and "가" <= text <= "힣")


def _others(
    header: Header, name: str, common: frozenset[str], lexicon: Lexicon, *, minutes: bool
) -> Iterator[tuple[Reading, str | None]]:
    if header.unit is not None and set(lexicon.tokens(header.unit)) & lexicon.words:
        yield _reading(f"{name} {header.unit}", common, lexicon), None
    unit = None if header.unit is None else canonical_unit(header.unit)
    if unit in IMPLIED:
        yield _reading(" ".join((name, *IMPLIED[unit])), common, lexicon), unit
    words = lexicon.tokens(name)
    less = _without_amounts(words)
    if unit is not None and less != words:
        yield _reading(" ".join(less), common, lexicon), unit
    found = _LAST_PIECE.fullmatch(name.strip()) or _LAST_SYLLABLE.fullmatch(name.strip())
    if header.unit is not None or found is None:
        return
    piece = found["unit"].casefold()
    is_word = not minutes if piece == "min" else piece in lexicon.words  # beside ``max`` it is the least, no minute
    unit = canonical_unit(found["unit"])
    if piece != "min" and set(IMPLIED.get(unit or "", ("",))) <= set(words):
        is_word = False  # after TIME, an S is a second
    if unit is not None and not is_word:
        yield _reading(found["name"], common, lexicon), unit
        if unit in IMPLIED:
            yield _reading(" ".join((found["name"], *IMPLIED[unit])), common, lexicon), unit


def _machine(words: Sequence[tuple[str, ...]]) -> frozenset[str]:
    """Return the word with which nearly every header begins, such as the name of the machine that wrote the file."""
    firsts = Counter(some[0] for some in words if len(some) > 1)
    if not firsts:
        return frozenset()
    word, times = firsts.most_common(1)[0]
    often = times >= max(_COMMON_LEAST, _COMMON_SHARE * len(words))
    return frozenset({word}) if often and word not in QUALIFIERS | STAGES else frozenset()


def _group(words: Sequence[tuple[str, ...]], at: int, trade: frozenset[str]) -> frozenset[str]:
    """Return the words of a heading above several columns, such as ``약품 분석``, that a header begins with.

    Only words of book-keeping count: below ``건조`` (drying), or a word that is not known, stands another quantity.
    """
    own, most = words[at], 0
    for beside in (at - 1, at + 1):
        other = words[beside] if 0 <= beside < len(words) else ()
        same = next((n for n, pair in enumerate(zip(own, other, strict=False)) if pair[0] != pair[1]), 0)
        most = max(most, same)
    heading = set(own[:most])
    return frozenset(heading & GROUPS) if heading <= GROUPS | NEUTRAL | trade else frozenset()
