"""The words in which a member is told how its file was understood."""

from data_contracts.cells.changes import Rule
from data_contracts.contract import Label
from data_contracts.intake.table import Aside
from data_contracts.mapping.types import Topic

TOPICS = {
    Topic.COLUMN: Label("어느 열인지", "which column"),
    Topic.UNIT: Label("단위", "its unit"),
    Topic.WORD: Label("쓰인 말의 뜻", "what its words mean"),
    Topic.DATES: Label("연·월·일 순서", "the order of its dates"),
    Topic.DECIMAL: Label("소수점 표기", "its decimal sign"),
    Topic.FILE: Label("파일 읽는 방법", "how the file is read"),
}
"""What is asked about a column."""

ASIDES = {
    Aside.TITLE: Label("제목", "title"),
    Aside.FOOTER: Label("합계·바닥글", "footer"),
    Aside.REPEATED_HEADER: Label("반복된 머리글", "repeated header"),
    Aside.UNREADABLE: Label("읽을 수 없음", "unreadable"),
}
"""Why lines are no records."""

RULES = {
    Rule.BLANKS: Label("앞뒤 공백 제거", "blanks around dropped"),
    Rule.MISSING_WORD: Label("빈 값을 뜻하는 말", "words for missing"),
    Rule.THOUSANDS: Label("천 단위 쉼표", "thousands separators"),
    Rule.DECIMAL_COMMA: Label("소수점 쉼표", "decimal commas"),
    Rule.NEGATIVE: Label("괄호로 적은 음수", "negative numbers in parentheses"),
    Rule.FULL_WIDTH: Label("전각 문자", "full-width characters"),
    Rule.PERCENT: Label("퍼센트 기호", "percent signs"),
    Rule.UNIT_IN_CELL: Label("셀에 적힌 단위", "units in cells"),
    Rule.UNIT: Label("단위 환산", "converted units"),
    Rule.DATE: Label("날짜 표기", "dates"),
    Rule.EXCEL_SERIAL: Label("엑셀 날짜 번호", "dates as Excel's numbers"),
    Rule.WORD: Label("계약의 용어로 바꿈", "words of the contract"),
}
"""What is done to cells."""

COLUMNS = Label("열 (계약 <- 파일):", "Columns (contract <- file):")
ABSENT = Label("(파일에 없음)", "(not in the file)")
ASKED = Label("(질문 있음: {topics})", "(to be asked: {topics})")
UNUSED = Label("쓰지 않는 열: {names}", "Not used: {names}")
READ = Label("읽은 방법:", "How the file was read:")
UNSURE = Label("확실하지 않음", "not certain")
KNOWN = Label("확인된 매핑: {file}", "By the mapping: {file}")
CHANGED = Label("바꾼 셀: {what}", "Changed cells: {what}")
NO_RECORDS = Label("기록이 아닌 줄: {what}", "Lines that are no records: {what}")
MORE = Label(" 외 {count}개", " and {count} more")
OPEN = Label(
    "답할 질문이 {count}개 있습니다: {what}. 다음: pumasi-member map {file}",
    "{count} question(s) are open: {what}. Next: pumasi-member map {file}",
)
REFUSED = (
    "{count} question(s) are open about what {contract} needs: {what}. Answer them once with: pumasi-member map {file} "
    "(답할 질문이 {count}개 있습니다. 위 명령으로 한 번만 답하면 됩니다.)"
)
