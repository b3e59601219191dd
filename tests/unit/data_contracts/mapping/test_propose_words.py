"""What the words of a factory mean: known ones are taken, doubtful ones asked about, hopeless columns left alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import NOT_IN_FILE, Proposal, Topic
from tests.factory_tables import SHOP, around, asked, factory_table, numbered, read_from, shop_file

Cells = Sequence[str | None]
PLATING = load_contract("plating-defect")


def _words(proposal: Proposal, column: str) -> dict[str, str | None]:
    entry = proposal.mapping.column(column)
    assert entry is not None
    return dict(entry.words)


def _asked_words(proposal: Proposal, column: str) -> dict[str, str]:
    """Return the words that are asked about, each with the answer that is offered first."""
    return {
        question.subject: question.options[0].value
        for question in proposal.questions
        if question.topic is Topic.WORD and question.column == column
    }


def _with_result(header: str, *words: str | None) -> Proposal:
    cells = {name: cells for name, cells in shop_file().items() if name != "판정"}
    return propose(factory_table({**cells, header: around(*words)}), SHOP)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("양품", "불량"),
        ("합격", "불합격"),
        ("OK", "NG"),
        ("ＯＫ", "ｎｇ"),
        ("pass", "fail"),
        ("정상", "이상"),
        ("Good", "BAD"),
    ],
)
def test_words_that_say_good_or_bad_need_no_question(good: str, bad: str) -> None:
    proposal = _with_result("판정", good, good, bad)

    assert {"result"} & read_from(proposal).keys()
    assert _words(proposal, "result") == {good: "good", bad: "bad"}


@pytest.mark.parametrize(("yes", "no"), [("Y", "N"), ("예", "아니오")])
def test_a_yes_under_a_header_that_does_not_say_of_what_is_asked_about(yes: str, no: str) -> None:
    assert _asked_words(_with_result("판정", yes, yes, no), "result") == {yes: "good", no: "bad"}


def test_ones_and_zeros_are_asked_about_and_good_parts_are_the_many() -> None:
    assert _asked_words(_with_result("판정", "0", "0", "1"), "result") == {"0": "good", "1": "bad"}
    assert _asked_words(_with_result("판정", "1", "1", "0"), "result") == {"1": "good", "0": "bad"}


@pytest.mark.parametrize(
    ("header", "yes"), [("불량 여부", "bad"), ("불량여부(Y/N)", "bad"), ("합격 여부", "good"), ("합격여부", "good")]
)
def test_yes_or_no_to_a_question_that_the_header_asks_is_certain(header: str, yes: str) -> None:
    proposal = _with_result(header, "N", "Y", "N")

    other = {"bad": "good", "good": "bad"}[yes]
    assert _words(proposal, "result") == {"Y": yes, "N": other}


@pytest.mark.parametrize(("good", "bad"), [("O", "X"), ("○", "×")])
@pytest.mark.parametrize("header", ["판정", "합격 여부"])
def test_a_circle_is_good_under_a_judgement_if_crosses_are_the_few(header: str, good: str, bad: str) -> None:
    assert _words(_with_result(header, good, good, bad), "result") == {good: "good", bad: "bad"}
    assert _asked_words(_with_result(header, good, bad), "result") == {good: "good", bad: "bad"}
    assert _asked_words(_with_result(header, bad, bad, good), "result") == {good: "good", bad: "bad"}


def test_circles_and_crosses_are_asked_about_under_a_header_that_asks_for_defects() -> None:
    assert _asked_words(_with_result("불량 여부", "X", "X", "O"), "result") == {"O": "bad", "X": "good"}


def test_ones_are_defects_under_a_header_that_asks_for_defects_if_they_are_the_few() -> None:
    assert _words(_with_result("불량 여부", "0", "0", "1"), "result") == {"0": "good", "1": "bad"}
    assert _asked_words(_with_result("불량 여부", "1", "1", "0"), "result") == {"1": "bad", "0": "good"}


def test_a_word_that_hardly_occurs_is_a_slip_and_no_question() -> None:
    cells = [*["주간"] * 100, "주갼"]
    filled = {name: (list(some) * len(cells))[: len(cells)] for name, some in shop_file().items()}
    proposal = propose(factory_table({**filled, "근무조": cells}), SHOP)

    assert _asked_words(proposal, "shift") == {}
    assert _words(proposal, "shift") == {"주간": "day"}


def test_blanks_beside_a_single_result_are_asked_about() -> None:
    assert _asked_words(_with_result("판정", None, None, "NG"), "result") == {"": "good"}
    assert _asked_words(_with_result("판정", "OK", "NG", None), "result") == {}


def test_a_kind_of_flaw_in_the_result_is_asked_about_and_probably_bad() -> None:
    assert _asked_words(_with_result("판정", "OK", "OK", "버", "재검"), "result") == {"버": "bad", "재검": "bad"}


def test_the_most_frequent_of_the_unknown_words_is_asked_about_first() -> None:
    proposal = propose(factory_table(shop_file(근무조=around("주간", "심야", "심야", "새벽"))), SHOP)

    assert list(_asked_words(proposal, "shift")) == ["심야", "새벽"]
    assert _words(proposal, "shift") == {"주간": "day"}


def test_an_unknown_kind_is_rather_another_kind_than_one_it_does_not_resemble() -> None:
    proposal = propose(factory_table(shop_file(**{"불량 유형": around("", "버", "가스", "미성형됨")})), SHOP)

    assert _asked_words(proposal, "flaw") == {"가스": "other", "미성형됨": "short"}


def test_a_column_of_many_unknown_words_is_another_column() -> None:
    proposal = propose(factory_table(shop_file(근무조=numbered("조"))), SHOP)

    assert asked(proposal, "column:shift").options[0].value == "근무조"
    assert _asked_words(proposal, "shift") == {}


def test_words_none_of_which_is_known_make_the_column_doubtful() -> None:
    proposal = propose(factory_table(shop_file(근무조=around("1조", "2조"))), SHOP)

    assert "shift" not in {entry.column for entry in proposal.mapping.columns}
    assert asked(proposal, "column:shift").topic is Topic.COLUMN


def test_words_for_missing_are_neither_known_nor_asked_about() -> None:
    proposal = propose(factory_table(shop_file(근무조=around("주간", "야간", "-", "N/A"))), SHOP)

    assert _words(proposal, "shift") == {"주간": "day", "야간": "night"}
    assert _asked_words(proposal, "shift") == {}


def test_a_column_without_a_fitting_name_whose_words_are_known_is_offered() -> None:
    cells = {name: cells for name, cells in shop_file().items() if name != "근무조"}

    question = asked(propose(factory_table({**cells, "구분": around("주간", "야간")}), SHOP), "column:shift")

    assert question.options[0].value == "구분"


def test_without_a_result_the_kind_of_flaw_is_offered_for_it_and_not_taken() -> None:
    cells = {name: cells for name, cells in shop_file().items() if name != "판정"}

    proposal = propose(factory_table(cells), SHOP)

    assert "불량 유형" in {option.value for option in asked(proposal, "column:result").options}
    assert proposal.mapping.column("result") is None
    assert read_from(proposal)["flaw"] == "불량 유형"


@pytest.mark.parametrize("other", ["외관 판정", "1차 판정", "재검 판정"])
def test_two_columns_of_results_are_asked_about(other: str) -> None:
    proposal = propose(factory_table(shop_file(**{other: around("양품", "불량")})), SHOP)

    assert asked(proposal, "column:result").options[0].value == "판정"
    assert NOT_IN_FILE in {option.value for option in asked(proposal, "column:result").options}


@pytest.mark.parametrize("person", ["010-1234-5678", "900101-1234567", "kim@example.com"])
def test_what_looks_personal_is_never_shown_in_a_question(person: str) -> None:
    proposal = propose(factory_table(shop_file(판정=around("양품", "불량", person))), SHOP)

    assert not any(person in question.text.ko + question.key for question in proposal.questions)


def test_counts_of_defects_are_no_results() -> None:
    counts = around("0", "0", "0", "0", "0", "0", "1")

    assert read_from(propose(factory_table(shop_file(불량수=counts)), SHOP))["result"] == "판정"
    more = shop_file(불량=around("0", "0", "0", "0", "0", "0", "3"))
    assert read_from(propose(factory_table(more), SHOP))["result"] == "판정"


def test_one_look_at_a_part_is_no_rival_if_what_it_finds_bad_is_bad_in_all() -> None:
    cells = shop_file(
        판정=around("양품", "불량", "불량", "양품"), **{"외관 판정": around("양품", "불량", "양품", "양품")}
    )
    other = shop_file(
        판정=around("양품", "불량", "불량", "양품"), **{"외관 판정": around("불량", "양품", "양품", "양품")}
    )
    again = shop_file(
        판정=around("양품", "불량", "불량", "양품"), **{"재검 판정": around("양품", "불량", "양품", "양품")}
    )

    assert read_from(propose(factory_table(cells), SHOP))["result"] == "판정"
    assert "result" not in read_from(propose(factory_table(other), SHOP))
    assert "result" not in read_from(propose(factory_table(again), SHOP))


def test_yn_asks_whether_as_the_korean_word_for_it_does() -> None:
    assert _words(_with_result("불량_YN", "N", "N", "Y"), "result") == {"N": "good", "Y": "bad"}
    assert _words(_with_result("IS_DEFECT", "N", "N", "Y"), "result") == {"N": "good", "Y": "bad"}


def test_pass_and_fail_are_known_by_their_first_letters_together() -> None:
    assert _words(_with_result("판정", "P", "P", "F"), "result") == {"P": "good", "F": "bad"}
    assert _asked_words(_with_result("판정", "T", "T", "F"), "result") == {"T": "good", "F": "bad"}


def test_a_good_part_has_no_kind_of_flaw() -> None:
    proposal = propose(factory_table(shop_file(**{"불량 유형": around("양품", "양품", "정상", "버")})), SHOP)

    assert _words(proposal, "flaw") == {"양품": None, "정상": None, "버": "flash"}
    assert proposal.questions == ()


@pytest.mark.parametrize("word", ["DAY(주간)", "1.주간", "01-주간", "주간조", "주간/DAY"])
def test_a_word_made_of_words_that_mean_the_same_means_that(word: str) -> None:
    assert _words(propose(factory_table(shop_file(근무조=around(word, "야간"))), SHOP), "shift")[word] == "day"


def test_words_that_disagree_and_letters_of_crews_are_asked_about() -> None:
    proposal = propose(factory_table(shop_file(근무조=around("주간/야간", "야간", "D조"))), SHOP)

    assert set(_asked_words(proposal, "shift")) == {"주간/야간", "D조"}


def test_a_letter_in_a_row_of_letters_that_mean_nothing_is_no_shift() -> None:
    day = replace(SHOP.column("shift"), words=(("day", ("주간", "D")), ("night", ("야간", "N"))))
    shop = replace(SHOP, columns=tuple(day if one.name == "shift" else one for one in SHOP.columns))

    crews = propose(factory_table(shop_file(근무조=around("주간", "A", "B", "D"))), shop)
    sure = propose(factory_table(shop_file(근무조=around("D", "N"))), shop)

    assert set(_asked_words(crews, "shift")) == {"A", "B", "D"}
    assert _words(sure, "shift") == {"D": "day", "N": "night"}


def _at(*hours: int) -> list[str]:
    return [f"2026-03-{1 + row % 28:02d} {hours[row % len(hours)]:02d}:30" for row in range(40)]


def test_the_clock_tells_what_shifts_are_called() -> None:
    cells = shop_file(근무조=around("1조", "2조"), **{"성형 일시": _at(7, 23, 9, 2, 12, 4)})

    proposal = propose(factory_table(cells), SHOP)

    assert _words(proposal, "shift") == {"1조": "day", "2조": "night"}
    assert proposal.questions == ()


@pytest.mark.parametrize("hours", [(7, 9), (7, 23, 22, 9), (0, 0)])
def test_crews_that_change_places_or_dates_without_a_time_tell_nothing(hours: tuple[int, ...]) -> None:
    times = [moment.replace("00:30", "00:00") for moment in _at(*hours)]

    proposal = propose(factory_table(shop_file(근무조=around("1조", "2조"), **{"성형 일시": times})), SHOP)

    assert asked(proposal, "column:shift").topic is Topic.COLUMN


def test_a_clock_that_contradicts_a_known_word_tells_nothing() -> None:
    cells = shop_file(근무조=around("주간", "B"), **{"성형 일시": _at(23, 8, 2, 10)})

    assert _asked_words(propose(factory_table(cells), SHOP), "shift") == {"B": "day"}


@pytest.mark.parametrize("word", ["N/A", "n.a.", "N-1"])
def test_letters_with_signs_between_them_are_no_words_even_if_each_is_one(word: str) -> None:
    shift = replace(SHOP.column("shift"), words=(("day", ("주간", "D")), ("night", ("야간", "N"))))
    shop = replace(SHOP, columns=tuple(shift if one.name == "shift" else one for one in SHOP.columns))

    cells = shop_file(근무조=around("주간", "야간", word))

    assert word not in _words(propose(factory_table(cells), shop), "shift")


@pytest.mark.parametrize("header", ["검사 결과", "검사결과", "Inspection Result"])
def test_a_circle_is_good_under_the_result_of_an_inspection_as_on_inspection_sheets(header: str) -> None:
    cells: dict[str, Cells] = {"LOT NO": numbered("A"), header: around("○", "○", "×")}

    assert _words(propose(factory_table(cells), PLATING), "judgement") == {"○": "ok", "×": "ng"}
    few: dict[str, Cells] = {"LOT NO": numbered("A"), header: around("○", "×", "×")}
    assert _asked_words(propose(factory_table(few), PLATING), "judgement") == {"×": "ng", "○": "ok"}


@pytest.mark.parametrize("header", ["테이프시험 판정", "굽힘 시험 판정"])
def test_a_test_of_adhesion_is_one_look_at_a_part_and_a_test_made_again_is_none(header: str) -> None:
    whole = shop_file(판정=around("양품", "불량", "불량", "양품"))
    some, more = around("양품", "불량", "양품", "양품"), around("불량", "양품", "양품", "양품")

    assert read_from(propose(factory_table({**whole, header: some}), SHOP))["result"] == "판정"
    assert "result" not in read_from(propose(factory_table({**whole, header: more}), SHOP))
    assert "result" not in read_from(propose(factory_table({**whole, "재시험 판정": some}), SHOP))
