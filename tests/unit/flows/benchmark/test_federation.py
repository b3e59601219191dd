"""The benchmark's shared model comes from the product's own path."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import load_contract
from data_contracts.split import Split
from federated.learning import Learning
from flows.benchmark.federation import MemberLost, federated, plain_averaging, train_federated
from flows.benchmark.predictions import EVERYBODY
from tests.cooperative import Cooperative
from tests.tiny_case import MEMBERS, tiny_case, tiny_plan


def test_it_makes_the_same_bits_as_a_run_over_members_folders(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    for member in MEMBERS:
        cooperative.add(member)
    outcome = cooperative.run("first")

    made = train_federated(tiny_case(cooperative), tiny_plan(cooperative))

    assert made.shared.weights.sha256() == outcome.weights_sha256
    assert made.shared.temperature == outcome.temperature


def test_every_system_speaks_of_the_members_and_the_shared_ones_of_everybody(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case = tiny_case(cooperative)

    said = list(federated(case, tiny_plan(cooperative)))

    heard = {(one.system, one.member) for one in said}
    assert heard == {
        *((system, member) for system in ("shared", "fedavg", "personalised") for member in MEMBERS),
        ("shared", EVERYBODY),
        ("fedavg", EVERYBODY),
    }
    assert all(np.allclose(one.probabilities.sum(axis=1), 1) for one in said)
    assert all(len(one.y) == len(case.test) for one in said if one.member == EVERYBODY)


def test_a_member_that_drops_out_ends_the_case(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case = tiny_case(cooperative, (*MEMBERS, "crucible"))
    contract = load_contract(cooperative.contract_file)
    own = case.members["crucible"]
    outside = own.train.assign(heat=contract.column("heat").bounds[1] + 1)
    broken = replace(case, members={**case.members, "crucible": Split(outside, own.validation, own.holdout)})

    with pytest.raises(MemberLost, match="crucible"):
        train_federated(broken, tiny_plan(cooperative))


def test_plain_averaging_differs_in_strategy_and_averaging_alone(tmp_path: Path) -> None:
    plan = tiny_plan(Cooperative(tmp_path))

    plain = plain_averaging(plan)

    assert plain.learning == replace(plan.learning, strategy="FedAvg", options={}, average_last=1)
    assert isinstance(plain.learning, Learning)
    assert plain.model_copy(update={"learning": plan.learning}) == plan


def test_rows_that_judge_do_not_change_the_model(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case, plan = tiny_case(cooperative), tiny_plan(cooperative)
    blank = {name: Split(one.train, one.validation, one.holdout.iloc[:0]) for name, one in case.members.items()}

    without = train_federated(replace(case, members=blank, test=pd.DataFrame()), plan)

    assert without.shared.weights.sha256() == train_federated(case, plan).shared.weights.sha256()
