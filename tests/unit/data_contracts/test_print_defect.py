"""The shipped contract for rotogravure cylinders, against what is known of the published records."""

import json
from collections import Counter
from importlib import resources

import jsonschema
import pandas as pd
import pytest
import yaml

from data_contracts.contract import Contract, load_contract, shipped_contracts
from data_contracts.enforce import enforce
from data_contracts.mapping.factory_words import read_factory_words
from data_contracts.mapping.headers import compact
from data_contracts.mapping.propose import propose
from tests.factory_tables import factory_table, names_in_turn

# Smallest and largest value of each column over the 365 published records.
PUBLISHED = {
    "proof_cut": (25, 72.5),
    "viscosity": (35, 72),
    "caliper": (0.133, 0.533),
    "ink_temperature": (12, 24.5),
    "humidity": (57, 105),
    "roughness": (0.056, 1.25),
    "blade_pressure": (16, 70),
    "varnish_pct": (0, 35.8),
    "press_speed": (0, 2600),
    "ink_pct": (41, 76.9),
    "solvent_pct": (22, 53.4),
    "esa_voltage": (0, 16),
    "esa_amperage": (0, 6),
    "wax": (0, 3.1),
    "hardener": (0, 3),
    "roller_durometer": (28, 50),
    "current_density": (30, 45),
    "anode_space_ratio": (90, 117.86),
    "chrome_content": (90, 100),
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract("print-defect")


def test_the_newest_version_is_the_one_found_by_name(contract: Contract) -> None:
    assert contract is load_contract("print-defect@1.0.0")
    assert contract.reference in shipped_contracts()


@pytest.mark.parametrize("reference", shipped_contracts())
def test_a_shipped_file_says_the_name_it_is_stored_under(reference: str) -> None:
    assert load_contract(reference).reference == reference


def test_the_columns_stand_in_the_published_order(contract: Contract) -> None:
    assert [column.name for column in contract.numbers] == list(PUBLISHED)
    assert (contract.key, contract.classes, contract.defects) == (("record_id",), ("noband", "band"), ("band",))
    assert contract.quarantine_ceiling == 0.05


def test_the_published_extremes_keep_the_contract(contract: Contract) -> None:
    frame = pd.DataFrame({name: list(limits) for name, limits in PUBLISHED.items()})
    frame = frame.assign(record_id=["1", "2"], band_type=["band", "noband"])
    verdict = enforce(frame, contract).verdict

    assert verdict.accepted
    assert verdict.findings == ()


def test_every_column_has_a_korean_name_a_description_and_synonyms_in_both_languages(contract: Contract) -> None:
    for column in contract.columns:
        assert any("가" <= letter <= "힣" for letter in column.label.ko), column.name
        assert any("가" <= letter <= "힣" for word in column.synonyms for letter in word), column.name
        assert any(word.isascii() for word in column.synonyms), column.name
        assert len(column.synonyms) >= 30, column.name
        assert column.description, column.name


def test_the_file_is_valid_by_the_standards_own_schema(contract: Contract) -> None:
    schema = json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    errors = jsonschema.Draft201909Validator(schema).iter_errors(yaml.safe_load(contract.source))

    assert [error.message for error in errors] == []


def test_no_header_means_two_columns_however_it_is_written(contract: Contract) -> None:
    named = {
        (compact(text), column.name)
        for column in contract.columns
        for text in (column.name, column.label.ko, column.label.en, *column.synonyms)
    }

    assert [text for text, times in Counter(text for text, _ in named).items() if times > 1] == []


def runs(count: int = 40) -> dict[str, list[str]]:
    """Cells of ordinary cylinder runs, by column: the numbers lie about a third of the way between the published."""
    return {
        "record_id": [f"A-{run:04d}" for run in range(count)],
        **{
            name: [f"{low + (0.3 + run % 7 / 100) * (high - low):.4g}" for run in range(count)]
            for name, (low, high) in PUBLISHED.items()
        },
        "band_type": [("밴드 없음", "밴드 발생")[run % 3 == 0] for run in range(count)],
    }


def test_a_file_with_any_of_the_names_is_understood_without_a_question(contract: Contract) -> None:
    cells = runs()
    # Every ninth: all of them take too long, and were tried when they were written.
    for headers in names_in_turn(contract, every=9):
        proposal = propose(factory_table({header: cells[name] for name, header in headers.items()}), contract)

        assert [question.key for question in proposal.questions] == [], headers
        assert {entry.column: entry.header for entry in proposal.mapping.columns} == headers


NEIGHBOURS = {
    "viscosity": "용제점도 니스점도 설정점도 점도3 희석률",
    "caliper": "크롬두께 잉크두께 필름두께 고무두께 평량",
    "blade_pressure": "압동압력 에어압력 블레이드각도 장력 설정압력",
    "press_speed": "권취속도 설정속도 최고속도 실린더회전수 라인속도",
    "ink_pct": "잉크사용량 잉크농도 잉크종류 잉크LOT",
    "solvent_pct": "용제사용량 잔류용제 용제온도",
    "esa_voltage": "도금전압 정류기전압 인가전압",
    "roller_durometer": "크롬경도 실린더경도 블레이드경도",
    "chrome_content": "크롬산농도 크롬두께 농도",
    "record_id": "실린더번호 동판번호 작업지시번호 용지LOT 순번",
    "band_type": "밴드수 밴드폭 불량코드 불량률",
}


@pytest.mark.parametrize(("name", "header"), [(name, one) for name, some in NEIGHBOURS.items() for one in some.split()])
def test_the_header_of_a_common_neighbour_is_taken_for_no_column_unasked(
    contract: Contract, name: str, header: str
) -> None:
    cells = runs()
    beside = {"비고": ["양호"] * 40} if name == "record_id" else {"작업번호": cells["record_id"]}
    values = [str(run % 4) for run in range(40)] if name == "band_type" else cells[name]
    proposal = propose(factory_table({**beside, header: values}), contract)

    assert header not in {entry.header for entry in proposal.mapping.columns}


@pytest.mark.parametrize("header", [("밴드", "여부"), ("band", "yn"), ("밴딩", "유무")])
def test_under_a_header_that_names_the_band_a_yes_is_one(contract: Contract, header: tuple[str, ...]) -> None:
    found = read_factory_words(contract.target, contract, (("N", 90), ("Y", 10)), header=header)

    assert dict(found.pairs) == {"N": "noband", "Y": "band"}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("인쇄 속도(m/min)", "left in m/min, since the contract names no unit"),
        ("인쇄 속도", None),
    ],
)
def test_a_unit_that_the_contract_does_not_name_is_not_converted_and_the_reason_says_so(
    contract: Contract, header: str, said: str | None
) -> None:
    table = factory_table({header: [str(400 + row) for row in range(40)]})
    entry = propose(table, contract).mapping.column("press_speed")

    assert entry is not None
    assert entry.unit is None
    assert ("since the contract names no unit" in entry.reason.en) is (said is not None)
    assert (said or "") in entry.reason.en
