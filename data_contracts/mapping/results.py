"""Several columns that hold results: counts of defects are none, and one look at a part is not the lot's result."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from data_contracts.contract import Column, Role
from data_contracts.mapping.claims import Claim, Comparison
from data_contracts.mapping.evidence import ENOUGH, Verdict
from data_contracts.mapping.factory_words import read_factory_words
from data_contracts.mapping.good_and_bad import good_and_bad
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.judging_words import ASPECTS, COUNTS, JUDGING, NOT_OF_A_LOT, WHOLE
from data_contracts.mapping.lexicon import (
    ASIDE_FOR_NAMES,
    GROUPS,
    NEUTRAL,
    OTHER_TIMES,
    QUANTITIES,
    SAME,
    WORK,
    words_of,
)
from data_contracts.mapping.matching import Level

__all__ = ["holds_counts", "rival_results", "without_parts"]

_BEFORE = "전"
_RECORDS = frozenset(words_of("로트 롯트 배치 작업 런 lot batch job run"))
_RUNS = _RECORDS - WORK
_ANY_RESULT = (JUDGING | WHOLE | QUANTITIES | GROUPS | NEUTRAL) | frozenset(
    words_of("유무 발생 상태 양부 합부 합불 양불 결함 하자 결점 부적합 불합격 합격 양품 status class ng ok good bad")
)
"""Words of results of any kind: none of them says what was judged."""
_AGAIN = frozenset(words_of("재 재검 재검사 재판정 차 recheck reinspection retest second"))
_MOST = 0.5


def rival_results(comparison: Comparison, first: Claim) -> tuple[Claim, ...]:
    """Return the other headers that also hold results of the record, such as ``재검 판정`` beside ``판정``.

    Args:
        comparison: the file and the contract.
        first: the header that is explained as the target.
    """
    others = (one for one in comparison.headings if _judges_too(comparison, first, one))
    return tuple(comparison.claim(first.column, one) for one in others)


def _judges_too(comparison: Comparison, first: Claim, other: Heading) -> bool:
    found = comparison.match(first.column, other)
    if other is first.heading or found.level is not Level.PARTIAL or not _about_results(comparison, first, other):
        return False
    said = comparison.claim(first.column, other).evidence
    if said.verdict is not Verdict.FITS or said.share < ENOUGH or holds_counts(comparison, other):
        return False
    if _judges_something_else(comparison, first, other) or _is_of_the_one_before(comparison, first, other):
        return False
    return not comparison.same_cells(first.heading, other) and not _is_part(comparison, first, other)


def _judges_something_else(comparison: Comparison, first: Claim, other: Heading) -> bool:
    """Tell whether the first header names what the target is about, and the other one names something else.

    ``밴드 유무`` names the band, ``핀트 판정`` does not; ``로트 검사결과`` names the lot, ``액판정`` the liquid.
    """
    if _AGAIN & set(other.reading.words):
        return False
    target, one, two = comparison.names_of(first.column), set(first.heading.reading.words), set(other.reading.words)
    if not target.judges:
        named = target.own - _ANY_RESULT - comparison.names.trade
        return bool(one & named) and not two & named
    return bool(one & _RUNS) and not two & _RUNS and bool(two & NOT_OF_A_LOT)


def _is_of_the_one_before(comparison: Comparison, first: Claim, other: Heading) -> bool:
    """Tell whether a header is of the lot before: ``전LOT 판정``, unless the same records are bad by it."""
    words = other.reading.words
    before = any(pair[0] == _BEFORE and pair[1] in _RECORDS for pair in pairwise(words))
    if not before or _BEFORE in first.heading.reading.words:
        return False
    bad, bad_before = (_bad(comparison, first.column, one) for one in (first.heading, other))
    return bad is None or bad_before is None or not bad.any() or float(bad_before[bad].mean()) <= _MOST


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
