"""A member's file -> a table of text cells, whatever the file's format: told by its content, never by its name."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from data_contracts.contract import Label
from data_contracts.errors import TableNotFound, TableTooLarge
from data_contracts.intake.formats import FORMAT_NAMES, Format, format_of
from data_contracts.intake.grid import Grid, Taken
from data_contracts.intake.guesses import Guess
from data_contracts.intake.header_names import headers_of
from data_contracts.intake.layout import Laid, lay_out
from data_contracts.intake.limits import MAX_BYTES, bytes_text
from data_contracts.intake.series import make_long, propose_melt
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import SetAside, SourceTable
from data_contracts.intake.text import TextFile

__all__ = ["assemble", "read_source"]

_SUFFIXES = {
    ".csv": Format.TEXT,
    ".tsv": Format.TEXT,
    ".txt": Format.TEXT,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
    ".xls": Format.XLS,
    ".htm": Format.HTML,
    ".html": Format.HTML,
    ".parquet": Format.PARQUET,
}


def read_source(path: str | Path, settings: FileSettings = FileSettings()) -> SourceTable:
    """Read a member's file: text, a workbook, an HTML table saved as one, or Parquet.

    Args:
        path: the file; its suffix does not matter.
        settings: what the member says about it; the rest is found out, and each guess is reported.

    Returns:
        The table, its cells as text. Nothing is dropped: a line that is not among the records is in ``aside``.

    Raises:
        TableNotFound: if there is no such file, or it cannot be opened.
        UnknownTableFormat: if it is neither text nor a format we read.
        WrongEncoding: if a text is in no encoding we know, or not in the one the settings name.
        TableEmpty: if it holds no cell.
        BrokenTable: if it is damaged, or its lines form no table.
        TableTooLarge: if it holds more than one machine should be asked to hold.
        SheetNotFound: if the settings name a sheet that it does not have.
    """
    path = Path(path)
    data = _bytes_of(path)
    name = path.name or str(path)
    found = format_of(data, name)
    try:
        laid = _laid(found, data, name, settings)
        guesses = (*_format_guess(found, path.suffix.lower()), *laid.guesses)
        return assemble(replace(laid, guesses=guesses), name, hashlib.sha256(data).hexdigest())
    except (MemoryError, pa.ArrowMemoryError, pa.ArrowCapacityError):
        raise TableTooLarge(f"{name} needs more memory than this computer gives; split the file") from None


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise TableNotFound(f"{str(path)!r} is no file; give the path of the table")
        if size > MAX_BYTES:
            raise TableTooLarge(f"{path.name} has more than {bytes_text(MAX_BYTES)}; split the file and read its parts")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise TableNotFound(f"cannot open {str(path)!r}: {reason}; check the path and who may read it") from None


def _laid(found: Format, data: bytes, name: str, settings: FileSettings) -> Laid:
    # each format brings a library that readers of the others do not need
    if found is Format.PARQUET:
        from data_contracts.intake.parquet import read_parquet  # noqa: PLC0415

        return read_parquet(data, name, settings)
    if found is Format.TEXT:
        return _laid_text(data, name, settings)
    taken = _taken(found, data, name, settings)
    laid = lay_out(taken.grid, name, taken.settings)
    return replace(laid, guesses=(*taken.guesses, *laid.guesses))


def _laid_text(data: bytes, name: str, settings: FileSettings) -> Laid:
    """Read a text; once more if its records, seen from the header that was found, are of another form.

    Otherwise the file would be read in another way as soon as its settings are written down.
    """
    text = TextFile.open(data, name, settings)
    taken = text.take_apart(settings)
    laid = lay_out(taken.grid, name, taken.settings)
    if text.form(laid.settings) == text.form(settings):
        return replace(laid, guesses=(*taken.guesses, *laid.guesses))
    turned = [guess for guess in laid.guesses if guess.setting == "transposed"]
    header = [replace(guess, certain=False) for guess in laid.guesses if guess.setting == "header"][:1]
    taken = text.take_apart(laid.settings)
    again = lay_out(taken.grid, name, taken.settings)
    return replace(again, guesses=(*taken.guesses, *turned, *header, *again.guesses))


def _taken(found: Format, data: bytes, name: str, settings: FileSettings) -> Taken:
    if found is Format.HTML:
        from data_contracts.intake.html_tables import read_html  # noqa: PLC0415

        return read_html(data, name, settings)
    from data_contracts.intake.workbook import read_workbook  # noqa: PLC0415

    return read_workbook(data, name, settings, found)


def _format_guess(found: Format, suffix: str) -> tuple[Guess, ...]:
    if _SUFFIXES.get(suffix, found) is found:
        return ()
    is_ko, is_en = FORMAT_NAMES[found].ko, FORMAT_NAMES[found].en
    reason = Label(
        f"이름은 {suffix} 파일이지만 내용은 {is_ko}입니다.", f"The name ends in {suffix}, but the file is {is_en}."
    )
    return (Guess("format", str(found), reason),)


def assemble(laid: Laid, name: str, sha256: str) -> SourceTable:
    """Make the table of what was found, and make it long if the settings say so.

    Raises:
        BrokenTable: if it is to be made long and lacks a column for that.
    """
    headers, records, guesses = headers_of(laid.texts), laid.records, laid.guesses
    if laid.settings.melt is not None:
        texts, records = make_long(headers, records, laid.settings.melt)
        headers = headers_of(texts)
    elif any(text for text, _ in laid.texts) and (guess := propose_melt(headers, records)) is not None:
        guesses = (*guesses, guess)
    return SourceTable(
        name=name,
        sha256=sha256,
        headers=headers,
        cells=_frame(records),
        aside=tuple(
            SetAside(why, np.array(sorted(lines), dtype=np.int64)) for why, lines in laid.aside.items() if lines
        ),
        unreadable=laid.unreadable,
        guesses=guesses,
        settings=laid.settings,
    )


def _frame(records: Grid) -> pd.DataFrame:
    index = pd.Index(records.lines)
    dtype = pd.StringDtype("pyarrow")
    cells = {
        at: pd.Series(pd.arrays.ArrowStringArray(column, dtype=dtype), index=index, copy=False)  # type: ignore[call-arg]
        for at, column in enumerate(records.columns)
    }
    return pd.DataFrame(cells, index=index, columns=range(len(cells)), copy=False)
