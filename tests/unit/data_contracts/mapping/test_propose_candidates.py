"""Which headers are offered for a column that no header names, and which rival results keep the target in doubt."""

from collections.abc import Mapping, Sequence

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import Proposal
from tests.factory_tables import around, factory_table, numbered, ramp, read_from

Cells = Sequence[str | None]
PLATING, PRINTING = load_contract("plating-defect"), load_contract("print-defect")
GOOD = around("양품", "양품", "양품", "불량")
LOTS: dict[str, Cells] = {"로트번호": numbered("A"), "판정": GOOD}
RUNS: dict[str, Cells] = {"작업번호": numbered("A"), "밴드 여부": around("밴드 없음", "밴드 없음", "밴드 발생")}


def _plating(cells: Mapping[str, Cells]) -> Proposal:
    return propose(factory_table({**LOTS, **cells}), PLATING)


def _offered(proposal: Proposal, column: str) -> list[str]:
    found = [one for one in proposal.questions if one.key == f"column:{column}"]
    return [option.value for question in found for option in question.options if option.value]


def test_a_header_that_shares_a_word_of_this_column_alone_is_always_listed() -> None:
    cells = {"Ni전수세(초)": ramp(30, 80, digits=0), "동_시간(초)": ramp(60, 200, digits=0)}

    assert _offered(_plating(cells), "rinse_time") == ["Ni전수세(초)"]


def test_what_was_measured_is_offered_before_what_was_set() -> None:
    cells = {"ZZ_CUR_DEN_SV": ramp(2, 5, digits=0), "ZZ_CUR_DEN_PV": ramp(2, 5)}

    assert _offered(_plating(cells), "current_density")[:2] == ["ZZ_CUR_DEN_PV", "ZZ_CUR_DEN_SV"]


def test_a_named_header_is_listed_although_its_cells_are_no_numbers() -> None:
    cells = {"도금시간(시:분)": [f"{1 + row % 3}:{row:02d}" for row in range(40)]}

    assert _offered(_plating(cells), "plating_time") == ["도금시간(시:분)"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("순번", [str(row) for row in range(1, 41)]),
        ("zz", [str(row) for row in range(1, 41)]),
        ("시료수", ramp(3, 9, digits=0)),
        ("투입수량", ramp(20, 90, digits=0)),
        ("kWh", ramp(10, 24)),
        ("단가(원)", ramp(20, 90, digits=0)),
        ("zz 상한", ramp(20, 90)),
        ("ZZ_CODE", ramp(10, 30, digits=0)),
        ("크롬욕 시간(분)", ramp(2, 6)),
        ("Zn (mg/L)", ramp(2, 60)),
    ],
)
def test_what_is_no_measurement_of_this_bath_is_offered_for_nothing(header: str, cells: Cells) -> None:
    assert _plating({header: cells}).questions == ()


def test_a_header_that_says_nothing_is_still_offered_for_what_its_numbers_allow() -> None:
    assert "zz" in _offered(_plating({"zz": ramp(4.1, 4.6)}), "ph")


def test_a_unit_of_another_kind_is_no_candidate() -> None:
    table = factory_table({**RUNS, "zz(℃)": ramp(40, 50), "yy(mm)": ramp(40, 50), "xx": ramp(40, 50)})

    assert _offered(propose(table, PRINTING), "proof_cut") == ["xx"]


def test_a_header_whose_words_speak_for_one_column_is_no_candidate_for_another() -> None:
    proposal = _plating({"담근 시간(초)": ramp(20, 90), "붕산 측정치 zz": ramp(20, 60)})

    assert [one.column for one in proposal.questions if "붕산 측정치 zz" in _offered(proposal, one.column)] == [
        "boric_acid"
    ]


@pytest.mark.parametrize("other", ["전LOT 판정", "전작업 판정", "전 로트 판정"])
def test_the_result_of_the_lot_before_is_no_rival(other: str) -> None:
    assert read_from(_plating({other: ["양품", *GOOD[:-1]]}))["judgement"] == "판정"


def test_a_result_under_such_a_header_that_repeats_what_is_bad_is_a_rival() -> None:
    cells = [*GOOD[:-2], "불량", GOOD[-1]]

    assert _offered(_plating({"전LOT 판정": cells}), "judgement") == ["판정", "전LOT 판정"]


def test_the_result_of_something_else_is_no_rival_where_the_header_names_the_target() -> None:
    other = around("적합", "부적합", "적합")

    lots = {"로트번호": numbered("A"), "로트 검사결과": GOOD, "액판정": other}
    assert read_from(propose(factory_table(lots), PLATING))["judgement"] == "로트 검사결과"
    assert read_from(propose(factory_table({**RUNS, "핀트 판정": other}), PRINTING))["band_type"] == "밴드 여부"


def test_a_rival_result_is_listed_among_the_options() -> None:
    assert _offered(_plating({"재검 판정": around("양품", "불량")}), "judgement") == ["판정", "재검 판정"]
    again = {**RUNS, "재검 판정": around("합격", "불합격")}
    assert _offered(propose(factory_table(again), PRINTING), "band_type") == ["밴드 여부", "재검 판정"]


def test_two_manners_of_one_step_are_asked_about_and_one_alone_is_the_step() -> None:
    soak, electro = {"침지탈지 시간(초)": ramp(60, 180)}, {"전해탈지 시간(초)": ramp(30, 90)}

    assert read_from(_plating(electro))["degreasing_time"] == "전해탈지 시간(초)"
    assert set(_offered(_plating({**soak, **electro}), "degreasing_time")) == {*soak, *electro}


def test_a_manner_that_no_name_of_the_step_has_is_asked_about() -> None:
    assert "초음파탈지(초)" in _offered(_plating({"초음파탈지(초)": ramp(60, 180)}), "degreasing_time")


@pytest.mark.parametrize("header", ["탈지 시간(초)", "총 탈지시간(초)"])
def test_a_step_as_a_whole_is_certain(header: str) -> None:
    assert read_from(_plating({header: ramp(60, 180)}))["degreasing_time"] == header
