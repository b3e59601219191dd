"""What a header says that makes it none of the measured columns, whatever numbers stand below it.

Money, counts, running numbers, codes and limits are no measurements, the condition of another bath is none of this one,
and a unit says what is measured: a column that is called a speed is not found below °C.
"""

import numpy as np

from data_contracts.contract import Column
from data_contracts.mapping.claims import Comparison
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.lexicon import IMPLIED, OTHER_BATHS, words_of
from data_contracts.mapping.units import canonical_unit, conversion

__all__ = ["is_in_another_unit", "is_no_measurement"]

_NOT_MEASURED = frozenset(
    words_of("""
    순번 연번 번호 일련번호 seq sequence no 코드 cd code id 수량 개수 갯수 건수 매수 횟수 회수 대수 인원 qty quantity
    count cnt pcs ea 단가 금액 비용 가격 원가 매출 price cost krw usd 전력 전력량 전기료 kwh energy power 상한 하한 규격
    사양 스펙 공차 허용 오차 경보 알람 편차 표준편차 spec ucl lcl usl lsl upper lower limit limits tolerance alarm
    warning std stdev
    """)
)
"""Words for money, counts, energy, codes and running numbers, and for the limits of a quantity."""

_MONEY = frozenset(words_of("원 천원 만원 백만원 ₩ $ krw usd"))
_NUMBER_OF = "수"  # 시료수, 걸이수: how many; 수세수 and 냉각수 are water
_OTHER_METALS = frozenset(words_of("cr cu zn sn ag au pd 크롬 동 구리 아연 주석 은 금 청화동 황산동"))
_OF_ANOTHER_BATH = ("크롬", "무전해", "청화동", "황산동", "아연욕", "동도금", "동욕")
_LENGTHS = [
    "두께",
    "길이",
    "깊이",
    "거칠기",
    "조도",
    "거리",
    "간격",
    "면적",
    "thickness",
    "caliper",
    "roughness",
    "gap",
    "spacing",
]
_MASSES = ["량", "양", "투입", "투입량", "첨가", "첨가량", "amount", "amt", "dosage"]
_SHARES = ["비율", "율", "습도", "함량", "농도", "content", "percent", "pct", "rate", "share"]
_MEASURED_IN = {
    **{unit: frozenset(words) for unit, words in IMPLIED.items() if unit != "%"},
    **{unit: frozenset(words_of("속도 speed velocity")) for unit in ("rpm", "Hz")},
    **dict.fromkeys(("mm", "cm", "m", "µm", "in", "nm"), frozenset(_LENGTHS)),
    **dict.fromkeys(("kg", "g", "mg", "L", "mL"), frozenset(_MASSES)),
    **dict.fromkeys(("%", "ppm"), frozenset(_SHARES)),
    **dict.fromkeys(("W", "kW", "Wh", "kWh", "Ah", "J", "kJ", "N", "kN", "S", "µS/cm", "mS/cm"), frozenset[str]()),
}
"""What a unit measures, by the words that a column's names then have; `IMPLIED`, and further ones."""
_VISCOSITY = frozenset({"점도", "viscosity"})
_LEAST = 3


def is_in_another_unit(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header has a unit in which the column cannot be measured; also where the unit is all it says."""
    unit = heading.unit or canonical_unit(heading.header.text)
    if unit is None:
        return heading.strange in _MONEY
    if column.unit is not None:
        return conversion(unit, column.unit) is None
    own = comparison.names_of(column).own
    by_cup = unit == "s" and bool(own & _VISCOSITY)  # how long a cup takes to run empty
    return unit in _MEASURED_IN and not own & _MEASURED_IN[unit] and not by_cup


def is_no_measurement(comparison: Comparison, column: Column, heading: Heading) -> bool:
    """Tell whether a header says, in a word that is none of the column's, that it is none of the measured columns."""
    words = [word for word in heading.reading.words if word not in comparison.names_of(column).own]
    return (
        any(word in _NOT_MEASURED or _counts(word) for word in words)
        or any(_is_other_bath(comparison, word) for word in words)
        or _is_running_number(comparison, heading)
    )


def _counts(word: str) -> bool:
    return len(word) >= _LEAST and "가" <= word[0] <= "힣" and word.endswith(_NUMBER_OF)


def _is_other_bath(comparison: Comparison, word: str) -> bool:
    """Tell whether a word names another bath, in a trade that has no such word for a column of its own."""
    if word in comparison.names.lexicon.own:
        return False
    return word in OTHER_BATHS | _OTHER_METALS or word.startswith(_OF_ANOTHER_BATH)


def _is_running_number(comparison: Comparison, heading: Heading) -> bool:
    numbers = comparison.profile.column(heading.header).numbers.values
    known = numbers[np.isfinite(numbers)]
    return len(known) >= _LEAST and bool((np.diff(known) == 1).all())
