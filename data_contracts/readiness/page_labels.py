"""What the page calls verdicts, states, changes, reasons, settings and periods."""

from data_contracts.contract import Label
from data_contracts.readiness.column_types import State
from data_contracts.readiness.types import Verdict

__all__ = ["REASONS", "RULES", "SETTINGS", "STATES", "UNITS", "VERDICTS"]

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

RULES = {
    "blanks": Label("앞뒤 빈칸을 뺐습니다.", "Blanks around the text were dropped."),
    "missing_word": Label(
        "'-', '측정불가'처럼 값이 없다는 말을 빈칸으로 보았습니다.", "Words such as '-' or 'N/A' count as blank."
    ),
    "thousands": Label("천 단위 쉼표를 뺐습니다.", "Thousands separators were dropped."),
    "decimal_comma": Label("소수점으로 쓴 쉼표를 점으로 읽었습니다.", "A decimal comma was read as a point."),
    "negative": Label("괄호로 묶은 수를 음수로 읽었습니다.", "A number in brackets was read as negative."),
    "full_width": Label("전각 문자를 반각으로 바꾸었습니다.", "Full-width characters were made plain."),
    "percent": Label("퍼센트 기호를 뺐습니다.", "A percent sign was dropped."),
    "unit_in_cell": Label("칸 안에 적힌 단위를 뺐습니다.", "A unit after the number was dropped."),
    "unit": Label("계약의 단위로 환산했습니다.", "The number was converted to the contract's unit."),
    "date": Label("날짜·시각을 표준 형식으로 읽었습니다.", "A date or time was read into the standard form."),
    "excel_serial": Label("엑셀 날짜 번호를 날짜로 읽었습니다.", "A day number of Excel was read as a date."),
    "word": Label("공장에서 쓰는 말을 계약의 말로 바꾸었습니다.", "A word of yours was replaced by the contract's."),
}
"""What a `data_contracts.cells.changes.Rule` did."""

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
