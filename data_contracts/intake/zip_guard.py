"""A workbook's archive is unpacked here, within limits, before the reader of workbooks may see it.

What is checked is what is read: the parts are packed anew without compression, so that nothing another reader of
archives might find in the file (a second directory, parts that lie about their size) is left.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from data_contracts.errors import BrokenTable, TableTooLarge, UnknownTableFormat
from data_contracts.intake.limits import MAX_PARTS, MAX_UNPACKED, bytes_text

__all__ = ["Archive", "open_archive"]

_PIECE = 1 << 20
_ENCRYPTED = 0x1
_NEEDED = (".xml", ".rels")
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")


@dataclass(frozen=True)
class Archive:
    """The parts of a workbook.

    Attributes:
        name: the file's name, for messages.
        parts: the XML parts by name; pictures, macros and the like are left out.
    """

    name: str
    parts: Mapping[str, bytes] = field(repr=False)

    def repacked(self) -> io.BytesIO:
        """Return a workbook of these very parts."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, data in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), data)
        packed.seek(0)
        return packed


def open_archive(data: bytes, name: str) -> Archive:
    """Unpack a workbook.

    Raises:
        TableTooLarge: if it unpacks to more than any table.
        UnknownTableFormat: if it is another kind of archive.
        BrokenTable: if it is damaged, encrypted, or its XML declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries, name)
            parts = dict(_unpacked(archive, entries, name))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError):
        raise BrokenTable(f"{name} is damaged: its archive cannot be unpacked; save it again") from None
    if "xl/workbook.xml" not in {part.lower() for part in parts}:
        raise UnknownTableFormat(
            f"{name} is an archive, and no workbook in XLSX; unpack it, or save the table as .xlsx or CSV UTF-8"
        )
    return Archive(name, parts)


def _check(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _too_large(name)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise BrokenTable(f"{name} is protected by a password; save it without one")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise BrokenTable(f"{name} is damaged: two of its parts have the same name; save it again")


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> Iterator[tuple[str, bytes]]:
    total = 0
    for entry in entries:
        if not entry.filename.lower().endswith(_NEEDED):
            continue
        pieces = []
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise _too_large(name)
                pieces.append(piece)
        data = b"".join(pieces)
        if any(sign in data for sign in _ENTITIES):
            raise BrokenTable(f"{name} declares XML entities, which no workbook needs; save it again in Excel")
        yield entry.filename, data


def _too_large(name: str) -> TableTooLarge:
    return TableTooLarge(
        f"{name} unpacks to more than {bytes_text(MAX_UNPACKED)} or {MAX_PARTS:,} parts; save the sheet as CSV UTF-8"
    )
