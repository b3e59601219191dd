"""Headers that are not explained and may yet be a column: what a person is asked about, never what is certain."""

from collections.abc import Sequence
from dataclasses import replace

from data_contracts.contract import Column, Kind, Role
from data_contracts.mapping.claims import WORTH_FIRST, Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.lexicon import GROUPS, QUALIFIERS, QUANTITIES, SAME

__all__ = ["likely_claims"]

_MOST = 5
_MOST_POSSIBLE = 8
_FEEBLE = 0.3
_SAME_UNIT = 0.2
_BY_CELLS = 0.35
_NEARLY_ALL = 0.95
_KINDS = QUANTITIES - GROUPS | {SAME["no"], "ph"}
_OPTIONAL = frozenset({Role.OUTCOME, Role.ENTITY})


def likely_claims(comparison: Comparison, column: Column, headings: Sequence[Heading]) -> tuple[Claim, ...]:
    """Return the few headers that may be a column, the likeliest first.

    Something must speak for a header: words in common, or writing alike; or its cells, where its words say nothing (an
    abbreviation that nobody declared), its unit is the column's, or the column's vocabulary or dates leave little else.
    """
    claims = [claim for heading in headings if (claim := _claim(comparison, column, heading)) is not None]
    if not claims and _is_needed(comparison, column):
        claims = [claim for heading in headings if (claim := _possible(comparison, column, heading)) is not None]
        return tuple(sorted(claims, key=lambda one: (_is_qualified(one), -one.strength))[:_MOST_POSSIBLE])
    return tuple(sorted(claims, key=lambda one: -one.strength)[:_MOST])


def _is_needed(comparison: Comparison, column: Column) -> bool:
    """Tell whether a file without the column is refused: then every header that it could be is worth a question."""
    return column.role in {Role.FEATURE, Role.TARGET} or column.required or column.name in comparison.contract.key


def _possible(comparison: Comparison, column: Column, heading: Heading) -> Claim | None:
    """Return the claim of a header for which its cells alone speak; feeble, so that it is never offered first."""
    claim = comparison.claim(column, heading)
    other_unit = claim.unit is not None and column.unit is None
    if claim.evidence.verdict is not Verdict.FITS or other_unit or _measures_another(comparison, column, heading):
        return None
    return replace(claim, strength=_FEEBLE * claim.evidence.share)


def _claim(comparison: Comparison, column: Column, heading: Heading) -> Claim | None:
    if _belongs_elsewhere(comparison, column, heading):
        return None
    closeness = 0.0 if heading.nameless else comparison.closeness(column, heading)
    by_name = closeness >= _FEEBLE
    told_by_cells = column.kind in {Kind.CATEGORY, Kind.TIMESTAMP} or _says_nothing(comparison, heading)
    may_ask = column.role not in _OPTIONAL and column.kind is not Kind.TEXT
    if not by_name and not (may_ask and (told_by_cells or heading.unit is not None)):
        return None
    claim = comparison.claim(column, heading)
    if claim.evidence.verdict is not Verdict.FITS:
        return None
    strength = max(_by_name(claim, closeness) if by_name else 0.0, _by_cells(claim, comparison) if may_ask else 0.0)
    return replace(claim, strength=strength) if strength else None


def _belongs_elsewhere(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a word that the column does not explain is another column's: ``수세 pH`` is not the rinse time.

    A moment is no number of a record, whatever words they share: ``기록 일시`` beside ``기록 번호``.
    """
    left_over = {word for word in comparison.match(column, heading).left_over if not word.isdigit()}
    moment = column.kind is Kind.TIMESTAMP
    others = (names for names in comparison.names.columns if not (moment and names.column.kind is Kind.TEXT))
    return any(left_over & names.own for names in others)


def _measures_another(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header says what it holds, and the column measures something else: 실내 습도, 지그 번호."""
    said = set(heading.reading.words) & _KINDS
    return column.is_numeric and bool(said) and not said & comparison.names_of(column).own


def _says_nothing(comparison: Comparison, heading: Heading) -> bool:
    return heading.nameless or not set(heading.reading.words) & comparison.names.lexicon.words


def _by_name(claim: Claim, closeness: float) -> float:
    strength = closeness + (_SAME_UNIT if claim.unit and claim.column.unit else 0.0)
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
    """Tell whether a word that is left over makes another quantity of it: 설정 (set), 건조 (drying)."""
    return bool(set(claim.match.left_over) & QUALIFIERS)
