"""The pictures and tables of the accuracy benchmark, beside its metrics."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from flows.benchmark.scores import ALL_F1, DIGITS, OWN_F1, POOLED_ROC_AUC, ROC_AUC
from flows.benchmark.summary import LOCAL, POOLED, TAKEN_HOME, Deal
from models.comparison_plot import Line, Panel, draw_comparison
from models.run_record import FEDERATED
from models.run_record import LOCAL as LOCAL_LOOK
from models.run_record import PERSONALISED as PERSONALISED_LOOK
from models.run_record import POOLED as POOLED_LOOK

WORDS = {
    ROC_AUC: "ROC-AUC, mean over members",
    POOLED_ROC_AUC: "ROC-AUC over all members' rows",
    OWN_F1: "macro F1 over a member's own classes",
    ALL_F1: "macro F1 over all classes",
}
NOTE = "Large dots: mean over seeds, with its 95 % interval. Small dots: single members."


def draw(task: str, deals: Sequence[Deal], path: Path, *, simulated: bool) -> None:
    """Draw one task: a panel per partition, a line per system.

    Args:
        task: The task.
        deals: Its partitions.
        path: The PNG file.
        simulated: Whether its data come from a simulation; the picture says so.
    """
    panels = [Panel(deal.partition, tuple(_line(deal, system) for system in deal.systems)) for deal in deals]
    title = f"{task} ({'simulated' if simulated else 'real'} data)"
    draw_comparison(panels, path, title=title, figure_name=WORDS[deals[0].metric], note=NOTE)


def save_table(deals: Sequence[Deal], path: Path) -> None:
    """Write each system's mean per partition as CSV: what `dvc plots` draws and compares."""
    lines = [
        {
            "system": f"{deal.partition} {system}",
            deal.metric: round(deal.estimate(system, deal.metric).mean, DIGITS),
        }
        for deal in deals
        for system in deal.systems
    ]
    pd.DataFrame(lines).to_csv(path, index=False)


def _line(deal: Deal, system: str) -> Line:
    found = deal.estimate(system, deal.metric)
    members = tuple(deal.estimate(system, deal.metric, member).mean for member in deal.members)
    return Line(system, _variant(system), found.mean, found.half, members)


def _variant(system: str) -> str:
    if system.startswith(LOCAL):
        return LOCAL_LOOK
    if system.startswith(POOLED):
        return POOLED_LOOK
    return PERSONALISED_LOOK if system == TAKEN_HOME else FEDERATED
