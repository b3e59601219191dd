"""A header that names a category only in part, below which stands its vocabulary: ``구분`` over rack and barrel.

It is enough where the words can be of no other column of the contract, and no other header has them. Of results only
that of the inspection as a whole stands for the lot's, and only where the contract's target is the result in general.
"""

from collections.abc import Sequence

from data_contracts.contract import Column, Kind, Role
from data_contracts.mapping.claims import Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.judging_words import JUDGING, WHOLE
from data_contracts.mapping.lexicon import OTHER_TIMES, PLAIN, SAME
from data_contracts.mapping.results import holds_counts

__all__ = ["claim_by_words"]

_THROUGHOUT = 0.95
_WHETHER = frozenset({SAME["yn"], "유무"})


def claim_by_words(comparison: Comparison, column: Column, headings: Sequence[Heading]) -> Claim | None:
    """Return the claim of the one header that has a category's vocabulary, or None where there is any doubt.

    Args:
        comparison: the file and the contract.
        column: a column that no header is explained for.
        headings: the headers that are free: that of no other column.
    """
    if column.kind is not Kind.CATEGORY:
        return None
    found = [heading for heading in headings if _share(comparison, column, heading) >= ENOUGH]
    if len(found) != 1 or not _is_named(comparison, column, found[0]):
        return None
    others = (other for other in comparison.contract.columns if other is not column and other.kind is Kind.CATEGORY)
    if any(_share(comparison, other, found[0]) >= ENOUGH for other in others):
        return None
    return comparison.claim(column, found[0]) if _is_plain(comparison, column, found[0]) else None


def _share(comparison: Comparison, column: Column, heading: Heading) -> float:
    """Return the share of the cells that hold words of a column; 0 where they are counts, or of another record."""
    evidence = comparison.claim(column, heading).evidence
    if evidence.verdict is not Verdict.FITS or OTHER_TIMES & set(heading.reading.words):
        return 0.0
    counts = column.role is Role.TARGET and holds_counts(comparison, heading)
    return 0.0 if counts else evidence.share


def _is_named(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether every word of a header is among the column's, or adds nothing to them."""
    names = comparison.names_of(column)
    words, left_over = set(heading.reading.words), set(comparison.match(column, heading).left_over)
    if column.role is Role.TARGET:
        told = {value for _, value in comparison.legend(column, heading)}
        if names.judges and told == set(column.vocabulary) and words <= names.own:
            return True  # QC_OK(1=OK 0=NG)
        judging = words & names.own & JUDGING
        done = judging == {SAME["inspection"]} and words & _WHETHER  # 검사 여부: whether it was inspected at all
        return names.judges and bool(judging) and not done and words <= judging | WHOLE | PLAIN | names.values.keys()
    return bool(words & names.own - comparison.names.trade - {SAME["type"]}) and not left_over


def _is_plain(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether the words are known throughout, and no single letters: ``구분`` over B and R may be anything."""
    words = comparison.profile.column(heading.header).sample_words
    letters = any(len(word) == 1 and word.isascii() and word.isalnum() for word, _ in words)
    return _share(comparison, column, heading) >= _THROUGHOUT and (column.role is Role.TARGET or not letters)
