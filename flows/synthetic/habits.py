"""How an invented factory writes its file: types only; `six_files` and `draw` fill them."""

from dataclasses import dataclass
from enum import StrEnum

from flows.synthetic.date_styles import DateStyle
from flows.synthetic.units import FileUnit

COLUMNS: tuple[str, ...] = (
    "lot_no", "plated_at", "line", "shift", "process", "base_material", "bath_temperature", "ph", "current_density",
    "voltage", "nickel_sulfate", "nickel_chloride", "boric_acid", "brightener", "iron_content", "degreasing_time",
    "pickling_time", "plating_time", "rinse_time", "part_area", "judgement", "defect_type",
)  # fmt: skip
"""The columns of the contract ``plating-defect``, in its order."""


class Form(StrEnum):
    """What kind of file it is."""

    TEXT = "text"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers are written.

    Attributes:
        decimals: Places after the point.
        thousands: Whether ``1,234`` is written.
        decimal_comma: Whether ``12,5`` is written.
        suffix: What follows each number, such as ``℃`` or ``%``.
        full_width: Share of cells in full-width digits.
        as_text: In a workbook: text cells instead of numbers.
    """

    decimals: int
    thousands: bool = False
    decimal_comma: bool = False
    suffix: str = ""
    full_width: float = 0.0
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class ColumnHabit:
    """How one column is written.

    Attributes:
        source: A column of the contract, or one of `surroundings.EXTRAS`.
        header: Its header, one text per header line of the file, from top to bottom; ``""`` is an empty cell.
        unit: The unit of the numbers, or None.
        shows_unit: Whether the file names the unit, in the header, below it or in the cells.
        number: How numbers are written; None for other columns.
        words: The contract's words and the factory's for each, the usual one first; empty for other columns.
        empty: What stands where the contract has no value (the defect type of a good lot), None for a blank.
        date: How moments are written; None for other columns.
        blank: Share of values that were not entered.
        missing: What is written for values that were not entered; with none of them the cell stays blank.
        hidden: In a workbook: the column is hidden.
        formula: In a workbook: the numbers are results of formulas.
    """

    source: str
    header: tuple[str, ...]
    unit: FileUnit | None = None
    shows_unit: bool = True
    number: NumberStyle | None = None
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    empty: str | None = None
    date: DateStyle | None = None
    blank: float = 0.0
    missing: tuple[str, ...] = ()
    hidden: bool = False
    formula: bool = False

    @property
    def wanted(self) -> bool:
        """Whether the contract has the column."""
        return self.source in COLUMNS


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What goes wrong when people and old programs write a file; shares of records unless said otherwise.

    Attributes:
        slips: A number ten times too large or small, without its dot, or with a letter in it.
        impossible: A number that cannot be, such as a negative time.
        repeated: The record stands in the file twice.
        ragged: The line has a cell too many or too few (text files only).
        stray_dates: The moment is written in another style than the others: no damage, as the year comes first.
    """

    slips: float = 0.006
    impossible: float = 0.002
    repeated: float = 0.004
    ragged: float = 0.0
    stray_dates: float = 0.0


@dataclass(frozen=True, slots=True)
class FileHabits:
    """How a whole file is written.

    Attributes:
        name: The file's name; it holds the word ``synthetic``.
        form: Text or workbook.
        columns: The columns from left to right.
        encoding: Python's name of the text encoding.
        delimiter: What separates cells.
        titles: Rows above the header; an empty one is a blank line.
        padded: Whether rows of few cells are filled up with empty ones, as a spreadsheet does on export.
        repeat_header: The header stands again after so many records; 0: never.
        footer: Whether a row of totals ends the file.
        sign_off: Rows below the footer, such as who signed.
        sheet: Name of the sheet with the records.
        other_sheets: Names of further sheets, and whether they come before it.
        mistakes: What goes wrong.
    """

    name: str
    form: Form
    columns: tuple[ColumnHabit, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    titles: tuple[tuple[str, ...], ...] = ()
    padded: bool = False
    repeat_header: int = 0
    footer: bool = False
    sign_off: tuple[tuple[str, ...], ...] = ()
    sheet: str = "Sheet1"
    other_sheets: tuple[tuple[str, bool], ...] = ()
    mistakes: Mistakes = Mistakes()

    @property
    def header_lines(self) -> int:
        """How many lines the header has."""
        return max(len(column.header) for column in self.columns)
