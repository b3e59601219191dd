"""What changed in the columns of a contract, and whether a file that kept the old one still means the same."""

from collections.abc import Iterator, Sequence

from data_contracts.contract import Column, Contract, Label, PrivacyClass, Role
from data_contracts.difference import Difference, breaking, compatible, shown, text_only
from data_contracts.lint import spelling
from data_contracts.mapping.units import canonical_unit
from data_contracts.particles import with_particles

__all__ = ["column_differences"]

_OPENNESS = (PrivacyClass.PERSONAL, PrivacyClass.CONFIDENTIAL, PrivacyClass.INTERNAL, PrivacyClass.PUBLIC)
_MAY_REFUSE = Label("통과하던 파일이나 행이 걸릴 수 있습니다", "files or rows that passed may fail")
_MORE_LENIENT = Label("더 너그럽습니다", "it is more lenient")
_OTHER_MEANING = Label("같은 파일이 다른 뜻이 됩니다", "the same file means something else")
_FOUND_BY_NAME = Label("이름으로 찾으므로 상관없습니다", "it makes no difference to any file")


def column_differences(old: Contract, new: Contract) -> Iterator[Difference]:
    """Yield every change of columns, in the order of the new contract, removed columns last."""
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    for name, column in after.items():
        if name not in before:
            yield _added(column)
        else:
            yield from _changed(before[name], column)
    for name in before:
        if name not in after:
            yield breaking(
                name,
                Label("열이 없어짐", "the column is gone"),
                Label(
                    "옛 데이터의 값이 버려지고 옛 모델은 이 열을 찾습니다",
                    "its values are dropped, and models made with it still look for it",
                ),
            )
    yield from _moved_headers(old, new)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield compatible(None, Label("열 순서가 바뀜", "the order of the columns changed"), _FOUND_BY_NAME)


def _added(column: Column) -> Difference:
    if column.required or column.role is Role.FEATURE:
        kind = Label("필수 열", "required column") if column.required else Label("학습에 쓰는 열", "feature")
        return breaking(
            column.name,
            Label(f"{kind.ko}이 새로 생김", f"a {kind.en} is new"),
            Label("이 열이 없는 파일은 거절됩니다", "files without it are refused"),
        )
    return compatible(
        column.name,
        Label("없어도 되는 열이 새로 생김", "an optional column is new"),
        Label("이 열이 없는 파일도 받아들여집니다", "files without it are accepted as before"),
    )


def _changed(old: Column, new: Column) -> Iterator[Difference]:
    yield from _identity(old, new)
    yield from _bounds(old, new)
    yield from _vocabulary(old, new)
    yield from _strictness(old, new)
    yield from _privacy(old, new)
    yield from _synonyms(old, new)
    yield from _words(old, new)
    texts = [name for name in ("label", "description", "description_ko", "why") if _differs(old, new, name)]
    if texts:
        yield text_only(new.name, ", ".join(texts))


def _differs(old: Column, new: Column, name: str) -> bool:
    return bool(getattr(old, name) != getattr(new, name))


def _identity(old: Column, new: Column) -> Iterator[Difference]:
    names = {"kind": Label("값 형식", "kind"), "role": Label("쓰임", "role"), "unit": Label("단위", "unit")}
    if _differs(old, new, "unit") and _same_unit(old.unit, new.unit):
        yield text_only(new.name, "unit")
        del names["unit"]
    for name, label in names.items():
        if _differs(old, new, name):
            pair = f"{getattr(old, name) or '-'} → {getattr(new, name) or '-'}"
            yield breaking(new.name, Label(f"{label.ko} 변경: {pair}", f"{label.en}: {pair}"), _OTHER_MEANING)


def _same_unit(old: str | None, new: str | None) -> bool:
    """Tell whether two units are one, written differently, such as ``℃`` and ``°C``."""
    one = canonical_unit(old or "")
    return one is not None and one == canonical_unit(new or "")


def _bounds(old: Column, new: Column) -> Iterator[Difference]:
    ends = (("minimum", Label("최솟값", "minimum"), -1), ("maximum", Label("최댓값", "maximum"), 1))
    for name, label, direction in ends:
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        what = Label(*(f"{word}: {shown(before)} → {shown(after)}" for word in (label.ko, label.en)))
        wider = after is None or (before is not None and direction * (after - before) > 0)
        yield compatible(new.name, what, _MORE_LENIENT) if wider else breaking(new.name, what, _MAY_REFUSE)


def _vocabulary(old: Column, new: Column) -> Iterator[Difference]:
    gone = [word for word in old.vocabulary if word not in new.vocabulary]
    extra = [word for word in new.vocabulary if word not in old.vocabulary]
    if gone:
        names = ", ".join(gone)
        yield breaking(new.name, Label(f"없어진 값: {names}", f"values gone: {names}"), _MAY_REFUSE)
    if extra:
        names = ", ".join(extra)
        what = Label(f"새 값: {names}", f"new values: {names}")
        classes = Label("모델이 맞혀야 할 등급이 달라집니다", "models have to predict other classes")
        target = new.role is Role.TARGET
        yield breaking(new.name, what, classes) if target else compatible(new.name, what, _MORE_LENIENT)
    if not gone and not extra and old.vocabulary != new.vocabulary:
        yield compatible(new.name, Label("값 순서가 바뀜", "the order of the values changed"), _FOUND_BY_NAME)


def _strictness(old: Column, new: Column) -> Iterator[Difference]:
    rules = {"required": Label("반드시 있어야 함", "required"), "unique": Label("값이 겹치면 안 됨", "unique")}
    for name, label in rules.items():
        before, after = getattr(old, name), getattr(new, name)
        if after and not before:
            yield breaking(new.name, Label(f"새 규칙: {label.ko}", f"new rule: {label.en}"), _MAY_REFUSE)
        elif before and not after:
            yield compatible(new.name, Label(f"없어진 규칙: {label.ko}", f"rule gone: {label.en}"), _MORE_LENIENT)
    if old.max_missing != new.max_missing and not (old.required or new.required):
        shares = f"{shown(100 * old.max_missing)} % → {shown(100 * new.max_missing)} %"
        what = Label(f"빈칸 허용: {shares}", f"allowed share of missing values: {shares}")
        more = new.max_missing > old.max_missing
        yield compatible(new.name, what, _MORE_LENIENT) if more else breaking(new.name, what, _MAY_REFUSE)


def _privacy(old: Column, new: Column) -> Iterator[Difference]:
    if old.privacy is new.privacy:
        return
    what = Label(*(f"{word}: {old.privacy} → {new.privacy}" for word in ("보호 등급", "privacy class")))
    if _OPENNESS.index(new.privacy) > _OPENNESS.index(old.privacy):
        why = Label("회원사가 동의한 것보다 느슨합니다", "it is looser than what members agreed to")
        yield breaking(new.name, what, why)
    else:
        yield compatible(new.name, what, Label("더 엄격하게 보호합니다", "it protects more"))


def _synonyms(old: Column, new: Column) -> Iterator[Difference]:
    before, after = set(map(spelling, old.synonyms)), set(map(spelling, new.synonyms))
    yield from _more_or_fewer(new.name, len(after - before), len(before - after), Label("동의어", "synonyms"))
    if before == after and old.synonyms != new.synonyms:
        yield text_only(new.name, "synonyms")


def _words(old: Column, new: Column) -> Iterator[Difference]:
    before, after = _meanings(old), _meanings(new)
    moved = [word for word, value in before.items() if after.get(word, value) != value]
    if moved:
        shifts = ", ".join(f"{word}: {before[word]} → {after[word]}" for word in moved)
        yield breaking(
            new.name, Label(f"낱말의 뜻이 바뀜: {shifts}", f"words mean something else: {shifts}"), _OTHER_MEANING
        )
    extra, gone = after.keys() - before.keys(), before.keys() - after.keys()
    own = {spelling(value) for value in (*old.vocabulary, *new.vocabulary)}  # said by `_vocabulary`
    yield from _more_or_fewer(new.name, len(extra - own), len(gone - own), Label("값의 다른 말", "words for values"))


def _more_or_fewer(column: str, more: int, fewer: int, label: Label) -> Iterator[Difference]:
    if more:
        yield compatible(
            column,
            Label(f"{label.ko} {more}개 늘어남", f"{more} more {label.en}"),
            Label("더 많은 파일을 알아봅니다", "more files are understood"),
        )
    if fewer:
        yield compatible(
            column,
            Label(f"{label.ko} {fewer}개 줄어듦", f"{fewer} fewer {label.en}"),
            Label(
                "알아보던 것을 회원사에 물을 수 있지만 잘못 읽지는 않습니다",
                "members may be asked about what was understood before, but nothing is read wrongly",
            ),
        )


def _meanings(column: Column) -> dict[str, str]:
    """Return every word that stands for a value of the vocabulary, as it is compared, and the value."""
    words = {spelling(word): value for value, others in column.words for word in others}
    return words | {spelling(value): value for value in column.vocabulary}


def _moved_headers(old: Contract, new: Contract) -> Iterator[Difference]:
    before, after = _headers(old.columns), _headers(new.columns)
    for header, column in before.items():
        if after.get(header, column) != column:
            yield breaking(
                after[header],
                Label(
                    with_particles(f"머리글 '{header}'의 뜻이 {column}에서 {after[header]}(으)로 바뀜"),
                    f"the header '{header}' meant {column} and now means {after[header]}",
                ),
                _OTHER_MEANING,
            )


def _headers(columns: Sequence[Column]) -> dict[str, str]:
    return {spelling(text): column.name for column in columns for text in (*column.synonyms, column.name)}
