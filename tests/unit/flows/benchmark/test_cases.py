"""The tasks by name."""

from pathlib import Path

import pandas as pd
import pytest

from data_contracts.contract import load_contract
from flows.benchmark.cases import TASKS, cases
from flows.benchmark.enforced import enforced
from flows.errors import SourceUnavailable


@pytest.mark.parametrize("task", TASKS)
def test_a_task_bears_the_name_of_its_contract_which_says_whether_it_is_simulated(task: str) -> None:
    contract = load_contract(TASKS[task].contract)

    assert contract.id == task
    assert ("simulated" in contract.title.en) == ("모의" in contract.title.ko) == TASKS[task].simulated


def test_a_task_that_does_not_exist_is_no_empty_task(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no-such-task"):
        cases("no-such-task", tmp_path, [1])


def test_a_row_that_breaks_the_contract_stops_the_benchmark() -> None:
    contract = load_contract("print-defect")
    middle = {column.name: (column.bounds[0] + column.bounds[1]) / 2 for column in contract.numbers}
    sound = pd.DataFrame([middle | {"record_id": "run-1", "band_type": "band"}])

    assert len(enforced(sound, contract)) == 1
    with pytest.raises(SourceUnavailable, match=r"break print-defect@1\.0\.0: 1 \(.*out_of_range viscosity"):
        enforced(sound.assign(viscosity=1e6), contract)
