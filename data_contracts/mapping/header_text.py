"""A header's text taken apart: the name, the unit, and what a question asks beside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data_contracts.intake.table import Header
from data_contracts.mapping.asking import asked_for
from data_contracts.mapping.headers import Lexicon, compact
from data_contracts.mapping.lexicon import MEASURED
from data_contracts.mapping.units import canonical_unit

__all__ = ["Named", "named", "unit_behind", "without_mark"]

_REPEATED = re.compile(r"(?P<text>.+?)(?: \(\d+\)|\.\d+)")  # as the reader and as pandas name a repeated header
_REFERENCE = re.compile(r"(?:at|@)?\s*\d+(?:\.\d+)?\s*(?:℃|°C|도|C)", re.IGNORECASE)  # pH(25℃), measured at 25 °C
_NUMBERED_SENSOR = re.compile(r"(센서|타이머|sensor|timer)\s*#?\d{1,2}$", re.IGNORECASE)
_ADNOMINAL = re.compile(r"([가-힣]{2,})[한된]\s+(?=[가-힣])")  # 도금한 날, 측정된 온도
_DATE_FORMAT = re.compile(r"(?=.*y)(?=.*d)[ymdhs\W_]+|(?=.*[년월])[년월일시분초\W_]+", re.IGNORECASE)
_OF_TIME = {"s": "s", "m": "min", "h": "h"}
_LIMITS = re.compile(r"\d\s*[~\u223c\uff5e]\s*\d")
_CODE = r"[0-9A-Za-z○×△]{1,3}\s*[=:]\s*[^\W\d_]+"
_LEGEND = re.compile(rf"[(\[]\s*({_CODE}(?:\s*[,;/·]?\s*{_CODE})+)\s*[)\]]\s*$")  # (1=OK 0=NG)
_ONE_CODE = re.compile(r"([0-9A-Za-z○×△]{1,3})\s*[=:]\s*([^\W\d_]+)")
_ONE_OR_NONE = frozenset({"1/0", "0/1"})
_MARKED = re.compile(r"(?P<name>.*\w)[\s_.]+(?P<mark>[A-Za-z]+)")
_INNER = re.compile(r"[(\[](?P<unit>[^()\[\]]+)[)\]]")
_UNIT_SIGNS = re.compile(r"[/%°²³℃℉µμ·^]")


@dataclass(frozen=True, slots=True)
class Named:
    """A header's name and unit.

    Attributes:
        name: the name as text, with what stands where a unit would but is none, such as ``온도(SV)``.
        unit: the unit as `canonical_unit` writes it, or None.
        strange: the unit as written, where it looks like one that is not known.
        more: a word that a question says beside the name, such as 여부 where it asks for yes or no; or None.
        legend: what the codes below mean by the header itself: ``(1=OK 0=NG)``.
    """

    name: str
    unit: str | None = None
    strange: str | None = None
    more: str | None = None
    legend: tuple[tuple[str, str], ...] = ()


def named(header: Header, headers: Sequence[Header], lexicon: Lexicon) -> Named:
    """Take a header of a file apart.

    Args:
        header: the header.
        headers: all headers of the file.
        lexicon: the words that are known.
    """
    if (legend := _LEGEND.search(header.text)) is not None:
        return Named(header.text[: legend.start()], legend=tuple(_ONE_CODE.findall(legend[1])))
    asked = asked_for(header.name, lambda word: set(lexicon.tokens(word)) <= lexicon.known)
    name = _ADNOMINAL.sub(r"\1 ", header.name) if asked is None else asked.name
    found = _with_mark(name, header, headers, lexicon)
    return found if asked is None else Named(found.name, found.unit or asked.unit, found.strange, asked.more)


def _with_mark(name: str, header: Header, headers: Sequence[Header], lexicon: Lexicon) -> Named:
    inner = _INNER.search(name)
    if inner is not None and header.unit is not None and (unit := canonical_unit(inner["unit"])) is not None:
        return Named(f"{name[: inner.start()]} {name[inner.end() :]} {header.unit}", unit)  # 온도(℃)(실측)
    mark = _without_notes((header.unit or "").strip(), lexicon.tokens(name))
    if not mark or (mark.isdigit() and _has_namesake(header, headers)):
        return Named(_first_of_its_name(name, headers))
    beside, comma, last = mark.rpartition("," if "," in mark else "/")
    said = comma == "," or (canonical_unit(mark) is None and set(lexicon.tokens(beside)) <= lexicon.known)
    if comma and said and canonical_unit(last) is not None:  # Bath temp. (욕온, ℃), 욕온(실측/℃)
        return Named(f"{_without_number(name)} {beside}", canonical_unit(last))
    unit = None if mark == "NM" else unit_behind(mark, lexicon.tokens(name))  # LINE_NM is the line's name
    place = len(mark) == 1 and mark.isascii() and _has_namesake(header, headers)  # pH(A) beside pH(B)
    if unit is not None and not place:
        return Named(name, unit)
    if unit is None and _looks_like_unit(mark) and not set(lexicon.tokens(mark)) & lexicon.words:
        return Named(name, strange=mark)
    return Named(f"{_without_number(name)} {mark}")


def _without_notes(mark: str, words: Sequence[str]) -> str:
    """Return what stands in a bracket without how a date or a yes is written and at which temperature it was.

    Between which limits it should lie stays: they may be those of another step, or in another unit than is assumed.
    """
    dated = _DATE_FORMAT.fullmatch(mark) or (_REFERENCE.fullmatch(mark) and "온도" not in words)
    return "" if dated or mark.replace(" ", "") in _ONE_OR_NONE else mark


def unit_behind(text: str, words: Sequence[str]) -> str | None:
    """Read a unit behind the words of a name: behind 시간 (time), an M is no metre and an S no siemens."""
    timed = _OF_TIME.get(text.strip().casefold()) if "시간" in words else None
    return timed or canonical_unit(text)


def without_mark(name: str) -> str:
    """Drop the last piece where it only says that a value was measured: ``Time_s.PV``."""
    found = _MARKED.fullmatch(name.strip())
    return found["name"] if found is not None and found["mark"].casefold() in MEASURED else name


def _without_number(name: str) -> str:
    """Drop a sensor's number where the bracket behind it says where the sensor is: ``온도센서1(니켈조)``."""
    return _NUMBERED_SENSOR.sub(r"\1", name)


def _first_of_its_name(name: str, headers: Sequence[Header]) -> str:
    """Return a name without the `` (2)`` that a second column of one name has: it claims what the first one claims."""
    repeated = _REPEATED.fullmatch(name)
    names = {other.name for other in headers} | {other.text for other in headers}
    return repeated["text"] if repeated and repeated["text"] in names else name


def _has_namesake(header: Header, headers: Sequence[Header]) -> bool:
    return any(other is not header and compact(other.name) == compact(header.name) for other in headers)


def _looks_like_unit(text: str) -> bool:
    if _LIMITS.search(text):
        return False
    return bool(_UNIT_SIGNS.search(text)) or (len(text) == 1 and "가" <= text <= "힣")
