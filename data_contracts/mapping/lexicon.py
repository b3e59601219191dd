"""General words of factory tables: what adds nothing to a header, what turns it into something else, what is one word.

These are words of measuring and book-keeping, in Korean and English, and of no trade in particular: what a trade calls
its quantities is said by its contract alone.
"""

__all__ = [
    "AMOUNTS",
    "ASIDE_FOR_NAMES",
    "ASPECTS",
    "COMPANIONS",
    "COUNTS",
    "FILLERS",
    "FINAL",
    "GROUPS",
    "HIGHEST",
    "IMPLIED",
    "MEASURED",
    "NEUTRAL",
    "PARTS",
    "QUALIFIERS",
    "QUANTITIES",
    "SAME",
    "SET",
    "STAGES",
    "STEPS",
    "USUAL_UNITS",
    "words_of",
]


def words_of(text: str) -> list[str]:
    """Return the words of a list that is written as a text."""
    return text.split()


MEASURED = frozenset(
    words_of("""
    pv 실측 실측값 실측치 측정 측정값 측정치 현재 현재값 실적 실적값 실적치 분석값 분석치 actual measured measurement
    reading
    """)
)
"""Words which say that a value was measured. They add nothing: a column of a contract is what was measured."""

SET = frozenset(
    words_of("sv sp 설정 설정값 설정치 셋팅 세팅 목표 목표값 목표치 지시 지령 target setpoint setting setpoints")
)
"""Words which say that a value was wished for: another quantity than the one that was measured."""

NEUTRAL = MEASURED | frozenset(
    words_of("""
    값 수치 데이터 자료 항목 정보 조건 공정 평균 평균값 평균치 value values val data item info information condition
    conditions parameter parameters param average avg ave mean
    """)
)
"""Words that may stand in a header without changing what it means."""

ASIDE_FOR_NAMES = frozenset(words_of("번호 명 이름 코드 name code id"))
"""Words that add nothing to what names a thing: ``라인명`` is ``라인``. They do change a measured quantity."""

GROUPS = frozenset(
    words_of("""
    작업 생산 품질 검사 기본 일반 제품 약품 농도 분석 조성 전기 액 욕 설비 이력 결과 production process quality
    inspection basic general product bath chemical chemistry analysis electrical equipment result job lot
    """)
)
"""Words of headings that stand above several columns; they add nothing to what stands below."""

STAGES = frozenset(words_of("전처리 후처리 pretreatment posttreatment"))
"""Stages of work. They add nothing to a name that has one of `STEPS`, and make another quantity of any other name."""

STEPS = frozenset(
    words_of("""
    탈지 탈지조 산세 산세조 수세 수세조 세척 헹굼 린스 활성화 중화 예열 건조 degreasing degrease degreaser pickling
    pickle rinse rinsing cleaning activation drying preheat
    """)
)
"""Steps of work: ``전처리 탈지 시간`` is ``탈지 시간``, but ``전처리 pH`` is not the pH of the main bath."""

QUALIFIERS = SET | frozenset(
    words_of("""
    기준 표준 규격 사양 스펙 상한 하한 최대 최소 최고 최저 편차 표준편차 누적 합계 총 초기 이전 이후 직전
    직후 전 후 입구 출구 예열 건조 세척 수세 수세수 탈지 산세 활성화 중화 예비 허용 오차 공차 관리 경보 알람
    보정 계획 예정 예상 외기 대기 실내 주변 다음 set goal spec limit limits standard nominal upper lower
    maximum minimum max min std stdev range total sum cumulative initial previous before
    after pre post inlet outlet preheat dry drying rinse rinsing degreasing cleaning pickling tolerance alarm
    warning correction plan planned expected ambient room ucl lcl usl lsl high low next delta diff
    """)
)
"""Words that make another quantity of it, unless the contract itself uses them for the column."""

COMPANIONS = {"온도": frozenset({"습도"})}
"""Words beside which a general word means the air of the workshop."""

COUNTS = frozenset(
    words_of("""
    수 수량 개수 갯수 건수 매수 률 율 비율 백분율 qty quantity count counts cnt pcs ea rate ratio percent pct ppm
    """)
)
"""Words that say how many: ``불량 수량`` is no result although most of its cells are 0 and some are 1."""

ASPECTS = tuple(
    words_of("""
    외관 육안 두께 밀착 광택 치수 내식 염수 색상 색차 경도 조도 거칠기 visual appearance thickness adhesion gloss
    corrosion salt color colour dimension hardness 테이프 굽힘 열충격 격자 tape bend crosshatch
    """)
)
"""Beginnings of words that say which side of a part one inspection among several looks at, or by which test: adhesion,
for one, is tested by bending, by heat or with a tape (ASTM B571, ASTM D3359)."""

FINAL = frozenset(words_of("최종 종합 final overall"))
"""Words that say which of several results counts in the end."""

HIGHEST = frozenset({"max", "maximum", "최대", "상한"})
"""Words beside which ``min`` means the least and no minute."""

_IMPLIED = {
    "시간": "s min h ms",
    "온도": "°C °F K",
    "전압": "V mV kV",
    "전류 밀도": "A/dm² A/m² A/cm² A/ft² mA/cm²",
    "농도": "g/L mg/L kg/m³ mL/L",
    "면적": "dm² cm² m² mm² in² ft²",
    "압력": "bar kPa MPa psi kgf/cm² Pa",
    "속도": "m/min m/s mm/s ft/min",
}
IMPLIED = {unit: words_of(words) for words, units in _IMPLIED.items() for unit in words_of(units)}
"""What a unit says is measured: ``탈지(초)`` is ``탈지 시간``."""

AMOUNTS = frozenset(
    words_of("량 양 함량 첨가량 투입량 주입량 투여량 농도 amount dose dosage level content concentration conc qty")
)
"""Words that add nothing where the unit says what is measured: ``광택제량(mL/L)`` is a concentration, a mL is none."""

FILLERS = frozenset(words_of("of the for in at and by to"))
"""English words without a meaning of their own."""

_SAME = (
    "온도 temperature temp",
    "시간 time duration",
    "전압 voltage",
    "전류 current",
    "밀도 density",
    "농도 concentration conc",
    "압력 pressure",
    "속도 speed",
    "습도 humidity",
    "면적 area",
    "두께 thickness",
    "점도 viscosity",
    "번호 no number num 넘버",
    "판정 judgement judgment",
    "결과 result",
    "검사 inspection insp",
    "불량 defect defects",
    "유형 종류 type",
    "일자 날짜 date",
    "일시 datetime",
    "라인 line",
    "용지 종이 paper",
    "로트 lot",
    "여부 yn is flag",
)
SAME = {word: words.split()[0] for words in _SAME for word in words.split()}
"""Every word that is the same as another, and the one it is treated as."""

PARTS = frozenset(SAME) | frozenset(
    words_of("시각 시작 종료 경도 비율 함량 여부 조도 거칠기 작업 생산 제품 설비 교대 근무 전처리 후처리")
)
"""Words out of which Korean compounds are made, besides those of the contract."""

QUANTITIES = frozenset(SAME.values()) - frozenset(words_of("번호 라인 용지 로트")) | frozenset(words_of("시각 경도"))
"""Words that say what is measured or noted, without saying of what."""

USUAL_UNITS = tuple(
    words_of("""
    °F K s min h ms A/dm² A/m² A/cm² A/ft² mA/cm² V mV kV A mA g/L mg/L kg/m³ mL/L dm² cm² m² mm² in² ft² µm
    mm cm m in bar kPa MPa psi kgf/cm² Pa m/min m/s mm/s ft/min g kg mg N kN kgf
    """)
)
"""Units that a factory may have numbers in although it does not write them down."""
