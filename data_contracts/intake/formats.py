"""Which format a file has, told by its first bytes: an ``.xls`` from a web MES is often an HTML page or plain text."""

import re
from enum import StrEnum

from data_contracts.contract import Label
from data_contracts.errors import UnknownTableFormat

__all__ = ["FORMAT_NAMES", "Format", "format_of"]


class Format(StrEnum):
    """The formats that are read."""

    TEXT = "text"
    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    PARQUET = "parquet"


FORMAT_NAMES = {
    Format.TEXT: Label("텍스트(CSV) 파일", "a text file"),
    Format.XLSX: Label("엑셀 통합 문서(XLSX)", "an Excel workbook (XLSX)"),
    Format.XLS: Label("옛 엑셀 통합 문서(XLS)", "an old Excel workbook (XLS)"),
    Format.HTML: Label("HTML 표", "an HTML table"),
    Format.PARQUET: Label("Parquet 파일", "a Parquet file"),
}

_LOOKED = 4096
_TAG = re.compile(
    r"\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!doctype\s+html[^>]*>\s*)*"
    r"<(?:html|head|body|table|meta|style|div|center|title|(?:\w+:)?workbook)\b",
    re.IGNORECASE | re.DOTALL,
)
_LOCKED = (b"DRMONE", b"SCDSA", b"NASCA DRM", b"DOCUMENT SAFER", b"MarkAny")  # Fasoo, Softcamp, Samsung SDS, MarkAny
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "an SQLite database (name it by a URL and a query)"),
)


def format_of(data: bytes, name: str) -> Format:
    """Tell a file's format.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        UnknownTableFormat: if it is none that is read; the text says what it seems to be.
    """
    start = data[:_LOOKED]
    if any(sign in start[:256] for sign in _LOCKED):
        raise UnknownTableFormat(
            f"{name} is locked by document security (DRM); open it in its own program, release it, and save it again"
        )
    if start[:4] == b"PAR1":
        return Format.PARQUET
    if start[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return Format.XLSX
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Format.XLS
    for sign, what in _FOREIGN:
        if start.startswith(sign):
            raise UnknownTableFormat(
                f"{name} is {what}, and no table; save the table as CSV UTF-8 or as an Excel workbook (.xlsx)"
            )
    return Format.HTML if _TAG.match(_as_text(start)) else Format.TEXT


def _as_text(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
