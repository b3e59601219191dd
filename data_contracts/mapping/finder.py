"""Which header is which column, as far as that is beyond doubt; what could be, where it is not.

A column is certain if exactly one header is explained by its names to the last word, that header is explained by no
other column as well, and its cells do not speak against it. A header that only says what is measured, such as ``온도``
(temperature), is enough where the contract and the file have one such quantity each (`data_contracts.mapping.general`).
"""

from collections.abc import Iterable, Sequence

from data_contracts.contract import Column, Role
from data_contracts.mapping.claims import Claim, Comparison, Decision, Doubt
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.general import general_claim
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.likeness import likely_claims
from data_contracts.mapping.matching import Level

__all__ = ["decide"]


def decide(comparison: Comparison, columns: Iterable[Column], headings: Sequence[Heading]) -> tuple[Decision, ...]:
    """Decide about columns, in the order given.

    Args:
        comparison: the file and the contract.
        columns: the columns that are open.
        headings: the headers that are free; one is the header of one column at most.
    """
    columns = tuple(columns)
    explained = [claim for heading in headings for claim in _explained(comparison, heading, columns)]
    decided = {column.name: _by_name(comparison, column, explained) for column in columns}
    claimed = {claim.heading.header for claim in explained if not claim.refuted}
    free = [heading for heading in headings if heading.header not in claimed]
    for column in columns:
        if decided[column.name].doubt is Doubt.NONE and decided[column.name].certain is None:
            general = general_claim(comparison, column, free)
            decided[column.name] = Decision(column, general)
    taken = {one.certain.heading.header for one in decided.values() if one.certain}
    left = [heading for heading in free if heading.header not in taken]
    return tuple(_with_likely(comparison, one, left) for one in decided.values())


def _explained(comparison: Comparison, heading: Heading, columns: Sequence[Column]) -> tuple[Claim, ...]:
    """Return the claims of a header whose every word is explained; the best only, several where they are alike."""
    found = [(comparison.match(column, heading), column) for column in columns]
    best = max(((one.level, one.covered) for one, _ in found), default=(Level.NONE, 0))
    if best[0] < Level.COVERED:
        return ()
    claims = [comparison.claim(column, heading) for one, column in found if (one.level, one.covered) == best]
    fitting = [claim for claim in claims if not claim.refuted]
    return tuple(fitting or claims)


def _by_name(comparison: Comparison, column: Column, explained: Sequence[Claim]) -> Decision:
    claims = tuple(sorted((one for one in explained if one.column is column), key=_order))
    fitting = _different(comparison, [claim for claim in claims if not claim.refuted])
    if not claims:
        return Decision(column)
    if not fitting:
        return Decision(column, None, Doubt.REFUTED, claims)
    doubt = _doubt(comparison, fitting, explained)
    return Decision(column, None, doubt, claims) if doubt else Decision(column, fitting[0])


def _order(claim: Claim) -> tuple[bool, int, int]:
    return (claim.refuted, -claim.match.level, claim.heading.header.position)


def _different(comparison: Comparison, claims: Sequence[Claim]) -> list[Claim]:
    """Leave out headers whose cells are the very same as those of one before."""
    kept: list[Claim] = []
    for claim in claims:
        if not any(comparison.same_cells(claim.heading, other.heading) for other in kept):
            kept.append(claim)
    return kept


def _doubt(comparison: Comparison, fitting: Sequence[Claim], explained: Sequence[Claim]) -> Doubt:
    first = fitting[0]
    if len(fitting) > 1:
        return Doubt.RIVALS
    if any(one.column is not first.column and one.heading is first.heading for one in explained):
        return Doubt.SHARED
    if first.column.role is Role.TARGET and any(_judges_too(comparison, first, one) for one in comparison.headings):
        return Doubt.RIVALS
    return Doubt.NONE


def _judges_too(comparison: Comparison, first: Claim, other: Heading) -> bool:
    """Tell whether another header also holds results, such as ``외관 판정`` beside ``판정``."""
    found = comparison.match(first.column, other)
    if other is first.heading or found.level is not Level.PARTIAL or not found.covered:
        return False
    said = comparison.claim(first.column, other).evidence
    fits = said.verdict is Verdict.FITS and said.share >= ENOUGH
    return fits and not comparison.same_cells(first.heading, other)


def _with_likely(comparison: Comparison, so_far: Decision, free: Sequence[Heading]) -> Decision:
    """Add what could be the column to a question, and make a question of it where there is none yet."""
    if so_far.certain or so_far.doubt not in {Doubt.NONE, Doubt.REFUTED}:
        return so_far
    known = {claim.heading.header for claim in so_far.claims}
    others = likely_claims(comparison, so_far.column, [one for one in free if one.header not in known])
    found = (*so_far.claims, *others)
    return Decision(so_far.column, None, so_far.doubt or (Doubt.UNEXPLAINED if found else Doubt.NONE), found)
