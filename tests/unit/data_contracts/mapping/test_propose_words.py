"""What the words of a factory mean: known ones are taken, doubtful ones asked about, hopeless columns left alone."""

from collections.abc import Sequence

import pytest

from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import NOT_IN_FILE, Proposal, Topic
from tests.factory_tables import SHOP, around, asked, factory_table, numbered, read_from, shop_file

Cells = Sequence[str | None]


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
