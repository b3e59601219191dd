"""A question that asks under a condition, or about what was used up, asks for something else."""

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.propose import propose
from tests.factory_tables import around, factory_table, numbered, ramp, read_from

CASES = (
    ("크롬조라면 온도는 몇 도인가요?", "bath_temperature", ramp(50, 60)),
    ("동도금일 경우 전류밀도는 얼마인가요?", "current_density", ramp(2, 4)),
    ("재도금인 경우 도금 시간은 몇 분인가요?", "plating_time", ramp(10, 30)),
    ("예비조일 경우 액온은?", "bath_temperature", ramp(50, 60)),
    ("How much boric acid did you use?", "boric_acid", ramp(35, 50)),
    ("How much brightener was used?", "brightener", ramp(1, 9)),
)


@pytest.mark.parametrize(("header", "column", "cells"), CASES)
def test_what_is_asked_under_a_condition_is_not_taken_unasked(header: str, column: str, cells: list[str]) -> None:
    table = factory_table({"로트번호": numbered("L"), "판정": around("OK", "NG"), header: cells})

    assert column not in read_from(propose(table, load_contract("plating-defect")))


def test_the_condition_that_it_is_defective_leaves_the_kind_of_the_defect() -> None:
    header = "불량이라면 어떤 불량인가요?"
    table = factory_table(
        {"로트번호": numbered("L"), "판정": around("OK", "NG"), header: around(None, "박리", None, "핀홀")}
    )

    assert read_from(propose(table, load_contract("plating-defect"))).get("defect_type") == header
