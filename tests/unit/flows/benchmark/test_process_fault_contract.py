"""The shipped contract is the one that its maker makes."""

from importlib import resources
from math import log

import pytest

from data_contracts.contract import Contract, load_contract
from flows.benchmark.process_fault_contract import contract_text
from flows.benchmark.process_fault_variables import USUAL, VARIABLES


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract("process-fault")


def test_the_shipped_file_is_what_its_maker_writes() -> None:
    shipped = resources.files("data_contracts").joinpath("contracts", "process-fault-1.0.0.odcs.yaml")

    assert shipped.read_text(encoding="utf-8") == contract_text()


def test_it_has_four_statistics_of_52_variables_and_19_classes(contract: Contract) -> None:
    assert (len(contract.numbers), len(contract.categories), len(contract.classes)) == (4 * 52, 0, 19)
    assert contract.classes[:4] == ("normal", "idv_01", "idv_02", "idv_04")
    assert contract.defects == contract.classes[1:]
    assert contract.key == ("window_id",)


def test_every_column_is_said_to_be_simulated_and_has_a_korean_name(contract: Contract) -> None:
    for column in contract.numbers:
        assert "Simulated." in column.description
        assert "모의 데이터." in column.description_ko
        assert any("가" <= letter <= "힣" for letter in column.label.ko)
    assert "SIMULATED" in contract.source


def test_the_limits_follow_from_normal_operation(contract: Contract) -> None:
    usual = USUAL["reactor_pressure"]  # 2705 kPa, give or take 5.258, in steps of 1.455

    assert contract.column("reactor_pressure_mean").bounds == pytest.approx(
        (usual.centre - 16 * usual.spread, usual.centre + 16 * usual.spread), rel=1e-4
    )
    assert contract.column("reactor_pressure_logsd").bounds == pytest.approx(
        (log(usual.spread) - 3, log(usual.spread) + 4), rel=1e-4
    )
    assert contract.column("reactor_pressure_logdiff").bounds == pytest.approx(
        (log(usual.step) - 3, log(usual.step) + 4), rel=1e-4
    )
    assert contract.column("reactor_pressure_trend").bounds == pytest.approx(
        (-16 * usual.spread, 16 * usual.spread), rel=1e-4
    )
    assert (contract.column("a_feed_flow_mean").minimum, contract.column("stripper_level_mean").unit) == (0, "%")


def test_no_level_valve_or_content_is_below_0_or_above_100_percent(contract: Contract) -> None:
    for variable in VARIABLES:
        low, high = contract.column(f"{variable.name}_mean").bounds
        assert low >= 0
        assert high <= 100 or "%" not in variable.unit


def test_every_variable_has_its_usual_movement() -> None:
    assert list(USUAL) == [variable.name for variable in VARIABLES]
    assert all(usual.spread > 0 and usual.step > 0 for usual in USUAL.values())
