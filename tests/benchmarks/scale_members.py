"""Members for the scale run: folders with a dataset version each, made in this process with the product's functions.

`pumasi-member data add` reads, maps and checks a file; here the rows are checked and saved, as it does at its end. Made
once and kept under ``.benchmarks/scale``; nothing of this is measured. All rows are made up.
"""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from workload import BOUND, FEATURES, rows_of, write_contract

from data_contracts.contract import Contract, load_contract
from data_contracts.enforce import enforce
from data_contracts.versions import save_version
from federated.member.home import MemberHome, MemberProfile

CONTRACT = "contract.odcs.yaml"


def member_homes(folder: Path, members: int, rows: int, *, equal: bool = False) -> tuple[Path, ...]:
    """Return the folders of members with so many rows each; those that are missing are made.

    Args:
        folder: where all of them live.
        members: how many.
        rows: per member, all three parts together.
        equal: whether all have the very same rows, instead of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / CONTRACT).exists():
        write_contract(folder / CONTRACT)
    contract = load_contract(str(folder / CONTRACT))
    kind = folder / f"rows-{rows}{'-equal' if equal else ''}"
    homes = tuple(kind / f"member-{number:03d}" for number in range(1, members + 1))
    for number, home in enumerate(homes, start=1):
        if not (home / ".ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            _make(home, frame_of(1 if equal else number, rows), contract, folder / CONTRACT)
            (home / ".ready").touch()
    return homes


def workload_homes(folder: Path, members: int) -> tuple[Path, ...]:
    """Return the folders of members with the very rows of `workload.rows_of`; those that are missing are made."""
    folder.mkdir(parents=True, exist_ok=True)
    write_contract(folder / CONTRACT)
    contract = load_contract(str(folder / CONTRACT))
    homes = tuple(folder / f"member-{number}" for number in range(1, members + 1))
    for number, home in enumerate(homes, start=1):
        if not (home / ".ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            rows = rows_of(number)
            _make(home, _frame(rows.keys, rows.x, rows.y), contract, folder / CONTRACT)
            (home / ".ready").touch()
    return homes


def frame_of(member: int, rows: int) -> pd.DataFrame:
    """Draw one member's rows: `workload.rows_of` without its exact counts of each part."""
    chance = np.random.default_rng([13, member, rows])
    true = np.random.default_rng(7).normal(size=(FEATURES, 8)) / FEATURES**0.5
    x = chance.normal(size=(rows, FEATURES)) + 0.3 * chance.normal(size=FEATURES)
    x = np.clip(x, -BOUND, BOUND)
    bad = np.tanh(x @ true * 1.5).sum(axis=1) + 0.5 * x[:, 0] * x[:, 1] + 0.5 * chance.normal(size=rows) > 0
    return _frame([f"m{member}-{number}" for number in range(rows)], x, bad)


def _frame(keys: list[str], x: NDArray[np.floating], bad: NDArray[np.bool_]) -> pd.DataFrame:
    columns = {f"value_{number:02d}": x[:, number - 1].astype(np.float64) for number in range(1, FEATURES + 1)}
    return pd.DataFrame({"part": keys, **columns, "outcome": np.where(bad, "bad", "good")})


def _make(folder: Path, frame: pd.DataFrame, contract: Contract, place: Path) -> None:
    home = MemberHome.create(folder, MemberProfile(folder.name, str(place.resolve()), shares_metrics=False))
    save_version(home.data, enforce(frame, contract).accepted, contract, source="made up")
