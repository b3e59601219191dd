"""The verdict comes first: can train, can train after these fixes, cannot because."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.contract import Contract, Label
from data_contracts.intake.table import Aside
from data_contracts.mapping.types import Option, Question, Topic
from data_contracts.readiness import Readiness, Verdict, readiness
from data_contracts.readiness.column_types import State
from data_contracts.readiness.places import Where
from tests.readiness_example import aside, prepared, source
from tests.tiny_lots import TINY, Cells, lots, records_of, report_of

NOTHING = Label("", "")


def _codes(report: Readiness, *, blocking: bool = True) -> list[str]:
    return [str(fix.code) for fix in report.fixes if fix.blocking is blocking]


def _states(report: Readiness) -> dict[str, State]:
    return {column.name: column.state for column in report.columns}


def _without(*names: str) -> Cells:
    return {header: values for header, values in lots().items() if header not in names}


def _question(column: str, topic: Topic = Topic.COLUMN, subject: str = "") -> Question:
    return Question(f"{topic}:{column}:{subject}", topic, column, subject, NOTHING, (Option("h", NOTHING),))


def test_a_file_that_keeps_the_contract_can_train(tiny: Contract) -> None:
    report = report_of(lots(), tiny)

    assert (report.verdict, report.ready, report.fixes, report.because) == (Verdict.READY, True, (), ())
    assert (report.counts.rows, report.counts.accepted, report.counts.set_aside) == (40, 40, 0)
    assert set(_states(report).values()) == {State.OK}


def test_few_rows_set_aside_are_worth_a_look_and_block_nothing(tiny: Contract) -> None:
    """Three of 40 are 7.5 %; the contract allows 10 %."""
    report = report_of(lots(heat=["99", "8", "x", *["50", "51"] * 18, "52"]), tiny)

    assert report.verdict is Verdict.READY
    assert _codes(report, blocking=False) == ["out_of_range", "wrong_type"]
    assert [fix.where for fix in report.fixes] == [Where(2, (2, 3)), Where(1, (4,))]
    assert _states(report)["heat"] is State.LOOK


def test_too_many_rows_set_aside_block_until_few_enough_are_left(tiny: Contract) -> None:
    """Six rows out of range, one unread: without the six, 1 of 40 is within the 10 % that are allowed."""
    report = report_of(lots(heat=[*["99", "5"] * 3, "x", *["50", "51"] * 16, "52"]), tiny)

    assert report.verdict is Verdict.AFTER_FIXES
    assert _codes(report) == ["out_of_range"]
    assert _codes(report, blocking=False) == ["wrong_type"]
    assert _states(report)["heat"] is State.FIX


def test_a_missing_column_is_to_be_added(tiny: Contract) -> None:
    report = report_of(_without("paper"), tiny)

    assert report.verdict is Verdict.AFTER_FIXES
    assert [(fix.code, fix.columns) for fix in report.fixes] == [("missing_column", ("paper",))]
    assert _states(report)["paper"] is State.NOT_IN_FILE


def test_a_column_that_need_not_be_there_blocks_nothing(tiny: Contract) -> None:
    report = report_of(_without("flaw", "at"), tiny)

    assert report.verdict is Verdict.READY
    assert _states(report)["flaw"] is State.NOT_IN_FILE


def test_open_questions_come_first_and_are_answered_by_one_command(tiny: Contract) -> None:
    questions = [_question("grade", Topic.WORD, "비밀1"), _question("grade", Topic.WORD, "비밀2"), _question("heat")]
    report = report_of(_without("heat", "paper"), tiny, questions=questions)
    first, second = (fix for fix in report.fixes if fix.blocking)

    assert report.verdict is Verdict.AFTER_FIXES
    assert first.code == "questions"
    assert first.what.ko == "확인할 질문이 3개 있습니다: '판정'에 쓰인 말 2개의 뜻, '온도' 열이 어느 열인지."
    assert first.what.en == "3 questions are open: the meaning of 2 words of 'Grade', which column is 'Heat'."
    assert "pumasi-member map" in first.step.ko
    assert (second.code, second.columns) == ("missing_column", ("paper",))
    assert _states(report)["heat"] is State.LOOK
    assert "비밀" not in json.dumps(report.to_plain(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "typed"), [("lots.csv", "lots.csv"), ("3월 (1).xlsx", "'3월 (1).xlsx'"), ("a\x1b.csv", "'a?.csv'")]
)
def test_the_command_that_answers_the_questions_names_the_file_as_a_shell_takes_it(
    name: str, typed: str, tiny: Contract
) -> None:
    columns = {column.name: column.name for column in tiny.columns if column.name != "heat"}
    made = prepared(source(_without("heat"), name=name), columns, tiny, questions=[_question("heat")])
    step = next(fix.step for fix in readiness(made).fixes if fix.code == "questions")

    assert f"pumasi-member map {typed} --contract {tiny.id}. " in step.ko
    assert f"pumasi-member map {typed} --contract {tiny.id}. " in step.en


def test_a_question_about_a_column_that_need_not_be_there_blocks_nothing(tiny: Contract) -> None:
    report = report_of(_without("flaw"), tiny, questions=[_question("flaw")])

    assert report.verdict is Verdict.READY
    assert _codes(report, blocking=False) == ["questions"]


def test_what_is_blank_too_often_blocks(tiny: Contract) -> None:
    report = report_of(lots(heat=[None] * 10 + ["50", "51"] * 15), tiny)
    heat = next(column for column in report.columns if column.name == "heat")

    assert _codes(report) == ["missing_rate"]
    assert "10행(25 %)" in report.fixes[0].what.ko
    assert (heat.state, heat.missing, heat.allowed_missing) == (State.FIX, 0.25, 0.2)


def test_a_column_off_by_ten_is_one_fix_and_not_a_list_of_rows(tiny: Contract) -> None:
    report = report_of(lots(heat=["450", "510"] * 20), tiny)

    assert _codes(report) == ["decimal_point"]
    assert "값을 10으로 나누면 허용 범위(40 ~ 60 °C)에 맞습니다" in report.fixes[0].what.ko
    assert "dividing by 10 would bring" in report.fixes[0].what.en


def test_a_file_without_the_result_cannot_train(tiny: Contract) -> None:
    report = report_of(_without("grade", "flaw"), tiny)

    assert report.verdict is Verdict.CANNOT
    assert [one.code for one in report.because] == ["no_target"]


def test_a_result_that_is_only_asked_about_is_no_reason_to_give_up(tiny: Contract) -> None:
    assert report_of(_without("grade"), tiny, questions=[_question("grade")]).verdict is Verdict.AFTER_FIXES


def test_a_file_of_another_kind_cannot_train(tiny: Contract) -> None:
    report = report_of(_without("heat", "paper"), tiny)

    assert [one.code for one in report.because] == ["other_file"]
    assert report.because[0].what.en.startswith("Of the 2 process conditions of the contract only 0")


@pytest.mark.parametrize("rows", [1, 29])
def test_too_few_records_cannot_train(tiny: Contract, rows: int) -> None:
    report = report_of(lots(rows), tiny)

    assert "too_few_records" in [one.code for one in report.because]


def test_a_file_without_records_cannot_train(tiny: Contract) -> None:
    report = report_of(lots(0), tiny)

    assert report.verdict is Verdict.CANNOT
    assert [one.code for one in report.because] == ["no_records"]


def test_a_file_of_nothing_is_judged_too(tiny: Contract) -> None:
    assert report_of({}, tiny).verdict is Verdict.CANNOT


@pytest.mark.parametrize(("word", "missing"), [("ok", "불량"), ("ng", "양품")])
def test_records_of_one_class_alone_need_some_of_the_other(tiny: Contract, word: str, missing: str) -> None:
    report = report_of(lots(grade=[word] * 40), tiny)

    assert report.verdict is Verdict.AFTER_FIXES
    assert _codes(report) == ["one_class"]
    assert missing in report.fixes[0].what.ko


def test_few_defects_are_worth_saying(tiny: Contract) -> None:
    report = report_of(lots(grade=["ng"] * 3 + ["ok"] * 37), tiny)

    assert report.verdict is Verdict.READY
    assert _codes(report, blocking=False) == ["few_of_a_class"]


def test_every_line_of_the_file_is_accounted_for(tiny: Contract) -> None:
    table = source(lots(), aside=(aside(Aside.TITLE, 1), aside(Aside.FOOTER, 43, 44), aside(Aside.UNREADABLE, 45)))
    counts = readiness(prepared(table, TINY, tiny)).counts

    assert counts.no_records == (("title", Where(1, (1,))), ("footer", Where(2, (43, 44))))
    assert counts.unreadable == Where(1, (45,))
    assert (counts.rows, counts.accepted) == (40, 40)


def test_reasons_for_setting_rows_aside_come_with_the_most_rows_first(tiny: Contract) -> None:
    report = report_of(
        lots(heat=["x", "70", "80", *["50"] * 37], lot=["L0", "L0", *[f"L{at}" for at in range(2, 40)]]), tiny
    )

    assert [(reason.code, reason.column, reason.where) for reason in report.counts.reasons] == [
        ("out_of_range", "heat", Where(2, (3, 4))),
        ("duplicate_key", "lot", Where(2, (2, 3))),
        ("wrong_type", "heat", Where(1, (2,))),
    ]


@settings(max_examples=20, deadline=None)
@given(
    heat=st.lists(st.sampled_from(["50", "51", "500", "x", None]), min_size=40, max_size=40),
    grade=st.lists(st.sampled_from(["ok", "ng", "?", None]), min_size=40, max_size=40),
    dropped=st.sets(st.sampled_from(["lot", "at", "paper", "flaw"])),
)
def test_a_file_that_is_refused_always_has_something_to_fix_or_a_reason(
    tiny: Contract, heat: list[str | None], grade: list[str | None], dropped: set[str]
) -> None:
    cells = {name: values for name, values in lots(heat=heat, grade=grade).items() if name not in dropped}
    told = records_of(cells, tiny).prepared
    report = readiness(told)

    assert report.ready is (told.checked.verdict.accepted and not report.because and not _codes(report))
    assert report.ready or report.because or _codes(report)


def test_the_same_file_gives_the_same_report(tiny: Contract) -> None:
    assert report_of(lots(), tiny) == report_of(lots(), tiny)


def test_the_report_is_plain_for_programs(tiny: Contract) -> None:
    plain = json.loads(json.dumps(report_of(lots(heat=["99"] * 40), tiny).to_plain()))

    assert plain["verdict"] == "after_fixes"
    assert plain["fixes"][0]["what"].keys() == {"ko", "en"}
    assert [column["name"] for column in plain["columns"]] == ["lot", "at", "heat", "paper", "grade", "flaw"]
    assert plain["columns"][2]["above"] == {"rows": 40, "lines": [2, 3, 4, 5, 6]}
