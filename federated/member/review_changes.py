"""What changed since the last approval, in the words of whoever runs the factory."""

from collections.abc import Mapping
from typing import Any

from data_contracts.contract import Label
from data_contracts.particles import with_particles
from federated.member.review import REPLIES, Change
from federated.member.review_words import CHANGED_FIELDS, short_names
from federated.plain import plain_text

__all__ = ["change_text"]

_LONG = 60
_KINDS = {
    "whole": Label("정수 하나", "one whole number"),
    "number": Label("숫자 하나", "one number"),
    "yes-no": Label("예 또는 아니요", "yes or no"),
    "text": Label("정해진 글 하나", "one of some fixed texts"),
    "texts": Label("정해진 글 여러 개", "several of some fixed texts"),
}
_MAY_BE_MISSING = Label(" (없을 수도 있음)", " (may be missing)")


def change_text(change: Change, language: str) -> str:
    """Say what a field was and what it is now, in one line."""
    path = change.field.removeprefix(REPLIES)
    unnamed = Label(f"대답에 담기는 {path}", f"in the reply, {path}")
    name = CHANGED_FIELDS.get(change.field, unnamed).text(language)
    return f"  - {name}: {_value(change.old, language)} → {_value(change.new, language)}"


def _value(value: object, language: str) -> str:
    if value is None:
        return Label("없음", "nothing").text(language)
    if isinstance(value, bool):
        return Label("예" if value else "아니요", "yes" if value else "no").text(language)
    if isinstance(value, dict):
        return plain_text(with_particles(_layout(value).text(language)))
    text = plain_text(str(value))
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _layout(field: Mapping[str, Any]) -> Label:
    """Say what a field of a reply may hold."""
    said = _kind(field)
    if field.get("required", True):
        return said
    return Label(said.ko + _MAY_BE_MISSING.ko, said.en + _MAY_BE_MISSING.en)


def _kind(field: Mapping[str, Any]) -> Label:
    if "shape" in field:
        numbers = " x ".join(map(str, field["shape"])) or "1"
        return Label(f"숫자 {numbers}개({field['dtype']})", f"{numbers} numbers ({field['dtype']})")
    if "kind" in field:
        kind, texts = _KINDS[field["kind"]], ", ".join(field["allowed"]) or field["pattern"]
        return Label(f"{kind.ko}: {texts}", f"{kind.en}: {texts}") if texts else kind
    if field["like"]:
        return Label(f"요청의 {field['like']}과(와) 같은 표", f"arrays like those of the request's {field['like']}")
    names, count = ", ".join(short_names(one["name"] for one in field["arrays"])), len(field["arrays"])
    return Label(f"표 {count}개: {names}", f"{count} arrays: {names}")
