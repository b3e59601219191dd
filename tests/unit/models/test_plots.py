import struct
import warnings
from pathlib import Path

import numpy as np
from matplotlib import rcParams
from matplotlib._pylab_helpers import Gcf

from models.evaluation import score_rows
from models.plots import _apart, _base_rate, _precision_by_recall, draw_plots
from tests.run_record_example import example_record, rounds


def test_a_full_record_gives_four_readable_pictures(tmp_path: Path) -> None:
    files = draw_plots(example_record(member_count=8), tmp_path)

    assert [file.name for file in files] == [
        "learning_curve.png",
        "precision_recall.png",
        "calibration.png",
        "member_spread.png",
    ]
    for file in files:
        content = file.read_bytes()
        width, height = struct.unpack(">II", content[16:24])
        assert content.startswith(b"\x89PNG")
        assert width > 800
        assert height > 500


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    pairs = zip(
        draw_plots(example_record(member_count=8), tmp_path / "a"),
        draw_plots(example_record(member_count=8), tmp_path / "b"),
        strict=True,
    )

    assert [a.name for a, b in pairs if a.read_bytes() != b.read_bytes()] == []


def test_a_name_shows_only_if_its_member_opted_in(tmp_path: Path) -> None:
    (tmp_path / "named").mkdir()
    (tmp_path / "unnamed").mkdir()
    named = draw_plots(example_record(member_count=8), tmp_path / "named")[-1]
    unnamed = draw_plots(example_record(member_count=8, members=()), tmp_path / "unnamed")[-1]

    assert named.read_bytes() != unnamed.read_bytes()


def test_a_run_without_results_gives_only_what_it_has(tmp_path: Path) -> None:
    empty = example_record(rounds=(), scorecards={}, spread={}, worst=None, members=())
    only_rounds = example_record(scorecards={}, spread={})

    assert draw_plots(empty, tmp_path) == ()
    assert [file.name for file in draw_plots(only_rounds, tmp_path)] == ["learning_curve.png"]


def test_drawing_warns_of_nothing_even_without_evaluated_rounds_and_with_one_round(tmp_path: Path) -> None:
    one = tuple(type(point)(**(vars(point) | {"validation_log_loss": None})) for point in rounds(1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(draw_plots(example_record(member_count=8, rounds=one), tmp_path)) == 4


def test_three_classes_are_drawn_as_their_mean(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    y = rng.integers(0, 3, 300)
    logits = rng.normal(size=(300, 3)) + 1.5 * np.eye(3)[y]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    three = score_rows(p, y, positive=None)
    record = example_record(
        member_count=8,
        scorecards={"federated": three, "personalised": three, "local": three},
        classes=("a", "b", "c"),
    )

    assert len(draw_plots(record, tmp_path)) == 4
    recall, precision = _precision_by_recall(three)
    assert recall.shape == precision.shape == (50,)
    assert 0 < precision.min() <= precision.max() <= 1


def test_no_skill_is_the_share_of_defects() -> None:
    y = np.array([0, 0, 0, 1])
    p = np.full((4, 2), 0.5)

    assert _base_rate(score_rows(p, y, positive=1)) == 0.25


def test_labels_at_one_height_are_moved_apart_and_others_stay() -> None:
    assert _apart([0.5, 0.2, 0.5], 0.1) == [0.5, 0.2, 0.6]


def test_drawing_leaves_matplotlibs_global_state_alone(tmp_path: Path) -> None:
    before = dict(rcParams)
    draw_plots(example_record(member_count=8), tmp_path)

    assert dict(rcParams) == before
    assert Gcf.figs == {}
