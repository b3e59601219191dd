"""What a member may say about its file instead of having it guessed: the section ``file:`` of the mapping file."""

from dataclasses import dataclass

__all__ = ["FileSettings", "Melt"]


@dataclass(frozen=True, slots=True)
class Melt:
    """A wide table made long: a series of like columns becomes one column of names and one of values.

    Attributes:
        series: the headers (as in `Header.text`) that hold one quantity at different times, places or samples.
        names: header of the new column that says which of the series a value comes from.
        values: header of the new column of values.
    """

    series: tuple[str, ...]
    names: str
    values: str


@dataclass(frozen=True, slots=True)
class FileSettings:
    """How a file is to be read. None: find it out.

    Attributes:
        encoding: name of the text encoding, such as ``cp949``.
        delimiter: what separates cells: ``,``, ``;``, ``|`` or a tab.
        sheet: name of the workbook's sheet.
        header: first and last line (row of the sheet) of the header, counted from 1.
        last: last line that holds data; what follows is a footer.
        transposed: whether a record is a column and a header is a row's first cell.
        melt: which columns to make long; with None nothing is (a melt is proposed, never done unasked).
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: tuple[int, int] | None = None
    last: int | None = None
    transposed: bool | None = None
    melt: Melt | None = None
