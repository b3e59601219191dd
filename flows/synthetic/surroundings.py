"""What a plating factory's file holds beside the contract's columns: customers, people, other measurements, remarks.

All names and numbers are invented; the telephone numbers begin with 010-0000, which is given to nobody.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from flows.synthetic.bath import Floats
from flows.synthetic.defects import MICROMETRES

Texts = NDArray[np.object_]

_SURNAMES = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황", "안", "송"]
_GIVEN = [
    "민수",
    "영호",
    "성진",
    "정훈",
    "상철",
    "동욱",
    "미경",
    "은주",
    "재현",
    "기태",
    "병철",
    "순자",
    "지훈",
    "수빈",
    "태영",
    "응우옌",
]
_CUSTOMERS = [
    "가나정공",
    "다라모터스",
    "마바전자",
    "사아밸브",
    "자차금속",
    "카타정밀",
    "파하테크",
    "한빛예시",
    "두루가상",
]
_PARTS = [
    "브라켓",
    "하우징",
    "볼트M8",
    "커넥터핀",
    "수전바디",
    "플랜지",
    "캡",
    "샤프트",
    "와셔",
    "단자",
    "핸들",
    "노즐",
]
_REMARKS = (
    "재도금",
    "바스켓 교체",
    "광택제 1L 보충",
    "필터 교환",
    "고객 샘플",
    "액 분석 의뢰",
    "급함",
    "정류기 점검",
    "히터 1개 고장",
    "야간 인원 부족",
    "pH 조정함",
    "외주 연마품",
)
_SUPPLIERS = ("자체", "외주A", "외주B")


def surround(lots: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return further columns for the same lots: those of `EXTRAS`.

    Args:
        lots: As from `simulate`.
        rng: Source of chance.
    """
    found = {**_measured(lots, rng), **_times(lots, rng), **_people_and_goods(lots, rng)}
    return pd.DataFrame(found, index=lots.index)


EXTRAS: tuple[str, ...] = (
    "thickness", "amperes", "ampere_hours", "set_temperature", "dryer_temperature", "drying_time", "rinse_ph",
    "degreaser_temperature", "acid_concentration", "strike_time", "copper_content", "hall_temperature", "humidity",
    "filter_pressure", "bath_level", "cycle_time", "finished_at", "received_at", "shipped_at", "parts", "defect_parts",
    "weight", "yield_share", "customer", "part_name", "part_number", "operator", "inspector", "supplier", "number",
    "barrel_number", "remark", "unit_price", "film_test",
)  # fmt: skip
"""Names of the further columns."""


def _measured(lots: pd.DataFrame, rng: np.random.Generator) -> dict[str, Floats]:
    def around(value: float, spread: float) -> Floats:
        return value + spread * rng.standard_normal(len(lots))

    density, minutes = lots["current_density"].to_numpy(), lots["plating_time"].to_numpy()
    area, count = lots["part_area"].to_numpy(), _count(lots, rng)
    amperes = density * area * count
    bad = np.where(lots["judgement"] == "ng", rng.binomial(count.astype(int), 0.12) + 1, 0)
    return {
        "thickness": MICROMETRES * 0.95 * density * minutes * np.exp(0.05 * rng.standard_normal(len(lots))),
        "amperes": amperes,
        "ampere_hours": amperes * minutes / 60,
        "set_temperature": np.full(len(lots), float(np.round(lots["bath_temperature"].mean()))),
        "dryer_temperature": around(85, 4),
        "drying_time": around(6, 1).clip(1),
        "rinse_ph": around(6.8, 0.3),
        "degreaser_temperature": around(60, 3),
        "acid_concentration": around(12, 1.5).clip(5),
        "strike_time": around(90, 12).clip(20),
        "copper_content": around(12, 4).clip(1),
        "hall_temperature": around(22, 6),
        "humidity": around(55, 10).clip(20, 95),
        "filter_pressure": around(1.4, 0.2).clip(0.3),
        "bath_level": around(2400, 60),
        "cycle_time": minutes * 60 + around(600, 60),
        "parts": count,
        "defect_parts": bad.astype(np.float64),
        "weight": count * area * 0.04,
        "yield_share": 100 * (1 - bad / (count + 1)),
        "unit_price": np.round(around(350, 120).clip(40), -1),
        "number": np.arange(1, len(lots) + 1, dtype=np.float64),
        "barrel_number": rng.integers(1, 13, len(lots)).astype(np.float64),
    }


def _count(lots: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Return how many parts are in a lot; small ones come in thousands."""
    usual = 400 / lots["part_area"].to_numpy()
    return np.maximum(np.round(usual * np.exp(0.4 * rng.standard_normal(len(lots))), -1), 10.0)


def _times(lots: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.Series]:
    minutes = lots["plating_time"].to_numpy() + rng.uniform(8, 20, len(lots))
    before, after = rng.integers(1, 6, len(lots)), rng.integers(1, 8, len(lots))
    day = lots["plated_at"].dt.normalize()
    return {
        "finished_at": (lots["plated_at"] + pd.to_timedelta(minutes, unit="min")).dt.floor("s"),
        "received_at": day - pd.to_timedelta(before, unit="D"),
        "shipped_at": day + pd.to_timedelta(after, unit="D"),
    }


def _people_and_goods(lots: pd.DataFrame, rng: np.random.Generator) -> dict[str, Texts]:
    def one_of(texts: list[str], count: int) -> Texts:
        few = rng.choice(np.array(texts, dtype=object), size=min(count, len(texts)), replace=False)
        return np.asarray(rng.choice(few, size=len(lots)), dtype=object)

    people = [family + given for family in _SURNAMES for given in _GIVEN]
    parts = one_of(_PARTS, 6)
    numbers = {
        part: f"{'ABCDK'[index % 5]}{rng.integers(1000, 99999)}-{index:02d}" for index, part in enumerate(_PARTS)
    }
    tested = np.where(lots["judgement"] == "ng", rng.choice(["NG", "OK"], len(lots), p=[0.4, 0.6]), "OK")
    return {
        "customer": one_of(_CUSTOMERS, 5),
        "part_name": parts,
        "part_number": np.array([numbers[part] for part in parts], dtype=object),
        "operator": one_of(people, 6),
        "inspector": one_of(people, 3),
        "supplier": one_of(list(_SUPPLIERS), 3),
        "film_test": tested.astype(object),
        "remark": _remarks(len(lots), people, rng),
    }


def _remarks(count: int, people: list[str], rng: np.random.Generator) -> Texts:
    """Return remarks for one lot in eight; one in forty of these holds a person's telephone number."""
    texts = np.full(count, None, dtype=object)
    for row in np.flatnonzero(rng.random(count) < 0.125):  # noqa: PLR2004
        texts[row] = str(rng.choice(_REMARKS))
        if rng.random() < 0.025:  # noqa: PLR2004
            texts[row] = f"{rng.choice(people)} 010-0000-{rng.integers(1000, 9999)} 연락"
    return texts
