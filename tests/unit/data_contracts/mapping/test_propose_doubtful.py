"""Headers that may be another column than they look like, each of them asked about."""

from collections.abc import Sequence

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.propose import propose
from tests.factory_tables import around, asked, days, factory_table, numbered, ramp, read_from

Cells = Sequence[str | None]
PLATING, PRINTING = load_contract("plating-defect"), load_contract("print-defect")
GOOD = around("OK", "OK", "OK", "NG")
LOTS: dict[str, Cells] = {"로트번호": numbered("A"), "판정": around("양품", "양품", "불량")}
RUNS: dict[str, Cells] = {"작업번호": numbered("A"), "밴드 여부": around("밴드 없음", "밴드 없음", "밴드 발생")}


def _plating(**columns: Cells) -> dict[str, str | None]:
    return read_from(propose(factory_table(columns), PLATING))


def _printing(**columns: Cells) -> dict[str, str | None]:
    return read_from(propose(factory_table(columns), PRINTING))


def test_the_columns_beside_which_the_headers_stand_are_certain() -> None:
    assert _plating(**LOTS) == {"lot_no": "로트번호", "judgement": "판정"}
    assert _printing(**RUNS) == {"record_id": "작업번호", "band_type": "밴드 여부"}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("전류밀도(20~40 A/dm²)", ramp(10, 14)),
        ("탈지시간(30~90초)", ramp(10, 15)),
        ("온도(20~30℃)", ramp(45, 55)),
        ("온도(60~80℃)", ramp(45, 55)),
        ("도금조 온도(20~30℃)", ramp(45, 55)),
        ("도금조 온도(℃, 20~30)", ramp(45, 55)),
        ("도금조 온도(20∼30, ℃)", ramp(45, 55)),
        ("탈지시간(관리범위 30~90초)", ramp(10, 15)),
    ],
)
def test_limits_in_a_header_are_not_overlooked(header: str, cells: Cells) -> None:
    assert header not in _plating(**LOTS, **{header: cells}).values()


@pytest.mark.parametrize(
    ("header", "good", "bad"),
    [
        ("판정", "정상", "불량"),
        ("외관 판정", "정상", "불량"),
        ("실린더 불량 여부", "없음", "있음"),
        ("결함", "없음", "있음"),
        ("불량", "없음", "있음"),
        ("인쇄 결과", "정상", "불량"),
        ("실린더 검사", "정상", "불량"),
        ("검사 결과", "OK", "NG"),
    ],
)
def test_where_one_kind_of_defect_is_the_target_a_result_in_general_is_not_it(header: str, good: str, bad: str) -> None:
    cells = around(good, good, bad)

    assert _printing(작업번호=numbered("A"), **{header: cells}) == {"record_id": "작업번호"}


@pytest.mark.parametrize(
    "beside",
    [
        {"측정 결과": GOOD, "도금두께(um)": ramp(8, 12)},
        {"외관 판정": GOOD, "밀착 시험": around("이상무", "이상무", "박리")},
        {"외관 검사": GOOD, "종합 등급": around("A", "B", "C")},
        {"육안 검사 결과": GOOD},
        {"작업 결과": GOOD},
        {"생산 결과": around("정상", "정상", "이상")},
        {"생산 일자": days(), "생산 판정": GOOD},
        {"도금 결과": GOOD},
        {"공정검사 판정": GOOD},
        {"조건 판정": GOOD},
        {"평균 판정": GOOD},
        {"시험 판정": GOOD},
        {"항목 판정": GOOD},
    ],
)
def test_only_the_inspection_of_a_lot_as_a_whole_judges_it(beside: dict[str, Cells]) -> None:
    assert "judgement" not in _plating(로트번호=numbered("A"), **beside)


@pytest.mark.parametrize("header", ["검사 결과", "품질 결과", "제품 검사", "최종 검사", "제품 판정", "판정 데이터"])
def test_the_inspection_of_a_lot_as_a_whole_has_many_names(header: str) -> None:
    assert _plating(로트번호=numbered("A"), **{header: GOOD})["judgement"] == header


@pytest.mark.parametrize("header", ["기록 일시", "수집 일시", "record date", "log timestamp", "timestamp", "측정 일시"])
def test_the_moment_of_writing_down_is_not_that_of_the_work(header: str) -> None:
    assert "plated_at" not in _plating(**LOTS, **{header: days()})


@pytest.mark.parametrize("header", ["기록 일시", "수집 일시"])
def test_the_moment_of_writing_down_is_offered_in_a_question(header: str) -> None:
    question = asked(propose(factory_table({**LOTS, header: days()}), PLATING), "column:plated_at")

    assert header in {option.value for option in question.options}


@pytest.mark.parametrize(
    "header", ["측정 장비명", "측정 설비", "measurement equipment", "sensor machine id", "센서 라인"]
)
def test_what_measures_is_no_line(header: str) -> None:
    assert "line" not in _plating(**LOTS, **{header: around("1호기", "2호기")})


def _of_a_sheet(word: str) -> dict[str, Cells]:
    cells: dict[str, Cells] = {
        "온도(℃)": ramp(45, 55),
        "전압(V)": ramp(5, 8),
        "pH": ramp(3.9, 4.4),
        "전류밀도(A/dm²)": ramp(3, 4),
        "판정": GOOD,
    }
    return {f"{word}_{header}": some for header, some in cells.items()}


@pytest.mark.parametrize("word", ["품질", "검사"])
def test_a_word_of_the_inspection_before_every_header_leaves_the_judgement_only(word: str) -> None:
    assert _plating(로트번호=numbered("A"), **_of_a_sheet(word)).keys() == {"lot_no", "judgement"}


_OTHER_SHEETS = (
    "동도금",
    "크롬",
    "수입검사",
    "시험",
    "Cu",
    "Cu2",
    "chrome",
    "copper",
    "IQC",
    "strike",
    "degreaser",
    "분석1차",
)


@pytest.mark.parametrize("word", _OTHER_SHEETS)
def test_a_word_before_every_header_may_name_another_bath_or_inspection(word: str) -> None:
    assert _plating(로트번호=numbered("A"), **_of_a_sheet(word)) == {"lot_no": "로트번호"}


@pytest.mark.parametrize("word", ["IMM3", "PLC2", "니켈도금", "측정", "약품", "FAC"])
def test_a_word_before_every_header_that_can_be_no_other_bath_says_nothing(word: str) -> None:
    assert {"ph", "voltage"} <= _plating(로트번호=numbered("A"), **_of_a_sheet(word)).keys()


@pytest.mark.parametrize(
    "header", ["왁스 투입량(g)", "경화제 투입량(L)", "왁스 사용량(kg)", "왁스(mL)", "WAX_QTY_KG", "왁스 농도(g/L)"]
)
def test_an_amount_in_a_unit_is_asked_about_where_the_contract_agreed_on_none(header: str) -> None:
    assert _printing(**RUNS, **{header: ramp(1, 2.5)}).keys() == {"record_id", "band_type"}


def test_a_qualified_quantity_is_asked_about() -> None:
    cells = {"총 도금시간(분)": ramp(20, 30), "붕산 관리 농도(g/L)": ramp(38, 44), "합계 전압(V)": ramp(5, 8)}

    assert _plating(**LOTS, **cells).keys() == {"lot_no", "judgement"}
