from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from data_contracts.enforce import enforce
from data_contracts.errors import DatasetTampered
from data_contracts.split import split
from data_contracts.statistics import describe
from data_contracts.versions import read_version
from federated import local_round
from federated.local_round import MemberRecords, train_round
from federated.member.dataset import latest_dataset
from federated.member.home import MemberHome
from federated.member.saved_rows import SavedRows
from federated.messages import Minimums, TrainRound
from models.configs import NetworkConfig
from models.prediction import initial_weights
from models.preprocessing import Preprocessing, fit_preprocessing
from tests.cooperative import Cooperative, parts


def _saved(cooperative: Cooperative, home: MemberHome, run: str) -> SavedRows:
    return SavedRows(latest_dataset(home), cooperative.contract, run)


def test_rows_are_the_accepted_rows_of_the_version_in_their_three_parts(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    home = cooperative.add("anvil")

    rows = _saved(cooperative, home, "one")

    accepted = enforce(read_version(latest_dataset(home)), cooperative.contract).accepted
    expected = split(accepted, cooperative.contract)
    for part in ("train", "validation", "holdout", "known"):
        assert getattr(rows, part).equals(getattr(expected, part))


def test_rows_that_are_open_are_not_read_again_and_others_are_verified_when_read(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    home, other = cooperative.add("anvil", parts(901)), cooperative.add("bellows", parts(902))  # in no other test
    opened = _saved(cooperative, home, "one").train
    for changed in (home, other):
        version = latest_dataset(changed)
        version.path.write_bytes(b"changed")
        for cached in (changed.data / ".dvc" / "cache").rglob(f"*{version.dvc_md5[2:]}"):
            cached.chmod(0o600)
            cached.write_bytes(b"changed")

    assert _saved(cooperative, home, "two").train is opened
    with pytest.raises(DatasetTampered):
        _ = _saved(cooperative, other, "two").train


def test_members_with_equal_bytes_share_one_copy(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    same = parts(3)
    homes = [cooperative.add(name, same) for name in ("anvil", "bellows")]

    first, second = (_saved(cooperative, home, "one").train for home in homes)

    assert first is second


def test_rows_are_encoded_once_in_a_run_and_anew_for_another_preprocessing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cooperative = Cooperative(tmp_path)
    rows = split(enforce(parts(1), cooperative.contract).accepted, cooperative.contract)
    records = MemberRecords("anvil", cooperative.contract, rows, Minimums(), digest=uuid4().hex)
    encoded: list[int] = []
    original = Preprocessing.encode

    def counted(self: Preprocessing, frame: pd.DataFrame) -> NDArray[np.float32]:
        encoded.append(len(frame))
        return original(self, frame)

    monkeypatch.setattr(Preprocessing, "encode", counted)
    _, job = cooperative.job("one")

    def ask(bins: int, number: int) -> None:
        statistics = describe(rows.known, cooperative.contract, minimum_count=5)
        preprocessing = fit_preprocessing(cooperative.contract, statistics, bins=bins)
        start = initial_weights(preprocessing, NetworkConfig(width=8), seed=1)
        train_round(records, TrainRound(start.arrays, job.assignment, preprocessing.to_json(), number))

    once = [len(rows.train), len(rows.validation)]
    ask(bins=4, number=1)
    ask(bins=4, number=2)
    assert encoded == once
    ask(bins=2, number=3)
    assert encoded == once * 2


def test_rows_encoded_in_pieces_are_those_encoded_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cooperative = Cooperative(tmp_path)
    frame = enforce(parts(1), cooperative.contract).accepted
    statistics = describe(frame, cooperative.contract, minimum_count=5)
    preprocessing = fit_preprocessing(cooperative.contract, statistics, bins=4)
    monkeypatch.setattr(local_round, "_AT_ONCE", 7)

    assert np.array_equal(local_round._records(preprocessing, frame).x, preprocessing.encode(frame))
    assert len(local_round._records(preprocessing, frame[:0])) == 0
