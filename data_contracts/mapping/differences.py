"""What a new mapping says otherwise than an old one, one sentence per difference."""

from collections.abc import Iterator
from dataclasses import fields, replace

from data_contracts.contract import KNOWN_AFTERWARDS, Contract, Label
from data_contracts.intake.settings import FileSettings, Melt
from data_contracts.mapping.types import ColumnMapping, Mapping

__all__ = ["differences", "not_followed"]

_FIELDS = {
    "header": Label("머리글", "header"),
    "unit": Label("파일의 단위", "unit of the file"),
    "dates": Label("날짜의 순서", "order of the dates"),
    "time": Label("시각이 적힌 머리글", "header of the time of day"),
    "decimal": Label("소수점", "decimal mark"),
    "missing": Label("값이 없다는 뜻의 말", "words for no value"),
    "words": Label("말의 뜻", "meanings of words"),
}
_UNSAID = Label("정하지 않음", "not said")
_NOTHING = Label("없음", "none")
_SETTINGS = {
    "encoding": Label("문자 인코딩", "encoding"),
    "delimiter": Label("구분 문자", "delimiter"),
    "sheet": Label("시트", "sheet"),
    "header": Label("머리글 줄", "header lines"),
    "last": Label("마지막 데이터 줄", "last line of data"),
    "transposed": Label("행과 열이 바뀐 표", "transposed table"),
    "melt": Label("세로로 모은 열", "columns made long"),
    "padded": Label("짧은 줄의 빈칸 채우기", "short records filled up with blanks"),
    "filled": Label("병합된 셀의 값 채우기", "merged cells counted for each line"),
}


def differences(old: Mapping, new: Mapping) -> tuple[Label, ...]:
    """Compare two mappings; reasons are not compared, since they change nothing.

    Returns:
        One sentence per difference, in the order of the file; none where both read a file alike.
    """
    return (*_contract(old, new), *_settings(old.file, new.file), *_columns(old, new), *_headers(old, new))


def not_followed(known: Mapping, mapping: Mapping, contract: Contract) -> tuple[Label, ...]:
    """Say what a known mapping says of columns that a file was not read by: it may have been written by hand.

    What it does not say, such as the meaning of a word that is new, is no difference here.

    Args:
        known: the mapping that was to be followed.
        mapping: the one by which the file is read.
        contract: the contract of both.
    """
    return (*_lost(known, mapping, contract), *_read_twice(mapping, contract))


def _lost(known: Mapping, mapping: Mapping, contract: Contract) -> Iterator[Label]:
    names = {column.name for column in contract.columns}
    for before in known.columns:
        if before.column not in names:
            yield Label(f"{before.column}: 데이터 계약에 없는 열", f"{before.column}: no column of the contract")
            continue
        after = mapping.column(before.column) or ColumnMapping(before.column, None)
        said = {word for word, _ in before.words}
        words = tuple(pair for pair in after.words if pair[0] in said)
        yield from _entries(before, replace(after, words=words))


def _read_twice(mapping: Mapping, contract: Contract) -> Iterator[Label]:
    """Name a header that two columns are read from; the result and the kind of defect may share one."""
    read: dict[str, list[str]] = {}
    for entry in mapping.columns:
        if entry.header is not None and contract.column(entry.column).role not in KNOWN_AFTERWARDS:
            read.setdefault(entry.header, []).append(entry.column)
    for header, columns in read.items():
        if len(columns) > 1:
            both = ", ".join(columns)
            yield Label(f"{_quoted(header)}: 여러 열이 함께 읽음 ({both})", f"{_quoted(header)}: read for {both}")


def _changed(name: Label, before: object, after: object) -> Label:
    was, becomes = _shown(before), _shown(after)
    return Label(f"{name.ko}: {was.ko} → {becomes.ko}", f"{name.en}: {was.en} → {becomes.en}")


def _shown(value: object) -> Label:
    if isinstance(value, Label):
        return value
    if value is None or value == ():
        return _NOTHING
    if isinstance(value, Melt):
        value = (*value.series, value.names, value.values)
    text = ", ".join(map(_quoted, value)) if isinstance(value, tuple) else _quoted(value)
    return Label(text, text)


def _quoted(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()


def _contract(old: Mapping, new: Mapping) -> Iterator[Label]:
    if old.contract != new.contract:
        yield _changed(Label("데이터 계약", "data contract"), old.contract, new.contract)


def _settings(old: FileSettings, new: FileSettings) -> Iterator[Label]:
    for field in fields(FileSettings):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            name = _SETTINGS[field.name]
            yield _changed(Label(f"파일의 {name.ko}", f"file, {name.en}"), before, after)


def _columns(old: Mapping, new: Mapping) -> Iterator[Label]:
    names = dict.fromkeys(entry.column for mapping in (new, old) for entry in mapping.columns)
    for name in names:
        before, after = old.column(name), new.column(name)
        if before is not None and after is not None:
            yield from _entries(before, after)
        elif before is None:
            yield Label(f"{name}: 새로 정해졌습니다.", f"{name}: newly decided.")
        else:
            yield Label(f"{name}: 더 이상 정해져 있지 않습니다.", f"{name}: no longer decided.")


def _entries(old: ColumnMapping, new: ColumnMapping) -> Iterator[Label]:
    for key, name in _FIELDS.items():
        before, after = getattr(old, key), getattr(new, key)
        if before == after:
            continue
        title = Label(f"{new.column}의 {name.ko}", f"{new.column}, {name.en}")
        if key == "words":
            before, after = (dict(words) for words in (before, after))
            for word in before | after:
                was, becomes = before.get(word, _UNSAID), after.get(word, _UNSAID)
                if was != becomes:
                    yield _changed(Label(f"{title.ko} {_quoted(word)}", f"{title.en} {_quoted(word)}"), was, becomes)
        else:
            yield _changed(title, before, after)


def _headers(old: Mapping, new: Mapping) -> Iterator[Label]:
    for header in dict.fromkeys(new.headers):
        if header not in old.headers:
            yield Label(f"새 머리글: {_quoted(header)}", f"New header: {_quoted(header)}")
    for header in dict.fromkeys(old.headers):
        if header not in new.headers:
            yield Label(f"없어진 머리글: {_quoted(header)}", f"Header gone: {_quoted(header)}")
    if old.headers != new.headers and sorted(old.headers) == sorted(new.headers):
        yield Label("머리글의 순서가 바뀌었습니다.", "The headers are in another order.")
