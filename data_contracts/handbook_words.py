"""The fixed words of a contract's page and template, in Korean and English."""

from data_contracts.contract import Column, Contract, Kind, Label, PrivacyClass, Role

__all__ = ["KINDS", "PRIVACY", "ROLES", "TOPICS", "allowed", "blanks", "key_names", "named_value", "needed"]

KINDS = {
    Kind.NUMBER: Label("숫자", "number"),
    Kind.INTEGER: Label("정수", "whole number"),
    Kind.CATEGORY: Label("정해진 값", "one of a list"),
    Kind.TEXT: Label("글자", "text"),
    Kind.TIMESTAMP: Label("날짜·시각", "date and time"),
}

ROLES = {
    Role.FEATURE: Label("학습에 씀", "learned from"),
    Role.TARGET: Label("예측 목표", "predicted"),
    Role.OUTCOME: Label("결과 설명(학습하지 않음)", "outcome, not learned from"),
    Role.TIME: Label("시간(학습하지 않음)", "time, not learned from"),
    Role.ENTITY: Label("구분(학습하지 않음)", "grouping, not learned from"),
    Role.ID: Label("기록 번호(학습하지 않음)", "record number, not learned from"),
}

PRIVACY = {
    PrivacyClass.PUBLIC: Label("공개: 알려져도 되는 값", "public: may be known to anybody"),
    PrivacyClass.INTERNAL: Label("내부: 회사 안에서 쓰는 값", "internal: for use within the firm"),
    PrivacyClass.CONFIDENTIAL: Label("영업비밀: 공정 노하우", "confidential: know-how of the process"),
    PrivacyClass.PERSONAL: Label("개인정보: 학습에도 쓰지 않음", "personal: never learned from either"),
}

TOPICS = {
    "why": Label("왜 필요한가", "Why it is asked"),
    "kind": Label("형식", "Kind"),
    "unit": Label("단위", "Unit"),
    "allowed": Label("허용 범위", "Allowed"),
    "blanks": Label("빈칸", "Blanks"),
    "needed": Label("필요한가", "Needed"),
    "use": Label("쓰임", "Use"),
    "words": Label("값과 현장에서 쓰는 말", "Values, and words for them"),
    "synonyms": Label("이렇게 불러도 알아봅니다", "Headers that are understood"),
    "privacy": Label("보호 등급", "Privacy"),
    "name": Label("열 이름", "Column name"),
}


def needed(column: Column) -> Label:
    """Say whether a file must have the column."""
    if column.required:
        return Label("필수: 빈 행은 격리", "required: rows without it are set aside")
    if column.role is Role.FEATURE:
        return Label("열은 있어야 함", "the column must be there")
    return Label("선택", "optional")


def blanks(column: Column) -> Label:
    """Say how many cells may be blank."""
    if column.required:
        return Label("없어야 함", "none")
    if column.max_missing >= 1:
        return Label("괜찮음", "allowed")
    share = f"≤ {100 * column.max_missing:g} %"
    return Label(share, share)


def allowed(column: Column) -> Label:
    """Say what a cell may hold: a range, a list of values, or a form."""
    low, high = column.minimum, column.maximum
    unit = f" {column.unit}" if column.unit else ""
    if low is not None and high is not None:
        return Label(*[f"{low:g} – {high:g}{unit}"] * 2)
    if low is not None or high is not None:
        return Label(*[f"≥ {low:g}{unit}" if low is not None else f"≤ {high:g}{unit}"] * 2)
    if column.vocabulary:
        names = [named_value(column, value) for value in column.vocabulary]
        return Label(", ".join(names), ", ".join(column.vocabulary))
    if column.kind is Kind.TIMESTAMP:
        return Label("예: 2026-03-05 14:30", "such as 2026-03-05 14:30")
    return Label("같은 값이 두 번 나오지 않음", "no value twice") if column.unique else Label("-", "-")


def named_value(column: Column, value: str) -> str:
    """Return the first Korean word for a value of the vocabulary; the value itself where the contract gives none."""
    words = dict(column.words).get(value, ())
    return next((word for word in words if any("가" <= letter <= "힣" for letter in word)), value)


def key_names(contract: Contract) -> Label:
    """Return the names of the columns that tell records apart."""
    columns = [contract.column(name) for name in contract.key]
    none = Label("없음", "none")
    if not columns:
        return none
    return Label(", ".join(column.label.ko for column in columns), ", ".join(column.label.en for column in columns))
