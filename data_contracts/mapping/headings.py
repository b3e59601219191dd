"""The headers of one file, read for comparison with a contract: words, units, and what all of them begin with."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from data_contracts.contract import Column
from data_contracts.intake.table import Header
from data_contracts.mapping.column_reading import conversion_for
from data_contracts.mapping.header_text import Named, named, unit_behind, without_mark
from data_contracts.mapping.headers import Lexicon, compact
from data_contracts.mapping.judging_words import INSPECTION, JUDGING
from data_contracts.mapping.lexicon import (
    ADDED,
    AMOUNTS,
    GROUPS,
    HIGHEST,
    IMPLIED,
    NEUTRAL,
    OTHER_BATHS,
    QUALIFIERS,
    SET,
    STAGES,
    STEPS,
)
from data_contracts.mapping.matching import Level, Match, Reading, match
from data_contracts.mapping.names import ColumnNames, Names
from data_contracts.mapping.units import canonical_unit

__all__ = ["Heading", "best_match", "read_headings"]

_LAST = (
    re.compile(r"(?P<name>.*\w)[\s_,.\-]+(?P<unit>\S+)"),  # plating_time_min
    re.compile(r"(?P<name>.*[가-힣])(?P<unit>초|분|[A-Za-z]+)"),  # 탈지초, 탈지sec
    re.compile(r"(?P<name>.*[a-z])(?P<unit>[A-Z][a-z]{0,2})"),  # bathTempC
)
_TIMES = frozenset({"s", "min", "h"})
_ALONE = frozenset({"V"})  # the one letter that is a header by itself
_REAL = frozenset({"실"})
_COMMON_SHARE = 0.75
_COMMON_LEAST = 4
_METAL = 2  # letters of a metal's symbol: Cr, Cu, Zn


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
        legend: what the codes below mean, as the header says it.
    """

    header: Header
    reading: Reading = field(repr=False)
    unit: str | None = None
    strange: str | None = None
    others: tuple[tuple[Reading, str | None], ...] = field(default=(), repr=False)
    legend: tuple[tuple[str, str], ...] = ()

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
    plain = [named(header, headers, names.lexicon) for header in headers]
    words = [names.lexicon.tokens(one.name) for one in plain]
    machine = _machine(words, names.trade)
    minutes = not any(HIGHEST & set(some) for some in words)
    read = []
    for at, (header, one) in enumerate(zip(headers, plain, strict=True)):
        common = machine | _group(words, at, names.trade) | _real(words, at)
        others = tuple(_others(header, one, common, names.lexicon, minutes=minutes))
        read.append(
            Heading(header, _reading(one.name, common, names.lexicon), one.unit, one.strange, others, one.legend)
        )
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
    if _is_in_another_unit(heading.unit, column) or (whole.covered and _is_in_another_unit(written(), column)):
        return replace(whole, level=min(whole.level, Level.PARTIAL)), heading.unit
    if whole.level < Level.COVERED:
        by_cells = whole.covered and heading.unit is None and column.column.unit
        beside = _by_unit(heading.reading, written()) if by_cells else []
        for reading, unit in (*heading.others, *((reading, None) for reading in beside)):
            other = match(reading, column, names)
            if other.level >= Level.COVERED and (unit is None or _measures(unit, reading, column.column)):
                return other, unit
    return whole, heading.unit


def _is_in_another_unit(unit: str | None, column: ColumnNames) -> bool:
    """Tell whether an amount is in kg or litres although the contract has no unit for it: its numbers mean a share."""
    plain = column.column.is_numeric and column.column.unit is None and bool(column.own & ADDED)
    return plain and unit not in {None, "%"}


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


def _measures(unit: str, reading: Reading, column: Column) -> bool:
    """Tell whether a unit is one of the column's; where the contract has none, the unit must be among the words."""
    if column.unit is None:
        return column.is_numeric and set(IMPLIED.get(unit, ("",))) <= set(reading.words)
    return conversion_for(unit, column) is not None


def _reading(name: str, common: frozenset[str], lexicon: Lexicon) -> Reading:
    return Reading(lexicon.tokens(name), compact(name), common)


def _others(
    header: Header, one: Named, common: frozenset[str], lexicon: Lexicon, *, minutes: bool
) -> Iterator[tuple[Reading, str | None]]:
    """Yield the other readings of a header; one in which a unit says what is measured comes with that unit."""
    name, unit = one.name, one.unit
    if one.more is not None:
        yield _reading(f"{name} {one.more}", common, lexicon), unit
    if header.unit is not None and set(lexicon.tokens(header.unit)) & lexicon.words:
        yield _reading(f"{name} {header.unit}", common, lexicon), None
    if unit in IMPLIED:
        yield _reading(" ".join((name, *IMPLIED[unit])), common, lexicon), unit
    words = lexicon.tokens(name)
    less = _without_amounts(words)
    if unit is not None and less != words:
        yield _reading(" ".join(less), common, lexicon), unit
    if header.unit is None and unit is None:
        yield from _by_last_piece(name, words, common, lexicon, minutes=minutes)


def _by_last_piece(
    name: str, words: tuple[str, ...], common: frozenset[str], lexicon: Lexicon, *, minutes: bool
) -> Iterator[tuple[Reading, str | None]]:
    """Yield readings of a name whose last piece, or all of it, is a unit: ``plating_time_min``, ``A/dm2``."""
    name = without_mark(name)
    whole = canonical_unit(name)
    if whole in IMPLIED and (name in _ALONE or (len(name) > 1 and name.casefold() not in lexicon.words | {"min"})):
        yield _reading(" ".join(IMPLIED[whole]), common, lexicon), whole
    found = next((one for each in _LAST if (one := each.fullmatch(name.strip())) is not None), None)
    if found is None:
        return
    piece = found["unit"].casefold()
    unit = unit_behind(found["unit"], words)
    if name.isupper() and unit not in IMPLIED:  # SOAK_CLEAN_S: no siemens
        unit = canonical_unit(piece) or unit
    is_word = not minutes if piece == "min" else piece in lexicon.words  # beside ``max`` it is the least, no minute
    after = set(IMPLIED.get(unit or "", ("",))) <= set(words)  # after TIME, an S is a second
    if piece != "min" and (after or (len(piece) > 1 and unit in _TIMES)):
        is_word = False
    if unit is not None and not is_word:
        yield _reading(found["name"], common, lexicon), unit
        if unit in IMPLIED:
            yield _reading(" ".join((found["name"], *IMPLIED[unit])), common, lexicon), unit


def _real(words: Sequence[tuple[str, ...]], at: int) -> frozenset[str]:
    """Return the syllable for "real" where the file has the same as it was set: ``실속도`` beside ``설정속도``."""
    own = set(words[at])
    others = (set(other) for other in words)
    return _REAL if own & _REAL and any(other & SET and other - SET == own - _REAL for other in others) else frozenset()


def _machine(words: Sequence[tuple[str, ...]], trade: frozenset[str]) -> frozenset[str]:
    """Return the word with which nearly every header begins, such as the name of the machine that wrote the file.

    It says nothing only where it can name no other bath and no inspection: ``PLC2``, not ``동도금`` or ``수입검사``.
    """
    firsts = Counter(some[0] for some in words if len(some) > 1)
    if not firsts:
        return frozenset()
    word, times = firsts.most_common(1)[0]
    often = times >= max(_COMMON_LEAST, _COMMON_SHARE * len(words))
    return frozenset({word}) if often and _is_no_work(word, trade) else frozenset()


def _is_no_work(word: str, trade: frozenset[str]) -> bool:
    """Tell whether a word names no other work, bath or inspection: a machine has a number, or a Latin name."""
    name = word.rstrip("0123456789")
    if name in QUALIFIERS | STAGES | STEPS | INSPECTION | JUDGING | OTHER_BATHS:
        return False
    if name != word:
        return bool(name) and name.isascii() and len(name) != _METAL
    return word in trade | NEUTRAL | GROUPS or (word.isascii() and word.isalpha() and len(word) > _METAL)


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
