"""What the page calls verdicts, states, reasons, settings and periods."""

from data_contracts.contract import Label
from data_contracts.readiness.column_types import State
from data_contracts.readiness.types import Verdict

__all__ = ["REASONS", "SETTINGS", "STATES", "UNITS", "VERDICTS"]

VERDICTS = {
    Verdict.READY: Label("이 파일로 학습할 수 있습니다", "This file can train"),
    Verdict.AFTER_FIXES: Label(
        "아래 {count}가지를 해결하면 학습할 수 있습니다", "This file can train after {count:fix|fixes}"
    ),
    Verdict.CANNOT: Label("이 파일로는 학습할 수 없습니다", "This file cannot train"),
}

STATES = {
    State.OK: Label("정상", "OK"),
    State.LOOK: Label("확인", "Look"),
    State.FIX: Label("수정", "Fix"),
    State.NOT_IN_FILE: Label("없음", "Not in file"),
}

REASONS = {
    "wrong_type": Label("읽을 수 없는 값", "cannot be read"),
    "out_of_range": Label("허용 범위를 벗어남", "outside of the allowed range"),
    "not_in_vocabulary": Label("계약에 없는 말", "a word the contract does not know"),
    "missing_value": Label("반드시 있어야 할 값이 빔", "required, but blank"),
    "duplicate_key": Label("같은 번호의 기록이 있음", "the same number as another record"),
    "duplicate_value": Label("서로 달라야 할 값이 겹침", "repeats, but must differ"),
}
"""Why rows are set aside."""

SETTINGS = {
    "encoding": Label("글자 인코딩", "Text encoding"),
    "delimiter": Label("칸을 나누는 기호", "Separator"),
    "sheet": Label("시트", "Sheet"),
    "header": Label("머리글 줄", "Header lines"),
    "last": Label("마지막 데이터 줄", "Last line of data"),
    "transposed": Label("행과 열이 뒤바뀜", "Rows and columns swapped"),
    "melt": Label("가로로 늘어놓은 열", "Columns side by side"),
}

UNITS = {
    "hour": Label("시간별", "by hour"),
    "day": Label("일별", "by day"),
    "week": Label("주별", "by week"),
    "month": Label("월별", "by month"),
    "quarter": Label("분기별", "by quarter"),
    "year": Label("연도별", "by year"),
    "lines": Label("파일 안의 위치별", "by position in the file"),
}
