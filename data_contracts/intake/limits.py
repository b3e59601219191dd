"""How much of a file is read: what exceeds these is refused before it can hurt the member's computer.

Each is several times what a factory's file holds; none is meant to be met.
"""

__all__ = [
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_CELLS",
    "MAX_COLUMNS",
    "MAX_HTML_BYTES",
    "MAX_HTML_SECONDS",
    "MAX_LINE",
    "MAX_NESTED_TABLES",
    "MAX_PARTS",
    "MAX_RECORD_LINES",
    "MAX_ROWS",
    "MAX_SHARED_TEXTS",
    "MAX_SHEETS",
    "MAX_SHEET_CELLS",
    "MAX_TOKEN",
    "MAX_UNPACKED",
    "MAX_UNREADABLE",
    "bytes_text",
]

MAX_BYTES = 1_000_000_000
"""Bytes of a file, and of the text of all cells."""

MAX_ROWS = 2_000_000
MAX_COLUMNS = 2_000
MAX_CELLS = 200_000_000
"""Rows times columns."""

MAX_CELL = 131_072
"""Characters of a cell; a spreadsheet allows 32,767."""

MAX_LINE = 8_000_000
"""Bytes of one line of text."""

MAX_RECORD_LINES = 200
"""Lines that one record may span; a quotation mark left open would otherwise swallow the rest of the file."""

MAX_UNREADABLE = 1_000
"""Records with a quotation mark out of place; with more, quotation marks mean something else in the file."""

MAX_UNPACKED = 1_000_000_000
"""Bytes of a workbook's parts, unpacked."""

MAX_PARTS = 5_000
"""Parts of a workbook's archive."""

MAX_SHEETS = 1_000

MAX_SHEET_CELLS = 40_000_000
"""Rows times columns of the area that a sheet's cells span: the reader of workbooks holds all of it in memory."""

MAX_SHARED_TEXTS = 10_000_000
"""Texts in a workbook's table of texts."""

MAX_TOKEN = 16_000_000
"""Bytes of one XML or HTML element; a longer one is no table's."""

MAX_HTML_BYTES = 200_000_000
MAX_HTML_SECONDS = 120.0
"""Python's HTML parser is slow on markup that is broken on purpose; 100 MB of a real table take half a minute."""

MAX_NESTED_TABLES = 50


def bytes_text(count: int) -> str:
    """Return a number of bytes for people."""
    return f"{count / 1_000_000:,.0f} MB" if count >= 1_000_000 else f"{count:,} bytes"  # noqa: PLR2004  # a million
