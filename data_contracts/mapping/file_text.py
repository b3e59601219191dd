"""A mapping as the text of its file: YAML with comments for people, in Korean and English.

Every text in it is in double quotes, so that none turns into something else (``no``, ``1e5``, ``2026-03-05``) and any
header, also one with line breaks, comes back exactly. Reasons are comments: they explain, and are not read back.
"""

import json
import re
from collections.abc import Iterable, Iterator

from data_contracts.contract import Column, Contract
from data_contracts.intake.settings import FileSettings, Melt
from data_contracts.mapping.column_reading import conversion_for
from data_contracts.mapping.times_of_day import TIME_REASON
from data_contracts.mapping.types import ColumnMapping, Mapping

__all__ = ["mapping_text"]

_HEAD = (
    "품앗이 열 매핑: 이 공장 파일의 어느 열이 데이터 계약의 어느 열인지 적은 파일입니다.",
    "틀린 곳을 고쳐서 UTF-8로 저장하면 다음부터 그대로 쓰입니다. 글자는 모두 큰따옴표 안에 적습니다.",
    "Pumasi column mapping: which column of this factory's file is which column of the data contract.",
    "Correct what is wrong and save as UTF-8: it is used from then on. Every text stands in double quotes.",
)
_FILE = (
    "파일을 읽는 방법. 적지 않은 것은 파일에서 알아냅니다.",
    "How the file is read. What is not said is found out.",
)
_COLUMNS = (
    "계약의 열마다: header = 파일의 머리글 (null = 파일에 없음), unit = 파일의 단위 (계약과 다를 때만),",
    'words = 공장에서 쓰는 말과 계약의 말 ("" = 빈칸, null = 값 없음), missing = 값이 없다는 뜻의 다른 말,',
    'dates = 날짜의 순서 (ymd, dmy, mdy), time = 시각이 적힌 다른 열의 머리글, decimal = "," (12,5를 12.5로 읽을 때)',
    "For each column of the contract: header = the file's header (null = the file does not have it),",
    "unit = the file's unit (only where it differs from the contract's), words = the factory's words and the",
    'contract\'s ("" = a blank cell, null = no value), missing = further words for no value,',
    "dates = order of the dates (ymd, dmy, mdy), time = header of another column that holds the time of day,",
    'decimal = "," (to read 12,5 as 12.5)',
)
_OPEN = ("아직 정하지 않은 열", "Not decided yet")
_HEADERS = ("이 매핑을 만든 파일의 모든 머리글, 왼쪽부터", "All headers of the file this was made for, from the left")
_IGNORED = ("그 가운데 쓰지 않는 머리글", "Those of them that are not used")
_ABSENT = "파일에 없음 · not in the file"

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # YAML takes these for line breaks, or not at all
_LONGEST_KEY = 500  # characters, of the 1024 that YAML allows a key without a question mark; escapes make it longer
_PLAIN_KEY = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_]*")


def mapping_text(mapping: Mapping, contract: Contract) -> str:
    """Write a mapping out; the contract explains its columns in the comments."""
    lines = [
        *_comment(_HEAD),
        f"contract: {_quoted(mapping.contract)}",
        "",
        *_comment(_FILE),
        *_file_lines(mapping.file),
        "",
        *_comment(_COLUMNS),
        *_columns_lines(mapping, contract),
        "",
        *_comment(_HEADERS),
        *_list_lines("headers", mapping.headers, ""),
        *_ignored_lines(mapping),
    ]
    return "\n".join(lines) + "\n"


def _file_lines(settings: FileSettings) -> Iterator[str]:
    told = {
        "encoding": _text(settings.encoding),
        "delimiter": _text(settings.delimiter),
        "sheet": _text(settings.sheet),
        "header": None if settings.header is None else f"[{settings.header[0]}, {settings.header[1]}]",
        "last": None if settings.last is None else str(settings.last),
        "transposed": _truth(settings.transposed),
        "padded": _truth(settings.padded),
        "filled": _truth(settings.filled),
    }
    known = [f"  {key}: {value}" for key, value in told.items() if value is not None]
    known += [] if settings.melt is None else _melt_lines(settings.melt)
    yield from ["file:", *known] if known else ["file: {}"]


def _melt_lines(melt: Melt) -> list[str]:
    named = [f"    names: {_quoted(melt.names)}", f"    values: {_quoted(melt.values)}"]
    return ["  melt:", *_list_lines("series", melt.series, "    "), *named]


def _columns_lines(mapping: Mapping, contract: Contract) -> Iterator[str]:
    known = {column.name: column for column in contract.columns}
    yield "columns:" if mapping.columns else "columns: {}"
    for entry in mapping.columns:
        yield from _column_lines(entry, known.get(entry.column))
    told = {entry.column for entry in mapping.columns}
    undecided = [column for column in contract.columns if column.name not in told]
    if undecided:
        yield ""
        yield from _comment(_OPEN)
        yield from _comment(f"  {column.name}: {column.label.ko} · {column.label.en}" for column in undecided)


def _column_lines(entry: ColumnMapping, column: Column | None) -> Iterator[str]:
    unit = f" [{column.unit}]" if column and column.unit else ""
    title = [f"{column.label.ko} · {column.label.en}{unit}"] if column else []
    reasons = [text for text in (entry.reason.ko, entry.reason.en) if text]
    yield ""
    yield from (f"  {line}" for line in _comment([*title, *reasons]))
    yield f"  {entry.column if _PLAIN_KEY.fullmatch(entry.column) else _key(entry.column, '  ')}:"
    yield f"    header: {_quoted(entry.header)}" if entry.header is not None else f"    header: null  # {_ABSENT}"
    if entry.unit is not None:
        found = conversion_for(entry.unit, column) if column else None
        yield f"    unit: {_quoted(entry.unit)}" + (f"  # {found.formula}" if found and not found.identity else "")
    if entry.dates is not None:
        yield f"    dates: {_quoted(entry.dates)}"
    if entry.time is not None:
        yield f"    time: {_quoted(entry.time)}  # {TIME_REASON.ko} · {TIME_REASON.en}"
    if entry.decimal != ".":
        yield f"    decimal: {_quoted(entry.decimal)}"
    if entry.missing:
        yield from _list_lines("missing", entry.missing, "    ")
    if entry.words:
        yield "    words:"
        yield from (f"      {_pair(word, value)}" for word, value in entry.words)


def _pair(word: str, value: str | None) -> str:
    return f"{_key(word, '      ')}: {'null' if value is None else _quoted(value)}"


def _key(text: str, indent: str) -> str:
    """Write a key; a long one in YAML's own way for these, which puts the colon into the next line."""
    key = _quoted(text)
    return key if len(key) < _LONGEST_KEY else f"? {key}\n{indent}"


def _list_lines(key: str, texts: Iterable[str], indent: str) -> Iterator[str]:
    items = [f"{indent}  - {_quoted(text)}" for text in texts]
    yield from [f"{indent}{key}:", *items] if items else [f"{indent}{key}: []"]


def _ignored_lines(mapping: Mapping) -> Iterator[str]:
    if mapping.ignored:
        yield ""
        yield from _comment((*_IGNORED, *(f"  {_quoted(header)}" for header in mapping.ignored)))


def _comment(texts: Iterable[str]) -> Iterator[str]:
    """Write texts as comments, each on one line whatever it holds."""
    for text in texts:
        shown = "".join(character if character.isprintable() else " " for character in text)
        yield f"# {shown.rstrip()}"


def _truth(value: bool | None) -> str | None:  # noqa: FBT001  (a setting)
    return None if value is None else str(value).lower()


def _text(text: str | None) -> str | None:
    return None if text is None else _quoted(text)


def _quoted(text: str) -> str:
    """Write a text in double quotes, as YAML and JSON both understand it."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
