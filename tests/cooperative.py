"""A small cooperative on disk for tests: parts with a heat and a paper, which fail when they are hot."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from data_contracts.contract import Contract, load_contract
from federated import job as jobs
from federated.agreement import SignedAgreement
from federated.job import Job, Outcome, Task
from federated.learning import BAGGING, Learning
from federated.member.dataset import add_dataset
from federated.member.home import MemberHome
from federated.messages import Assignment, Minimums
from federated.runtime.in_process import InProcessRuntime
from models.configs import NetworkConfig, TrainingConfig, TreesConfig
from tests.tiny_contract import DOCUMENT

LEARNING = Learning(rounds=3, average_last=2, minimum_members=2, deadline_seconds=60)
TRAINING = TrainingConfig(epochs=2, batch_size=32, learning_rate=0.01, weight_decay=0.01)
TREES = TreesConfig(depth=2, columns=1.0, own_trees=2)
BAGGING_TREES = replace(LEARNING, strategy=BAGGING, options={"step": 1.0}, average_last=1)
"""The same rounds for trees."""


def contract_file(folder: Path, *, version: str = "1.0.0", classes: tuple[str, ...] = ("good", "bad")) -> Path:
    """Write the tiny contract, in another version or with other classes if wanted; all but the first are defects."""
    document = copy.deepcopy(DOCUMENT) | {"version": version}
    document["customProperties"][2]["value"] = list(classes[1:])
    document["schema"][0]["properties"][-1]["enum"] = [{"value": name} for name in classes]
    path = folder / f"tiny-{version}.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def parts(seed: int, rows: int = 120, *, classes: tuple[str, ...] = ("good", "bad")) -> pd.DataFrame:
    """Make parts: the hotter, the later the class in the list, with some noise."""
    rng = np.random.default_rng(seed)
    heat = rng.uniform(0, 100, rows)
    noisy = np.clip(heat + rng.normal(0, 8, rows), 0, 99.9)
    return pd.DataFrame(
        {
            "part": [f"part-{seed}-{number}" for number in range(rows)],
            "heat": np.where(rng.uniform(size=rows) < 0.1, np.nan, heat.round(2)),
            "paper": rng.choice(["a", "b"], rows),
            "grade": np.take(np.array(classes, dtype=object), (noisy / 100 * len(classes)).astype(int)),
        }
    )


class Cooperative:
    """Members on disk and the association's run folders.

    Args:
        folder: Where everything lives.
        classes: Classes of the target.
    """

    def __init__(self, folder: Path, *, classes: tuple[str, ...] = ("good", "bad")) -> None:
        self.folder = folder
        self.classes = classes
        self.contract_file = contract_file(folder, classes=classes)
        self.contract: Contract = load_contract(self.contract_file)

    @classmethod
    def of(cls, folder: Path, *members: str) -> "Cooperative":
        """Return a cooperative of some members, each with parts of its own."""
        made = cls(folder)
        for member in members:
            made.add(member)
        return made

    def add(
        self, member: str, frame: pd.DataFrame | None = None, *, contract: Path | None = None, shares: bool = True
    ) -> MemberHome:
        """Add a member with the given parts, or with parts of its own."""
        frame = parts(sum(member.encode()), classes=self.classes) if frame is None else frame
        file = self.folder / f"{member}.csv"
        frame.to_csv(file, index=False)
        home = self.folder / "members" / member
        added = add_dataset(home, file, str(contract or self.contract_file), member=member, shares_metrics=shares)
        assert added.version is not None, added.verdict
        return MemberHome(home)

    def job(self, run: str, *, trees: TreesConfig | None = None, **changes: Any) -> tuple[Path, Job]:
        """Write a job; keyword arguments change its assignment, and `trees` take the place of the network."""
        learning = BAGGING_TREES if trees else LEARNING
        folder = self.folder / "runs" / run
        folder.mkdir(parents=True)
        (folder / jobs.CONTRACT).write_bytes(self.contract.source.encode())
        assignment = Assignment(
            run_id=run,
            agreement="0" * 64,
            purpose="a test",
            contract=self.contract.reference,
            contract_sha256=self.contract.sha256,
            seed=1,
            rounds=LEARNING.rounds,
            average_last=learning.average_last,
            network=None if trees else NetworkConfig(width=8),
            training=None if trees else TRAINING,
            minimums=Minimums(count=5, evaluation_rows=20),
            trees=trees,
        )
        job = Job(Task.TRAIN, replace(assignment, **changes), learning, 4, SignedAgreement("{}"))
        jobs.save(job, folder / jobs.JOB)
        return folder, job

    def run(self, run: str, **changes: Any) -> Outcome:
        """Run a training over all members in this process."""
        folder, _ = self.job(run, **changes)
        self.follow(folder)
        return jobs.load(Outcome, folder / jobs.OUTCOME)

    def follow(self, folder: Path) -> None:
        """Run the job that lies in a folder until it ends."""
        homes = tuple(sorted((self.folder / "members").iterdir()))
        started, ended = InProcessRuntime(homes).start(folder), False
        while not ended:
            _, ended = started.new_events(0.05)


def raw(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
