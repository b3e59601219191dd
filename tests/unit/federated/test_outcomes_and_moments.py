"""A contract with moments and outcomes trains, and its model scores parts that have neither."""

import copy
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from data_contracts.contract import load_contract
from data_contracts.enforce import enforce
from data_contracts.versions import read_version
from federated.member.dataset import latest_dataset
from federated.member.home import MemberHome
from models.preprocessing import Preprocessing
from tests.cooperative import Cooperative, parts
from tests.tiny_contract import DOCUMENT


def timed_contract(folder: Path) -> Path:
    """Write the tiny contract with a moment and the kind of a flaw, which gives the grade away."""
    document = copy.deepcopy(DOCUMENT)
    for name, fields, role in (
        ("begun", {"logicalType": "timestamp"}, "time"),
        ("flaw", {"logicalType": "string", "enum": [{"value": "crack"}, {"value": "stain"}]}, "outcome"),
    ):
        said = [{"property": "role", "value": role}, {"property": "labelKo", "value": "칸"}]
        column = {"name": name, "businessName": name, **fields, "customProperties": said}
        document["schema"][0]["properties"].append(column)
    path = folder / "tiny-1.0.0.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


class Timed(Cooperative):
    """Members whose records say when they were made and what was wrong."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.contract_file = timed_contract(folder)
        self.contract = load_contract(self.contract_file)

    def add_timed(self, member: str, seed: int) -> MemberHome:
        """Add a member with moments and flaws beside its parts."""
        frame = parts(seed)
        begun = pd.Timestamp(2026, 1, 1) + pd.to_timedelta(np.arange(len(frame)) * 37, unit="min")
        flaws = np.array(["crack" if grade == "bad" else None for grade in frame["grade"]], dtype=object)
        return self.add(member, frame.assign(begun=begun.strftime("%Y-%m-%d %H:%M:%S"), flaw=flaws))


def test_a_contract_with_moments_and_outcomes_trains_as_one_without_them(tmp_path: Path) -> None:
    (tmp_path / "timed").mkdir()
    (tmp_path / "plain").mkdir()
    timed, plain = Timed(tmp_path / "timed"), Cooperative(tmp_path / "plain")
    for seed, member in enumerate(("anvil", "bellows")):
        home = timed.add_timed(member, seed)
        plain.add(member, parts(seed))
    kept = read_version(latest_dataset(home))
    with_moments, without = timed.run("one"), plain.run("one")

    assert kept["begun"].dtype == "datetime64[us]"
    assert set(kept["flaw"].dropna()) == {"crack"}
    assert [one.train_loss for one in with_moments.rounds] == [one.train_loss for one in without.rounds]
    assert with_moments.weights_sha256 == without.weights_sha256

    preprocessing = Preprocessing.from_json(with_moments.preprocessing)
    new_parts = parts(7, rows=5).drop(columns="grade")
    checked = enforce(new_parts, timed.contract, labelled=False)
    assert [encoding.name for encoding in preprocessing.encodings] == ["heat", "paper"]
    assert checked.verdict.findings == ()
    assert preprocessing.encode(checked.accepted).shape == (5, preprocessing.width)
