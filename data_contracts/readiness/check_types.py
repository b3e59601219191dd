"""What each check of a file found: over time, repeats, changes, give-aways, personal data, the stage."""

from dataclasses import dataclass
from enum import StrEnum

from data_contracts.contract import Label
from data_contracts.readiness.places import Where

__all__ = [
    "Balance",
    "ChangeLine",
    "Constant",
    "Leak",
    "LeakCheck",
    "LeakKind",
    "OverTime",
    "Periods",
    "PersonalFind",
    "PersonalKind",
    "Repeats",
    "Sign",
    "Stage",
    "TenSuspect",
]


@dataclass(frozen=True, slots=True)
class Periods:
    """Parts of the file, by time or, without a time column, by position.

    Attributes:
        unit: ``hour``, ``day``, ``week``, ``month``, ``quarter``, ``year``, or ``lines``.
        names: what each is called, such as ``2026-03`` or ``2–101``.
        rows: records in each.
        undated: records whose moment is not known; in no period.
    """

    unit: str
    names: tuple[str, ...]
    rows: tuple[int, ...]
    undated: int = 0


@dataclass(frozen=True, slots=True)
class OverTime:
    """Share of blank cells of one column in each period; None where the period has no rows."""

    column: str
    label: Label
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """How the target is spread.

    Attributes:
        words: rows per value of the target, in contract order.
        defects: rows whose value counts as a defect.
        labelled: rows with an allowed value.
        over_time: (defects, labelled) per period.
    """

    words: tuple[tuple[str, int], ...]
    defects: int
    labelled: int
    over_time: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A column that (almost) always holds the same: `share` of its values do."""

    column: str
    label: Label
    share: float


@dataclass(frozen=True, slots=True)
class Repeats:
    """Rows that repeat an earlier one cell for cell, and rows that share a key (the columns of `key`)."""

    copies: Where
    key: tuple[str, ...]
    same_key: Where


@dataclass(frozen=True, slots=True)
class TenSuspect:
    """Values that would fit if the decimal point stood elsewhere.

    Attributes:
        column, label: the column.
        power: values times ``10 ** power`` would fit.
        whole: whether the whole column is off, or only the rows of `where`.
        where: the rows.
    """

    column: str
    label: Label
    power: int
    whole: bool
    where: Where


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One kind of change made in one column between the file and the contract's columns."""

    column: str
    label: Label
    rule: str
    where: Where
    detail: Label


class LeakKind(StrEnum):
    """How a column gives the target away."""

    SEPARATES = "separates"
    ONLY_FOR_DEFECTS = "filled_only_for_defects"


@dataclass(frozen=True, slots=True)
class Leak:
    """A column that tells the inspection's result too well to be a cause of it.

    Attributes:
        header: its header.
        column: the contract's column that is read from it, None for a column that the contract does not know.
        label: the contract's name for it.
        kind: how it gives the target away.
        strength: area under the ROC curve of this column alone, 0.5 to 1.
    """

    header: str
    column: str | None
    label: Label | None
    kind: LeakKind
    strength: float


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """Suspects, and on how many of the labelled rows they were found; 0 rows where there are too few to judge."""

    suspects: tuple[Leak, ...]
    looked_at: int
    labelled: int


class PersonalKind(StrEnum):
    """What identifies a person, or a firm."""

    NAME = "name"
    PHONE = "phone"
    RESIDENT = "resident_number"
    EMAIL = "email"
    BUSINESS = "business_number"


@dataclass(frozen=True, slots=True)
class PersonalFind:
    """Personal data in one column: what and where, never which.

    Attributes:
        header: the column's header.
        column: the contract's column read from it, or None.
        kind: what was found.
        where: the cells.
    """

    header: str
    column: str | None
    kind: PersonalKind
    where: Where


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing in the file that speaks for (or against) automatic recording."""

    good: bool
    text: Label


@dataclass(frozen=True, slots=True)
class Stage:
    """An estimate of the factory's stage of maturity, 1 to 5, from this file alone, and one next step."""

    level: int
    signs: tuple[Sign, ...]
    step: Label
