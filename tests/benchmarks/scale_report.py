"""The section "scale" of RESULTS.md and its plots, from one measurement; no number in it is typed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from measured import Machine

from federated.local_round import MOST_ENCODED
from federated.member.saved_rows import MOST_OPEN
from flows.benchmark.sections import put_section

HERE = Path(__file__).parent
RESULTS, PLOTS = HERE / "RESULTS.md", HERE / "plots"
GROWTH = 1.25
MANY = 20
R_SQUARED = 0.98
CACHES = MOST_ENCODED + MOST_OPEN
MODELS_HELD = 20
"""Copies of the model beside one per member that a round may hold: the working set of the member at work, 13 or so."""

LEGEND = """\
The rows are made up (30 numbers each); half of a member's rows teach, a sixth validates. A round is one local epoch in
batches of 128 and the evaluation of the arriving model, merged by FedAvg. Seconds and CPU-s: median of the rounds
without the first. Peak: resident set of the process, all imports included, to the end of the rounds. Before training:
the same when all members have said who they are, and no rows have been read."""
FITTED = """\
By {label}: seconds per round = {time.a:.3g} + {time.b:.3g} x (R² {time.r_squared:.4f}); peak MB = {held.a:.4g} + \
{held.b:.3g} x (R² {held.r_squared:.4f})."""
LINEAR = """\
- Asked: seconds per round linear in members. Measured: R² {fit.r_squared:.4f}; a member takes {growth:.2f} times as
  long among {many} as among {few}; up to {most} counts as linear. {met}"""
BOUNDED = """\
- Asked: memory bounded by one member's working set plus the arrays. Measured: {grown:.0f} MB more with {many} members
  than with {few}; rows kept open may take {caches:.0f} MB, and the further replies take {replies:.0f} MB, each in two
  forms. {met}"""
LARGE = """\
- A model of {size:.0f} MB with {members} members: the peak is {copies:.1f} times the model, of which {members} are the
  members' replies. Asked: at most {most}. {met}"""
EQUAL = """\
- {members} members with the very same rows hold {equal:.0f} MB at the peak, with rows of their own {own:.0f} MB."""


@dataclass(frozen=True)
class Curve:
    """One curve and what its plot says.

    Attributes:
        name: of the points and of the file.
        x: which field of a point.
        label: of the axis.
        unit: by which x is divided for the axis.
    """

    name: str
    x: str
    label: str
    unit: float = 1.0


CURVES = (
    Curve("members", "members", "members"),
    Curve("rows", "rows", "rows of each of 3 members"),
    Curve("model", "model_bytes", "model, MB", 1e6),
)


@dataclass(frozen=True)
class Fit:
    """``y = a + b x`` by least squares, and the share of y's variance that it explains."""

    a: float
    b: float
    r_squared: float

    @classmethod
    def of(cls, x: Sequence[float], y: Sequence[float]) -> "Fit":
        """Fit a line. Example: x 1, 2, 3 and y 3, 5, 7 give a 1, b 2 and R² 1."""
        b, a = np.polyfit(x, y, 1)
        spread = float(np.square(np.asarray(y) - np.mean(y)).sum())
        left = float(np.square(np.asarray(y) - (a + b * np.asarray(x))).sum())
        return cls(float(a), float(b), 1 - left / spread if spread else 1.0)


def seconds(point: dict[str, Any]) -> float:
    """Return the median seconds of a round, the first left out."""
    return float(median(point["rounds"][1:]))


def cpu(point: dict[str, Any]) -> float:
    """Return the median CPU seconds of a round, the first left out."""
    return float(median(point["cpu"][1:]))


def peak(point: dict[str, Any]) -> float:
    """Return the largest resident set up to the end of the rounds, in bytes."""
    return float(max(point["peaks"][name] for name in ("contract check", "statistics", "rounds")))


def write_scale(found: Sequence[dict[str, Any]], path: Path = RESULTS) -> None:
    """Draw the plots and put the section into RESULTS.md."""
    put_section(path, "scale", section(found, PLOTS))


def section(found: Sequence[dict[str, Any]], plots: Path) -> str:
    """Draw the plots and return the section.

    Args:
        found: what was measured of each point.
        plots: the folder of the plots.
    """
    curves = {one.name: sorted((p for p in found if p["curve"] == one.name), key=lambda p: p[one.x]) for one in CURVES}
    plots.mkdir(parents=True, exist_ok=True)
    for curve in CURVES:
        if len(curves[curve.name]) > 1:
            _draw(curve, curves[curve.name], plots / f"scale-{curve.name}.png")
    lines = [*_introduction(found), *_table(found), *_plots(curves)]
    lines += _verdicts(curves, [one for one in found if one["curve"] == "equal"])
    return "\n".join(lines)


def _introduction(found: Sequence[dict[str, Any]]) -> list[str]:
    here, days = Machine.here(), sorted({one["when"] for one in found})
    return [
        "## Scale: members, rows and model in one process",
        "",
        f"One process, one torch thread; {here.cores} cores, {here.processor}, {here.memory_gb} GB,",
        f"Python {here.python}.",
        f"Measured {days[0]} to {days[-1]} by `make benchmark-scale`, each line in a fresh process.",
        LEGEND,
        "",
    ]


def _table(found: Sequence[dict[str, Any]]) -> list[str]:
    columns = ["curve", "members", "rows each", "model, bytes", "s per round", "CPU-s per round", "ms per member"]
    columns += ["peak, MB", "before training, MB", "load before"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for one in found:
        cells = [one["curve"], f"{one['members']}", f"{one['rows']:,}", f"{one['model_bytes']:,}"]
        cells += [f"**{seconds(one):.3f}**", f"{cpu(one):.3f}", f"{1000 * seconds(one) / one['members']:.1f}"]
        cells += [f"{peak(one) / 1e6:.0f}", f"{one['peaks']['roll call'] / 1e6:.0f}", f"{one['load']:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _plots(curves: dict[str, list[dict[str, Any]]]) -> list[str]:
    lines = []
    for curve in CURVES:
        points = curves[curve.name]
        if len(points) > 2:
            x = [one[curve.x] / curve.unit for one in points]
            time, held = Fit.of(x, [seconds(one) for one in points]), Fit.of(x, [peak(one) / 1e6 for one in points])
            lines += [
                f"![Seconds and memory by {curve.label}](plots/scale-{curve.name}.png)",
                "",
                FITTED.format(label=curve.label, time=time, held=held),
                "",
            ]
    return lines


def _verdicts(curves: dict[str, list[dict[str, Any]]], equal: list[dict[str, Any]]) -> list[str]:
    lines = []
    if len(curves["members"]) > 1:
        lines += _members(curves["members"])
    own = [one for one in curves["members"] if equal and one["members"] == equal[0]["members"]]
    if own:
        held = {"equal": peak(equal[0]) / 1e6, "own": peak(own[0]) / 1e6}
        lines.append(EQUAL.format(members=equal[0]["members"], **held))
    if len(curves["model"]) > 1:
        lines.append(_model(curves["model"]))
    return lines


def _members(points: list[dict[str, Any]]) -> list[str]:
    first, many = points[0], points[-1]
    few = next(one for one in points if one["members"] >= MANY or one is many)  # a handful shows the fixed cost
    fit = Fit.of([one["members"] for one in points], [seconds(one) for one in points])
    growth = (seconds(many) / many["members"]) / (seconds(few) / few["members"])
    grown, replies = peak(many) - peak(first), 2 * (many["members"] - first["members"]) * many["model_bytes"]
    linear = growth <= GROWTH and fit.r_squared >= R_SQUARED
    told = {"fit": fit, "growth": growth, "many": many["members"], "few": few["members"], "most": GROWTH}
    bounded = {"many": many["members"], "few": first["members"], "grown": grown / 1e6}
    bounded |= {"caches": CACHES / 1e6, "replies": replies / 1e6}
    return [
        LINEAR.format(**told, met=_met(linear)),
        BOUNDED.format(**bounded, met=_met(grown <= CACHES + replies)),
    ]


def _model(points: list[dict[str, Any]]) -> str:
    small, large = points[0], points[-1]
    copies, most = (peak(large) - peak(small)) / large["model_bytes"], large["members"] + MODELS_HELD
    told = {"size": large["model_bytes"] / 1e6, "members": large["members"], "copies": copies, "most": most}
    return LARGE.format(**told, met=_met(copies <= most))


def _met(yes: bool) -> str:  # noqa: FBT001
    return "Met." if yes else "**Missed.**"


def _draw(curve: Curve, points: Sequence[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    x = np.array([one[curve.x] / curve.unit for one in points])
    line = np.geomspace(x.min(), x.max(), 200)
    figure, places = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for place, title, values in (
        (places[0], "seconds per round", [seconds(one) for one in points]),
        (places[1], "peak memory, MB", [peak(one) / 1e6 for one in points]),
    ):
        fit = Fit.of(x.tolist(), values)
        place.plot(
            line, fit.a + fit.b * line, color="0.6", label=f"{fit.a:.3g} + {fit.b:.3g} x, R² {fit.r_squared:.3f}"
        )
        place.plot(x, values, "o", color="tab:blue", label="measured")
        place.set(xscale="log", xlabel=curve.label, title=title, ylim=(0, 1.2 * max(values)))
        place.legend(frameon=False, fontsize=8)
        place.spines[["top", "right"]].set_visible(False)
    places[0].set(yscale="log", ylim=(None, None))  # what is linear has slope 1, on both axes
    figure.savefig(path, dpi=110)
    plt.close(figure)
