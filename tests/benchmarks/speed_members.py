"""Members for the speed run, and the same rows, encoded, for the loop that is written by hand.

The rows are those of `workload`, checked and saved as versions with the product's own functions. All are made up.
"""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from workload import BATCH, FEATURES, LEARNING_RATE, MEMBERS, SMALL, Rows, rows_of, write_contract

from data_contracts.contract import Contract, load_contract
from data_contracts.enforce import enforce
from data_contracts.split import Split, split
from data_contracts.statistics import describe, merge
from data_contracts.versions import save_version
from federated.member.home import MemberHome, MemberProfile
from federated.seeds import derive_seed
from models.configs import NetworkConfig
from models.prediction import initial_weights
from models.preprocessing import Preprocessing, fit_preprocessing

SEED = 1
BINS = 1
MINIMUM = 5  # of a plan that says nothing else


def members_folder(folder: Path) -> Path:
    """Return the members' folder of a home of its own; what is missing is made."""
    members = folder / "home" / "members"
    members.mkdir(parents=True, exist_ok=True)
    write_contract(contract_file(folder))
    rules = load_contract(contract_file(folder))
    for number in range(MEMBERS):
        home = members / name_of(number)
        if not (home / ".ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            made = MemberHome.create(home, MemberProfile(home.name, str(contract_file(folder)), shares_metrics=False))
            save_version(made.data, accepted(number, rules), rules, source="made up")
            (home / ".ready").touch()
    return members


def contract_file(folder: Path) -> Path:
    """Return where the contract of the work lies."""
    return (folder / "contract.odcs.yaml").resolve()


def name_of(number: int) -> str:
    """Return a member's id; sorted, they are in the order of their numbers."""
    return f"member-{number + 1:02d}"


def accepted(number: int, rules: Contract) -> pd.DataFrame:
    """Return a member's rows as the contract accepts them."""
    rows: Rows = rows_of(number)
    values = {f"value_{n + 1:02d}": rows.x[:, n].astype(np.float64).round(6) for n in range(FEATURES)}
    return enforce(
        pd.DataFrame({"part": rows.keys, **values, "outcome": np.where(rows.y, "bad", "good")}), rules
    ).accepted


def write_encoded(folder: Path, rounds: int) -> Path:
    """Write what the loop by hand is given: encoded rows, first weights, and the seed of each member's round."""
    rules = load_contract(contract_file(folder))
    parts = [split(accepted(number, rules), rules) for number in range(MEMBERS)]
    preprocessing = fitted(parts, rules)
    start = initial_weights(preprocessing, NetworkConfig(SMALL.width, SMALL.blocks), seed=SEED)
    given: dict[str, NDArray[np.generic]] = {f"w/{name}": array for name, array in start.arrays.items()}
    for number, rows in enumerate(parts):
        for prefix, frame in (("", rows.train), ("v", rows.validation)):
            given[f"{number}/{prefix}x"] = preprocessing.encode(frame)
            given[f"{number}/{prefix}y"] = preprocessing.targets(frame)
    given["seeds"] = np.array(
        [[derive_seed(SEED, "train", name_of(k), r + 1) for r in range(rounds)] for k in range(MEMBERS)]
    )
    given["class_weights"] = np.array(preprocessing.class_weights, dtype=np.float32)
    facts = {"members": MEMBERS, "batch": BATCH, "rate": LEARNING_RATE, "blocks": SMALL.blocks}
    path = folder / "encoded.npz"
    np.savez(path, **given, **{name: np.array(fact) for name, fact in facts.items()})  # type: ignore[arg-type]
    return path


def fitted(parts: list[Split], rules: Contract) -> Preprocessing:
    """Return the preprocessing that the members' statistics give."""
    told = [describe(rows.known, rules, minimum_count=MINIMUM) for rows in parts]
    return fit_preprocessing(rules, merge(told), bins=BINS)
