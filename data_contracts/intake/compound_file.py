"""Compound files (OLE2), the container of old XLS workbooks: one stream taken out, and put into a file of its own.

Layout after Microsoft's [MS-CFB]. A damaged file may have chains of sectors that run in a circle; here no chain is
followed further than the file has sectors. The workbook's stream alone is packed anew, so that the reader of workbooks
meets neither such a chain nor anybody's macros.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CompoundFileBroken", "pack_stream", "read_streams"]

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
_MINI = 64
_ENTRY = 128
_SMALL = 4096  # streams below this size live in the mini stream
_STREAM, _ROOT = 2, 5
_HEADER_FATS = 109


class CompoundFileBroken(ValueError):
    """The file is no compound file that holds together; its caller says so in terms of the workbook."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def read_streams(data: bytes, wanted: Sequence[str]) -> dict[str, bytes]:
    """Return those of the wanted streams that the file has, by name; capitals make no difference.

    Raises:
        CompoundFileBroken: if the file is damaged.
    """
    try:
        return _Reader(data).streams({name.lower() for name in wanted})
    except (struct.error, IndexError, OverflowError):
        raise CompoundFileBroken from None


class _Reader:
    def __init__(self, data: bytes) -> None:
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if data[:8] != _MAGIC or shift not in {9, 12} or mini_shift != 6:  # noqa: PLR2004  # the only sizes there are
            raise CompoundFileBroken
        self.data = data
        self.size = 1 << shift
        self.sectors = max(0, -(-len(data) // self.size) - 1)
        self.fat = self._fat()
        (directory,) = struct.unpack_from("<I", data, 48)
        self.entries = self._entries(self._chain(directory))
        (mini_fat,) = struct.unpack_from("<I", data, 60)
        packed = self._chain(mini_fat) if mini_fat < _FAT else b""
        self.mini_fat = struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4])
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        self.mini = self._chain(root.start) if root is not None and root.start < _FAT else b""

    def _sector(self, number: int) -> bytes:
        if number >= self.sectors:
            raise CompoundFileBroken
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _fat(self) -> tuple[int, ...]:
        numbers = list(struct.unpack_from(f"<{_HEADER_FATS}I", self.data, 76))
        (following,) = struct.unpack_from("<I", self.data, 68)
        for _ in range(self.sectors):
            if following >= _FAT:
                break
            more = struct.unpack(f"<{self.size // 4}I", self._sector(following).ljust(self.size, b"\xff"))
            numbers += more[:-1]
            following = more[-1]
        used = [number for number in numbers if number < _FAT][: self.sectors]
        packed = b"".join(self._sector(number).ljust(self.size, b"\xff") for number in used)
        return struct.unpack(f"<{len(packed) // 4}I", packed)

    def _chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        for _ in range(self.sectors + 1):
            if start >= _FAT:
                return b"".join(pieces)
            pieces.append(self._sector(start))
            start = self.fat[start]
        raise CompoundFileBroken

    def _mini_chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        for _ in range(len(self.mini_fat) + 1):
            if start >= _FAT:
                return b"".join(pieces)
            pieces.append(self.mini[start * _MINI : (start + 1) * _MINI])
            start = self.mini_fat[start]
        raise CompoundFileBroken

    @staticmethod
    def _entries(directory: bytes) -> list[_Entry]:
        entries = []
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append(_Entry(name, kind, start, size))
        return entries

    def streams(self, wanted: set[str]) -> dict[str, bytes]:
        found = {}
        for entry in self.entries:
            if entry.kind == _STREAM and entry.name.lower() in wanted and entry.name.lower() not in found:
                small = entry.size < _SMALL
                data = self._mini_chain(entry.start) if small else self._chain(entry.start)
                found[entry.name.lower()] = data[: entry.size]
        return found


def pack_stream(name: str, data: bytes) -> io.BytesIO:
    """Return a compound file with one stream.

    Args:
        name: the stream's name.
        data: its bytes; those of a small stream are followed by zeros, so that it needs no mini stream.
    """
    data = data.ljust(_SMALL, b"\0")
    sectors = -(-len(data) // _SECTOR)
    per_sector = _SECTOR // 4
    fats = 1
    while fats * per_sector < sectors + 1 + fats:
        fats += 1
    extra = max(0, fats - _HEADER_FATS)
    difats = -(-extra // (per_sector - 1))
    while fats * per_sector < sectors + 1 + fats + difats:
        fats += 1
        difats = -(-max(0, fats - _HEADER_FATS) // (per_sector - 1))
    first_fat, first_difat = sectors + 1, sectors + 1 + fats
    fat = [*range(1, sectors), _END, _END, *[_FAT] * fats, *[_FAT - 1] * difats]
    fat += [_FREE] * (fats * per_sector - len(fat))
    numbers = list(range(first_fat, first_fat + fats))
    listed, rest = numbers[:_HEADER_FATS], numbers[_HEADER_FATS:]
    header = struct.pack(
        "<8s16s5H6s9I",
        _MAGIC,
        b"",
        62,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        fats,
        sectors,
        0,
        _SMALL,
        _END,
        0,
        first_difat if difats else _END,
        difats,
    )
    header += struct.pack(f"<{_HEADER_FATS}I", *listed, *[_FREE] * (_HEADER_FATS - len(listed)))
    packed = io.BytesIO()
    packed.write(header)
    packed.write(data.ljust(sectors * _SECTOR, b"\0"))
    packed.write(_directory(name, len(data)))
    packed.write(struct.pack(f"<{len(fat)}I", *fat))
    for at in range(difats):
        block = rest[at * (per_sector - 1) : (at + 1) * (per_sector - 1)]
        block += [_FREE] * (per_sector - 1 - len(block))
        packed.write(struct.pack(f"<{per_sector}I", *block, first_difat + at + 1 if at + 1 < difats else _END))
    packed.seek(0)
    return packed


def _directory(name: str, size: int) -> bytes:
    def entry(text: str, kind: int, child: int, start: int, length: int) -> bytes:
        encoded = text.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            encoded,
            len(encoded) + 2 if text else 0,
            kind,
            1,
            _FREE,
            _FREE,
            child,
            b"",
            0,
            0,
            0,
            start,
            length,
        )

    blank = entry("", 0, _FREE, 0, 0)
    return entry("Root Entry", _ROOT, 1, _END, 0) + entry(name, _STREAM, _FREE, 0, size) + blank * 2
