"""What is known about a file's readiness to train: counts, shares and sentences; of cell values aggregates only.

No field holds a value of a single cell. A column that the contract does not know shows by its header alone.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

from data_contracts.contract import Label
from data_contracts.intake.guesses import Guess
from data_contracts.prepare import QuestionCount
from data_contracts.readiness.check_types import (
    Balance,
    ChangeLine,
    Constant,
    LeakCheck,
    OverTime,
    Periods,
    PersonalFind,
    Repeats,
    Stage,
    TenSuspect,
)
from data_contracts.readiness.column_types import ColumnReport
from data_contracts.readiness.places import NOWHERE, Where

__all__ = [
    "Because",
    "Counts",
    "Fix",
    "Readiness",
    "SetAsideRows",
    "Verdict",
]


class Verdict(StrEnum):
    """Whether the file can train."""

    READY = "ready"
    AFTER_FIXES = "after_fixes"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Because:
    """Why the file cannot train whatever is corrected in it, and what would help."""

    code: str
    what: Label
    step: Label


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to correct.

    Attributes:
        code: what it is, such as ``missing_column``; a code of `data_contracts.reasons.Reason` or one of ours.
        columns: the contract's columns it concerns, or none.
        what: what is wrong.
        step: what to do next.
        where: rows concerned, and the first lines.
        blocking: whether the file cannot train before it is done.
    """

    code: str
    columns: tuple[str, ...]
    what: Label
    step: Label
    where: Where = NOWHERE
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class SetAsideRows:
    """Rows set aside for one reason: its code, the column, how many and where."""

    code: str
    column: str | None
    label: Label | None
    where: Where


@dataclass(frozen=True, slots=True)
class Counts:
    """Where the file's lines went.

    Attributes:
        rows: records read.
        accepted: records that may be used as the file stands.
        set_aside: records at fault; a record may be so for several of `reasons`.
        reasons: why, most rows first.
        ceiling: share of records that may be set aside before the file is refused.
        unreadable: lines with more or fewer cells than the header.
        no_records: lines that are titles, footers and repeated headers, by kind.
    """

    rows: int
    accepted: int
    set_aside: int
    reasons: tuple[SetAsideRows, ...]
    ceiling: float
    unreadable: Where
    no_records: tuple[tuple[str, Where], ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a file can train, and everything that a factory should know about it."""

    file: str
    sha256: str
    contract: str
    title: Label
    verdict: Verdict
    because: tuple[Because, ...]
    fixes: tuple[Fix, ...]
    counts: Counts
    guesses: tuple[Guess, ...]
    columns: tuple[ColumnReport, ...]
    unused: tuple[str, ...]
    periods: Periods
    missing: tuple[OverTime, ...]
    balance: Balance | None
    constants: tuple[Constant, ...]
    repeats: Repeats
    tens: tuple[TenSuspect, ...]
    changes: tuple[ChangeLine, ...]
    leaks: LeakCheck
    personal: tuple[PersonalFind, ...]
    stage: Stage
    open_questions: QuestionCount

    @property
    def ready(self) -> bool:
        """Whether the file can train as it is."""
        return self.verdict is Verdict.READY

    def to_plain(self) -> dict[str, object]:
        """Return everything for programs, ready for JSON; a sentence is an object with ``ko`` and ``en``."""
        plain: dict[str, object] = asdict(self)
        return plain
