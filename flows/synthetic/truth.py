"""What a generated file really says: which column is which, what each cell means, and which cells were damaged."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from federated.plain import from_plain, to_plain
from flows.synthetic.cells import Value

__all__ = ["ColumnTruth", "Damage", "Truth", "read_truth"]


@dataclass(frozen=True, slots=True)
class Damage:
    """A cell that does not say what it should.

    Attributes:
        line: Where its record begins, counted from 1.
        kind: ``slip`` or ``impossible``.
    """

    line: int
    kind: str


@dataclass(frozen=True)
class ColumnTruth:
    """What is true about one column of the contract.

    Attributes:
        column: Its name in the contract.
        header: Its header in the file: the lines joined by a blank; None if the file does not have the column.
        position: Which column of the file it is, counted from 1; None likewise.
        unit: The file's unit as the factory writes it, also where it does not say so; None without unit.
        unit_shown: Whether the file names the unit: in the header, below it or in the cells.
        words: The factory's words and what each means; None means missing.
        dates: Order of day, month and year, such as ``ymd``; None for other columns.
        date_style: Name of the style of moments; None for other columns.
        decimal: What separates the decimals.
        missing: Words that stand for values that were not entered.
        damaged: Cells that were damaged on purpose.
        values: What each record's cell means in the contract's unit and words, aligned to `Truth.lines`; of a damaged
            cell, what it should have said.
    """

    column: str
    header: str | None
    position: int | None
    unit: str | None = None
    unit_shown: bool = True
    words: tuple[tuple[str, str | None], ...] = ()
    dates: str | None = None
    date_style: str | None = None
    decimal: str = "."
    missing: tuple[str, ...] = ()
    damaged: tuple[Damage, ...] = ()
    values: tuple[Value, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Truth:
    """What is true about one generated file.

    Attributes:
        file: Its name.
        seed: The seed it was made from.
        factory: The invented factory.
        encoding: Text encoding, or empty for a workbook.
        delimiter: What separates cells, or empty for a workbook.
        sheet: The sheet with the records, or empty for a text file.
        header: First and last line of the header, counted from 1.
        last: The last line that holds a record.
        columns: One entry per column of the contract, in its order.
        lines: Where each readable record begins.
        ragged: Lines of records with a cell too many or too few.
        repeated: Lines of records that stand in the file a second time.
        aside: Lines that are no records: titles, repeated headers, footers.
        synthetic: Always true: nothing here was measured.
    """

    file: str
    seed: int
    factory: str
    encoding: str
    delimiter: str
    sheet: str
    header: tuple[int, int]
    last: int
    columns: tuple[ColumnTruth, ...]
    lines: tuple[int, ...] = field(repr=False)
    ragged: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    aside: tuple[int, ...] = ()
    synthetic: bool = True

    def column(self, name: str) -> ColumnTruth:
        """Return what is true about a column of the contract.

        Raises:
            KeyError: There is no such column.
        """
        for one in self.columns:
            if one.column == name:
                return one
        raise KeyError(f"the truth about {self.file} has no column {name!r}")

    def save(self, path: Path) -> Path:
        """Write the truth as JSON and return the path."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(to_plain(self), ensure_ascii=False, separators=(",", ":"))
        path.write_text(f"{text}\n", encoding="utf-8")
        return path


def read_truth(path: Path) -> Truth:
    """Read a truth that was saved."""
    return from_plain(Truth, json.loads(path.read_text(encoding="utf-8")))
