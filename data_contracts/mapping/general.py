"""A header that says what is measured and not of what: ``온도`` (temperature), ``Date``, ``Result``.

It is enough where nothing else can be meant: no other column of the contract measures that, no other header of the file
may, its unit is written, and the cells fit throughout. Otherwise a person is asked.
"""

from collections.abc import Sequence

from data_contracts.contract import Column, Kind
from data_contracts.mapping.claims import Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.lexicon import COMPANIONS, QUALIFIERS
from data_contracts.mapping.matching import Level
from data_contracts.mapping.units import conversion

__all__ = ["general_claim"]

_THROUGHOUT = 0.95


def general_claim(comparison: Comparison, column: Column, headings: Sequence[Heading]) -> Claim | None:
    """Return the claim of the one header that says what a column is in general, or None where there is any doubt.

    Args:
        comparison: the file and the contract.
        column: a column that no header is explained for.
        headings: the headers that are free.
    """
    if column.kind is Kind.TEXT:  # any cell would do
        return None
    found = [heading for heading in headings if comparison.match(column, heading).level is Level.GENERAL]
    if len(found) != 1 or _means_another(comparison, column, found[0]):
        return None
    claim = comparison.claim(column, found[0])
    rivals = (one for one in comparison.headings if one is not found[0])
    return claim if _fits_throughout(claim) and not any(_may_be(comparison, column, one) for one in rivals) else None


def _fits_throughout(claim: Claim) -> bool:
    said = claim.evidence
    written = not claim.column.is_numeric or (claim.unit is not None and not claim.heading.strange)
    return said.verdict is Verdict.FITS and said.share >= _THROUGHOUT and not said.units and written


def _means_another(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header is general for another column too, or the file measures the air: 온도 beside 습도."""
    others = (other for other in comparison.contract.columns if other is not column)
    if any(comparison.match(other, heading).level >= Level.GENERAL for other in others):
        return True
    words = {word for one in comparison.headings for word in one.reading.words}
    return any(word in COMPANIONS and COMPANIONS[word] & words for word in heading.reading.words)


def _may_be(comparison: Comparison, column: Column, other: Heading) -> bool:
    """Tell whether another header may be the column: it measures the same, and no known word makes it another."""
    claim = comparison.claim(column, other)
    if column.kind in {Kind.CATEGORY, Kind.TIMESTAMP}:
        return claim.evidence.verdict is Verdict.FITS and claim.evidence.share >= ENOUGH
    words = set(other.reading.words)
    if words & QUALIFIERS - {
        word for names in comparison.names.columns for word in names.own if names.column is column
    }:
        return False
    same_unit = claim.unit is not None and conversion(claim.unit, column.unit or "") is not None
    return same_unit or claim.match.covered > 0
