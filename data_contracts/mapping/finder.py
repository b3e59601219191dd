"""Which header is which column, as far as that is beyond doubt; what could be, where it is not.

A column is certain if exactly one header is explained by its names to the last word, that header is explained by no
other column as well, and its cells do not speak against it. A header that only says what is measured, such as ``온도``
(temperature), is enough where the contract and the file have one such quantity each (`data_contracts.mapping.general`),
and one that names a category in part where its vocabulary stands below (`data_contracts.mapping.vocabulary`).
Words of a shift that are not known may be told by the clock (`data_contracts.mapping.clock`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from data_contracts.contract import Column, Label, Role
from data_contracts.mapping.claims import Claim, Comparison, Decision, Doubt
from data_contracts.mapping.clock import words_by_clock
from data_contracts.mapping.evidence import Evidence, Verdict
from data_contracts.mapping.general import general_claim
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.judging_words import FINAL
from data_contracts.mapping.likeness import is_named, likely_claims
from data_contracts.mapping.matching import Level
from data_contracts.mapping.results import rival_results, without_parts
from data_contracts.mapping.vocabulary import claim_by_words

__all__ = ["decide"]

_BY_CLOCK = Label("말의 뜻을 시각이 알려 줌", "the clock tells what its words mean")


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
            told = general_claim(comparison, column, free) or claim_by_words(comparison, column, free)
            decided[column.name] = Decision(column, told)
    decided |= _told_by_clock(comparison, decided)
    taken = {one.certain.heading.header for one in decided.values() if one.certain}
    left = [heading for heading in free if heading.header not in taken]
    sure = [one.certain.heading for one in decided.values() if one.certain]
    still = [one.column for one in decided.values() if not one.certain]
    unnamed = [one for one in left if not any(one in comparison.siblings(other) for other in sure)]
    unnamed = [one for one in unnamed if not any(is_named(comparison, column, one) for column in still)]
    return tuple(_with_likely(comparison, one, left, unnamed) for one in decided.values())


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
    fitting = without_parts(comparison, _different(comparison, [claim for claim in claims if not claim.refuted]))
    if not claims:
        return Decision(column)
    if not fitting:
        return Decision(column, None, Doubt.REFUTED, claims)
    rivals = _rivals(comparison, fitting[0])
    doubt = _doubt(fitting, explained, rivals)
    return Decision(column, None, doubt, (*claims, *rivals)) if doubt else Decision(column, fitting[0])


def _order(claim: Claim) -> tuple[bool, int, int]:
    return (claim.refuted, -claim.match.level, claim.heading.header.position)


def _different(comparison: Comparison, claims: Sequence[Claim]) -> list[Claim]:
    """Leave out headers whose cells are the very same as those of one before."""
    kept: list[Claim] = []
    for claim in claims:
        if not any(comparison.same_cells(claim.heading, other.heading) for other in kept):
            kept.append(claim)
    return kept


def _rivals(comparison: Comparison, first: Claim) -> tuple[Claim, ...]:
    """Return what also holds results beside the target, unless the target's header says that it counts in the end."""
    final = FINAL & set(first.heading.reading.words)
    return () if first.column.role is not Role.TARGET or final else rival_results(comparison, first)


def _doubt(fitting: Sequence[Claim], explained: Sequence[Claim], rivals: Sequence[Claim]) -> Doubt:
    first = fitting[0]
    if len(fitting) > 1:
        return Doubt.RIVALS
    if any(one.column is not first.column and one.heading is first.heading for one in explained):
        return Doubt.SHARED
    return Doubt.RIVALS if rivals else Doubt.NONE


def _told_by_clock(comparison: Comparison, decided: Mapping[str, Decision]) -> dict[str, Decision]:
    """Return the columns of shifts whose words the moments of the file tell, now certain."""
    times = next((one.certain for one in decided.values() if one.certain and one.column.role is Role.TIME), None)
    found: dict[str, Decision] = {}
    for one in decided.values():
        only = one.claims[0] if one.doubt is Doubt.REFUTED and len(one.claims) == 1 else None
        claim = one.certain or only
        if times is None or claim is None:
            continue
        cells = (comparison.profile.column(each.heading.header) for each in (claim, times))
        told = words_by_clock(one.column, comparison.contract, *cells)
        if told:
            said = Evidence(Verdict.FITS, _BY_CLOCK, 1.0) if claim.refuted else claim.evidence
            found[one.column.name] = Decision(one.column, replace(claim, evidence=said, told=told))
    return found


def _with_likely(
    comparison: Comparison, so_far: Decision, free: Sequence[Heading], unnamed: Sequence[Heading]
) -> Decision:
    """Add what could be the column to a question, and make a question of it where there is none yet."""
    if so_far.certain or so_far.doubt not in {Doubt.NONE, Doubt.REFUTED}:
        return so_far
    known = {claim.heading.header for claim in so_far.claims}
    rest, bare = ([one for one in some if one.header not in known] for some in (free, unnamed))
    others = likely_claims(comparison, so_far.column, rest, bare)
    found = (*so_far.claims, *others)
    return Decision(so_far.column, None, so_far.doubt or (Doubt.UNEXPLAINED if found else Doubt.NONE), found)
