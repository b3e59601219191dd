"""What a member may say about its file instead of having it guessed: the section ``file:`` of the mapping file."""

from dataclasses import dataclass, replace
from typing import Any

import yaml

from data_contracts.errors import AnswerInvalid

__all__ = ["NO_HEADER", "FileSettings", "Melt"]

NO_HEADER = (0, 0)
"""`FileSettings.header` of a file without a header line: its headers are ``(1)``, ``(2)``, … by position."""


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
        sheet: name of the workbook's sheet; for a page with several HTML tables the number of the table, such as ``2``.
        header: first and last line (row of the sheet) of the header, counted from 1; `NO_HEADER` if there is none. Of
            a transposed table: first and last column.
        last: last line that holds data; what follows is a footer. `SourceTable.settings` leaves it out unless the
            member gave it: next month's file is longer, and footers are found again by the same rules.
        transposed: whether a record is a column and a header is a row's first cell.
        melt: which columns to make long; with None nothing is (a melt is proposed, never done unasked).
        padded: whether a record with too few cells lacks blank ones at its end; otherwise it is unreadable.
        filled: whether a cell that is merged over several lines counts for each of them.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: tuple[int, int] | None = None
    last: int | None = None
    transposed: bool | None = None
    melt: Melt | None = None
    padded: bool | None = None
    filled: bool | None = None

    def changed(self, setting: str, value: str) -> "FileSettings":
        """Return the settings with one of them as a guess or an answer has it.

        Args:
            setting: as `Guess.setting`.
            value: as `Guess.value`: text for texts, otherwise YAML, such as ``[3, 4]`` or ``true``.

        Raises:
            AnswerInvalid: if there is no such setting, or it cannot have that value.
        """
        try:
            text = setting in {"encoding", "delimiter", "sheet"}
            change: dict[str, Any] = {setting: value if text else _read(setting, yaml.safe_load(value))}
            return replace(self, **change)
        except (KeyError, TypeError, ValueError, RecursionError, yaml.YAMLError):
            raise AnswerInvalid(f"the file's setting {setting!r} cannot have that value") from None


def _read(setting: str, value: object) -> object:
    if setting in {"transposed", "padded", "filled"} and isinstance(value, bool):
        return value
    if setting == "last" and type(value) is int and value > 0:
        return value
    if setting == "header" and isinstance(value, list):
        first, last = value
        if type(first) is type(last) is int and (0 < first <= last or (first, last) == NO_HEADER):
            return first, last
    if setting == "melt" and value is None:
        return None
    if setting == "melt" and isinstance(value, dict):
        series, names, values = value["series"], value["names"], value["values"]
        if isinstance(series, list) and series and all(isinstance(text, str) for text in (*series, names, values)):
            return Melt(tuple(series), names, values)
    raise ValueError(setting)
