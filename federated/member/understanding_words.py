"""The words in which a member is told how its file was understood."""

from data_contracts.contract import Label

COLUMNS = Label("열 (계약 <- 파일):", "Columns (contract <- file):")
ABSENT = Label("(파일에 없음)", "(not in the file)")
ASKED = Label("(질문 있음: {topics})", "(to be asked: {topics})")
UNUSED = Label("쓰지 않는 열: {names}", "Not used: {names}")
READ = Label("읽은 방법:", "How the file was read:")
UNSURE = Label("확실하지 않음", "not certain")
KNOWN = Label("따른 매핑: {file}", "By the mapping: {file}")
NOT_FOLLOWED = Label("매핑과 다르게 읽은 것: {what}", "Not as the mapping says: {what}")
CHANGED = Label("바꾼 셀: {what}", "Changed cells: {what}")
NO_RECORDS = Label("기록이 아닌 줄: {what}", "Lines that are no records: {what}")
MORE = Label(" 외 {count}개", " and {count} more")
COUNT = Label(
    "답할 질문 {asked}개(그중 {needed}개는 꼭 답해야 파일을 쓸 수 있음)",
    "{asked} question(s) open ({needed} must be answered before the file can be used)",
)
"""How many questions are open, in the words of every command."""
OPEN = Label("{count}: {what}. 다음: {step}", "{count}: {what}. Next: {step}")
REFUSED = (
    "{contract}: {count_en}: {what}. Answer them once with: {step} ({count_ko}. 위 명령으로 한 번만 답하면 됩니다.)"
)
