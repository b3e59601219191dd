"""Pictures of a run, from sums alone. The only importer of matplotlib.

Every curve is drawn from a scorecard's 50-bin histograms, summed over the members, so no picture can show more than the
record holds. Colours are Okabe and Ito's set for colour-blind readers (2008), and each variant also has its own line
style, so that a black-and-white print can be read. Figures are made without `pyplot`, which keeps global state; the
same record gives the same bytes on the same machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.run_record import CHAMPION, FEDERATED, LOCAL, PERSONALISED, POOLED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from models.evaluation import Scorecard
    from models.run_record import MemberRecord, RoundPoint, RunRecord

_INK = "#222222"
_SOFT = "#6b6b6b"
_GRID = "#e3e3e3"
_RANGE = "#bdbdbd"
_REFUSED = "#D55E00"
_DPI = 130
_FEWEST_ROWS = 5  # a calibration group of fewer rows is noise, and says too much about few parts
_RECALL_GRID = np.linspace(0.02, 1.0, 50)
_HANGUL_FONTS = (
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "NanumGothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Noto Sans CJK JP",
)


@dataclass(frozen=True)
class _Look:
    """How a variant looks in every picture: colour, line style and the words in the legend."""

    colour: str
    line: str
    words: str


_LOOKS = {
    FEDERATED: _Look("#0072B2", "-", "shared model (federated)"),
    PERSONALISED: _Look("#009E73", "--", "personalised by the member"),
    LOCAL: _Look("#E69F00", "-.", "each member alone (local)"),
    CHAMPION: _Look("#CC79A7", ":", "current champion"),
    POOLED: _Look("#222222", ":", "all rows pooled (reference)"),
}

COLOURS = {name: look.colour for name, look in _LOOKS.items()}
"""Variant -> its colour in every picture."""

_TRAINING = _Look("#8a8a8a", "--", "training")


def draw_plots(record: RunRecord, folder: Path) -> tuple[Path, ...]:
    """Draw every picture the record has data for.

    Args:
        record: What the association may know of the run.
        folder: Existing folder for the PNG files.

    Returns:
        The files written: of learning_curve.png, precision_recall.png, calibration.png and member_spread.png those that
        have something to show.
    """
    pictures: tuple[tuple[str, bool, Callable[[RunRecord], Any]], ...] = (
        ("learning_curve.png", bool(record.rounds), _learning_curve),
        ("precision_recall.png", bool(_judged(record)), _precision_recall),
        ("calibration.png", bool(_judged(record)), _calibration),
        ("member_spread.png", bool(record.spread), _member_spread),
    )
    written = []
    for name, has_data, draw in pictures:
        if has_data:
            save_figure(draw(record), folder / name)
            written.append(folder / name)
    return tuple(written)


def save_figure(figure: Any, path: Path) -> None:
    """Write a figure as PNG; without "Software" the bytes do not change with matplotlib's version string."""
    figure.savefig(path, dpi=_DPI, facecolor="white", metadata={"Software": None})


def _learning_curve(record: RunRecord) -> Any:
    """Loss and who took part, round by round, one below the other."""
    figure = new_figure(7.6, 4.6)
    loss, members = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1.4))
    _headline(loss, "Learning curve", f"{record.model_name} · {record.contract} · {record.member_count} members")
    rounds = [point.round for point in record.rounds]
    _series(loss, rounds, [p.train_loss for p in record.rounds], _TRAINING, "training")
    _series(loss, rounds, [p.validation_log_loss for p in record.rounds], _LOOKS[FEDERATED], "validation")
    loss.set_ylabel("log loss (nats)")
    _legend(loss)
    _attendance(members, record.rounds)
    for axes in (loss, members):
        draw_frame(axes)
    members.xaxis.get_major_locator().set_params(integer=True)
    return figure


def _series(axes: Any, x: list[int], values: Sequence[float | None], look: _Look, label: str) -> None:
    """Draw one line; rounds without the figure are left out."""
    known = [(at, value) for at, value in zip(x, values, strict=True) if value is not None]
    if not known:
        axes.text(0.5, 0.5, "not evaluated", transform=axes.transAxes, ha="center", va="center", color=_SOFT)
        return
    marker = "o" if len(known) <= 40 else ""  # noqa: PLR2004 - more dots than this run into one another
    axes.plot(*zip(*known, strict=True), look.line, color=look.colour, marker=marker, markersize=3.5, label=label)


def _attendance(axes: Any, points: Sequence[RoundPoint]) -> None:
    """Stack accepted, refused and silent members of each round."""
    x = [point.round for point in points]
    accepted = np.array([point.accepted for point in points])
    refused = np.array([point.refused_count for point in points])
    silent = np.array([point.asked for point in points]) - accepted - refused
    bottom = np.zeros(len(points))
    looks = (("accepted", accepted, "#56B4E9"), ("refused", refused, _REFUSED), ("no answer", silent, "#d0d0d0"))
    for label, counts, colour in looks:
        axes.bar(x, counts, bottom=bottom, color=colour, width=0.8, label=label)
        bottom = bottom + counts
    axes.set_ylabel("members")
    axes.set_xlabel("round")
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.1)


def _precision_recall(record: RunRecord) -> Any:
    """Precision against recall of every variant, with the share of defects as the line of no skill."""
    figure, axes = _single(6.4, 5.2)
    cards = _judged(record)
    _headline(axes, "Precision and recall", _basis(record, cards[FEDERATED]))
    for name, card in cards.items():
        look = _LOOKS[name]
        recall, precision = _precision_by_recall(card)
        area = card.average_precision()
        axes.plot(recall, precision, look.line, color=look.colour, label=f"{look.words}: {area:.3f}")
    base = _base_rate(cards[FEDERATED])
    axes.axhline(base, color=_RANGE, linewidth=1, zorder=0)
    axes.annotate(
        f"no skill {base:.2f}", (1, base), (-3, 3), textcoords="offset points", ha="right", color=_SOFT, fontsize=8
    )
    axes.set(xlim=(0, 1.01), ylim=(0, 1.02), xlabel="recall: share of the defects found")
    axes.set_ylabel("precision: share of the alarms that are defects")
    _legend(axes, title="average precision", loc="lower left")
    draw_frame(axes)
    return figure


def _calibration(record: RunRecord) -> Any:
    """Observed share against predicted probability; the diagonal is perfect. Below it: how many rows stand behind."""
    figure = new_figure(6.4, 6.4)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    cards = {name: card for name, card in _judged(record).items() if name in (FEDERATED, PERSONALISED, LOCAL, CHAMPION)}
    _headline(axes, "Calibration", _basis(record, cards[FEDERATED]))
    axes.plot((0, 1), (0, 1), color=_RANGE, linewidth=1, zorder=0)
    for name, card in cards.items():
        predicted, observed, rows = _calibration_points(card)
        enough = rows >= _FEWEST_ROWS
        look, error = _LOOKS[name], card.calibration_error()
        label = f"{look.words}: {error:.3f}"
        axes.plot(
            predicted[enough], observed[enough], look.line, color=look.colour, marker="o", markersize=4, label=label
        )
    axes.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="observed share of defects")
    _legend(axes, title="expected calibration error", loc="upper left")
    _, _, rows = _calibration_points(cards[FEDERATED])
    below.bar((np.arange(len(rows)) + 0.5) / len(rows), rows, width=0.9 / len(rows), color=_LOOKS[FEDERATED].colour)
    below.set(xlabel="predicted probability of a defect", ylabel="rows\n(shared model)")
    for each in (axes, below):
        draw_frame(each)
    return figure


def _member_spread(record: RunRecord) -> Any:
    """Smallest, mean and largest ROC-AUC over the members per variant; names only of those that opted in."""
    figure, axes = _single(7.2, 4.8)
    unnamed = record.member_count - len(record.members)
    who = (
        f"{len(record.members)} of {record.member_count} members opted in to be named" if record.members else "no names"
    )
    _headline(axes, "Spread over the members", f"ROC-AUC on each member's own hold-out rows · {who}")
    variants = [name for name in (LOCAL, FEDERATED, PERSONALISED) if name in record.spread]
    for place, name in enumerate(variants):
        spread = record.spread[name]
        axes.plot(
            (place, place),
            (spread.minimum, spread.maximum),
            color=_RANGE,
            linewidth=9,
            solid_capstyle="butt",
            zorder=1,
        )
        axes.plot(
            (place - 0.13, place + 0.13), (spread.mean, spread.mean), color=_LOOKS[name].colour, linewidth=3, zorder=3
        )
        _mean_label(axes, place - 0.13, spread.mean)
    _named_members(axes, record.members, variants)
    axes.set_xticks(range(len(variants)), [_LOOKS[name].words for name in variants])
    axes.set(xlim=(-0.6, len(variants) - 0.5 + (0.45 if record.members else 0)), ylabel="ROC-AUC")
    note = (
        f"Grey: smallest to largest over all members, {unnamed} of them unnamed."
        if unnamed
        else "Grey: smallest to largest."
    )
    draw_frame(axes)
    axes.set_xlabel(note, fontsize=8.5, color=_SOFT, labelpad=8)
    return figure


def _mean_label(axes: Any, x: float, mean: float) -> None:
    """Write the mean to the left of its mark, on white so that a member's line does not cross it."""
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    place: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "va": "center"}
    axes.annotate(f"mean {mean:.3f}", (x, mean), (-5, 0), **place, fontsize=8.5, bbox=behind, zorder=5)


def _named_members(axes: Any, members: Sequence[MemberRecord], variants: Sequence[str]) -> None:
    """Draw a line of dots per member that opted in, its name at the right end."""
    ends = []
    for member in members:
        areas = {
            LOCAL: member.roc_auc_local,
            FEDERATED: member.roc_auc_federated,
            PERSONALISED: member.roc_auc_personalised,
        }
        known = [(place, areas[name]) for place, name in enumerate(variants) if areas[name] is not None]
        if known:
            axes.plot(
                *zip(*known, strict=True), color=_INK, linewidth=0.7, marker="o", markersize=4.5, alpha=0.75, zorder=4
            )
            ends.append((known[-1][0], float(known[-1][1] or 0.0), member.name))
    low, high = axes.get_ylim()
    shown, family = _readable([name for _, _, name in ends])
    heights = _apart([y for _, y, _ in ends], (high - low) * 0.055)
    for (x, y, _), name, at in zip(ends, shown, heights, strict=True):
        axes.annotate(
            name, (x, y), (x + 0.16, at), va="center", fontsize=8.5, fontfamily=family, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": _RANGE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3},
        )  # fmt: skip


def _apart(values: Sequence[float], gap: float) -> list[float]:
    """Move label heights up just enough that none covers another; the order of the values is kept."""
    placed = [0.0] * len(values)
    floor = -np.inf
    for index in np.argsort(np.asarray(values), kind="stable"):
        placed[index] = floor = max(values[index], floor + gap)
    return placed


def _judged(record: RunRecord) -> dict[str, Scorecard]:
    """Scorecards that have a class to tell apart, in drawing order; empty unless the shared model has one."""
    cards = record.scorecards
    kept = {name: cards[name] for name in _LOOKS if name in cards and cards[name].judged_classes()}
    return kept if FEDERATED in kept else {}


def _precision_by_recall(card: Scorecard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Recall and precision to draw: of the defect class, or the mean over the classes present on a common grid."""
    curves = [card.precision_recall_curve(index) for index in card.judged_classes()]
    if len(curves) == 1:
        precision, recall = curves[0]
        return recall[recall > 0], precision[recall > 0]
    return _RECALL_GRID, np.mean([np.interp(_RECALL_GRID, r[r > 0], p[r > 0]) for p, r in curves], axis=0)


def _calibration_points(card: Scorecard) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Predicted, observed and rows per group `(10,)`, the judged classes taken together."""
    curves = [card.calibration_curve(index) for index in card.judged_classes()]
    rows = np.sum([counts for _, _, counts in curves], axis=0)
    predicted, observed = (
        np.sum([np.nan_to_num(curve[part]) * curve[2] for curve in curves], axis=0) / np.maximum(rows, 1)
        for part in (0, 1)
    )
    return predicted, observed, rows


def _base_rate(card: Scorecard) -> float:
    """Precision of alarms given blindly: the judged class's share of the rows, mean over classes."""
    return float(np.mean([card.class_counts[index] / card.rows for index in card.judged_classes()]))


def _basis(record: RunRecord, card: Scorecard) -> str:
    return (
        f"{record.contract} · {card.rows:,} hold-out rows · 50-bin histograms summed over {record.member_count} members"
    )


def new_figure(width: float, height: float) -> Any:
    """Return an empty figure, in inches."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - plots are the only ones that wait for matplotlib

    return Figure(figsize=(width, height), layout="constrained")


def _single(width: float, height: float) -> tuple[Any, Any]:
    figure = new_figure(width, height)
    return figure, figure.subplots()


def _headline(axes: Any, title: str, subtitle: str) -> None:
    """Title and a softer line below it, both from the left edge."""
    axes.set_title(title, loc="left", fontsize=13, fontweight="bold", color=_INK, pad=24)
    where = {"xycoords": "axes fraction", "textcoords": "offset points"}
    axes.annotate(subtitle, (0, 1), (0, 9), **where, fontsize=8.5, color=_SOFT)


def _legend(axes: Any, title: str | None = None, loc: str = "best") -> None:
    axes.legend(
        title=title,
        loc=loc,
        frameon=True,
        framealpha=0.9,
        edgecolor="none",
        fontsize=8.5,
        alignment="left",
        title_fontsize=8.5,
    )


def draw_frame(axes: Any) -> None:
    """Leave the data and two axes."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8.5, length=3)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_fontsize(9.5)


def _readable(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names as they can be drawn here, and the font families to draw them with.

    Without a Hangul font a Korean name would come out as boxes; it becomes "named 1", to be looked up in report.md.
    """
    from matplotlib import font_manager  # noqa: PLC0415

    installed = {font.name for font in font_manager.fontManager.ttflist}
    hangul = [name for name in _HANGUL_FONTS if name in installed][:1]
    shown = [name if hangul or name.isascii() else f"named {place}" for place, name in enumerate(names, start=1)]
    return shown, ["DejaVu Sans", *hangul]
