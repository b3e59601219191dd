"""The section of RESULTS.md: what was missed is said, and no number in it is typed by hand."""

from pathlib import Path

import pytest

from federated.job import save
from flows.benchmark.facts import FACTS, SCORES, Facts, Rows, Span, TaskFacts
from flows.benchmark.report import section, write_report
from flows.benchmark.scores import MEMBER_MEAN, ROC_AUC, Score, save_scores

REPORTED = Path(__file__).parents[3] / "benchmarks/accuracy"
RESULTS = REPORTED.with_name("RESULTS.md")
FIGURES = {"personalised": 0.71, "shared": 0.7, "local-net": 0.6, "local-forest": 0.72, "pooled-net": 0.75}


@pytest.fixture
def reported(tmp_path: Path) -> Path:
    """Two members whose figures are the same in two seeds, but for one member's local forest."""
    task = TaskFacts(
        "tiny", "tiny@1.0.0", simulated=True, plan_sha256="0" * 64, rounds=3, strategy="FedAvg", average_last=1
    )
    rows = Rows("tiny", "own", 2, Span(60, 62), Span(14, 14), Span(2, 2), 80)
    save(Facts("3.11", {"torch": "2"}, (1, 2), (task,), (rows,)), tmp_path / FACTS)
    scores = [
        Score("tiny", "own", system, ROC_AUC, member, seed, value - (0.2 if (system, member) == LOSER else 0))
        for system, value in FIGURES.items()
        for member in ("anvil", "bellows", MEMBER_MEAN)
        for seed in (1, 2)
    ]
    save_scores(scores, tmp_path / SCORES)
    return tmp_path


LOSER = ("local-forest", "bellows")


def test_simulated_data_and_seeds_and_sizes_are_named(reported: Path) -> None:
    text = section(reported)

    assert "**Simulated**" in text
    assert "Seeds 1, 2:" in text
    assert "| own | 2 | 60 to 62 | 14 | 2 | 80 |" in text


def test_a_missed_target_and_a_member_that_loses_are_said(reported: Path) -> None:
    text = section(reported)

    assert "1 of 2 targets were met." in text
    assert "| members not worse than local-forest | 2 of 2 | 1 of 2 | **missed** | 2 of 2: not reached |" in text
    assert "Worse off: anvil (-0.010)." in text


def test_the_rest_of_the_results_stays(reported: Path, tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# What was measured\n\n<!-- speed: begin -->\nfast\n<!-- speed: end -->\n", encoding="utf-8")

    write_report(reported, results)
    once = results.read_text(encoding="utf-8")
    write_report(reported, results)

    assert results.read_text(encoding="utf-8") == once
    assert "\nfast\n" in once
    assert "## Accuracy" in once


def test_the_stored_report_is_what_the_stored_figures_say() -> None:
    assert section(REPORTED).strip() in RESULTS.read_text(encoding="utf-8")
