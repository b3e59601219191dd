"""What people read for what is asked about a column, why lines are no records, and what is done to cells."""

from data_contracts.cells.changes import Rule
from data_contracts.contract import Label
from data_contracts.intake.table import Aside
from data_contracts.mapping.types import Topic

__all__ = ["ASIDES", "RULES", "TOPICS", "rule_label"]

TOPICS = {
    Topic.COLUMN: Label("어느 열인지", "which column"),
    Topic.UNIT: Label("단위", "its unit"),
    Topic.WORD: Label("쓰인 말의 뜻", "what its words mean"),
    Topic.DATES: Label("연·월·일 순서", "the order of its dates"),
    Topic.TIME: Label("시각이 적힌 열", "the column with its time of day"),
    Topic.DECIMAL: Label("소수점 표기", "its decimal sign"),
    Topic.FILE: Label("파일 읽는 방법", "how the file is read"),
}
"""What is asked about a column."""

ASIDES = {
    Aside.TITLE: Label("제목", "title"),
    Aside.FOOTER: Label("합계·바닥글", "footer or total"),
    Aside.REPEATED_HEADER: Label("반복된 머리글", "repeated header"),
    Aside.UNREADABLE: Label("칸 수가 머리글과 다른 줄(격리)", "more or fewer cells than the header (set aside)"),
}
"""Why lines are no records."""

RULES = {
    Rule.BLANKS: Label("앞뒤 공백 제거", "blanks around dropped"),
    Rule.MISSING_WORD: Label("빈 값을 뜻하는 말('-', '측정불가' 등)", "words for missing, like '-' or 'N/A'"),
    Rule.THOUSANDS: Label("천 단위 쉼표", "thousands separators"),
    Rule.DECIMAL_COMMA: Label("소수점 쉼표", "decimal commas"),
    Rule.NEGATIVE: Label("괄호로 적은 음수", "negative numbers in parentheses"),
    Rule.FULL_WIDTH: Label("전각 문자", "full-width characters"),
    Rule.PERCENT: Label("퍼센트 기호", "percent signs"),
    Rule.UNIT_IN_CELL: Label("셀에 적힌 단위", "units in cells"),
    Rule.UNIT: Label("단위 환산", "converted units"),
    Rule.DATE: Label("날짜 표기", "dates"),
    Rule.EXCEL_SERIAL: Label("엑셀 날짜 번호", "dates as Excel's numbers"),
    Rule.CLOCK: Label("다른 열에 적힌 시각을 날짜에 붙임", "times of day from a column of their own"),
    Rule.WORD: Label("계약의 용어로 바꿈", "words of the contract"),
}
"""What is done to cells, in a few words."""


def rule_label(rule: str) -> Label:
    """Return what people read for a rule; a rule that is not known stands for itself."""
    return next((label for known, label in RULES.items() if known == rule), Label(rule, rule))
