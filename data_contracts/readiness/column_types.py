"""What is known about one column of the contract, and what its small picture shows."""

from dataclasses import dataclass
from enum import StrEnum

from data_contracts.contract import Kind, Label
from data_contracts.readiness.places import NOWHERE, Where

__all__ = [
    "ColumnReport",
    "MomentPicture",
    "NumberPicture",
    "Picture",
    "State",
    "WordPicture",
]


class State(StrEnum):
    """How a column of the contract stands in the file."""

    OK = "ok"
    LOOK = "look"
    FIX = "fix"
    NOT_IN_FILE = "not_in_file"


@dataclass(frozen=True, slots=True)
class NumberPicture:
    """A histogram around the allowed range.

    Attributes:
        low, high: the allowed range; None where the contract names no limit.
        start, end: what the cells of `counts` cover, in the column's unit; the outermost ones also hold what lies
            beyond.
        counts: values per cell.
        first, last: cells ``counts[first:last]`` lie within the allowed range.
        middle: 5 %, 50 % and 95 % quantiles; empty for fewer than 20 values, of which they would say too much.
    """

    low: float | None
    high: float | None
    start: float
    end: float
    counts: tuple[int, ...]
    first: int
    last: int
    middle: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class WordPicture:
    """Rows per word of the vocabulary, and those with another word."""

    words: tuple[tuple[str, int], ...]
    others: int


@dataclass(frozen=True, slots=True)
class MomentPicture:
    """Rows per period."""

    periods: tuple[tuple[str, int], ...]


Picture = NumberPicture | WordPicture | MomentPicture


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """One column of the contract.

    Attributes:
        name, label, kind, unit: as in the contract.
        role: as in the contract.
        needed: whether a file without it is refused.
        header: header it is read from, None if from none.
        state: how it stands.
        notes: what to look at, one sentence each.
        conversion: how the file's unit became the contract's, or None.
        reason: why this header was taken, or None.
        values: cells that hold something.
        missing: share of blank cells, 0 to 1; None where there are no rows or no column.
        allowed_missing: largest allowed share.
        below, above: rows under and over the allowed range.
        unread: rows whose cell is of a wrong type, or holds a word outside the vocabulary.
        picture: the distribution, or None.
    """

    name: str
    label: Label
    kind: Kind
    role: str
    unit: str | None
    needed: bool
    header: str | None
    state: State
    notes: tuple[Label, ...] = ()
    conversion: Label | None = None
    reason: Label | None = None
    values: int = 0
    missing: float | None = None
    allowed_missing: float = 1.0
    below: Where = NOWHERE
    above: Where = NOWHERE
    unread: Where = NOWHERE
    picture: Picture | None = None
