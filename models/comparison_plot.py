"""A picture of systems side by side: means with intervals, and a dot per member. Drawn with what `models.plots` has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.plots import COLOURS, draw_frame, new_figure, save_figure

_INCH_PER_LINE = 0.33


@dataclass(frozen=True)
class Line:
    """One system.

    Attributes:
        label: Its name as printed.
        variant: Whose colour it has: one of `models.plots.COLOURS`.
        mean: Its figure.
        half: Half the width of the figure's interval, None if there is none.
        members: The same figure for each member.
    """

    label: str
    variant: str
    mean: float
    half: float | None
    members: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """Systems that are compared with each other.

    Attributes:
        title: Above them.
        lines: From top to bottom.
    """

    title: str
    lines: tuple[Line, ...]


def draw_comparison(panels: Sequence[Panel], path: Path, *, title: str, figure_name: str, note: str) -> None:
    """Draw panels beside each other, on one scale.

    Args:
        panels: At least one, all with the same systems.
        path: The PNG file.
        title: Over all of them.
        figure_name: What the scale shows.
        note: One line below: what dots and bars mean.
    """
    figure = new_figure(2.4 + 3.1 * len(panels), 1.7 + _INCH_PER_LINE * len(panels[0].lines))
    row = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, panel in zip(row, panels, strict=True):
        _draw(axes, panel)
        axes.set_xlabel(figure_name)
        draw_frame(axes)
    row[0].set_ylim(len(panels[0].lines) - 0.5, -0.7)  # the first line on top, with room for its number; shared
    figure.suptitle(title, fontsize=13, fontweight="bold", x=0.01, ha="left")
    figure.supxlabel(note, fontsize=8.5, color="#6b6b6b")
    save_figure(figure, path)


def _draw(axes: Any, panel: Panel) -> None:
    axes.set_title(panel.title, loc="left", fontsize=10)
    for place, line in enumerate(panel.lines):
        colour = COLOURS[line.variant]
        axes.scatter(line.members, [place] * len(line.members), s=9, color="#9a9a9a", zorder=2)
        axes.errorbar(line.mean, place, xerr=line.half or 0.0, fmt="o", color=colour, capsize=3, markersize=6, zorder=3)
        axes.annotate(
            f"{line.mean:.3f}", (line.mean, place), (0, 6), textcoords="offset points", ha="center", fontsize=7.5
        )
    axes.set_yticks(range(len(panel.lines)), [line.label for line in panel.lines])
