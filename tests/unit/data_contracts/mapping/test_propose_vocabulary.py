"""A header that says little, below which stands a category's vocabulary; and results beside others."""

from collections.abc import Sequence

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.propose import propose
from tests.factory_tables import around, factory_table, numbered, ramp, read_from

Cells = Sequence[str | None]
PLATING = load_contract("plating-defect")
GOOD: Cells = around("OK", "OK", "OK", "NG")


def _found(**columns: Cells) -> dict[str, str | None]:
    return read_from(propose(factory_table({"LOT NO": numbered("A"), **columns}), PLATING))


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("구분", around("랙", "바렐"), "process"),
        ("공정구분", around("래크", "바렐"), "process"),
        ("작업구분", around("주간", "야간", "-"), "shift"),
        ("제품 구분", around("철", "황동", "구리"), "base_material"),
        ("검사", GOOD, "judgement"),
        ("결과", GOOD, "judgement"),
        ("결과", around("○", "○", "○", "×"), "judgement"),
        ("결과", around("良", "良", "不良"), "judgement"),
        ("검사", around("좋음", "좋음", "나쁨"), "judgement"),
        ("철/황동", around("철", "황동"), "base_material"),
    ],
)
def test_a_name_in_part_is_enough_over_a_vocabulary(header: str, cells: Cells, column: str) -> None:
    assert _found(**{header: cells}) == {"lot_no": "LOT NO", column: header}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("지그 재질", around("철", "황동")),
        ("검사 구분", around("랙", "바렐")),
        ("구분", around("B", "R")),
        ("구분", around("랙", "주간")),
        ("구분", around("랙", "바렐", "기타1", "기타2")),
        ("종류", around("가", "나")),
        ("두께 판정", GOOD),
        ("외관판정", GOOD),
        ("육안 검사 결과", GOOD),
        ("재검 판정", GOOD),
        ("분석 결과", GOOD),
        ("설비 검사", GOOD),
        ("공정 검사", GOOD),
        ("검사 여부", GOOD),
        ("도금 종류", around("동", "황동")),
        ("검사", around("○", "○", "○", "×")),
        ("결과", around("○", "×", "×", "×")),
        ("전회 판정", GOOD),
        ("출하 여부", GOOD),
        ("불량 수량", ramp(0, 1, digits=0)),
    ],
)
def test_another_word_or_other_cells_leave_a_doubt(header: str, cells: Cells) -> None:
    assert _found(**{header: cells}) == {"lot_no": "LOT NO"}


def test_two_headers_over_the_same_vocabulary_are_asked_about() -> None:
    assert "judgement" not in _found(외관검사=GOOD, 밀착검사=around("OK", "NG"))
    assert "process" not in _found(구분=around("랙", "바렐"), 형태=around("랙", "바렐"))


@pytest.mark.parametrize("other", ["전회 판정", "AI예측결과", "ALM_CD", "재작업 여부"])
def test_what_is_of_another_time_or_foreseen_or_a_code_is_no_second_result(other: str) -> None:
    assert _found(**{"검사 결과": GOOD, other: around("정상", "정상", "이상")})["judgement"] == "검사 결과"


@pytest.mark.parametrize("other", ["재검 결과", "2차 판정", "욕분석 판정"])
def test_a_second_result_is_asked_about(other: str) -> None:
    assert "judgement" not in _found(**{"검사 결과": GOOD, other: around("OK", "OK", "NG")})
