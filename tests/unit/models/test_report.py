import dataclasses
import re

from models.intervals import Interval
from models.promotion import GateOutcome, Verdict
from models.report import describe_version, write_report
from models.run_record import TreesKept, WorstMember
from tests.run_record_example import card, example_record, rounds

REFUSAL = Verdict(
    (
        GateOutcome("floor", passed=False, reason="The candidate's ROC-AUC is 0.610, the floor is 0.700.", members=5),
        GateOutcome("enough-members", passed=True, reason="5 members judged.", members=5),
    )
)

WORST = WorstMember(0.74, 0.73, 0.735, Interval(-0.08, -0.005, 0.06))


def section(report: str, title: str) -> str:
    """Text below a heading, up to the next one."""
    return report.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_report_opens_with_a_korean_summary_that_holds_the_result_and_the_verdict() -> None:
    summary = section(write_report(example_record(verdict=REFUSAL)), "요약 (한국어)")
    federated = example_record().scorecards["federated"].roc_auc()

    assert f"공동 모델 {federated:.3f}" in summary
    assert "조합원사 5곳이 12라운드" in summary
    assert "통과하지 못했습니다 (미달 기준: floor)" in summary


def test_the_report_says_what_was_asked_with_both_hashes() -> None:
    asked = section(write_report(example_record()), "What was asked")

    assert "a" * 64 in asked
    assert "b" * 64 in asked
    assert "print-defect@1.0.0" in asked
    assert "Predict cylinder bands" in asked


def test_every_commitment_stands_there_under_its_label() -> None:
    who = section(write_report(example_record()), "Who took part")

    assert [line.split(" | ")[0].removeprefix("| ") for line in who.splitlines() if re.search("[0-9]{64}", line)] == [
        "member 1",
        "member 2",
        "member 3",
        "b",
        "대림인쇄",
    ]


def test_members_that_did_not_opt_in_are_named_nowhere() -> None:
    report = write_report(example_record(members=()))

    assert "Members that opted in" not in report
    assert "Agreed to be named: 0." in report


def test_a_refusal_stands_in_its_round_with_its_reason() -> None:
    done = section(write_report(example_record()), "What each round did")

    assert "| 3 | 5 | 5 | 4 | 1 | 0.500 | 0.547 | 0.333 |" in done
    assert "Updates refused in all: 1.\n\n- Round 3: 1 x norm\\_too\\_large" in done


def test_beside_the_rounds_of_a_forest_stands_how_many_of_its_trees_were_kept() -> None:
    forest, network = (
        section(write_report(example_record(trees=trees)), "What each round did")
        for trees in (TreesKept(grown=1200, kept=45), None)
    )

    assert "Trees kept: 45 of the 1,200 that were grown" in forest
    assert "Trees" not in network


def test_many_rounds_are_thinned_but_not_those_where_something_happened() -> None:
    report = section(write_report(example_record(rounds=rounds(200))), "What each round did")
    shown = [int(match) for match in re.findall(r"^\| (\d+) \|", report, re.MULTILINE)]

    assert len(shown) == 43
    assert {1, 3, 5, 6, 200} <= set(shown)
    assert "Uneventful rounds left out here: 157" in report


def test_results_say_what_they_rest_on() -> None:
    results = section(write_report(example_record()), "Results")

    assert "50-bin histograms summed over members" in results
    assert "|  | shared | personalised | alone |" in results
    assert "| rows | 400 | 400 | 400 |" in results
    assert "Hold-out rows per class: noband 256, band 144." in results


def test_the_worst_member_and_the_withheld_ones_are_counted_not_named() -> None:
    fare = section(write_report(example_record(member_count=8)), "How the members fare")

    assert "**The member that gains least** (not named)" in fare
    assert "-0.005 (-0.080 to +0.060), with a 95 % interval." in fare
    assert "withheld: 1, because" in fare


def test_few_unnamed_members_are_said_to_be_the_reason_why_their_spread_is_withheld() -> None:
    fare = section(write_report(example_record(member_count=7)), "How the members fare")

    assert "4 of the 6 members that gave figures are not named, and figures over fewer than 5 of them" in fare
    assert "member that gains least are **withheld**" in fare
    assert "0.610" not in fare  # the smallest area


def test_intervals_are_said_to_hold_together_where_that_is_known() -> None:
    fare = section(write_report(example_record(member_count=8, joint_level=0.95)), "How the members fare")

    assert fare.count("with intervals at a joint level of 95 % over the members") == 2
    assert "95 % interval" not in fare


def test_each_gate_stands_with_its_reason() -> None:
    gates = section(write_report(example_record(verdict=REFUSAL)), "Gates and verdict")

    assert "Verdict: **refused by floor**" in gates
    assert "- **refused**, *floor*: The candidate's ROC-AUC is 0.610, the floor is 0.700." in gates


def test_a_run_that_ended_early_is_reported_as_such() -> None:
    report = write_report(
        example_record(rounds=(), scorecards={}, weights_sha256=None, spread={}, worst=None, members=())
    )

    assert "ended before its first round" in report
    assert "there are no results" in report
    assert "none: the run ended without a model" in report


def test_nothing_simulated_is_said_in_words() -> None:
    assert "Nothing: members, data and network are real." in write_report(example_record(simulated=""))


def test_words_from_outside_cannot_break_a_table_or_bring_markup() -> None:
    evil = dataclasses.replace(example_record().members[0], name="a|b\n<script>[x](y)")
    report = write_report(example_record(members=(evil,)))

    assert "| a\\|b \\<script\\>\\[x\\](y) | 75 |" in report


def test_all_tables_have_rows_as_wide_as_their_heads() -> None:
    report = write_report(example_record(verdict=REFUSAL, member_count=8))
    tables = re.findall(r"(?:^\|.*\n)+", report, re.MULTILINE)
    widths = [{len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()} for table in tables]

    assert len(widths) == 7
    assert [width for width in widths if len(width) != 1] == []


def test_an_interval_that_could_not_be_computed_is_said_so() -> None:
    worst = dataclasses.replace(WORST, difference=None)

    assert "difference to its own model not computed." in write_report(example_record(member_count=8, worst=worst))


def test_the_description_of_a_version_has_no_table_and_names_the_weights() -> None:
    text = describe_version(
        example_record(
            verdict=REFUSAL,
            scorecards={"federated": card(1.0), "personalised": card(1.0), "local": card(1.0)},
            member_count=8,
            worst=dataclasses.replace(WORST, difference=Interval(0, 0, 0)),
        )
    )

    assert not any(line.startswith("|") for line in text.splitlines())
    assert "c" * 64 in text
    assert "refused by floor" in text
