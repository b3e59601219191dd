"""Several columns that hold results: counts of defects are none, and one look at a part is not the lot's result."""

from collections.abc import Sequence

import numpy as np

from data_contracts.contract import Column, Role
from data_contracts.mapping.claims import Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.factory_words import read_factory_words
from data_contracts.mapping.good_and_bad import good_and_bad
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.judging_words import ASPECTS, COUNTS
from data_contracts.mapping.lexicon import ASIDE_FOR_NAMES, OTHER_TIMES, SAME
from data_contracts.mapping.matching import Level

__all__ = ["holds_counts", "judges_too", "without_parts"]


def judges_too(comparison: Comparison, first: Claim, other: Heading) -> bool:
    """Tell whether another header also holds results, such as ``재검 판정`` beside ``판정``.

    Args:
        comparison: the file and the contract.
        first: the header that is explained as the target.
        other: the other header.
    """
    found = comparison.match(first.column, other)
    if other is first.heading or found.level is not Level.PARTIAL or not _about_results(comparison, first, other):
        return False
    said = comparison.claim(first.column, other).evidence
    if said.verdict is not Verdict.FITS or said.share < ENOUGH or holds_counts(comparison, other):
        return False
    return not comparison.same_cells(first.heading, other) and not _is_part(comparison, first, other)


def _about_results(comparison: Comparison, first: Claim, other: Heading) -> bool:
    """Tell whether a header shares a word with the target's names that is no word of codes, and is of this record."""
    words = set(other.reading.words)
    telling = comparison.names_of(first.column).own - ASIDE_FOR_NAMES - {SAME["no"], SAME["yn"]}
    return bool(words & telling) and not words & OTHER_TIMES


def holds_counts(comparison: Comparison, heading: Heading) -> bool:
    """Tell whether a header says how many, or its cells do: a result is written with two numbers, not with more."""
    if heading.unit is not None or COUNTS & set(heading.reading.words):
        return True
    numbers = comparison.profile.column(heading.header).numbers
    known = numbers.values[np.isfinite(numbers.values)]
    return not numbers.unread.any() and bool(len(known)) and not bool(np.isin(known, (0.0, 1.0)).all())


def without_parts(comparison: Comparison, claims: Sequence[Claim]) -> list[Claim]:
    """Leave out headers that tell one side of what another one of them tells in all: ``외관 판정`` beside ``판정``."""
    return [
        claim
        for claim in claims
        if claim.column.role is not Role.TARGET
        or not any(_is_part(comparison, other, claim.heading) for other in claims if other is not claim)
    ]


def _is_part(comparison: Comparison, whole: Claim, part: Heading) -> bool:
    """Tell whether a header names one look at a part, and what is bad by it is always bad by the other as well."""
    if _aspect(whole.heading) or not _aspect(part):
        return False
    all_bad, some_bad = (_bad(comparison, whole.column, one) for one in (whole.heading, part))
    if all_bad is None or some_bad is None or not some_bad.any():
        return False
    return bool(all_bad[some_bad].all()) and int(all_bad.sum()) > int(some_bad.sum())


def _aspect(heading: Heading) -> bool:
    return any(word.startswith(ASPECTS) for word in heading.reading.words)


def _bad(comparison: Comparison, column: Column, heading: Heading) -> np.ndarray | None:
    """Return which records are bad by a header, or None where one of its words is not known; shape (rows,)."""
    cells = comparison.profile.column(heading.header)
    reading = read_factory_words(column, comparison.contract, cells.words, header=heading.reading.words)
    bad = good_and_bad(column, comparison.contract)[1]
    if reading.asked or bad is None:
        return None
    words = {bad} | {word for word, value in reading.pairs if value == bad}
    return cells.cells.str.strip().isin(words).fillna(value=False).to_numpy(dtype=np.bool_)
