"""In which encoding a text file is: named by the member, said by a byte order mark, or found out."""

import codecs
import re
from dataclasses import dataclass, field

from data_contracts.contract import Label
from data_contracts.errors import WrongEncoding
from data_contracts.intake.guesses import Guess

__all__ = ["BROKEN", "Encoding", "find_encoding"]

BROKEN = re.compile("[\ud800-\udfff�]")
"""What stands for bytes that are not of the encoding, in a text whose `Encoding.broken` is true."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape"}
_SAME = {"utf-8-sig": "utf-8", "euc_kr": "cp949", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_PIECE = 1 << 20
_SAMPLE = 1 << 16  # charset-normalizer's time grows with the text
_FEW = 0.5  # broken bytes per character beyond ASCII; read in a wrong encoding, a text has several
_EVERYDAY = 0.9  # share of everyday syllables and signs in a Korean text
_TEXT = 0.9  # share of characters that a table may well hold, for UTF-16 without a mark


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding that was decided on.

    Attributes:
        name: as Python knows it.
        mark: bytes of the byte order mark at the beginning.
        broken: whether some bytes of the file are not of the encoding; they become surrogates (U+FFFD in UTF-16).
        guess: what was concluded, or None if the member named the encoding.
    """

    name: str
    mark: int = 0
    broken: bool = False
    guess: Guess | None = field(default=None)

    @property
    def errors(self) -> str:
        """How bytes that are not of the encoding are decoded."""
        return "replace" if self.name.startswith(("utf-16", "utf-32")) else "surrogateescape"

    def decode(self, data: bytes) -> str:
        """Decode whole characters."""
        return data.decode(self.name, self.errors)


def find_encoding(data: bytes, name: str, named: str | None) -> Encoding:
    """Decide on the encoding of a file.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.
        named: the encoding the member named, or None to find it out.

    Raises:
        WrongEncoding: if the file is not in the encoding that was named, or in none we know.
    """
    if named is not None:
        return _named(data, name, named)
    for mark, encoding in _MARKS:
        if data.startswith(mark) and _few_broken(data[len(mark) :], encoding):
            reason = Label(
                "파일 첫머리에 바이트 순서 표시(BOM)가 있습니다.", "The file begins with its byte order mark."
            )
            return _concluded(data, encoding, len(mark), reason)
    wide = _wide(data[:_SAMPLE]) if b"\0" in data[:_PIECE] else None
    if wide is not None and _few_broken(data, wide):
        reason = Label("두 바이트가 한 글자인 파일입니다.", "Every character has two bytes.")
        return _concluded(data, wide, 0, reason)
    return _narrow(data, name)


def _concluded(data: bytes, encoding: str, mark: int, reason: Label, *, certain: bool = True) -> Encoding:
    broken = _broken_at(data, encoding, mark) is not None
    return Encoding(encoding, mark, broken, Guess("encoding", encoding, reason, certain=certain))


def _narrow(data: bytes, name: str) -> Encoding:
    if data.isascii():
        reason = Label("영문자, 숫자와 기호만 있습니다.", "There is nothing but ASCII characters.")
        return Encoding("utf-8", guess=Guess("encoding", "utf-8", reason))
    if _broken_at(data, "utf-8") is None:
        reason = Label("파일 전체가 UTF-8로 읽힙니다.", "All of the file reads as UTF-8.")
        return _concluded(data, "utf-8", 0, reason)
    if _broken_at(data, "cp949") is None and _looks_korean(data):
        reason = Label(
            "UTF-8이 아니며 전체가 CP949(EUC-KR) 한글로 읽힙니다.",
            "It is no UTF-8, and all of it reads as Korean in CP949.",
        )
        return _concluded(data, "cp949", 0, reason)
    for encoding in ("utf-8", "cp949"):
        if _few_broken(data, encoding) and (encoding == "utf-8" or _looks_korean(_sound_lines(data))):
            reason = Label(
                f"몇 바이트만 빼고 {encoding.upper()}로 읽힙니다. 깨진 줄은 따로 둡니다.",
                f"All but a few bytes read as {encoding.upper()}; the lines they are in are set aside.",
            )
            return _concluded(data, encoding, 0, reason)
    return _foreign(data, name)


def _foreign(data: bytes, name: str) -> Encoding:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # 40 ms that hardly any file needs

    start = next((at for at, byte in enumerate(data) if byte > 127), 0)  # noqa: PLR2004  # the first beyond ASCII
    likely = from_bytes(data[max(0, start - _SAMPLE // 2) : start + _SAMPLE // 2])
    names = [match.encoding for match in likely if _is_usual(match.encoding)]
    best = next((encoding for encoding in names if _few_broken(data, encoding)), None)
    if best is None:
        raise WrongEncoding(
            f"{name} is in no encoding we know. Save it as 'CSV UTF-8' (Excel: File > Save As), or say its encoding."
        )
    reason = Label(
        "UTF-8도 CP949도 아니어서 글자의 통계로 짐작했습니다.",
        "It is neither UTF-8 nor CP949; this is the likeliest by its bytes.",
    )
    return _concluded(data, best, 0, reason, certain=False)


def _named(data: bytes, name: str, named: str) -> Encoding:
    encoding = _known(named)
    mark = next((sign for sign, marked in _MARKS if data.startswith(sign)), b"")
    if mark and named.lower().replace("-", "").replace("_", "") == "utf16":
        encoding = dict(_MARKS)[mark]
    size = len(mark) if mark and dict(_MARKS)[mark] == encoding else 0
    place = _broken_at(data, encoding, size)
    if place is not None and not _few_broken(data[size:], encoding):
        raise WrongEncoding(_place_text(data, name, named, place))
    return Encoding(encoding, size, place is not None)


def _known(named: str) -> str:
    """Return Python's name for an encoding that the member named."""
    try:
        encoding = codecs.lookup(named).name
    except (LookupError, ValueError):
        encoding = ""
    encoding = _SAME.get(encoding, encoding)
    if not encoding or not _is_usual(encoding):
        raise WrongEncoding(f"there is no text encoding {named!r}; name one such as utf-8, cp949 or utf-16")
    return encoding


def _is_usual(encoding: str) -> bool:
    """Whether an encoding writes ASCII as such, or in two or four bytes a character."""
    try:
        return "a,".encode(encoding).replace(b"\0", b"") == b"a," and encoding not in _NO_TEXT
    except (LookupError, ValueError, TypeError):  # LookupError for one that is not of text, such as zlib
        return False


def _place_text(data: bytes, name: str, named: str, place: int) -> str:
    line = data.count(b"\n", 0, place) + 1
    start = data.rfind(b"\n", 0, place) + 1
    korean = _broken_at(data, "cp949") is None and _looks_korean(data)
    guess = " It looks like CP949 (EUC-KR), the Korean Windows encoding." if korean else ""
    return (
        f"{name} is not {named.upper()}: line {line}, byte {place - start + 1} of the line "
        f"(byte {place + 1} of the file).{guess} Leave the encoding out of the mapping file to have it found, or save "
        "the file as 'CSV UTF-8' (in Excel: File > Save As; in Notepad: Save As > Encoding: UTF-8)."
    )


def _broken_at(data: bytes, encoding: str, start: int = 0) -> int | None:
    """Return the offset of the first byte that is not of the encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    for at in range(start, max(len(data), start + 1), _PIECE):
        held = len(decoder.getstate()[0]) if at > start else 0
        try:
            decoder.decode(data[at : at + _PIECE], final=at + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return at - held + error.start
        except (UnicodeError, ValueError):
            return at
    return None


def _few_broken(data: bytes, encoding: str) -> bool:
    """Whether the bytes that are not of the encoding are few beside the characters that are.

    ASCII says nothing about an encoding, unless each of its characters has several bytes.
    """
    decoder = codecs.getincrementaldecoder(encoding)(Encoding(encoding).errors)
    wide = encoding.startswith(("utf-16", "utf-32"))
    broken = beyond = 0
    for at in range(0, len(data), _PIECE):
        try:
            text = decoder.decode(data[at : at + _PIECE], final=at + _PIECE >= len(data))
        except (UnicodeError, ValueError):
            return False
        wrong = len(BROKEN.findall(text)) if not text.isascii() else 0
        broken += wrong
        beyond += len(text) - wrong - (0 if wide else len(text.encode("ascii", "ignore")))
    return broken <= _FEW * beyond


def _looks_korean(data: bytes) -> bool:
    """Whether a text in CP949 holds everyday Korean.

    CP949 gives a meaning to nearly every pair of bytes: ``°C`` of a Western file becomes a syllable that no Korean
    writes, Chinese of a GBK file a mixture with rare characters. The 2,350 everyday syllables begin with 0xB0 to 0xC8,
    signs such as ℃ with 0xA1 to 0xAC, and the second byte of either is above 0xA0.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x41-\xfe]", data[:_PIECE])
    everyday = sum(1 for pair in pairs if _EVERYDAY_PAIR.fullmatch(pair))
    return not pairs or everyday >= _EVERYDAY * len(pairs)


def _sound_lines(data: bytes) -> bytes:
    """Return the first lines that are CP949: within a line, one broken byte may shift all pairs behind it."""
    return b"\n".join(line for line in data[:_PIECE].split(b"\n") if _broken_at(line, "cp949") is None)


_EVERYDAY_PAIR = re.compile(rb"[\xa1-\xac\xb0-\xc8][\xa1-\xfe]")


def _wide(sample: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is, or None."""
    sample = sample[: len(sample) // 2 * 2]
    shares = {encoding: _text_share(sample, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] >= _TEXT else None


def _text_share(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "replace")
    return len(re.findall(r"[\t\r\n\x20-\x7e가-힣°²³℃㎛㎡·（）％]", text)) / max(1, len(text))
