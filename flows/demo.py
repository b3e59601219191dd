"""The main job on real data, on one machine: five member factories, one shared print-defect model.

The data are real, the factories are not: the rows of one printing plant are dealt to five folders by press speed. That
the split is ours is why a pooled reference can be given here, and nowhere else.
"""

from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_contracts.contract import Contract, load_contract
from data_contracts.split import Split, split
from data_contracts.versions import read_version
from federated.member.dataset import Added, add_dataset, latest_dataset
from federated.member.home import MemberHome
from flows.errors import SourceUnavailable
from flows.inboxes import lay_out
from flows.interrupts import stop_if_interrupted
from flows.plan import load_plan
from flows.pooled import pooled_reference
from flows.progress import tell
from flows.settings import Settings
from flows.sources import PRINT_DEFECT, fetch
from flows.training_report import TrainingReport
from models.evaluation import Scorecard

if TYPE_CHECKING:
    from flows.session import Session

PLAN = "print-defect"
MEMBERS = 5
INBOX = "inbox/print-defect.csv"


@dataclass(frozen=True)
class Demo:
    """A finished demo.

    Attributes:
        report: The training run.
        pooled: What a model trained on all rows together reaches.
        closing: What to do next.
    """

    report: TrainingReport
    pooled: Scorecard
    closing: str


def run_demo(settings: Settings, session: "Session", *, rounds: int | None = None, seed: int | None = None) -> Demo:
    """Fetch, split, check, train, compare, register; a second time nothing is fetched or versioned again.

    Args:
        settings: Where the state lives.
        session: Runs the flow; what it needs starts while the data are prepared.
        rounds: Training rounds instead of the plan's.
        seed: Seed instead of the plan's.

    Raises:
        SourceUnavailable: The data could not be fetched.
        MemberHasData: A member of that name has data of its own; nothing was changed.
    """
    plan = load_plan(PLAN).with_overrides(rounds=rounds, seed=seed)
    contract = load_contract(plan.contract)
    source = fetch(PRINT_DEFECT, settings.downloads)
    files = lay_out(settings.members, lambda folder: deal(source, contract, folder))
    tell(f"Data: {PRINT_DEFECT.origin}.")
    for file in files:
        stop_if_interrupted()
        home = file.parents[1]
        added = add_dataset(home, file, plan.contract, member=home.name, shares_metrics=True)
        tell(_sentence(home.name, added))
    report = session.train(plan)
    pooled = pooled_reference([_rows(file.parents[1], contract) for file in files], contract, plan)
    stop_if_interrupted()
    return Demo(report, pooled, _closing(settings, files[0]))


def deal(source: Path, contract: Contract, members: Path, count: int = MEMBERS) -> tuple[Path, ...]:
    """Deal the rows of the published file to the members' own folders by quantile of press speed.

    The published file has no header and no identifier: its columns are the contract's, in order, and a row's number in
    it becomes its `record_id`. Fast and slow presses differ, so the members differ, as real ones do.

    Args:
        source: The published file.
        contract: The contract `print-defect`.
        members: The folder of the members.
        count: How many members there are.

    Returns:
        One CSV file per member.
    """
    features = [column.name for column in (*contract.features, contract.target)]
    rows = pd.read_csv(source, header=None, names=features)
    if rows.isna().to_numpy().any():
        raise SourceUnavailable(f"{source.name} does not have the {len(features)} columns that were recorded")
    rows.insert(0, contract.key[0], [f"run-{number:04d}" for number in range(1, len(rows) + 1)])
    edges = np.quantile(rows["press_speed"], np.linspace(0, 1, count + 1)[1:-1])
    owner = np.searchsorted(edges, rows["press_speed"], side="left")
    return tuple(_write(rows[owner == index], members / f"factory-{index + 1}" / INBOX) for index in range(count))


def _write(rows: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(path, index=False, encoding="utf-8")
    return path


def _rows(home: Path, contract: Contract) -> Split:
    return split(read_version(latest_dataset(MemberHome(home))), contract)


def _sentence(member: str, added: Added) -> str:
    verdict = added.verdict
    state = "accepted" if added.version is not None else "refused"
    return f"{member}: {state}, {verdict.accepted_rows} rows kept, {verdict.quarantined_rows} quarantined"


def _closing(settings: Settings, example: Path) -> str:
    return (
        f"Everything is under {settings.home}: mlflow.db, artifacts/, members/, runs/.\n"
        "The data are real, the five factories are one plant's rows dealt by press speed, and one seed is no proof.\n"
        "Next, with .venv/bin on your PATH or before the name:\n"
        "  pumasi ui                                  runs, report, plots and the model in MLflow\n"
        f"  pumasi-member score {_short(example)} --model {PLAN} -o scored.csv"
    )


def _short(path: Path) -> str:
    return quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
