"""General words of factory tables: what adds nothing to a header, what turns it into something else, what is one word.

These are words of measuring and book-keeping, in Korean and English, and of no trade in particular: what a trade calls
its quantities is said by its contract alone.
"""

__all__ = [
    "ADDED",
    "AIR",
    "AMOUNTS",
    "ASIDE_FOR_NAMES",
    "CHECKED",
    "CLOCK",
    "COMPANIONS",
    "FILLERS",
    "GROUPS",
    "HIGHEST",
    "IMPLIED",
    "MEASURED",
    "MEASURING",
    "NAMES_AND_CODES",
    "NEUTRAL",
    "OTHER_BATHS",
    "OTHER_TIMES",
    "PARTS",
    "PLAIN",
    "QUALIFIERS",
    "QUANTITIES",
    "RATIOS",
    "SAME",
    "SET",
    "STAGES",
    "STARTS",
    "STEPS",
    "TIMES_OF_DAY",
    "USUAL_UNITS",
    "WORK",
    "words_of",
]


def words_of(text: str) -> list[str]:
    """Return the words of a list that is written as a text."""
    return text.split()


MEASURED = frozenset(
    words_of("""
    pv 실측 실측값 실측치 측정 측정값 측정치 현재 현재값 실적 실적값 실적치 실제 실제값 분석값 분석치 금회 금번 이번
    당회 actual act measured measurement reading
    """)
)
"""Words which say that a value was measured, and this time. They add nothing: that is what a contract's columns are."""

SET = frozenset(
    words_of("sv sp 설정 설정값 설정치 셋팅 세팅 목표 목표값 목표치 지시 지령 target setpoint setting setpoints")
)
"""Words which say that a value was wished for: another quantity than the one that was measured."""

PLAIN = frozenset(words_of("값 데이터 자료 정보 value values val data info information"))
"""Words that mean nothing anywhere."""

NEUTRAL = (
    MEASURED
    | PLAIN
    | frozenset(
        words_of("""
        수치 항목 조건 공정 평균 평균값 평균치 센서 item sensor condition conditions parameter parameters param average
        avg ave mean
        """)
    )
)
"""Words that may stand in a header without changing what it means, of a number at least."""

MEASURING = frozenset(
    words_of("""
    pv 실측 실측값 실측치 측정 측정값 측정치 분석값 분석치 센서 measured measurement reading sensor
    """)
)
"""Those of them which make another thing of what is no number: ``측정 설비`` measures, it is not the line."""

CHECKED = frozenset(words_of("점검 점검값 확인 확인값"))
"""Words that add nothing to a number; a moment of checking is another moment, and a check has a result of its own."""

NAMES_AND_CODES = frozenset(words_of("명 이름 코드 name code cd nm"))
"""Words that add nothing to a category: it is known by its words, whatever they are called."""

ASIDE_FOR_NAMES = NAMES_AND_CODES | frozenset(words_of("번호 당사 자사 사내 id"))
"""Words that add nothing to what names a thing: ``라인명`` is ``라인``. They do change a measured quantity."""

GROUPS = frozenset(
    words_of("""
    작업 생산 품질 검사 기본 일반 제품 약품 농도 분석 조성 전기 액 욕 설비 이력 결과 production process quality
    inspection basic general product bath chemical chemistry analysis electrical equipment result job lot
    """)
)
"""Words of headings that stand above several columns; they add nothing to what stands below."""

AIR = frozenset(
    words_of("실내 환경 작업장 작업실 현장 공장 주변 ambient room workshop environment environmental indoor")
)
"""Words for the air of the workshop: each says the same where the contract itself uses one for a column."""

OTHER_TIMES = frozenset(
    words_of("전회 전번 지난 이전 직전 차회 차기 다음 예측 예상 추정 previous prev before next predicted forecast")
)
"""Words for what was or will be another time, or was only foreseen: no second word about this record."""

CLOCK = frozenset(words_of("시각 시간 시분 시 hour clock hhmm"))
"""Words for the time of day, where times of day stand below; 시간 is also the word for how long."""

STARTS = frozenset(words_of("시작 개시 착수 투입 입조 start begin started begun"))
"""Words for when something began."""

WORK = frozenset(words_of("작업 생산 work production"))
"""Words for the work itself, whatever the trade."""

STAGES = frozenset(words_of("전처리 후처리 pretreatment posttreatment"))
"""Stages of work. They add nothing to a name that has one of `STEPS`, and make another quantity of any other name."""

STEPS = frozenset(
    words_of("""
    탈지 탈지조 산세 산세조 수세 수세조 세척 헹굼 린스 활성화 중화 예열 건조 degreasing degrease degreaser pickling
    pickle rinse rinsing cleaning activation drying preheat
    """)
)
"""Steps of work: ``전처리 탈지 시간`` is ``탈지 시간``, but ``전처리 pH`` is not the pH of the main bath."""

OTHER_BATHS = frozenset(
    words_of("""
    chrome chromium chrom copper zinc tin gold silver brass bronze iron steel aluminum aluminium palladium rhodium
    cobalt lead platinum indium cadmium titanium alloy strike cyanide acid alkali alkaline sulfate phosphate anodize
    anodizing zincate electroless eless enp hcl passivation chromate black hard satin waste wastewater water old dummy
    iqc pqc oqc lqc fqc test tests testing trial lab laboratory incoming outgoing sample
    """)
)
"""Words of other baths, and of tests and inspections: before every header of a file, they say whose sheet it is."""

QUALIFIERS = (
    SET
    | AIR
    | OTHER_TIMES
    | frozenset(
        words_of("""
    기준 표준 규격 사양 스펙 상한 하한 최대 최소 최고 최저 편차 표준편차 누적 합계 총 초기 이전 이후 직전
    직후 전 후 입구 출구 예열 건조 세척 수세 수세수 탈지 산세 활성화 중화 예비 허용 오차 공차 관리 경보 알람
    보정 계획 예정 예상 외기 대기 실내 주변 다음 set goal spec limit limits standard nominal upper lower
    maximum minimum max min std stdev range total sum cumulative initial previous before
    after pre post inlet outlet preheat dry drying rinse rinsing degreasing cleaning pickling tolerance alarm
    warning correction plan planned expected ambient room ucl lcl usl lsl high low next delta diff
    """)
    )
)
"""Words that make another quantity of it, unless the contract itself uses them for the column."""

COMPANIONS = {"온도": frozenset({"습도"})}
"""Words beside which a general word means the air of the workshop."""

TIMES_OF_DAY = frozenset({"시각", "시간"})
"""Words over times of day as well as over moments."""

HIGHEST = frozenset({"max", "maximum", "최대", "상한"})
"""Words beside which ``min`` means the least and no minute."""

_IMPLIED = {
    "시간": "s min h ms",
    "온도": "°C °F K",
    "전압": "V mV kV",
    "전류": "A mA",
    "전류 밀도": "A/dm² A/m² A/cm² A/ft² mA/cm²",
    "비율": "%",
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

RATIOS = frozenset(words_of("비율 함량 rt pct percent share content 율 률"))
"""Words that say no more of a column in percent than that it is one: ``잉크 함량``, ``INK_RT``."""

ADDED = frozenset(words_of("량 양 첨가량 투입량 첨가 투입 배합량 amount qty quantity dose dosage added addition"))
"""Words that say no more of a column without a unit that is an amount than that it is one: ``왁스량``, ``WAX_QTY``."""

FILLERS = frozenset(words_of("of the for in at and by to on 의 필수 선택 required"))
"""Words without a meaning of their own: English ones, and a case, the form's that an entry is required."""

_SAME = (
    "온도 temperature temp tmp tmpr tempr",
    "시간 time tm duration dur timer 타이머",
    "전압 voltage volt vlt vltg 볼트",
    "전류 current curr cur amperage ampere amp amps 암페어",
    "밀도 density dens dnst",
    "농도 concentration conc",
    "압력 압 pressure prs",
    "속도 speed spd",
    "습도 humidity",
    "비율 비 ratio",
    "면적 area",
    "두께 thickness thk",
    "점도 viscosity",
    "번호 no number num 넘버",
    "판정 judgement judgment",
    "결과 result",
    "검사 inspection insp",
    "불량 defect defects",
    "유형 종류 type",
    "일자 날짜 날 date dt ymd",
    "일시 datetime dtm dttm",
    "라인 line ln",
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
