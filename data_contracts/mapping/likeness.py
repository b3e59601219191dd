"""Headers that are not explained and may yet be a column: what a person is asked about, never what is certain."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from data_contracts.contract import Column, Kind, Role
from data_contracts.mapping.claims import WORTH_FIRST, Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.exclusions import is_in_another_unit, is_no_measurement
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.judging_words import FINAL
from data_contracts.mapping.lexicon import AMOUNTS, GROUPS, NEUTRAL, QUALIFIERS, QUANTITIES, SAME
from data_contracts.mapping.matching import Level
from data_contracts.mapping.names import ColumnNames

__all__ = ["is_named", "likely_claims"]

_MOST = 5
_MOST_POSSIBLE = 8
_FEEBLE = 0.3
_TELLING = 0.29  # with the column's unit beside it, it is still not offered first
_NEAR = 0.5
_REFUTED = 0.1
_MOST_UNREAD = 0.5
_SAME_UNIT = 0.2
_BY_CELLS = 0.35
_NEARLY_ALL = 0.95
_KINDS = QUANTITIES - (GROUPS - AMOUNTS) | {SAME["no"], "ph"}
_OPTIONAL = frozenset({Role.OUTCOME, Role.ENTITY})


def is_named(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether the words of a header speak for a column, and its cells do not speak against it."""
    if comparison.match(column, heading).level >= Level.COVERED:
        return True
    return _nearness(comparison, column, heading) >= _TELLING and not comparison.claim(column, heading).refuted


def likely_claims(
    comparison: Comparison, column: Column, headings: Sequence[Heading], unnamed: Collection[Heading]
) -> tuple[Claim, ...]:
    """Return the few headers that may be a column, the likeliest first.

    Something must speak for a header: words in common, or writing alike; or its cells, where its words say nothing (an
    abbreviation that nobody declared), its unit is the column's, or the column's vocabulary or dates leave little else.

    Args:
        comparison: the file and the contract.
        column: the column.
        headings: the headers that are free.
        unnamed: those of them whose words speak for no column that is open.
    """
    claims = [claim for one in headings if (claim := _claim(comparison, column, one, bare=one in unnamed)) is not None]
    if not claims and _is_needed(comparison, column):
        return _in_need(comparison, column, headings, unnamed)
    claims.sort(key=lambda one: -one.strength)
    least = claims[:_MOST][-1].strength if claims else 0.0  # of those that are alike, none is cut off
    return tuple(one for one in claims if one.strength >= least)[:_MOST_POSSIBLE]


def _in_need(
    comparison: Comparison, column: Column, headings: Sequence[Heading], unnamed: Collection[Heading]
) -> tuple[Claim, ...]:
    """Return the headers that a column could be by their cells alone, or else those named like it."""
    open_ = [one for one in headings if _is_open(comparison, column, one, unnamed)]
    claims = [claim for one in open_ if (claim := _possible(comparison, column, one)) is not None]
    claims = claims or [claim for one in headings if (claim := _unfitting(comparison, column, one)) is not None]
    return tuple(sorted(claims, key=lambda one: -one.strength)[:_MOST_POSSIBLE])


def _is_needed(comparison: Comparison, column: Column) -> bool:
    """Tell whether a file without the column is refused: then every header that it could be is worth a question."""
    return column.role in {Role.FEATURE, Role.TARGET} or column.required or column.name in comparison.contract.key


def _is_open(comparison: Comparison, column: Column, heading: Heading, unnamed: Collection[Heading]) -> bool:
    """Tell whether numbers alone may speak for a header: its words speak for no other column, or for this one too."""
    shared = set(heading.reading.words) & comparison.names_of(column).own
    near = bool(shared) or comparison.closeness(column, heading) >= _FEEBLE
    return not column.is_numeric or heading in unnamed or near


def _possible(comparison: Comparison, column: Column, heading: Heading) -> Claim | None:
    """Return the claim of a header for which its cells alone speak; feeble, so that it is never offered first."""
    claim = comparison.claim(column, heading)
    if claim.evidence.verdict is not Verdict.FITS or _is_qualified(claim):
        return None
    elsewhere = _nearness(comparison, column, heading) < _TELLING and _belongs_elsewhere(comparison, column, heading)
    if column.is_numeric and (elsewhere or _is_another(comparison, column, heading)):
        return None
    return replace(claim, strength=_FEEBLE * claim.evidence.share)


def _unfitting(comparison: Comparison, column: Column, heading: Heading) -> Claim | None:
    """Return the claim of a header whose name is near although its cells are no numbers: it is not hidden."""
    far = _nearness(comparison, column, heading) < _NEAR or _belongs_elsewhere(comparison, column, heading)
    if far or not column.is_numeric or _is_another(comparison, column, heading):
        return None
    claim = comparison.claim(column, heading)
    no_numbers = comparison.profile.column(heading.header).numbers.unread.mean() > _MOST_UNREAD
    shares = claim.match.covered > 1 and no_numbers and not _is_qualified(claim)
    return replace(claim, strength=_REFUTED) if shares else None


def _is_another(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header says what it holds, and a column of numbers is something else."""
    return (
        _measures_another(comparison, column, heading)
        or is_in_another_unit(comparison, column, heading)
        or is_no_measurement(comparison, column, heading)
    )


def _claim(comparison: Comparison, column: Column, heading: Heading, *, bare: bool) -> Claim | None:
    """Return the claim of a header that its words, or else its cells, speak for.

    Args:
        comparison: the file and the contract.
        column: the column.
        heading: the header.
        bare: whether its words speak for no other column of numbers.
    """
    nearness = _nearness(comparison, column, heading)
    by_name = nearness >= _TELLING
    told_by_cells = _may_tell(comparison, column, heading, bare=bare)
    may_ask = column.role not in _OPTIONAL and column.kind is not Kind.TEXT
    if _belongs_elsewhere(comparison, column, heading) or not (by_name or (may_ask and told_by_cells)):
        return None
    claim = comparison.claim(column, heading)
    if claim.evidence.verdict is not Verdict.FITS:
        return None
    strength = _by_name(claim, nearness) if by_name else 0.0
    if may_ask and told_by_cells:
        strength = max(strength, _by_cells(claim, comparison))
    return replace(claim, strength=strength) if strength else None


def _may_tell(comparison: Comparison, column: Column, heading: Heading, *, bare: bool) -> bool:
    """Tell whether cells may speak for a column: words and dates always, numbers where the header says nothing else."""
    if column.kind in {Kind.CATEGORY, Kind.TIMESTAMP}:
        return True
    silent = bare and (_says_nothing(comparison, heading) or heading.unit is not None)
    return silent and not _is_another(comparison, column, heading)


def _nearness(comparison: Comparison, column: Column, heading: Heading) -> float:
    """Return how near a header's words come to a column, 0 to 1.

    What was set and what was measured of one quantity have one name: ``CUR_DEN_PV`` is as near as ``CUR_DEN_SV``. A
    word that only this column has is never far from it.
    """
    if heading.nameless:
        return 0.0
    nearest = max(comparison.closeness(column, one) for one in comparison.siblings(heading))
    telling = column.role not in _OPTIONAL and _telling(comparison, comparison.names_of(column), heading.reading.words)
    if not telling or (column.is_numeric and _is_another(comparison, column, heading)):
        return nearest
    return max(nearest, _TELLING)


def _telling(comparison: Comparison, names: ColumnNames, words: Iterable[str]) -> set[str]:
    """Return the words that are one column's and no other's."""
    long = {word for word in words if len(word) > 1 and not word.isdigit()}
    return {word for word in long & names.own - NEUTRAL if comparison.names.times[word] == 1}


def _belongs_elsewhere(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a word that the column does not explain is another column's: ``수세 pH`` is not the rinse time.

    A moment is no number of a record, whatever words they share: ``기록 일시`` beside ``기록 번호``.
    """
    left_over = {word for word in comparison.match(column, heading).left_over if not word.isdigit()}
    moment = column.kind is Kind.TIMESTAMP
    others = (names for names in comparison.names.columns if not (moment and names.column.kind is Kind.TEXT))
    if _telling(comparison, comparison.names_of(column), heading.reading.words):
        return any(_telling(comparison, names, left_over - FINAL) for names in others)  # ``Ni전수세``: 니켈 is of many
    return any(left_over & names.own for names in others)


def _measures_another(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header says what it holds, and the column measures something else: 실내 습도, 지그 번호."""
    said = set(heading.reading.words) & _KINDS
    return column.is_numeric and bool(said) and not said & comparison.names_of(column).own


def _says_nothing(comparison: Comparison, heading: Heading) -> bool:
    return heading.nameless or not set(heading.reading.words) & comparison.names.lexicon.words


def _by_name(claim: Claim, closeness: float) -> float:
    strength = closeness + (_SAME_UNIT if claim.unit and claim.column.unit and not claim.evidence.units else 0.0)
    return min(strength, WORTH_FIRST - 0.01) if _is_qualified(claim) else strength


def _by_cells(claim: Claim, comparison: Comparison) -> float:
    if claim.column.kind is Kind.CATEGORY:
        return WORTH_FIRST if claim.evidence.share >= ENOUGH else 0.0
    if claim.column.kind is Kind.TIMESTAMP:
        return _BY_CELLS
    same_unit = claim.unit is not None and claim.column.unit is not None and not _is_qualified(claim)
    told = same_unit or _says_nothing(comparison, claim.heading)
    fits = claim.evidence.share >= _NEARLY_ALL and not claim.evidence.units
    return _BY_CELLS if told and fits else 0.0


def _is_qualified(claim: Claim) -> bool:
    """Tell whether a word that is left over makes another quantity of it: 설정 (set), 건조 (drying), 최종 (last)."""
    return bool(set(claim.match.left_over) & (QUALIFIERS | FINAL if claim.column.is_numeric else QUALIFIERS))
