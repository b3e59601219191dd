"""The types of a mapping: what is kept in the file, what is proposed, what is asked."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.cells.changes import Change
from data_contracts.contract import Label
from data_contracts.intake.guesses import Guess
from data_contracts.intake.settings import FileSettings

__all__ = ["NOT_IN_FILE", "ColumnMapping", "Mapped", "Mapping", "Option", "Proposal", "Question", "Topic"]

NOT_IN_FILE = ""
"""The answer to a question of `Topic.COLUMN` which says that the file does not have the column."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How one column of the contract is read from the file.

    Attributes:
        column: the contract's column.
        header: text of the header it is read from, or None: somebody said that the file does not have it.
        unit: the file's unit for the column where it differs from the contract's (as understood by
            `data_contracts.mapping.units`), or None for no conversion.
        words: the factory's words and the contract's word for each; ``""`` stands for a blank cell. A word mapped to
            None counts as missing.
        missing: further words that count as missing, besides those that always do.
        dates: order of day (``d``), month (``m``) and year (``y``) in the file's dates, such as ``ymd``; None where
            the dates themselves leave no doubt or the column is no moment.
        time: text of the header that holds the time of day, where the file has it beside the day in a column of its
            own; otherwise None.
        decimal: ``","`` where the file writes 12,5 for 12.5; otherwise ``"."``.
        reason: why this column, in a sentence; kept as a comment in the file.
    """

    column: str
    header: str | None
    unit: str | None = None
    words: tuple[tuple[str, str | None], ...] = ()
    missing: tuple[str, ...] = ()
    dates: str | None = None
    time: str | None = None
    decimal: str = "."
    reason: Label = Label("", "")

    @property
    def headers(self) -> tuple[str, ...]:
        """Texts of the headers it is read from; none if the file does not have the column."""
        return tuple(text for text in (self.header, self.time) if text is not None)


@dataclass(frozen=True)
class Mapping:
    """A confirmed mapping, as kept in a file.

    Attributes:
        contract: reference of the contract, such as ``plating-defect@1.0.0``.
        headers: texts of all headers of the file it was made for, from left to right.
        columns: at most one entry per column of the contract, in contract order. A column without an entry is not
            decided yet; one whose header is None is decided: the file does not have it.
        file: how the file is read.
    """

    contract: str
    headers: tuple[str, ...]
    columns: tuple[ColumnMapping, ...]
    file: FileSettings = FileSettings()

    def column(self, name: str) -> ColumnMapping | None:
        """Return what is said about a column of the contract, or None."""
        return next((entry for entry in self.columns if entry.column == name), None)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that no column is read from."""
        used = {text for entry in self.columns for text in entry.headers}
        return tuple(header for header in self.headers if header not in used)


class Topic(StrEnum):
    """What a question is about."""

    COLUMN = "column"
    """Which header a column is read from; answers are header texts or `NOT_IN_FILE`."""
    UNIT = "unit"
    """The unit that the file has a column in; answers are units as understood by `data_contracts.mapping.units`."""
    WORD = "word"
    """What one of the factory's words means; answers are words of the vocabulary or ``""`` for missing."""
    DATES = "dates"
    """The order of day, month and year; answers like ``ymd``."""
    TIME = "time"
    """Which other header holds the time of day of a column of days; answers are header texts or `NOT_IN_FILE`. It is
    never asked, only overruled."""
    DECIMAL = "decimal"
    """Whether ``1,234`` is a thousand or a bit more than one; answers ``.`` (a thousand) and ``,``."""
    FILE = "file"
    """A setting of the file that is not certain; the answer is its value."""


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer.

    Attributes:
        value: what is recorded if it is chosen.
        text: the answer for people, with what speaks for it.
    """

    value: str
    text: Label


@dataclass(frozen=True, slots=True)
class Question:
    """Something doubtful that a person decides.

    Attributes:
        key: names the question, the same each time the same file is asked about, such as ``column:voltage`` or
            ``word:judgement:X``.
        topic: what it is about.
        column: the contract's column, or the file's setting for `Topic.FILE`.
        subject: the factory's word for `Topic.WORD`, otherwise empty.
        text: the question.
        options: the possible answers, the likeliest first.
    """

    key: str
    topic: Topic
    column: str
    subject: str
    text: Label
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Proposal:
    """What was found out without asking, and what is left to ask.

    Attributes:
        mapping: everything certain, and what was answered or known before.
        questions: what is doubtful, in contract order. A column that is asked about has no entry in `mapping` (one
            asked about its words, unit or dates has an entry without them).
        guesses: what was concluded about columns and why, one per entry of the mapping that nobody had confirmed yet;
            `Guess.setting` is ``columns.<name>`` or ``columns.<name>.<key>``.
    """

    mapping: Mapping
    questions: tuple[Question, ...] = ()
    guesses: tuple[Guess, ...] = ()

    @property
    def spoken_for(self) -> frozenset[str]:
        """Texts of the headers that a column is read from, or that a question offers."""
        read = {text for entry in self.mapping.columns for text in entry.headers}
        return frozenset(read | {option.value for question in self.questions for option in question.options})


@dataclass(frozen=True)
class Mapped:
    """A file's records in the contract's columns, ready for `data_contracts.enforce.enforce`.

    Attributes:
        frame: one column per contract column that is mapped, in contract order; the index is the line in the file.
            Cells are float64 or text for numbers (text where some cells are no numbers: those are left as they were,
            for `enforce` to set their rows aside), datetime64[us] or text for moments likewise, text otherwise.
        changes: every kind of change, with all lines.
        unread: per column the lines whose cell could not be read.
    """

    frame: pd.DataFrame = field(repr=False)
    changes: tuple[Change, ...] = ()
    unread: dict[str, NDArray[np.int64]] = field(default_factory=dict, repr=False)
