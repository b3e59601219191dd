"""What the cells say about a guess: they confirm it or speak against it, they never make a column certain alone."""

from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.numbers import Numbers
from data_contracts.contract import Column, Contract, Kind, Label, Role
from data_contracts.mapping.column_reading import conversion_for
from data_contracts.mapping.factory_words import word_shares
from data_contracts.mapping.lexicon import USUAL_UNITS
from data_contracts.mapping.profile import ColumnProfile
from data_contracts.mapping.ranges import at_edge, share_within
from data_contracts.mapping.units import canonical_unit, conversion
from data_contracts.particles import with_particles

__all__ = ["ENOUGH", "Evidence", "Verdict", "evidence"]

ENOUGH = 0.8
"""Share of the cells that must be what the column needs: readable, within the range."""

_BETTER = 0.1
_MOST_DISTINCT = 0.5
_RECOGNISED = 0.2
_HARDLY_ANY = 0.05
_FEW = 20
_TIMES = frozenset({"s", "min", "h"})


class Verdict(Enum):
    """What the cells say."""

    FITS = auto()
    SILENT = auto()
    """There are none."""
    AGAINST = auto()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the cells of one header say about one column.

    Attributes:
        verdict: whether they fit.
        reason: why, in half a sentence, without a value of theirs.
        share: share of the cells that are as the column needs them, 0 to 1.
        unit: the unit they are in where it is another than the column's, or None.
        units: units between which a person must decide, the likeliest first; empty where there is no doubt.
        decimals: the mark before decimals; both marks, the likelier first, where a person must decide.
    """

    verdict: Verdict
    reason: Label
    share: float = 0.0
    unit: str | None = None
    units: tuple[str, ...] = ()
    decimals: tuple[str, ...] = (".",)


def evidence(
    column: Column, profile: ColumnProfile, contract: Contract, *, unit: str | None = None, strange: str | None = None
) -> Evidence:
    """Hear the cells about a column.

    Args:
        column: the column.
        profile: the cells.
        contract: the contract, for what counts as a defect.
        unit: the header's unit, as `canonical_unit` writes it.
        strange: the header's unit where it is not known.
    """
    if profile.filled == 0:
        return Evidence(Verdict.SILENT, Label("값이 없음", "no values"))
    if column.is_numeric:
        return _numbers(column, profile, unit, strange)
    if unit is not None and unit not in _COUNTS and column.kind is not Kind.TIMESTAMP:
        return Evidence(Verdict.AGAINST, Label(f"단위({unit})가 있음", f"it has a unit ({unit})"))
    if column.kind is Kind.TIMESTAMP:
        return _moments(profile)
    if column.kind is Kind.CATEGORY:
        return _words(column, profile, contract)
    return _texts(column, profile)


_COUNTS = frozenset({"ea", "times"})


def _numbers(column: Column, profile: ColumnProfile, unit: str | None, strange: str | None) -> Evidence:
    """Judge numbers under each mark before decimals that they may have; the one that fits is the likelier."""
    heard = [
        (mark, _numbers_by(column, profile.numbers_by(mark), profile.filled, unit, strange=strange is not None))
        for mark in profile.decimals
    ]
    heard.sort(key=lambda pair: pair[1].verdict is Verdict.AGAINST)  # stable: otherwise in the profile's order
    return replace(heard[0][1], decimals=tuple(mark for mark, _ in heard))


def _numbers_by(column: Column, read: Numbers, filled: int, unit: str | None, *, strange: bool) -> Evidence:
    readable = float(1 - read.unread.sum() / filled)
    if readable < ENOUGH:
        percent = f"{100 * readable:.0f} %"
        return Evidence(
            Verdict.AGAINST, Label(f"셀의 {percent}만 숫자임", f"only {percent} of its cells are numbers"), readable
        )
    bare, written = _by_written_units(column, read)
    if column.kind is Kind.INTEGER and not _whole(read.values):
        return Evidence(Verdict.AGAINST, Label("정수가 아님", "they are no whole numbers"))
    if column.unit is None or not len(bare):
        fits = _within(column, np.concatenate([bare, written]))
        foreign = column.unit is None and unit is not None and conversion_for(unit, column) is None
        kept = _said(f"계약에 단위가 없어 {unit} 그대로 둠; ", f"left in {unit}, since the contract names no unit; ")
        return _after(kept, fits) if foreign else fits
    if not strange and unit is not None:
        return _with_unit(column, bare, written, unit)
    return _without_unit(column, bare, written, asked=strange)


def _by_written_units(column: Column, read: Numbers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the numbers without a unit of their own, and the others in the column's unit (NaN where it is no such)."""
    known = np.isfinite(read.values)
    bare = read.values[known & (read.unit_at < 0)]
    written = []
    for place, unit in enumerate(read.units):
        values = read.values[known & (read.unit_at == place)]
        found = conversion_for(unit, column)
        written.append(values * np.nan if found is None else found.applied(values))
    return bare, np.concatenate(written) if written else np.zeros(0)


def _whole(values: NDArray[np.float64]) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and float(np.mean(known == np.floor(known))) >= ENOUGH


def _within(column: Column, values: NDArray[np.float64], unit: str | None = None) -> Evidence:
    share = share_within(values, column)
    percent = f"{100 * share:.0f} %"
    if share >= ENOUGH:
        reason = Label(f"값의 {percent}가 허용 범위 안", f"{percent} of its values in range")
        return Evidence(Verdict.FITS, reason, share, unit)
    reason = Label(f"값의 {percent}만 허용 범위 안", f"only {percent} of its values in range")
    return Evidence(Verdict.AGAINST, reason, share, unit)


def _with_unit(column: Column, bare: NDArray[np.float64], written: NDArray[np.float64], unit: str) -> Evidence:
    found = conversion_for(unit, column)
    if found is None:
        reason = _said(f"단위가 {column.unit}이(가) 아니라 {unit}", f"its unit is {unit}, not {column.unit}")
        return Evidence(Verdict.AGAINST, reason, share_within(bare, column))
    if found.identity:
        return _within(column, np.concatenate([bare, written]))
    converted, raw = share_within(found.applied(bare), column), share_within(bare, column)
    if raw >= ENOUGH and raw > converted + _BETTER:
        reason = _said(f"{unit}(으)로 적혀 있으나 값은 {column.unit}에 맞음", f"says {unit}, looks like {column.unit}")
        return Evidence(Verdict.FITS, reason, raw, units=(_own(column), unit))
    return _within(column, np.concatenate([found.applied(bare), written]), unit)


def _without_unit(column: Column, bare: NDArray[np.float64], written: NDArray[np.float64], *, asked: bool) -> Evidence:
    """Judge numbers whose unit nobody wrote: as the contract's, unless they fit that badly or only just.

    Out of range in that, and right in just one other, they are in the other; times are asked about even then.
    """
    own, raw, others = _own(column), share_within(bare, column), _others(column, bare)
    either = at_edge(column, bare) or own in _TIMES  # minutes and seconds are both usual, and a shop knows which
    if raw >= ENOUGH and not asked and not (others and either):
        fits = _within(column, np.concatenate([bare, written]))
        taken = _said(f"단위 표기가 없어 {own}(으)로 봄; ", f"no unit is written, taken for {own}; ")
        return _after(taken, fits)
    if raw < ENOUGH and not others:
        return _within(column, bare)
    if not asked and raw <= _HARDLY_ANY and len(others) == 1 and own not in _TIMES:
        only = _said(f"단위 표기가 없으나 {others[0]}(으)로만 맞음; ", f"no unit is written, only {others[0]} fits; ")
        return _after(only, _with_unit(column, bare, written, others[0]))
    reason = Label("모르는 단위", "its unit is not known") if asked else Label("단위 표기가 없음", "no unit is written")
    return Evidence(Verdict.FITS, reason, raw, units=(own, *others) if raw >= ENOUGH else (*others, own))


def _said(ko: str, en: str) -> Label:
    return Label(with_particles(ko), en)


def _after(said: Label, fits: Evidence) -> Evidence:
    return replace(fits, reason=Label(said.ko + fits.reason.ko, said.en + fits.reason.en))


def _own(column: Column) -> str:
    return canonical_unit(column.unit or "") or column.unit or ""


def _others(column: Column, values: NDArray[np.float64]) -> tuple[str, ...]:
    """Return usual units in which the numbers would lie well within the column's range, best first."""
    found: list[tuple[float, int, str]] = []
    for text in USUAL_UNITS:
        factor = conversion(text, column.unit or "")
        if factor is not None and not factor.identity:
            converted = factor.applied(values)
            share = share_within(converted, column)
            if share >= ENOUGH and not at_edge(column, converted):
                found.append((-share, len(found), text))
    return tuple(text for _, _, text in sorted(found))


def _moments(profile: ColumnProfile) -> Evidence:
    readable = float(1 - profile.moments.unread.sum() / max(int((~profile.moments.blank).sum()), 1))
    percent = f"{100 * readable:.0f} %"
    if readable < ENOUGH:
        return Evidence(
            Verdict.AGAINST, Label(f"셀의 {percent}만 날짜임", f"only {percent} of its cells are dates"), readable
        )
    return Evidence(Verdict.FITS, Label(f"셀의 {percent}가 날짜", f"{percent} of its cells are dates"), readable)


def _words(column: Column, profile: ColumnProfile, contract: Contract) -> Evidence:
    shares = word_shares(column, contract, profile.sample_words)
    percent = f"{100 * shares.recognised:.0f} %"
    if shares.unknown > _FEW:
        reason = Label(f"모르는 말이 {shares.unknown}가지", f"{shares.unknown} different words that are not known")
        return Evidence(Verdict.AGAINST, reason, shares.recognised)
    if shares.recognised < _RECOGNISED:
        reason = Label(f"셀의 {percent}만 아는 말", f"only {percent} of its cells hold a word that is known")
        return Evidence(Verdict.AGAINST, reason, shares.recognised)
    return Evidence(
        Verdict.FITS,
        Label(f"셀의 {percent}가 아는 말", f"{percent} of its cells hold a known word"),
        shares.recognised,
    )


def _texts(column: Column, profile: ColumnProfile) -> Evidence:
    share = profile.distinct_share
    many = profile.filled > _FEW
    if many and column.role is Role.ID and column.unique and share < _MOST_DISTINCT:
        return Evidence(Verdict.AGAINST, Label("같은 값이 여러 번 나옴", "the same values come again and again"))
    if many and column.role is Role.ENTITY and share > _MOST_DISTINCT:
        return Evidence(Verdict.AGAINST, Label("값이 거의 모두 다름", "nearly every value differs"))
    return Evidence(Verdict.FITS, Label("글자", "text"), 1.0)
