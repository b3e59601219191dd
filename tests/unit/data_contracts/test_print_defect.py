"""The shipped contract for rotogravure cylinders, against what is known of the published records."""

import json
from importlib import resources

import jsonschema
import pandas as pd
import pytest
import yaml

from data_contracts.contract import Contract, load_contract, shipped_contracts
from data_contracts.enforce import enforce

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
        assert column.description, column.name


def test_the_file_is_valid_by_the_standards_own_schema(contract: Contract) -> None:
    schema = json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    errors = jsonschema.Draft201909Validator(schema).iter_errors(yaml.safe_load(contract.source))

    assert [error.message for error in errors] == []
