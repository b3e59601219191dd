"""The bytes of a text file -> blocks of whole lines in UTF-8, each with the number of its first line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from data_contracts.errors import TableTooLarge
from data_contracts.intake.encodings import Encoding
from data_contracts.intake.limits import MAX_LINE

__all__ = ["Block", "blocks", "line_count"]

_SIZE = 4_000_000
_WIDE = ("utf-16", "utf-32")
_REPLACED = re.compile(rb"\xed[\xa0-\xbf]|\xef\xbf\xbd")  # surrogates, U+FFFD


@dataclass(frozen=True)
class Block:
    """Some lines of a file.

    Attributes:
        line: number of the first of them, counted from 1.
        data: the lines in UTF-8; bytes that are not of the file's encoding are surrogates (U+FFFD in UTF-16).
        last: whether the file ends with them.
        suspect: whether the file has bytes that are not of its encoding.
    """

    line: int
    data: bytes = field(repr=False)
    last: bool
    suspect: bool

    @cached_property
    def clean(self) -> bool:
        """Whether every byte was of the file's encoding, and none was null."""
        return b"\0" not in self.data and not (self.suspect and _REPLACED.search(self.data))

    @property
    def text(self) -> str:
        """The lines as text."""
        return self.data.decode("utf-8", "surrogatepass")

    def parts(self, size: int) -> Iterator["Block"]:
        """Cut the block into smaller ones."""
        start, line = 0, self.line
        while start < len(self.data):
            stop = _cut(self.data, start, size)
            data = self.data[start:stop]
            yield Block(line, data, self.last and stop == len(self.data), self.suspect)
            line += line_count(data)
            start = stop


def blocks(data: bytes, encoding: Encoding) -> Iterator[Block]:
    """Cut a file into blocks of some megabytes.

    Raises:
        TableTooLarge: if a line is longer than any table's.
    """
    start, line = encoding.mark, 1
    if encoding.name.startswith(_WIDE):  # a line end has two or four bytes there
        data, start = encoding.decode(data[encoding.mark :]).encode("utf-8", "surrogatepass"), 0
    while start < len(data):
        stop = _cut(data, start, _SIZE)
        block = Block(line, _in_utf8(data[start:stop], encoding), stop == len(data), encoding.broken)
        yield block
        line += line_count(block.data)
        start = stop


def _in_utf8(piece: bytes, encoding: Encoding) -> bytes:
    if encoding.name.startswith(_WIDE) or (encoding.name == "utf-8" and not encoding.broken):
        return piece
    return encoding.decode(piece).encode("utf-8", "surrogatepass")


def line_count(data: bytes) -> int:
    """Count line ends; a carriage return with a line feed behind it is one."""
    if b"\r" not in data:
        return data.count(b"\n")
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _cut(data: bytes, start: int, size: int) -> int:
    """Return where the block that begins at an offset ends: behind a line end, unless the file ends."""
    stop = start + size
    if stop >= len(data):
        return len(data)
    found = data.rfind(b"\n", start, stop)
    if found < 0:
        found = data.rfind(b"\r", start, stop - 1)
    if found < 0:
        ends = [at for at in (data.find(sign, stop - 1, start + MAX_LINE) for sign in (b"\n", b"\r")) if at >= 0]
        if not ends and len(data) > start + MAX_LINE:
            raise TableTooLarge(f"a line of the file is longer than {MAX_LINE:,} bytes; it is no table of records")
        found = min(ends, default=len(data) - 1)
        found += data[found : found + 2] == b"\r\n"
    return found + 1
