"""Columns that give the inspection's result away: no cause of a defect separates good from bad almost perfectly."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Role
from data_contracts.intake.table import Header
from data_contracts.readiness.check_types import Leak, LeakCheck, LeakKind
from data_contracts.readiness.records import Flags, Floats, Records

__all__ = ["FEWEST_PER_CLASS", "leaks", "roc_auc"]

FEWEST_PER_CLASS = 8
"""Good and bad rows each, below which chance alone could separate them."""

_PER_CLASS = 20_000
_TOO_GOOD = 0.98
_GOOD_FILLED = 0.005
_DEFECTS_FILLED = 0.3
_MOST_LEVELS = 50
_MOSTLY_NUMBERS = 0.9


def leaks(records: Records, *, seed: int) -> LeakCheck:
    """Look at every feature, and at every column that the contract does not know, one at a time.

    A column is a suspect if it alone has an area under the ROC curve of 0.98 or more, or if it is filled for 30 % or
    more of the defects and 0.5 % or less of the good rows. At most 20,000 good and 20,000 bad rows are looked at.

    Args:
        records: the file.
        seed: chooses those rows.
    """
    found = records.defect()
    if found is None:
        return LeakCheck((), 0, 0)
    labelled, defects = found
    rows = _sample(labelled & ~defects, defects, np.random.default_rng(seed))  # in random order
    if not len(rows):
        return LeakCheck((), 0, int(labelled.sum()))
    suspects = tuple(_suspects(records, rows, defects[rows]))
    return LeakCheck(suspects, len(rows), int(labelled.sum()))


def roc_auc(scores: Floats, defect: Flags) -> float:
    """Return the area under the ROC curve: the chance that a defect scores higher than a good row, ties counting half.

    Scores (1, 2, 2) of a good row, a good row and a defect: the defect beats one and ties with one, hence 0.75.
    """
    _, level, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[level]
    bad, good = int(defect.sum()), int((~defect).sum())
    return float((ranks[defect].sum() - bad * (bad + 1) / 2) / (bad * good))


def _sample(good: Flags, bad: Flags, generator: np.random.Generator) -> NDArray[np.int64]:
    chosen = []
    for flags in (good, bad):
        rows = np.flatnonzero(flags)
        if len(rows) < FEWEST_PER_CLASS:
            return np.zeros(0, dtype=np.int64)
        chosen.append(rows if len(rows) <= _PER_CLASS else generator.choice(rows, _PER_CLASS, replace=False))
    return generator.permutation(np.concatenate(chosen))


def _suspects(records: Records, rows: NDArray[np.int64], defect: Flags) -> Iterator[Leak]:
    read = {header.position for column in records.mapped if (header := records.header(column.name))}
    for column in records.contract.features:
        header = records.header(column.name)
        if column in records.mapped and header is not None:
            blank = records.blank(column.name)[rows]
            if column.is_numeric:
                values = records.numbers(column.name)[0][rows]
                found = _judged(blank, defect, values, _levels(pd.Series(values)))
            else:
                found = _judged(blank, defect, None, records.codes(column.name)[0][rows])
            if found is not None:
                yield Leak(header.text, column.name, column.label, *found)
    asked = _asked_headers(records)
    for header in records.prepared.table.headers:
        if header.position not in read and header.text not in asked:
            found = _unknown(records, header, rows, defect)
            if found is not None:
                yield Leak(header.text, None, None, *found)


def _asked_headers(records: Records) -> frozenset[str]:
    """Return headers that may yet become a target or an outcome, which of course go with the result."""
    behind = {c.name for c in records.contract.columns if c.role in {Role.TARGET, Role.OUTCOME}}
    questions = [q for q in records.prepared.proposal.questions if q.column in behind]
    return frozenset(option.value for question in questions for option in question.options)


def _unknown(records: Records, header: Header, rows: NDArray[np.int64], defect: Flags) -> tuple[LeakKind, float] | None:
    cells = records.prepared.table.column(header).iloc[rows]
    blank = cells.isna().to_numpy(dtype=np.bool_)
    values = np.array(pd.to_numeric(cells.to_numpy(dtype=object, na_value=np.nan), errors="coerce"), dtype=np.float64)
    numeric = np.isfinite(values).sum() >= _MOSTLY_NUMBERS * max(1, (~blank).sum())
    return _judged(blank, defect, values if numeric else None, _levels(cells))


def _levels(cells: pd.Series) -> NDArray[np.int64]:
    return pd.factorize(cells)[0].astype(np.int64)


def _judged(
    blank: Flags, defect: Flags, values: Floats | None, levels: NDArray[np.int64]
) -> tuple[LeakKind, float] | None:
    strength = _by_words(levels, defect) if values is None or levels.max(initial=0) < _MOST_LEVELS else 0.5
    if values is not None:
        known = np.isfinite(values)
        if min(defect[known].sum(), (~defect)[known].sum()) >= FEWEST_PER_CLASS:
            area = roc_auc(values[known], defect[known])
            strength = max(strength, area, 1 - area)
    filled_bad, filled_good = float((~blank)[defect].mean()), float((~blank)[~defect].mean())
    if filled_bad >= _DEFECTS_FILLED and filled_good <= _GOOD_FILLED:
        return LeakKind.ONLY_FOR_DEFECTS, max(strength, 0.5 + (filled_bad - filled_good) / 2)
    return (LeakKind.SEPARATES, strength) if strength >= _TOO_GOOD else None


def _by_words(levels: NDArray[np.int64], defect: Flags) -> float:
    """Learn each word's share of defects from one half, and score the other; so lot numbers gain nothing."""
    areas = []
    for learned in (0, 1):  # the rows come in random order
        seen, rest = slice(learned, None, 2), slice(1 - learned, None, 2)
        bad, good = defect[rest].sum(), (~defect[rest]).sum()
        if not bad or not good:
            return 0.5
        words = levels + 1  # blank is a word, too
        counts = np.bincount(words[seen], minlength=words.max() + 1)
        hits = np.bincount(words[seen], weights=defect[seen], minlength=words.max() + 1)
        shares = np.where(counts > 0, hits / np.maximum(counts, 1), defect[seen].mean())
        areas.append(roc_auc(shares[words[rest]], defect[rest]))
    return float(np.mean(areas))
