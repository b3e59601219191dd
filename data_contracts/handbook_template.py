"""A contract as an empty Excel sheet to fill in: headers with units, lists to choose from, and limits that warn.

The first sheet holds the header alone, no example rows: what is typed as an example ends up among the data. The second
sheet explains the columns. A cell that breaks a limit only warns, for who is stopped from typing the true value types a
wrong one; a value that is not in a list is stopped, since it means nothing.
"""

import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data_contracts.contract import Column, Contract, Kind, Label
from data_contracts.defuse import defused
from data_contracts.handbook_words import KINDS, TOPICS, allowed, blanks, named_value, needed
from data_contracts.readiness.markup import plain

__all__ = ["template_bytes", "template_name"]

_DATA = "데이터"
_GUIDE = "설명"
_LISTS = "목록"
_LAST_ROW = 1_048_576
_FIRST_EXPLAINED = 4
_LONGEST_LIST = 255  # characters that Excel allows in a list written into the rule itself, and in a prompt
_LONGEST_TITLE = 32
_FORMATS = {Kind.TIMESTAMP: "yyyy-mm-dd hh:mm", Kind.TEXT: "@", Kind.INTEGER: "0"}
_WIDTHS = {Kind.TIMESTAMP: 20.0, Kind.TEXT: 18.0}
_NEEDED = PatternFill("solid", fgColor="1F5F8B")
_OPTIONAL = PatternFill("solid", fgColor="5B6774")
_TOP = Alignment(vertical="top", wrap_text=True)


def template_name(contract: Contract) -> str:
    """Return the file's name, such as ``plating-defect-1.0.0.xlsx``."""
    return f"{contract.id}-{contract.version}.xlsx"


def template_bytes(contract: Contract) -> bytes:
    """Return the workbook of a contract; no text in it can run as a formula."""
    book = Workbook()
    data = book.active
    if not isinstance(data, Worksheet):
        raise TypeError("a new workbook has one sheet")
    data.title = _DATA
    lists = _Lists(book)
    for position, column in enumerate(contract.columns, start=1):
        _write_column(data, position, column, lists)
    data.freeze_panes = "A2"
    data.row_dimensions[1].height = 32
    _write_guide(book.create_sheet(_GUIDE, 1), contract)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


class _Lists:
    """The lists to choose from that are too long to stand in a rule: a sheet that nobody sees, made when needed."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheet: Worksheet | None = None
        self._used = 0

    def formula(self, words: list[str]) -> str:
        inline = ",".join(words)
        if len(inline) <= _LONGEST_LIST and not any(sign in word for word in words for sign in ',"'):
            return f'"{inline}"'
        if self._sheet is None:
            self._sheet = self._book.create_sheet(_LISTS)
            self._sheet.sheet_state = "hidden"
        self._used += 1
        for row, word in enumerate(words, start=1):
            _write(self._sheet, row, self._used, word)
        letter = get_column_letter(self._used)
        return f"={_LISTS}!${letter}$1:${letter}${len(words)}"


def _write(sheet: Worksheet, row: int, position: int, text: str) -> None:
    lines = (plain(line) for line in text.split("\n"))
    cell = sheet.cell(row=row, column=position, value=defused("\n".join(lines)))
    cell.data_type = "s"  # whatever openpyxl takes it for


def _write_column(sheet: Worksheet, position: int, column: Column, lists: _Lists) -> None:
    unit = f"({column.unit})" if column.unit else ""
    _write(sheet, 1, position, f"{column.label.ko}{unit}")
    head = sheet.cell(row=1, column=position)
    head.font = Font(bold=True, color="FFFFFF")
    head.fill = _NEEDED if column.required or column.role == "feature" else _OPTIONAL
    head.alignment = Alignment(vertical="center", wrap_text=True)
    letter = get_column_letter(position)
    sheet.column_dimensions[letter].width = _WIDTHS.get(column.kind, 14.0)
    if column.kind in _FORMATS:
        sheet.column_dimensions[letter].number_format = _FORMATS[column.kind]
    rule = _rule(column, lists)
    if rule is not None:
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")


def _rule(column: Column, lists: _Lists) -> DataValidation | None:
    if column.vocabulary:
        words = [defused(plain(named_value(column, value))) for value in column.vocabulary]
        return _told(DataValidation(type="list", formula1=lists.formula(words), errorStyle="stop"), column)
    if column.kind is Kind.TIMESTAMP:
        return _told(DataValidation(type="date", operator="greaterThan", formula1="1", errorStyle="warning"), column)
    if column.minimum is None and column.maximum is None:
        return None
    low, high = column.minimum, column.maximum
    rule = DataValidation(type="whole" if column.kind is Kind.INTEGER else "decimal", errorStyle="warning")
    rule.operator = "greaterThanOrEqual" if high is None else "lessThanOrEqual" if low is None else "between"
    ends = [f"{end:.10g}" for end in (low, high) if end is not None]
    rule.formula1, rule.formula2 = ends[0], ends[1] if len(ends) > 1 else None
    return _told(rule, column)


def _told(rule: DataValidation, column: Column) -> DataValidation:
    """Say what belongs into the cell, when it is chosen and when it does not fit."""
    title = defused(plain(column.label.ko))[:_LONGEST_TITLE]
    said = allowed(column)
    both = said.ko if said.ko == said.en else f"{said.ko}\n{said.en}"
    rule.promptTitle = rule.errorTitle = title
    rule.prompt = rule.error = both[:_LONGEST_LIST]
    rule.allow_blank = True
    rule.showInputMessage = rule.showErrorMessage = True
    return rule


def _write_guide(sheet: Worksheet, contract: Contract) -> None:
    """Explain the columns in two cells each: a sheet with many cells could be taken for the data."""
    _write(sheet, 1, 1, f"{contract.title.ko} {contract.title.en} · {contract.reference}")
    sheet.cell(row=1, column=1).font = Font(bold=True, size=14)
    note = Label(
        f"'{_DATA}' 시트에 한 줄에 한 건씩 적으십시오. 머리글은 바꾸지 말고, 모르는 값은 비워 두십시오.",
        f"Write one record per row on the sheet '{_DATA}'. Leave the headers as they are, and unknown values blank.",
    )
    _write(sheet, 2, 1, f"{note.ko} {note.en}")
    for row, column in enumerate(contract.columns, start=_FIRST_EXPLAINED):
        _write(sheet, row, 1, f"{column.label.ko}\n{column.label.en}")
        _write(sheet, row, 2, "\n".join(_explained(column)))
        sheet.cell(row=row, column=1).font = Font(bold=True)
        for position in (1, 2):
            sheet.cell(row=row, column=position).alignment = _TOP
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 110
    sheet.freeze_panes = f"A{_FIRST_EXPLAINED}"


def _explained(column: Column) -> Iterator[str]:
    unit = Label(column.unit or "", column.unit or "")
    shown = (
        ("kind", KINDS[column.kind]),
        *((("unit", unit),) if column.unit else ()),
        ("allowed", allowed(column)),
        ("blanks", blanks(column)),
        ("needed", needed(column)),
    )
    yield " · ".join(f"{TOPICS[name].ko} {said.ko}" for name, said in shown)
    if column.description_ko:
        yield f"{column.description_ko} {column.why.ko}".strip()
    yield "; ".join(f"{TOPICS[name].en}: {said.en}" for name, said in shown)
    yield f"{column.description} {column.why.en}".strip()
