"""What the reader hands on: headers, text cells by line, and what it set aside."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.intake.guesses import Guess
from data_contracts.intake.settings import FileSettings

__all__ = ["Aside", "Header", "SetAside", "SourceTable"]


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one column.

    Attributes:
        position: which column it is, the leftmost being 1.
        text: the header as the file has it, surrounding blanks dropped; the lines of a header of several lines joined
            by a space, a merged cell counting for every column below it. Where two columns have the same text, the
            second is followed by `` (2)`` and so on, so that a text names one column. A column that has cells but no
            header, such as a running number, is called ``(1)`` by its position.
        name: the text without its unit.
        unit: the unit as written, such as ``℃`` of ``온도(℃)``, or None.
    """

    position: int
    text: str
    name: str
    unit: str | None = None


class Aside(StrEnum):
    """Why lines are no records."""

    TITLE = "title"
    FOOTER = "footer"
    REPEATED_HEADER = "repeated_header"
    UNREADABLE = "unreadable"
    """A record with more or fewer cells than the header: quarantined, and reported with its line."""


@dataclass(frozen=True)
class SetAside:
    """Lines that are no records, all of one kind; blank lines are not counted.

    Attributes:
        why: the kind.
        lines: their numbers, ascending.
    """

    why: Aside
    lines: NDArray[np.int64] = field(repr=False)


@dataclass(frozen=True)
class SourceTable:
    """A file or a query's result, read but not yet understood.

    Attributes:
        name: the file's name without folders, or ``query`` for a database.
        sha256: SHA-256 of the file's bytes (of the cells, for a query), in hex.
        headers: the headers from left to right; ``headers[i].position == i + 1``.
        cells: one column per header, named 0, 1, 2, …, of pandas' ``string`` type, missing where blank; otherwise the
            text exactly as the file has it. Numbers, dates and booleans of a workbook are written out: ``23.5``,
            ``2026-03-05 14:30:00``, ``TRUE``. The index holds the line in the file (the row of the sheet or HTML
            table, the column of a transposed one) where each record begins; rows of Parquet files and queries count
            from 1, and a table made long has each line several times.
        aside: lines that are no records.
        unreadable: the text of the unreadable lines by line number, for the member's own quarantine only.
        guesses: everything that was concluded, in the order in which it was. What `FileSettings` has no word for,
            such as ``format``, is always certain.
        settings: the settings under which the file is read the same way again, everything filled in that was guessed
            but the last line, which next month's file has elsewhere.
    """

    name: str
    sha256: str
    headers: tuple[Header, ...]
    cells: pd.DataFrame = field(repr=False)
    aside: tuple[SetAside, ...] = ()
    unreadable: dict[int, str] = field(default_factory=dict, repr=False)
    guesses: tuple[Guess, ...] = ()
    settings: FileSettings = FileSettings()

    def header(self, text: str) -> Header | None:
        """Return the header with exactly that text, or None."""
        return next((header for header in self.headers if header.text == text), None)

    def column(self, header: Header) -> pd.Series:
        """Return the cells below a header."""
        return self.cells[header.position - 1]

    def lines(self, why: Aside) -> NDArray[np.int64]:
        """Return the lines that were set aside for that reason."""
        return next((aside.lines for aside in self.aside if aside.why is why), np.zeros(0, dtype=np.int64))
