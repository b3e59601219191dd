"""What a shift is called, told by the clock: lots of a shift that all began between six and two are of the day shift.

``1교대`` (first shift), ``A조`` (crew A) and ``오후`` (afternoon) mean another shift in every works, and nothing at all
where crews change places. But a file that says when each lot was begun says it: if all lots of one word lie within the
hours of one shift, and no two words share hours, each word means that shift.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.texts import folded
from data_contracts.contract import Column, Contract, Kind
from data_contracts.mapping.factory_words import known_words
from data_contracts.mapping.profile import ColumnProfile

__all__ = ["words_by_clock"]

Hours = NDArray[np.float64]

_SHIFTS = {"day": (5.5, 20.5, 8.0, 15.0), "evening": (13.5, 24.5, 16.5, 21.0), "night": (18.0, 33.0, 22.0, 30.0)}
"""For each shift when its lots may begin, and where the middle of them lies; hours after midnight, 33 is 9 in the
morning after. Three shifts of eight hours and two of twelve both fit; other shifts stay a question."""

_WITHIN = 0.95
_FEWEST = 8  # lots of a word from which its hours say something
_FEWEST_ALONE = 20  # the same where there is no other word to tell it from
_DAY = 24.0
_MOST_WORDS = 6


def words_by_clock(
    column: Column, contract: Contract, words: ColumnProfile, times: ColumnProfile
) -> tuple[tuple[str, str], ...]:
    """Find out what the unknown words of a column of shifts mean.

    Args:
        column: the column; its vocabulary must be day, evening and night, or some of these.
        contract: the contract.
        words: the cells of the column.
        times: when each lot was begun, in the same rows.

    Returns:
        Each unknown word that is frequent enough, and its shift; empty if the clock contradicts a known word, does not
        tell one shift from another, or leaves a frequent word open.
    """
    if column.kind is not Kind.CATEGORY or not set(column.vocabulary) <= set(_SHIFTS):
        return ()
    hours = _hours_by_word(words, times)
    if not hours or len(hours) > _MOST_WORDS or (len(hours) == 1 and len(*hours.values()) < _FEWEST_ALONE):
        return ()
    found = {word: _shift(some, column.vocabulary) for word, some in hours.items()}
    known = known_words(column, contract)
    contradicted = any(known.get(folded(word), shift) != shift for word, shift in found.items())
    if None in found.values() or len(set(found.values())) < len(found) or contradicted or _overlap(hours.values()):
        return ()
    return tuple((word, shift) for word, shift in found.items() if shift is not None and folded(word) not in known)


def _hours_by_word(words: ColumnProfile, times: ColumnProfile) -> dict[str, Hours]:
    """Return when the lots of each frequent word were begun, in hours after midnight; dates without a time are not."""
    moments = times.moments.values.astype("datetime64[s]")
    seconds = (moments - moments.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.float64)
    seconds[np.isnat(moments) | (seconds == 0)] = np.nan
    texts = words.sample.str.strip()
    by_word = {
        word: seconds[(texts == word).fillna(value=False).to_numpy(dtype=np.bool_)] / 3600
        for word, _ in words.sample_words[: _MOST_WORDS + 1]
    }
    known = {word: some[np.isfinite(some)] for word, some in by_word.items()}
    return {word: some for word, some in known.items() if len(some) >= _FEWEST}


def _shift(hours: Hours, shifts: Iterable[str]) -> str | None:
    """Return the one shift within whose hours nearly all lots began, and whose middle is theirs, or None."""
    found = []
    for shift in shifts:
        first, last, earliest, latest = _SHIFTS[shift]
        turned = np.where(hours < last - _DAY, hours + _DAY, hours)
        inside = float(np.mean((turned >= first) & (turned <= last)))
        if inside >= _WITHIN and earliest <= float(np.median(turned)) <= latest:
            found.append(shift)
    return found[0] if len(found) == 1 else None


def _overlap(words: Iterable[Hours]) -> bool:
    """Tell whether lots of two words were begun in the same hours of the day."""
    counts = np.stack([np.histogram(some % _DAY, bins=24, range=(0, _DAY))[0] for some in words])
    shared = counts.sum(axis=0) - counts.max(axis=0)
    return bool(shared.sum() > (1 - _WITHIN) * counts.sum())
