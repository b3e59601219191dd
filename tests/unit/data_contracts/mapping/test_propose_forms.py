"""The forms that a header takes around a name that is known, and those that make another thing of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from data_contracts.contract import Contract, load_contract
from data_contracts.mapping.propose import propose
from tests.factory_tables import SHOP, around, days, factory_table, numbered, ramp, read_from, shop_file

Cells = Sequence[str | None]
PLATING = load_contract("plating-defect")


def _shares() -> Contract:
    """Return the moulding trade with a share, an amount without a unit, and the air of the workshop."""
    regrind = replace(SHOP.column("ph"), name="regrind", minimum=0, maximum=40, unit="%", synonyms=("REGRIND PCT",))
    additive = replace(SHOP.column("ph"), name="additive", minimum=0, maximum=40, synonyms=("착색제", "착색제 첨가량"))
    humidity = replace(SHOP.column("ph"), name="humidity", minimum=0, maximum=100, synonyms=("습도", "실내 습도"))
    labels = {"regrind": "분쇄재 비율", "additive": "착색제 첨가량", "humidity": "실내 습도"}
    more = (replace(one, label=replace(one.label, ko=labels[one.name])) for one in (regrind, additive, humidity))
    return replace(SHOP, columns=(*SHOP.columns, *more))


def _alone(header: str, cells: Cells, contract: Contract = SHOP) -> dict[str, str | None]:
    return read_from(propose(factory_table({header: cells, "비고": around("가", "나")}), contract))


@pytest.mark.parametrize(
    ("header", "column", "cells"),
    [
        ("수지 온도는 몇 도인가요?", "melt_temperature", ramp(200, 240)),
        ("샷 번호를 적어주세요", "shot_no", numbered("S")),
        ("언제 성형했나요?", "moulded_at", days()),
        ("냉각 몇 초 했나요?", "cooling_time", ramp(200, 400)),
        ("불량인가요?", "result", around("아니오", "아니오", "예")),
        ("금회 수지 온도(℃)", "melt_temperature", ramp(200, 240)),
        ("수지 온도 실제값(℃)", "melt_temperature", ramp(200, 240)),
        ("pH(25℃)", "ph", ramp(6, 8)),
        ("일자(YYYY-MM-DD)", "moulded_at", days()),
        ("성형한 날짜", "moulded_at", days()),
        ("작   업   일   자", "moulded_at", days()),
        ("당사 샷 번호", "shot_no", numbered("S")),
        ("냉각sec", "cooling_time", ramp(200, 400)),
        ("meltTempC", "melt_temperature", ramp(200, 240)),
        ("MELT_TMP_C", "melt_temperature", ramp(200, 240)),
        ("냉각시간(M)", "cooling_time", ramp(3, 8)),
        ("COOLING_TIME_S", "cooling_time", ramp(200, 400)),
        ("온도센서3(수지)", "melt_temperature", ramp(200, 240)),
        ("HOLD PRS(kPa)", "hold_pressure", ramp(20_000, 60_000)),
        ("COOLA_PH", "ph", ramp(6, 8)),
        ("근무조(주간/야간)", "shift", around("주간", "야간")),
        ("판정(필수)", "result", around("good", "bad")),
        ("수지 온도(℃)(실측)", "melt_temperature", ramp(200, 240)),
        ("수지 온도(실측/℃)", "melt_temperature", ramp(200, 240)),
        ("수지 온도 점검값(℃)", "melt_temperature", ramp(200, 240)),
        ("SHIFT_NM", "shift", around("주간", "야간")),
        ("주간/야간", "shift", around("주간", "야간")),
    ],
)
def test_what_stands_around_a_name_adds_nothing(header: str, column: str, cells: Cells) -> None:
    assert _alone(header, cells) == {column: header}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("금형 온도는 몇 도인가요?", ramp(200, 240)),
        ("다음 샷 번호를 적어주세요", numbered("S")),
        ("언제 검사했나요?", days()),
        ("전회 수지 온도(℃)", ramp(200, 240)),
        ("수지 온도 예측(℃)", ramp(200, 240)),
        ("온도센서3(금형)", ramp(200, 240)),
        ("pH센서2", ramp(6, 8)),
        ("폐수(pH)", ramp(6, 8)),
        ("실수지 온도", ramp(200, 240)),
        ("고객 샷 번호", numbered("S")),
        ("COOL_LEVEL_S", ramp(200, 400)),
        ("분", ramp(3, 8)),
        ("C", ramp(200, 240)),
        ("타임스탬프", days()),
        ("출하한 날짜", days()),
        ("수지 온도(200~240℃)", ramp(200, 240)),
        ("수지 온도(℃, 200~240)", ramp(200, 240)),
        ("pH(관리범위 6~8)", ramp(6, 8)),
        ("pH(6.5~7.5)", ramp(6, 8)),
        ("pH(1~3)", ramp(6, 8)),
        ("수지 온도(1~3호기)", ramp(200, 240)),
        ("pH 상한(6.5~7.5)", ramp(6, 8)),
        ("점검 일자", days()),
        ("야간", around("주간", "야간")),
    ],
)
def test_a_word_that_may_make_another_thing_of_a_name_is_asked_about(header: str, cells: Cells) -> None:
    assert _alone(header, cells) == {}


@pytest.mark.parametrize("header", ["HUMID", "실내 습도", "작업장 습도(%)", "환경 습도", "공장습도"])
def test_the_air_of_the_workshop_has_many_names_and_a_dryer_has_another(header: str) -> None:
    contract = _shares()

    assert _alone(header, ramp(40, 60), contract) == {"humidity": header}
    assert _alone("건조 습도", ramp(40, 60), contract) == {}


@pytest.mark.parametrize("header", ["분쇄재 %", "분쇄재비", "분쇄재 함량(%)", "REGRIND_RT", "regrind share"])
def test_a_share_is_one_whatever_word_says_so(header: str) -> None:
    assert _alone(header, ramp(10, 20), _shares()) == {"regrind": header}


@pytest.mark.parametrize("header", ["착색제량", "착색제 QTY", "첨가 착색제", "착색제 투입량"])
def test_an_amount_for_which_no_unit_is_agreed_is_one_whatever_word_says_so(header: str) -> None:
    assert _alone(header, ramp(1, 3), _shares()) == {"additive": header}


@pytest.mark.parametrize("header", ["분쇄재 QTY", "REGRIND_STOCK", "분쇄재 재고 %", "착색제 재고량", "착색제 온도"])
def test_an_amount_is_no_share_and_a_stock_is_neither(header: str) -> None:
    assert _alone(header, ramp(10, 20), _shares()) == {}


def test_a_header_that_is_a_unit_says_what_is_measured() -> None:
    assert _alone("A/dm2", ramp(2, 4), PLATING) == {"current_density": "A/dm2"}
    assert _alone("V", ramp(5, 9), PLATING) == {"voltage": "V"}
    assert _alone("A", ramp(5, 9), PLATING) == {}


def test_a_unit_names_the_quantity_of_a_column_for_which_no_unit_is_agreed() -> None:
    printing = load_contract("print-defect")

    assert _alone("ESA_V", ramp(2, 9), printing) == {"esa_voltage": "ESA_V"}
    assert _alone("MOTOR_V", ramp(2, 9), printing) == {}


def test_real_is_the_measured_one_beside_a_setpoint_and_unknown_without_one() -> None:
    both = factory_table({"실 수지 온도": ramp(200, 240), "설정 수지 온도": ramp(210, 230), "비고": around("가", "나")})

    assert read_from(propose(both, SHOP)) == {"melt_temperature": "실 수지 온도"}
    assert _alone("실 수지 온도", ramp(200, 240)) == {}


def test_an_abbreviation_is_spelled_out_where_one_word_of_the_contract_begins_so() -> None:
    glue = replace(SHOP.column("ph"), name="glue", synonyms=("viscosity of glue",), minimum=0, maximum=50)
    contract = replace(SHOP, columns=(*SHOP.columns, glue))

    assert _alone("GLUE VISCOS", ramp(20, 40), contract) == {"glue": "GLUE VISCOS"}
    assert _alone("GLUE VIS", ramp(20, 40), contract) == {}


def test_a_moment_of_logging_is_not_that_of_the_work() -> None:
    assert _alone("수집일시", days()) == {}


def test_a_time_of_day_is_no_rival_of_a_date() -> None:
    cells = {"일자": days(), "시각": around("0810", "0945"), "샷 번호": numbered("S")}

    assert read_from(propose(factory_table(cells), SHOP))["moulded_at"] == "일자"


def test_a_plain_file_of_a_form_is_understood_without_a_question() -> None:
    form = {
        "샷 번호": "샷 번호를 적어주세요",
        "성형 일시": "언제 성형했나요?",
        "수지 온도(℃)": "수지 온도는 몇 도인가요?",
        "보압(kPa)": "보압은 몇 kPa인가요?",
        "냉각 시간(초)": "냉각을 몇 초 했나요?",
        "pH": "pH는?",
        "근무조": "근무조는 무엇인가요?",
        "판정": "판정을 선택해 주세요",
        "불량 유형": "어떤 불량인가요?",
    }
    cells = {form[header]: cells for header, cells in shop_file().items()}

    assert len(read_from(propose(factory_table(cells), SHOP))) == len(SHOP.columns)
