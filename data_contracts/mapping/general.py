"""A header that says what is measured and not of what: ``온도`` (temperature), ``Date``, ``Result``.

It is enough where nothing else can be meant: no other column of the contract measures that, no other header that is
still free may, its unit is written, and the cells fit throughout. Otherwise a person is asked. Another header may not
where most of its cells are out of the column's range, or where a word says that it belongs to another step of work. A
unit need not be written beside other headers that measure the same of something else: beside ``탈지 온도`` (degreasing
temperature) a bare ``온도`` is that of the main step.
"""

from collections.abc import Sequence

import numpy as np

from data_contracts.contract import Column, Kind
from data_contracts.mapping.claims import Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.lexicon import COMPANIONS, NEUTRAL, QUALIFIERS, QUANTITIES, STEPS, TIMES_OF_DAY
from data_contracts.mapping.matching import Level
from data_contracts.mapping.units import canonical_unit, conversion

__all__ = ["general_claim"]

_THROUGHOUT = 0.95
_MOST = 0.5
_CLOSE = 0.05


def general_claim(comparison: Comparison, column: Column, headings: Sequence[Heading]) -> Claim | None:
    """Return the claim of the one header that says what a column is in general, or None where there is any doubt.

    Args:
        comparison: the file and the contract.
        column: a column that no header is explained for.
        headings: the headers that are free: that of no other column.
    """
    if column.kind is Kind.TEXT:  # any cell would do
        return None
    found = [heading for heading in headings if _is_general(comparison, column, heading)]
    if len(found) != 1 or _means_another(comparison, column, found[0]):
        return None
    claim = comparison.claim(column, found[0])
    rivals = [one for one in headings if one is not found[0]]
    fits = _fits_throughout(claim) and (_is_written(comparison, claim) or _stands_out(comparison, claim))
    if not fits or any(_may_be(comparison, column, one) for one in rivals):
        return None
    return None if _is_total(comparison, claim) else claim


def _is_general(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header is general for a column; that of a time of day is not where a date is needed."""
    if comparison.match(column, heading).level is not Level.GENERAL:
        return False
    of_day = column.kind is Kind.TIMESTAMP and set(heading.reading.words) <= TIMES_OF_DAY
    return not (of_day and comparison.claim(column, heading).refuted)


def _fits_throughout(claim: Claim) -> bool:
    said = claim.evidence
    return said.verdict is Verdict.FITS and said.share >= _THROUGHOUT and not said.units


def _is_written(comparison: Comparison, claim: Claim) -> bool:
    """Tell whether a unit is written where one is needed, in the header or in the cells."""
    if not claim.column.is_numeric or claim.unit is not None:
        return not claim.heading.strange
    return comparison.profile.column(claim.heading.header).written_unit is not None


def _stands_out(comparison: Comparison, claim: Claim) -> bool:
    """Tell whether the same is measured elsewhere as well, and a known word says of what each time."""
    said = set(claim.heading.reading.words) & QUANTITIES
    others = [set(one.reading.words) for one in comparison.headings if one is not claim.heading]
    return claim.heading.strange is None and any(words & said and words & QUALIFIERS for words in others)


def _means_another(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header is general for another column too, or the file measures the air: 온도 beside 습도."""
    others = (other for other in comparison.contract.columns if other is not column)
    if any(comparison.match(other, heading).level >= Level.GENERAL for other in others):
        return True
    words = {word for one in comparison.headings for word in one.reading.words}
    return any(word in COMPANIONS and COMPANIONS[word] & words for word in heading.reading.words)


def _may_be(comparison: Comparison, column: Column, other: Heading) -> bool:
    """Tell whether another header may be the column: it measures the same, and neither words nor cells forbid it."""
    claim = comparison.claim(column, other)
    if column.kind in {Kind.CATEGORY, Kind.TIMESTAMP}:
        return claim.evidence.verdict is Verdict.FITS and claim.evidence.share >= ENOUGH
    names = comparison.names_of(column)
    words = set(other.reading.words)
    if words & QUALIFIERS - names.own or any(word.startswith(tuple(STEPS - names.own)) for word in words):
        return False  # what begins with a step is a thing of that step: 탈지액, the degreasing bath
    if claim.evidence.verdict is Verdict.AGAINST and claim.evidence.share < _MOST:
        return False
    same_unit = claim.unit is not None and conversion(claim.unit, column.unit or "") is not None
    return same_unit or bool(words & names.mains - NEUTRAL - comparison.names.trade)


def _is_total(comparison: Comparison, claim: Claim) -> bool:
    """Tell whether the numbers are that by which a density of the file becomes another number of the file.

    A current of 60 A at 3 A/dm² flows through 20 dm²: that is the area of the whole load, and not of one part.
    """
    densities = [
        comparison.claim(other, heading)
        for other in comparison.contract.columns
        if _is_density(other, claim.column)
        for heading in comparison.headings
        if comparison.match(other, heading).level >= Level.COVERED
    ]
    return any(_multiplies(comparison, claim, density) for density in densities)


def _is_density(column: Column, of: Column) -> bool:
    """Tell whether a column is something per unit of another: A/dm² per dm²."""
    below = None if of.unit is None else canonical_unit(of.unit)
    return below is not None and (canonical_unit(column.unit or "") or "").endswith(f"/{below}")


def _multiplies(comparison: Comparison, claim: Claim, density: Claim) -> bool:
    product = _values(comparison, claim) * _values(comparison, density)
    others = (one for one in comparison.headings if one not in (claim.heading, density.heading))
    return any(_same(product, comparison.profile.column(one.header).numbers.values) for one in others)


def _values(comparison: Comparison, claim: Claim) -> np.ndarray:
    values = comparison.profile.column(claim.heading.header).numbers.values
    found = conversion(claim.unit or claim.column.unit or "", claim.column.unit or "")
    return values if found is None else found.applied(values)


def _same(product: np.ndarray, numbers: np.ndarray) -> bool:
    both = np.isfinite(product) & np.isfinite(numbers)
    if not both.any():
        return False
    return float(np.mean(np.abs(product[both] - numbers[both]) <= _CLOSE * np.abs(product[both]))) >= ENOUGH
