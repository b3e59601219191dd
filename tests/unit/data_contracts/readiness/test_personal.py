import pandas as pd
import pytest

from data_contracts.contract import Contract
from data_contracts.readiness.page import render_page
from data_contracts.readiness.personal import personal, safe_header
from data_contracts.readiness.places import Where
from tests.tiny_lots import Cells, lots, records_of, report_of

PEOPLE = ["김철수", "이영희", "박민수", "최지우", "정하늘"]


def _found(cells: Cells, contract: Contract) -> dict[tuple[str, str], Where]:
    return {(find.header, str(find.kind)): find.where for find in personal(records_of(cells, contract))}


def test_numbers_of_people_and_firms_are_counted_with_their_lines(tiny: Contract) -> None:
    notes: list[str | None] = [None] * 40
    notes[0], notes[5] = "연락 010-1234-5678", "kim@plating.kr / 01098765432"
    notes[6], notes[7] = "900101-1234568", "123-45-67891"

    assert _found(lots(비고=notes), tiny) == {
        ("비고", "phone"): Where(2, (2, 7)),
        ("비고", "email"): Where(1, (7,)),
        ("비고", "business_number"): Where(1, (9,)),
        ("비고", "resident_number"): Where(1, (8,)),
    }


def test_full_width_digits_hide_nothing(tiny: Contract) -> None:
    notes = ["０１０\uff0d１２３４\uff0d５６７８", *[None] * 39]

    assert _found(lots(비고=notes), tiny) == {("비고", "phone"): Where(1, (2,))}


@pytest.mark.parametrize("header", ["작업자", "검사자 성명", "담당", "Operator", "Checked by"])
def test_names_are_found_under_a_header_that_speaks_of_people(tiny: Contract, header: str) -> None:
    cells = lots(**{header: [*PEOPLE, "W-07", *[None] * 34]})

    assert _found(cells, tiny) == {(header, "name"): Where(5, (2, 3, 4, 5, 6))}


def test_a_column_of_nothing_but_names_is_found_under_any_header(tiny: Contract) -> None:
    assert _found(lots(A열=[PEOPLE[at % 5] for at in range(40)]), tiny) == {("A열", "name"): Where(40, (2, 3, 4, 5, 6))}


def test_words_of_the_trade_that_begin_like_surnames_are_no_names(tiny: Contract) -> None:
    words = ["양품", "정상", "황동", "도금조", "정류기", "세척조", "건조기"]

    assert _found(lots(공정=[words[at % 7] for at in range(40)]), tiny) == {}


def test_the_factorys_own_words_for_the_result_are_no_names_of_inspectors(tiny: Contract) -> None:
    cells = lots(검사원=["양품", "불량"] * 20)
    del cells["grade"]
    found = personal(records_of(cells, tiny))

    assert [find.header for find in found] == ["검사원"]  # nobody said yet what these words mean
    cells = lots(grade=["양품", "불량"] * 20)
    assert _found(cells, tiny) == {}


def test_lot_numbers_of_date_and_serial_are_no_resident_numbers(tiny: Contract) -> None:
    serials = [f"260305-{1000000 + number}" for number in range(40)]

    assert _found(lots(번호=serials), tiny) == {}


def test_resident_numbers_are_found_even_where_one_was_mistyped(tiny: Contract) -> None:
    numbers = ["900101-1234568"] * 30 + ["900101-1234567"] * 10

    assert _found(lots(번호=numbers), tiny) == {("번호", "resident_number"): Where(40, (2, 3, 4, 5, 6))}


def test_a_phone_number_that_a_spreadsheet_took_for_a_count_is_found_by_its_header(tiny: Contract) -> None:
    assert _found(lots(연락처=["1012345678", *["-"] * 39]), tiny) == {("연락처", "phone"): Where(1, (2,))}
    assert _found(lots(수량=["1012345678", *["-"] * 39]), tiny) == {}


def test_a_number_of_the_contract_that_is_as_long_as_a_phone_number_is_looked_at(tiny: Contract) -> None:
    heat = ["01012345678", *["50"] * 39]

    assert _found(lots(heat=heat), tiny) == {("heat", "phone"): Where(1, (2,))}


def test_what_was_found_is_nowhere_in_the_report(tiny: Contract) -> None:
    cells = lots(
        작업자=PEOPLE * 8,
        비고=["010-1234-5678 kim@plating.kr 900101-1234568 123-45-67891"] * 40,
        line=["김철수"] * 40,
    )
    report = report_of({**cells, "010-9876-5432": ["x"] * 40}, tiny)
    texts = [str(report.to_plain()), render_page(report, "ko"), render_page(report, "en")]

    assert len(report.personal) == 5
    for text in texts:
        for piece in (*PEOPLE, "1234", "5678", "plating.kr", "900101", "67891", "9876", "5432"):
            assert piece not in text


def test_a_header_that_is_itself_personal_is_shown_by_its_position(tiny: Contract) -> None:
    assert safe_header("010-1234-5678", 7) == "#7 ○○○"
    assert safe_header("900101-1234568", 7) == "#7 ○○○"
    assert safe_header("욕온도(℃)", 7) == "욕온도(℃)"
    assert report_of(lots(**{"900101-1234568": ["x"] * 40}), tiny).unused == ("#7 ○○○",)


def test_looking_changes_nothing(tiny: Contract) -> None:
    records = records_of(lots(비고=["０１０-1234-5678"] * 40), tiny)
    before = records.prepared.table.cells.copy()
    personal(records)

    pd.testing.assert_frame_equal(records.prepared.table.cells, before)
