"""What is certain about a file, and what is asked: one plain file, spoiled in one respect at a time."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from data_contracts.contract import Label, load_contract
from data_contracts.intake.guesses import Guess
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import NOT_IN_FILE, Topic
from tests.factory_tables import SHOP, around, asked, days, factory_table, numbered, ramp, read_from, shop_file

Cells = Sequence[str | None]
PLATING = load_contract("plating-defect")


def _without(*headers: str, **added: Cells) -> dict[str, Cells]:
    return {header: cells for header, cells in shop_file().items() if header not in headers} | added


def test_a_plain_file_is_understood_without_a_question() -> None:
    proposal = propose(factory_table(shop_file()), SHOP)

    assert proposal.questions == ()
    assert read_from(proposal) == {
        "shot_no": "샷 번호",
        "moulded_at": "성형 일시",
        "melt_temperature": "수지 온도(℃)",
        "hold_pressure": "보압(kPa)",
        "cooling_time": "냉각 시간(초)",
        "ph": "pH",
        "shift": "근무조",
        "result": "판정",
        "flaw": "불량 유형",
    }


def test_every_guess_has_a_reason_in_both_languages_and_no_cell_of_the_file() -> None:
    proposal = propose(factory_table(shop_file()), SHOP)

    assert {guess.setting.split(".")[1] for guess in proposal.guesses} == {column.name for column in SHOP.columns}
    said = " ".join(f"{guess.value} {guess.reason.ko} {guess.reason.en}" for guess in proposal.guesses)
    assert all(guess.reason.ko and guess.reason.en for guess in proposal.guesses)
    assert not any(cell in said for cell in ("양품", "주간", "버", "S1000", "2026"))


def test_the_mapping_names_the_contract_and_all_headers_and_what_is_not_used() -> None:
    mapping = propose(factory_table(shop_file(비고=around("", "재작업"))), SHOP).mapping

    assert mapping.contract == "shop-defect@1.0.0"
    assert mapping.headers[-1] == "비고"
    assert mapping.ignored == ("비고",)


@pytest.mark.parametrize("other", ["수지 온도 (2)", "수지온도(2)", "수지온도", "수지 온도 측정값", "용융온도"])
def test_two_headers_that_fit_equally_well_are_asked_about(other: str) -> None:
    proposal = propose(factory_table(shop_file(**{other: ramp(201, 241)})), SHOP)

    question = asked(proposal, "column:melt_temperature")
    assert {option.value for option in question.options} == {"수지 온도(℃)", other, NOT_IN_FILE}
    assert "melt_temperature" not in read_from(proposal)


def test_two_headers_over_the_very_same_cells_leave_nothing_to_ask() -> None:
    proposal = propose(factory_table(shop_file(수지온도=ramp(200, 240))), SHOP)

    assert read_from(proposal)["melt_temperature"] == "수지 온도(℃)"


def test_of_a_measured_value_and_its_setpoint_the_measured_one_is_meant() -> None:
    cells = _without("수지 온도(℃)", 수지온도_SV=ramp(210, 230), 수지온도_PV=ramp(200, 240))

    assert read_from(propose(factory_table(cells), SHOP))["melt_temperature"] == "수지온도_PV"


def test_an_amount_is_a_concentration_where_its_unit_says_so() -> None:
    cells = _without("수지 온도(℃)", **{"수지 온도 level(℃)": ramp(200, 240)})

    assert read_from(propose(factory_table(cells), SHOP))["melt_temperature"] == "수지 온도 level(℃)"


def test_a_second_name_and_the_unit_may_stand_in_one_bracket() -> None:
    cells = _without("수지 온도(℃)", **{"Melt temperature (수지 온도, ℉)": ramp(400, 460)})
    found = propose(factory_table(cells), SHOP).mapping.column("melt_temperature")

    assert found is not None
    assert (found.header, found.unit) == ("Melt temperature (수지 온도, ℉)", "°F")


@pytest.mark.parametrize(
    "header",
    [
        "설정 수지 온도(℃)",
        "수지온도 SV",
        "수지 온도(설정)",
        "수지 온도 상한",
        "건조 수지 온도",
        "금형 온도(℃)",
        "수지 온도 전",
        "예비 수지온도",
        "수지 온도2",
        "수지 온도 편차",
        "최대 수지 온도",
        "수지 온도 R2",
    ],
)
def test_a_word_that_is_left_over_makes_a_header_doubtful(header: str) -> None:
    proposal = propose(factory_table(_without("수지 온도(℃)", **{header: ramp(200, 240)})), SHOP)

    assert "melt_temperature" not in read_from(proposal)


@pytest.mark.parametrize(
    "header",
    [
        "수지온도",
        "수지_온도",
        "1. 수지 온도",
        "③수지온도",
        "수지 온도 값",
        "수지온도 측정값(℃)",
        "현재 수지온도",
        "수지온도_PV",
        "수지 온도(Melt Temperature)",
        "MELT TEMPERATURE",
        "MeltTemperature",
        "melt_temperature",
        "ｍｅｌｔ　ｔｅｍｐｅｒａｔｕｒｅ",
        "수지 temperature [°C]",
        "용융 수지 온도",
        "온도(수지)",
        "수지 온도, ℃",
        "사출 정보 수지 온도",
    ],
)
def test_case_width_blanks_numbering_order_and_neutral_words_make_no_difference(header: str) -> None:
    cells = _without("수지 온도(℃)", **{header: ramp(200, 240)})

    assert read_from(propose(factory_table(cells), SHOP)).get("melt_temperature") == header


def test_the_machines_name_before_every_header_says_nothing() -> None:
    cells = {f"IMM3_{header}": cells for header, cells in shop_file().items()}

    assert len(read_from(propose(factory_table(cells), SHOP))) == len(SHOP.columns)


def test_a_heading_of_book_keeping_over_several_columns_says_nothing_but_drying_does() -> None:
    cells = _without(
        "수지 온도(℃)",
        "pH",
        **{
            "작업 조건 수지 온도(℃)": ramp(200, 240),
            "작업 조건 냉각수 유량": ramp(1, 9),
            "건조 pH": ramp(6, 8),
            "건조 시간(분)": ramp(1, 9),
        },
    )

    found = read_from(propose(factory_table(cells), SHOP))

    assert found["melt_temperature"] == "작업 조건 수지 온도(℃)"
    assert "ph" not in found


def test_a_stage_before_a_step_says_nothing_and_before_a_quantity_means_another_one() -> None:
    rinse = replace(SHOP.column("cooling_time"), name="rinse_time", label=Label("수세 시간", "Rinse time"))
    washed = replace(SHOP, columns=(*SHOP.columns, rinse))
    cells = _without("pH", **{"전처리 수세 시간(초)": ramp(10, 40), "전처리 pH": ramp(6, 8)})

    found = read_from(propose(factory_table(cells), washed))

    assert found["rinse_time"] == "전처리 수세 시간(초)"
    assert "ph" not in found


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("수지 온도(℃)", ramp(20, 40)),
        ("수지 온도(kPa)", ramp(200, 240)),
        ("수지 온도(℃)", around("높음", "낮음")),
        ("수지 온도(℃)", days()),
    ],
)
def test_a_name_that_fits_is_not_enough_where_unit_or_cells_speak_against_it(header: str, cells: Cells) -> None:
    proposal = propose(factory_table(_without("수지 온도(℃)", **{header: cells})), SHOP)

    assert asked(proposal, "column:melt_temperature").topic is Topic.COLUMN
    assert "melt_temperature" not in read_from(proposal)


def test_a_few_values_out_of_range_do_not_speak_against_a_name() -> None:
    cells = [*ramp(200, 240, rows=36), "9999", "0", "-1", "9999"]

    assert read_from(propose(factory_table(shop_file(**{"수지 온도(℃)": cells})), SHOP))["melt_temperature"]


def test_values_in_range_alone_make_nothing_certain() -> None:
    cells = _without("수지 온도(℃)", X17=ramp(200, 240))

    proposal = propose(factory_table(cells), SHOP)

    assert "melt_temperature" not in read_from(proposal)
    assert "X17" in {option.value for option in asked(proposal, "column:melt_temperature").options}


def test_a_column_without_a_header_is_never_certain_and_is_offered_where_its_cells_fit() -> None:
    proposal = propose(factory_table({**_without("수지 온도(℃)"), "": ramp(200, 240)}), SHOP)

    question = asked(proposal, "column:melt_temperature")
    assert [option.value for option in question.options] == [NOT_IN_FILE, "(9)"]


@pytest.mark.parametrize(
    ("unit", "cells", "factor"),
    [("°F", ramp(400, 460), "°F"), ("℃", ramp(200, 240), None), ("K", ramp(470, 510), "K")],
)
def test_a_unit_in_the_header_is_converted_from(unit: str, cells: Cells, factor: str | None) -> None:
    proposal = propose(factory_table(_without("수지 온도(℃)", **{f"수지 온도({unit})": cells})), SHOP)

    entry = proposal.mapping.column("melt_temperature")
    assert entry is not None
    assert entry.unit == factor
    assert "melt_temperature" in read_from(proposal)


def test_the_conversion_is_among_the_guesses_with_its_factor() -> None:
    cells = _without("보압(kPa)", **{"보압(bar)": ramp(200, 600)})

    guesses = {guess.setting: guess for guess in propose(factory_table(cells), SHOP).guesses}

    assert guesses["columns.hold_pressure.unit"].value == "bar"
    assert "× 100" in guesses["columns.hold_pressure.unit"].reason.en


def test_a_header_that_says_fahrenheit_over_celsius_is_asked_about() -> None:
    cells = _without("수지 온도(℃)", **{"수지 온도(℉)": ramp(180, 240)})

    question = asked(propose(factory_table(cells), SHOP), "unit:melt_temperature")

    assert [option.value for option in question.options] == ["°C", "°F"]


def test_without_a_unit_values_that_fit_are_taken_as_they_are() -> None:
    proposal = propose(factory_table(_without("냉각 시간(초)", **{"냉각 시간": ramp(20, 40)})), SHOP)

    assert read_from(proposal)["cooling_time"] == "냉각 시간"
    reason = next(guess.reason for guess in proposal.guesses if guess.setting == "columns.cooling_time")
    assert "no unit is written, taken for s" in reason.en


@pytest.mark.parametrize("minutes", [ramp(0.3, 1.2), ramp(2, 3)])
def test_without_a_unit_seconds_that_look_like_minutes_are_asked_about(minutes: Cells) -> None:
    proposal = propose(factory_table(_without("냉각 시간(초)", **{"냉각 시간": minutes})), SHOP)

    assert "min" in {option.value for option in asked(proposal, "unit:cooling_time").options}


def test_a_unit_that_is_not_known_is_asked_about() -> None:
    proposal = propose(factory_table(_without("보압(kPa)", **{"보압(㎏ℓ/zz²)": ramp(20_000, 60_000)})), SHOP)

    assert asked(proposal, "unit:hold_pressure").options[0].value == "kPa"


def test_a_unit_in_the_cells_needs_none_in_the_header() -> None:
    cells = _without("수지 온도(℃)", **{"수지 온도": [f"{value}℃" for value in ramp(200, 240)]})

    assert read_from(propose(factory_table(cells), SHOP))["melt_temperature"] == "수지 온도"


def test_the_last_piece_of_a_header_may_be_its_unit_but_min_beside_max_is_none() -> None:
    one = _without("냉각 시간(초)", cooling_time_min=ramp(0.2, 2))
    two = {**one, "cooling_time_max": ramp(0.4, 3)}

    found = propose(factory_table(one), SHOP).mapping.column("cooling_time")

    assert found is not None
    assert (found.header, found.unit) == ("cooling_time_min", "min")
    assert "cooling_time" not in read_from(propose(factory_table(two), SHOP))


def test_a_unit_says_what_is_measured() -> None:
    cells = _without("냉각 시간(초)", "수지 온도(℃)", **{"냉각(초)": ramp(10, 40), "건조(℃)": ramp(200, 240)})

    found = read_from(propose(factory_table(cells), SHOP))

    assert found["cooling_time"] == "냉각(초)"
    assert "melt_temperature" not in found


def test_a_letter_behind_a_name_is_a_place_and_no_unit_where_another_letter_stands_beside_it() -> None:
    cells = _without("pH", **{"pH(A)": ramp(6, 7), "pH(B)": ramp(7, 8)})

    assert "ph" not in read_from(propose(factory_table(cells), SHOP))


def test_a_general_word_is_enough_where_contract_and_file_have_one_such_quantity_each() -> None:
    alone = _without("수지 온도(℃)", **{"온도(℃)": ramp(200, 240)})

    assert read_from(propose(factory_table(alone), SHOP))["melt_temperature"] == "온도(℃)"


@pytest.mark.parametrize(
    "beside", [{"습도(%)": ramp(40, 60)}, {"노즐 온도(℃)": ramp(200, 240)}, {"호퍼(℃)": ramp(200, 240)}]
)
def test_a_general_word_is_asked_about_beside_the_airs_humidity_or_another_such_quantity(
    beside: dict[str, Cells],
) -> None:
    cells = _without("수지 온도(℃)", **{"온도(℃)": ramp(200, 240)}, **beside)

    question = asked(propose(factory_table(cells), SHOP), "column:melt_temperature")

    assert question.options[0].value == "온도(℃)"


def test_a_general_word_without_a_unit_is_asked_about() -> None:
    cells = _without("수지 온도(℃)", 온도=ramp(200, 240))

    assert asked(propose(factory_table(cells), SHOP), "column:melt_temperature").options[0].value == "온도"


def test_a_date_is_the_only_date_of_the_file_or_it_is_asked_about() -> None:
    one = _without("성형 일시", 날짜=days())

    assert read_from(propose(factory_table(one), SHOP))["moulded_at"] == "날짜"
    assert "moulded_at" not in read_from(propose(factory_table({**one, "출하": days()}), SHOP))


def test_a_record_number_that_repeats_is_asked_about() -> None:
    proposal = propose(factory_table(shop_file(**{"샷 번호": around("S1", "S2", "S3")})), SHOP)

    assert asked(proposal, "column:shot_no").options[0].value == "샷 번호"


def test_a_column_that_nothing_in_the_file_could_be_raises_no_question() -> None:
    proposal = propose(factory_table(_without("수지 온도(℃)", "근무조")), SHOP)

    assert proposal.questions == ()
    assert proposal.mapping.column("shift") is None


def test_dates_that_can_be_read_in_several_orders_are_asked_about() -> None:
    cells = shop_file(**{"성형 일시": [f"0{1 + row % 9}/0{1 + row // 9}/26" for row in range(40)]})

    question = asked(propose(factory_table(cells), SHOP), "dates:moulded_at")

    assert {option.value for option in question.options} == {"ymd", "dmy", "mdy"}


def test_a_thousand_or_a_bit_more_than_one_is_asked_about_unless_the_file_writes_points() -> None:
    doubtful = {"샷 번호": numbered("S"), "보압(kPa)": [f"{20 + row},{200 + row}" for row in range(40)]}

    sure = {**doubtful, "pH": ramp(6, 8)}

    question = asked(propose(factory_table(doubtful), SHOP), "decimal:hold_pressure")
    assert [option.value for option in question.options] == [".", ","]
    assert "hold_pressure" in read_from(propose(factory_table(sure), SHOP))


def test_a_comma_that_can_only_begin_decimals_is_a_guess_and_no_question() -> None:
    cells = shop_file(pH=[value.replace(".", ",") for value in ramp(6, 8)])

    proposal = propose(factory_table(cells), SHOP)

    entry = proposal.mapping.column("ph")
    assert entry is not None
    assert entry.decimal == ","
    assert "columns.ph.decimal" in {guess.setting for guess in proposal.guesses}


def test_new_parts_need_no_result() -> None:
    proposal = propose(factory_table(_without("판정", "불량 유형", 최종=around("양품", "불량"))), SHOP, labelled=False)

    assert proposal.questions == ()
    assert {entry.column for entry in proposal.mapping.columns}.isdisjoint({"result", "flaw"})


def test_the_same_file_gives_the_same_proposal() -> None:
    cells = shop_file(수지온도=ramp(210, 250), X=ramp(1, 2), 최종=around("O", "X"))

    assert propose(factory_table(cells), SHOP) == propose(factory_table(cells), SHOP)


def test_a_file_without_records_is_understood_by_its_names() -> None:
    proposal = propose(factory_table({header: [] for header in shop_file()}), SHOP)

    assert len(read_from(proposal)) == len(SHOP.columns)


def test_a_time_without_a_unit_that_may_be_minutes_or_seconds_is_asked_about() -> None:
    proposal = propose(factory_table(_without("냉각 시간(초)", **{"냉각 시간": ramp(1, 3)})), SHOP)

    assert {"s", "min"} <= {option.value for option in asked(proposal, "unit:cooling_time").options}


def test_a_header_that_pandas_has_numbered_is_a_rival_of_the_first() -> None:
    cells = _without("수지 온도(℃)", **{"수지 온도": ramp(200, 240), "수지 온도.1": ramp(205, 235)})

    assert asked(propose(factory_table(cells), SHOP), "column:melt_temperature")


def test_a_unit_in_the_cells_says_what_is_measured_as_one_in_the_header_does() -> None:
    cells = _without("냉각 시간(초)", 냉각=[f"{value}초" for value in ramp(10, 40)])

    assert read_from(propose(factory_table(cells), SHOP))["cooling_time"] == "냉각"


def test_a_general_word_is_enough_beside_headers_that_other_columns_are_read_from() -> None:
    nozzle = replace(SHOP.column("melt_temperature"), name="nozzle_temperature", label=Label("노즐 온도", "Nozzle"))
    shop = replace(SHOP, columns=(*SHOP.columns, replace(nozzle, synonyms=())))
    cells = _without("수지 온도(℃)", **{"온도(℃)": ramp(200, 240), "노즐 온도(℃)": ramp(200, 240)})

    assert "melt_temperature" not in read_from(propose(factory_table(cells), SHOP))
    assert read_from(propose(factory_table(cells), shop)).get("nozzle_temperature") == "노즐 온도(℃)"


def test_a_general_word_needs_no_unit_beside_the_same_quantity_of_another_step() -> None:
    cells = _without("수지 온도(℃)", 온도=ramp(200, 240), **{"건조 온도": ramp(80, 90)})

    assert read_from(propose(factory_table(cells), SHOP))["melt_temperature"] == "온도"


def test_of_an_average_and_a_value_that_stand_beside_each_other_none_is_certain() -> None:
    alone = _without("수지 온도(℃)", **{"평균 수지 온도": ramp(200, 240)})

    assert read_from(propose(factory_table(alone), SHOP))["melt_temperature"] == "평균 수지 온도"
    both = propose(factory_table({**alone, "수지 온도": ramp(201, 241)}), SHOP)
    assert asked(both, "column:melt_temperature").topic is Topic.COLUMN


def test_numbers_that_fit_in_one_other_unit_alone_are_converted_and_the_reason_says_so() -> None:
    proposal = propose(factory_table(_without("수지 온도(℃)", **{"수지 온도": ramp(400, 460)})), SHOP)

    entry = proposal.mapping.column("melt_temperature")
    assert entry is not None
    assert entry.unit == "°F"
    assert proposal.questions == ()
    assert any("only °F fits" in guess.reason.en for guess in proposal.guesses)


def test_a_name_is_the_same_with_a_blank_and_without_beside_other_words() -> None:
    cells: dict[str, Cells] = {
        "기본 정보 라인명": around("1호기", "2호기"),
        "기본 정보 품명": around("A", "B"),
        "LOT NO": numbered("A"),
    }

    assert read_from(propose(factory_table(cells), PLATING))["line"] == "기본 정보 라인명"


def test_an_area_that_times_the_density_is_the_current_is_that_of_the_whole_load() -> None:
    area, density = ramp(10, 40), ramp(2, 4)
    current = [f"{float(one) * float(other):.1f}" for one, other in zip(area, density, strict=True)]
    cells: dict[str, Cells] = {"LOT NO": numbered("A"), "면적(dm²)": area, "전류밀도(A/dm²)": density}

    assert read_from(propose(factory_table(cells), PLATING))["part_area"] == "면적(dm²)"
    beside = propose(factory_table({**cells, "정류기 출력(A)": current}), PLATING)
    assert asked(beside, "column:part_area").options[0].value == "면적(dm²)"


def test_pre_treatment_is_one_word_however_it_is_written() -> None:
    for stage in ("Pre-treatment", "Pretreatment", "PRE TREATMENT"):
        header = f"{stage} Degreasing Time(s)"

        assert read_from(propose(factory_table({header: ramp(120, 400)}), PLATING)) == {"degreasing_time": header}


def _looks_like_a_series(*headers: str) -> Guess:
    value = json.dumps({"series": headers, "names": "구분", "values": "값"}, ensure_ascii=False)
    return Guess("melt", value, Label("이어집니다", "differ in a number only"), certain=False)


def test_columns_that_the_contract_has_each_are_no_series_whatever_their_names() -> None:
    series = _looks_like_a_series("수지 온도(℃)", "보압(kPa)", "냉각 시간(초)")

    assert propose(replace(factory_table(shop_file()), guesses=(series,)), SHOP).questions == ()


def test_columns_that_look_like_a_series_are_asked_about_when_the_contract_lacks_one_of_them() -> None:
    table = factory_table(_without(온도1=ramp(1, 9)))

    proposal = propose(replace(table, guesses=(_looks_like_a_series("수지 온도(℃)", "온도1"),)), SHOP)

    assert [question.key for question in proposal.questions if question.topic is Topic.FILE] == ["file:melt"]


@pytest.mark.parametrize("header", ["광택제 첨가량(mL/L)", "광택제 투입량(mL/L)", "brightener dose (mL/L)"])
def test_an_amount_per_litre_is_a_concentration_whatever_word_it_has_for_amount(header: str) -> None:
    assert read_from(propose(factory_table({header: ramp(5, 15)}), PLATING)) == {"brightener": header}


@pytest.mark.parametrize("header", ["광택제 투입량(mL)", "도금 투입 시간(분)"])
def test_an_amount_of_no_litre_and_a_time_of_loading_are_not_taken_unasked(header: str) -> None:
    assert read_from(propose(factory_table({header: ramp(5, 15)}), PLATING)) == {}


@pytest.mark.parametrize("beside", [{"온도 구분": around("고온", "저온")}, {"창고 온도(℃)": ramp(18, 30)}])
def test_what_cannot_be_the_quantity_is_no_rival_of_a_general_word(beside: dict[str, Cells]) -> None:
    cells = _without("수지 온도(℃)", **{"온도(℃)": ramp(200, 240)}, **beside)

    assert read_from(propose(factory_table(cells), SHOP))["melt_temperature"] == "온도(℃)"


def test_a_rival_of_a_general_word_stays_one_while_half_of_its_numbers_fit() -> None:
    cells = _without("수지 온도(℃)", **{"온도(℃)": ramp(200, 240), "노즐 온도(℃)": ramp(100, 240)})

    assert asked(propose(factory_table(cells), SHOP), "column:melt_temperature").options[0].value == "온도(℃)"


def test_a_word_that_begins_with_a_step_of_work_names_what_belongs_to_that_step() -> None:
    bath = {"LOT NO": numbered("A"), "온도(℃)": ramp(50, 58)}

    assert read_from(propose(factory_table({**bath, "탈지액 온도(℃)": ramp(45, 60)}), PLATING)) == {
        "lot_no": "LOT NO",
        "bath_temperature": "온도(℃)",
    }
    beside = propose(factory_table({**bath, "탱크 온도(℃)": ramp(45, 60)}), PLATING)
    assert asked(beside, "column:bath_temperature").options[0].value == "온도(℃)"


def test_a_unit_in_a_reason_has_the_one_particle_that_fits_its_sound() -> None:
    cells: dict[str, Cells] = {"도금 시간(분)": ramp(20, 60), "탈지 시간(분)": ramp(1, 8), "수세 시간": ramp(300, 500)}
    cells |= {"붕산(℃)": ramp(20, 40), "산세 시간(분)": ramp(30, 90)}
    proposal = propose(factory_table({**cells, "황산니켈": ramp(220, 300)}), PLATING)
    said = " ".join([*(one.reason.ko for one in proposal.guesses), *(one.text.ko for one in proposal.questions)])
    said += " ".join(option.text.ko for one in proposal.questions for option in one.options)

    for sentence in ("단위 min을 ", "단위 표기가 없어 s로 봄", "단위 표기가 없어 g/L로 봄", "단위가 g/L이 아니라 °C"):
        assert sentence in said
    assert "min으로 적혀 있으나 값은 s에 맞음" in said
    assert not any(both in said for both in ("(으)로", "을(를)", "이(가)"))


@pytest.mark.parametrize("header", ["지그 번호", "Jig No", "실내 습도(%RH)", "폐수 pH", "탱크 온도(℃)", "불량 수량"])
def test_a_header_that_says_it_measures_something_else_is_never_offered_for_numbers(header: str) -> None:
    numbers = ramp(200, 240)
    without = _without("수지 온도(℃)", "보압(kPa)", "냉각 시간(초)", "pH")

    proposal = propose(factory_table({**without, header: numbers}), SHOP)
    unknown = propose(factory_table({**without, "XQ": numbers}), SHOP)

    offered = {question.column for question in proposal.questions if header in {one.value for one in question.options}}
    assert "cooling_time" not in offered
    assert "XQ" in {option.value for option in asked(unknown, "column:cooling_time").options}
