"""The picture of systems side by side."""

from pathlib import Path

from models.comparison_plot import Line, Panel, draw_comparison
from models.run_record import FEDERATED, LOCAL


def panel(title: str, *, half: float | None = 0.05, mean: float = 0.7) -> Panel:
    local = Line("local-net", LOCAL, 0.6, half, (0.5, 0.7))
    return Panel(title, (local, Line("shared", FEDERATED, mean, half, (0.65, 0.75))))


def drawn(path: Path, *panels: Panel) -> bytes:
    draw_comparison(panels, path, title="tiny", figure_name="F1", note="dots are members")
    return path.read_bytes()


def test_the_same_figures_give_the_same_bytes_and_others_do_not(tmp_path: Path) -> None:
    once = drawn(tmp_path / "a.png", panel("overlap"), panel("dirichlet"))

    assert drawn(tmp_path / "b.png", panel("overlap"), panel("dirichlet")) == once
    assert drawn(tmp_path / "c.png", panel("overlap"), panel("dirichlet", mean=0.8)) != once


def test_one_seed_is_drawn_without_an_interval(tmp_path: Path) -> None:
    assert drawn(tmp_path / "a.png", panel("overlap", half=None)) != drawn(tmp_path / "b.png", panel("overlap"))
