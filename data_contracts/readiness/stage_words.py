"""What is said about a factory's stage: the stages themselves, the signs for and against, and one step each."""

from data_contracts.contract import Label

__all__ = ["MEANINGS", "NAMES", "SIGNS", "STEPS"]

NAMES = (
    Label("점검", "Checking"),
    Label("모니터링", "Monitoring"),
    Label("제어", "Control"),
    Label("최적화", "Optimisation"),
    Label("자율운영", "Autonomy"),
)
"""The five stages, the first being 1."""

MEANINGS = (
    Label("사람이 재고 손으로 기록", "people measure and write down"),
    Label("설비 값이 자동으로 수집", "machines record by themselves"),
    Label("수집한 값으로 공정을 제어", "what is recorded steers the process"),
    Label("예측하여 미리 조건을 맞춤", "conditions are set ahead, from forecasts"),
    Label("공정이 스스로 운영", "the process runs by itself"),
)

SIGNS = {
    "time": (
        Label("작업 시각이 기록되어 있습니다.", "The time of the work is recorded."),
        Label("작업 시각 열이 없습니다.", "There is no column for the time of the work."),
    ),
    "clock": (
        Label("날짜뿐 아니라 시·분까지 있습니다.", "Not only the date, but also hour and minute are there."),
        Label("날짜만 있고 시·분이 없습니다.", "There is a date, but no hour and minute."),
    ),
    "minutes": (
        Label("시각이 5분 단위로 반올림되어 있지 않습니다.", "Times are not rounded to five minutes."),
        Label(
            "시각이 대부분 5분 단위입니다. 사람이 적은 값으로 보입니다.",
            "Nearly all times are multiples of five minutes, as people write them.",
        ),
    ),
    "form": (
        Label("시각의 표기 형식이 하나입니다.", "Times are written in one form."),
        Label("시각의 표기 형식이 여러 가지입니다.", "Times are written in several forms."),
    ),
    "typos": (
        Label(
            "읽을 수 없는 칸이나 전각 문자 같은 입력 오류가 없습니다.",
            "There are no typing errors such as unreadable cells or full-width characters.",
        ),
        Label(
            "읽을 수 없는 칸, 전각 문자, 일부 칸에만 적힌 단위 등 손으로 입력한 흔적이 있습니다.",
            "Some cells look typed: unreadable, in full-width characters, or with a unit where others have none.",
        ),
    ),
    "spellings": (
        Label("같은 값은 늘 같은 말로 적혀 있습니다.", "The same value is always written as the same word."),
        Label("같은 값이 여러 가지 말로 적혀 있습니다.", "The same value is written as different words."),
    ),
}
"""For each sign the sentence where it speaks for automatic recording, and the one where it does not."""

STEPS = {
    "time": Label(
        "기록마다 작업을 시작한 날짜와 시각을 남기십시오. 엑셀에서는 Ctrl+; 다음에 한 칸 띄우고 Ctrl+Shift+; 을 누르면 "
        "지금 시각이 들어갑니다. 시각이 있어야 언제부터 달라졌는지 알 수 있습니다.",
        "Record date and time at which each job begins. In Excel, Ctrl+; then a blank and Ctrl+Shift+; enters the "
        "present moment. Only with a time can anybody tell since when something changed.",
    ),
    "clock": Label(
        "날짜 옆에 시작 시각(시·분)도 기록하십시오. 같은 날의 앞뒤 작업을 구별할 수 있게 됩니다.",
        "Beside the date, record hour and minute of the start. Then jobs of one day can be told apart.",
    ),
    "minutes": Label(
        "시각과 측정값을 사람이 적지 말고 설비에서 받으십시오. 정류기나 온도 조절기의 기록(CSV) 내보내기 한 대부터 "
        "시작하면 충분합니다.",
        "Take times and measured values from the machine instead of writing them. Begin with one: export the log (CSV) "
        "of a single controller, such as a rectifier or a temperature controller.",
    ),
    "form": Label(
        "날짜와 시각을 2026-03-05 14:30 형식 하나로 통일하십시오. 엑셀에서는 열 전체의 셀 서식을 yyyy-mm-dd hh:mm 으로 "
        "지정하면 됩니다.",
        "Write every date and time as 2026-03-05 14:30. In Excel, give the whole column the cell format "
        "yyyy-mm-dd hh:mm.",
    ),
    "typos": Label(
        "손으로 입력하는 칸에 엑셀의 '데이터 유효성 검사'를 걸어 숫자만, 허용 범위 안에서만 입력되게 하십시오.",
        "Let Excel's 'Data Validation' accept only numbers within the allowed range where cells are typed by hand.",
    ),
    "spellings": Label(
        "판정처럼 값이 정해진 열은 엑셀의 '데이터 유효성 검사 > 목록'으로 골라 넣게 하십시오. 표기가 하나로 모입니다.",
        "Where the values are fixed, such as the inspection result, let people choose from a list (Excel: Data "
        "Validation > List). Then each is written in one way.",
    ),
    "monitoring": Label(
        "이 보고서의 허용 범위를 현장 경보 한계로 써 보십시오. 값이 벗어나면 누가 무엇을 조정했는지 함께 기록하는 것이 "
        "3단계(제어)의 시작입니다.",
        "Use the allowed ranges of this report as alarm limits on the shop floor, and record who adjusted what when a "
        "value leaves them: that is how stage 3 (control) begins.",
    ),
}
"""The next step: by the first sign that is missing, or from monitoring to control."""
