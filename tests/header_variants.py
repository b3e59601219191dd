"""Headers as plating and printing shops write them, by hand, with cells that could stand below them.

A header may hold a unit other than the contract's; `cells_for` then writes the numbers in that unit. Headers of other
quantities (`PLATING_OTHERS`, `PRINTING_OTHERS`) have cells that would fit one of the contract's columns.
"""

from collections.abc import Sequence

from tests.factory_tables import around, days, numbered, ramp

Cells = Sequence[str | None]

PLATING = {
    "lot_no": "LOT NO|Lot No.|로트번호|LOT번호|생산LOT No|로트 No|LotNo|lot_number|배치번호|생산 로트 번호",
    "plated_at": "작업일시|도금일시|작업일자|생산일자|도금시작일시|Date|날짜|작업 시작 일시|Plating Date",
    "line": "라인|라인명|도금라인|LINE|Line No.|라인번호|생산라인",
    "shift": "근무조|주야|주/야|교대|SHIFT|근무 구분|작업조",
    "process": "도금방식|도금 방법|랙/바렐|작업방식|plating method|Rack/Barrel",
    "base_material": "소재|모재|재질|소지금속|Base Material|substrate|material",
    "bath_temperature": "도금조 온도(℃)|도금액온도|욕온|액온(℃)|도금조온도_PV|Bath Temp (°C)|bath_temp|도금욕 온도|"
    "BathTemperature[℃]|1. 도금조 온도|도금조 온도 측정값(℃)|plating bath temperature (°F)|도금조 온도(℉)|온도(℃)",
    "ph": "pH|도금액 pH|pH값|도금조pH|pH(도금액)|Bath pH|ｐＨ|㏗",
    "current_density": "전류밀도(A/dm²)|전류밀도|전류 밀도(ASD)|Current Density|음극전류밀도(A/dm²)|"
    "current_density_asd",
    "voltage": "전압(V)|정류기 전압(V)|Voltage|도금 전압(V)|전압(mV)|욕전압(V)",
    "nickel_sulfate": "황산니켈(g/L)|황산니켈 농도|NiSO4(g/L)|황산니켈(g/ℓ)|Nickel Sulfate|황산 니켈(g/L)",
    "nickel_chloride": "염화니켈(g/L)|염화니켈 농도|NiCl2(g/L)|Nickel Chloride|염화 니켈",
    "boric_acid": "붕산(g/L)|붕산 농도|H3BO3|Boric Acid(g/L)|붕산농도(g/ℓ)",
    "brightener": "광택제(mL/L)|광택제|광택제 농도(ml/L)|Brightener|광택제(㎖/L)",
    "iron_content": "철 농도(mg/L)|Fe(mg/L)|Fe 농도|철 함량|철이온(mg/L)",
    "degreasing_time": "탈지시간(초)|탈지 시간(sec)|탈지시간|탈지(초)|Degreasing Time(s)|탈지시간(분)",
    "pickling_time": "산세시간(초)|산세 시간|산세(초)|Pickling time|acid pickling time (s)",
    "plating_time": "도금시간(분)|도금 시간|Plating Time(min)|도금시간(초)|통전시간(분)|plating_time_min",
    "rinse_time": "수세시간(초)|수세 시간|Rinse Time(s)|수세(초)|수세시간",
    "part_area": "표면적(dm²)|제품면적|도금면적(dm²)|표면적(cm²)|부품 표면적|surface area",
    "judgement": "판정|검사결과|양불판정|합부|합격여부|불량여부|OK/NG|검사 판정|품질판정",
    "defect_type": "불량유형|불량내용|불량종류|Defect Type|불량 현상",
}
"""The columns of a plating shop and names for each, separated by ``|``."""

PLATING_RANGES = {
    "bath_temperature": (45, 60),
    "ph": (3.8, 4.6),
    "current_density": (2, 6),
    "voltage": (5, 10),
    "nickel_sulfate": (220, 300),
    "nickel_chloride": (40, 60),
    "boric_acid": (35, 45),
    "brightener": (2, 8),
    "iron_content": (10, 60),
    "degreasing_time": (120, 400),
    "pickling_time": (20, 90),
    "plating_time": (15, 45),
    "rinse_time": (20, 60),
    "part_area": (1, 15),
}

_WORDS: dict[str, Cells] = {
    "lot_no": numbered("N26"),
    "plated_at": days(),
    "line": around("1라인", "2라인"),
    "shift": around("주간", "야간"),
    "process": around("랙", "바렐"),
    "base_material": around("철", "황동", "동"),
    "judgement": around("양품", "양품", "불량"),
    "defect_type": around(None, None, "핀홀", None, "박리"),
}

_SCALES = {"(mV)": 1000.0, "(cm²)": 100.0}

PLATING_OTHERS: dict[str, Cells] = {
    header: ramp(low, high)
    for low, high, headers in (
        (
            50,
            60,
            "설정온도(℃)|온도 SV|온도 상한|목표온도|건조온도(℃)|탈지온도(℃)|온도(R2)|크롬조 온도(℃)|2번조 온도(℃)",
        ),
        (21, 29, "작업장 온도(℃)|실내온도|room temperature|ambient temperature (°C)|산세온도"),
        (5, 6.4, "수세수 pH|폐수pH|중화 pH|rinse water pH|pH 상한|pH(탈지)|전처리 pH|후처리 pH"),
        (5, 14, "전류(A)|rectifier current (A)|current|peak voltage|최대전압|설정 전압(V)|전해탈지 전압(V)|전압 상한"),
        (3, 8, "목표 전류밀도|전류밀도 상한|광택제 소모량(mL)|target current density|여과 압력(bar)|표면 조도"),
        (120, 200, "황산 농도(g/L)|염산농도|도금전 중량(g)|투입수량|황산니켈 투입량(kg)|sulfate (g/L)|니켈(g/L)"),
        (20, 60, "습도(%)|두께(㎛)|도금 두께|건조시간(초)|중화시간(초)|대기시간(분)|염화물(g/L)|acid (g/L)"),
        (21, 60, "cycle time (min)|이송시간(초)"),
    )
    for header in headers.split("|")
} | {
    "작업자": around("김", "이", "박"),
    "검사일자": days(),
    "출하일": days(),
    "품번": numbered("P"),
    "원자재 LOT": numbered("M"),
    "고객 불량유형": around(None, "얼룩"),
    "고객 재질": around("철", "황동"),
    "비고": around("", "재확인"),
}
"""Other headers of a plating shop: none of them is a column of the contract."""

PRINTING = {
    "record_id": "작업번호|기록번호|Job No|Record No.",
    "viscosity": "점도|잉크점도|잉크 점도(s)|Viscosity|점도값",
    "caliper": "종이두께|용지 두께|paper caliper|지후",
    "ink_temperature": "잉크온도(℃)|잉크 온도|INK TEMP|Ink Temperature (°F)|잉크온도_PV",
    "humidity": "습도|상대습도(%)|Relative Humidity",
    "roughness": "표면거칠기|조도|Roughness",
    "blade_pressure": "블레이드 압력|닥터압력|blade pressure",
    "press_speed": "인쇄속도|인쇄 속도(m/min)|press speed|Press_Speed",
    "varnish_pct": "바니시 함량(%)|바니시(%)|varnish pct",
    "esa_voltage": "ESA전압|ESA 전압(V)|esa voltage",
    "hardener": "경화제|경화제 첨가량",
    "band_type": "밴드 불량 여부|불량 여부|Band Type",
}

PRINTING_RANGES = {
    "viscosity": (45, 60),
    "caliper": (0.2, 0.4),
    "ink_temperature": (13, 22),
    "humidity": (65, 95),
    "roughness": (0.3, 1),
    "blade_pressure": (20, 50),
    "press_speed": (1000, 2200),
    "varnish_pct": (2, 20),
    "esa_voltage": (1, 10),
    "hardener": (0.5, 2),
}

PRINTING_OTHERS: dict[str, Cells] = {
    header: ramp(low, high)
    for low, high, headers in (
        (18, 28, "실내온도(℃)|건조온도(℃)|금형온도(℃)|용제 온도|장력(N)|압동압력|닥터 압력 설정|사출압력"),
        (1000, 2000, "설정 속도|목표 인쇄속도|권취속도|line speed|cylinder speed|주축 회전수(rpm)|용지 폭(mm)"),
        (0.2, 0.5, "코팅 두께|실린더 두께|잉크 두께|도금 두께(mm)"),
        (60, 80, "건조 습도|용지 습도|바니시 점도|접착제 점도|잉크 잔량(%)"),
        (2, 9, "전압|정류기 전압|전류|보압시간|경화 시간|불량률(%)|이송속도"),
    )
    for header in headers.split("|")
}
"""Other headers of printing, moulding and machining shops."""


def cells_for(column: str, header: str, low: float, high: float) -> Cells:
    """Return numbers for a column, in the unit that its header names."""
    if any(unit in header for unit in ("℉", "°F")):
        return ramp(low * 1.8 + 32, high * 1.8 + 32)
    scale = next((factor for unit, factor in _SCALES.items() if unit in header), 1.0)
    if column == "plating_time" and "(초)" in header:
        scale = 60.0
    if column == "degreasing_time" and "(분)" in header:
        scale = 1 / 60
    return ramp(low * scale, high * scale)


def plating_cells(column: str, header: str) -> Cells:
    """Return cells for a column of the plating shop."""
    return _WORDS[column] if column in _WORDS else cells_for(column, header, *PLATING_RANGES[column])


def printing_cells(column: str, header: str) -> Cells:
    """Return cells for a column of the printing shop."""
    words: dict[str, Cells] = {"record_id": numbered("J"), "band_type": around("noband", "noband", "band")}
    return words[column] if column in words else cells_for(column, header, *PRINTING_RANGES[column])
