"""The shipped contract for nickel plating: its words are precise, and its limits wider than what is published."""

import json
import re
from collections import Counter
from importlib import resources

import jsonschema
import pandas as pd
import pytest
import yaml

from data_contracts.cells.missing import is_missing
from data_contracts.contract import Contract, Kind, Role, load_contract
from data_contracts.enforce import enforce
from data_contracts.intake.table import Header, SourceTable
from data_contracts.mapping.factory_words import read_factory_words
from data_contracts.mapping.headers import compact
from data_contracts.mapping.propose import propose
from data_contracts.mapping.units import canonical_unit
from tests.factory_tables import names_in_turn

# Operating windows that the descriptions name, in the column's unit.
PUBLISHED = {
    "bath_temperature": (40, 66),
    "ph": (3.5, 5.5),
    "current_density": (0.1, 10.8),
    "nickel_sulfate": (150, 375),
    "nickel_chloride": (30, 150),
    "boric_acid": (30, 52),
    "brightener": (0.1, 25),
    "degreasing_time": (60, 180),
    "pickling_time": (5, 15),
    "plating_time": (2.6, 256),
}
OURS = {"voltage": (4, 12), "iron_content": (5, 50), "rinse_time": (10, 60), "part_area": (0.5, 20)}

# What these mean hangs on the header: O is good under 판정 and bad under 불량 여부.
DEPENDS_ON_THE_HEADER = {"o", "x", "○", "×", "y", "n", "yes", "no", "1", "0", "t", "f", "유", "무", "예", "아니오"}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract("plating-defect@1.0.0")


def is_korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def test_the_columns_are_those_of_a_plated_lot(contract: Contract) -> None:
    assert [column.name for column in contract.categories] == ["shift", "process", "base_material"]
    assert [column.name for column in contract.numbers] == [
        *("bath_temperature", "ph", "current_density", "voltage", "nickel_sulfate", "nickel_chloride", "boric_acid"),
        *("brightener", "iron_content", "degreasing_time", "pickling_time", "plating_time", "rinse_time", "part_area"),
    ]
    assert (contract.key, contract.classes, contract.defects) == (("lot_no",), ("ok", "ng"), ("ng",))
    assert (contract.column("plated_at").kind, contract.column("plated_at").role) == (Kind.TIMESTAMP, Role.TIME)
    assert (contract.column("line").role, contract.column("defect_type").role) == (Role.ENTITY, Role.OUTCOME)


def test_the_file_is_valid_by_the_standards_own_schema(contract: Contract) -> None:
    schema = json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    errors = jsonschema.Draft201909Validator(schema).iter_errors(yaml.safe_load(contract.source))

    assert [error.message for error in errors] == []


def test_every_column_is_explained_in_both_languages(contract: Contract) -> None:
    for column in contract.columns:
        for korean, english in ((column.description_ko, column.description), (column.why.ko, column.why.en)):
            assert is_korean(korean), column.name
            assert english, column.name
            assert not is_korean(english), column.name
        assert is_korean(column.label.ko), column.name
        assert any(map(is_korean, column.synonyms)), column.name
        assert any(synonym.isascii() for synonym in column.synonyms), column.name
        assert len(column.synonyms) >= 15, column.name


def test_every_limit_names_its_source_or_says_that_there_is_none(contract: Contract) -> None:
    for column in contract.numbers:
        ours = "plausibility limit of ours" in column.description
        assert ours == (column.name in OURS), column.name
        assert ours != ("wider than the published operating window" in column.description), column.name
        assert "to be set by the trade" in column.description, column.name
        assert f"{column.minimum:g} to {column.maximum:g}" in column.description, column.name
        assert f"{column.minimum:g}~{column.maximum:g}" in column.description_ko, column.name


def test_the_limits_are_wider_than_what_is_published(contract: Contract) -> None:
    assert PUBLISHED.keys() | OURS.keys() == {column.name for column in contract.numbers}
    for name, (low, high) in PUBLISHED.items():
        minimum, maximum = contract.column(name).bounds
        assert minimum < low, name
        assert high < maximum, name


def test_published_extremes_keep_the_contract(contract: Contract) -> None:
    frame = pd.DataFrame({name: list(limits) for name, limits in (PUBLISHED | OURS).items()})
    frame = frame.assign(
        lot_no=["1", "2"],
        plated_at=["2026-03-05 14:30", "2026-03-06"],
        line=pd.Series(["1호기", None]),
        shift=["day", "night"],
        process=["rack", "barrel"],
        base_material=["steel", "zinc_diecast"],
        judgement=["ok", "ng"],
        defect_type=pd.Series([None, "pitting"]),
    )
    verdict = enforce(frame, contract).verdict

    assert verdict.accepted
    assert verdict.findings == ()


def test_units_are_spelled_as_the_conversions_spell_them(contract: Contract) -> None:
    for column in contract.columns:
        assert column.unit is None or canonical_unit(column.unit) == column.unit


def test_no_header_means_two_columns_however_it_is_written(contract: Contract) -> None:
    named = {
        (compact(text), column.name)
        for column in contract.columns
        for text in (column.name, column.label.ko, column.label.en, *column.synonyms)
    }

    assert [text for text, times in Counter(text for text, _ in named).items() if times > 1] == []


def table(columns: dict[str, list[str]]) -> SourceTable:
    """A file with these headers, which name no units."""
    rows = range(2, 2 + len(next(iter(columns.values()))))
    headers = tuple(Header(at, text, text) for at, text in enumerate(columns, start=1))
    cells = pd.DataFrame({at: pd.Series(some, index=rows, dtype="string") for at, some in enumerate(columns.values())})
    return SourceTable("file.csv", "0" * 64, headers, cells)


def lots(count: int = 40) -> dict[str, list[str]]:
    """Cells of ordinary lots, by column."""
    moments = pd.Timestamp(2026, 3, 5, 8) + pd.to_timedelta([47 * lot for lot in range(count)], unit="min")
    usual = {
        "bath_temperature": 52.5,
        "ph": 4.2,
        "current_density": 3.5,
        "voltage": 6.5,
        "nickel_sulfate": 255,
        "nickel_chloride": 48.5,
        "boric_acid": 41,
        "brightener": 0.6,
        "iron_content": 12,
        "degreasing_time": 180,
        "pickling_time": 20,
        "plating_time": 25,
        "rinse_time": 30,
        "part_area": 1.25,
    }
    words = {
        "shift": ("주간", "야간"),
        "process": ("래크", "바렐"),
        "base_material": ("철", "황동"),
        "judgement": ("양품", "불량"),
    }
    return {
        "lot_no": [f"A-{lot:04d}" for lot in range(count)],
        "plated_at": [moment.isoformat(sep=" ") for moment in moments],
        "line": [f"{lot % 2 + 1}호기" for lot in range(count)],
        **{name: [some[lot % 2] for lot in range(count)] for name, some in words.items()},
        **{name: [f"{value * (1 + lot % 7 / 100):.4g}" for lot in range(count)] for name, value in usual.items()},
        "defect_type": [("", "피트")[lot % 2] for lot in range(count)],
    }


def test_a_file_with_any_of_the_names_is_understood_without_a_question(contract: Contract) -> None:
    cells = lots()
    # Every sixth: all of them take half a minute, and were tried when they were written.
    for headers in names_in_turn(contract, every=6):
        proposal = propose(table({header: cells[name] for name, header in headers.items()}), contract)

        assert [question.key for question in proposal.questions] == [], headers
        assert {entry.column: entry.header for entry in proposal.mapping.columns} == headers


NEIGHBOURS = {
    "52.5": "온도 설정온도 탈지온도 건조온도 산세온도 수세온도 탈지 산세 수세",
    "6.5": "설정전압 탈지전압 전류 농도 면적 총면적 두께 도금두께 니켈농도 황산니켈보충량 광택제투입량 시간 작업시간",
    "A-1": "원자재LOT 작업지시번호 번호 품명 품번 불량원인 비고 작업자",
    "2026-03-05": "검사일자 입고일자 출하일자",
    "양품": "외관판정 재검판정 두께판정",
}


@pytest.mark.parametrize(("cell", "header"), [(cell, one) for cell, some in NEIGHBOURS.items() for one in some.split()])
def test_the_header_of_a_common_neighbour_is_taken_for_no_column_unasked(
    contract: Contract, cell: str, header: str
) -> None:
    cells = lots()
    proposal = propose(table({"LOT NO": cells["lot_no"], header: [cell] * 40}), contract)

    assert header not in {entry.header for entry in proposal.mapping.columns}


@pytest.mark.parametrize("header", [("양", "불"), ("합", "부"), ("ok", "ng"), ("판정",)])
def test_a_header_that_names_good_and_bad_does_not_say_what_a_yes_means(
    contract: Contract, header: tuple[str, ...]
) -> None:
    found = read_factory_words(contract.target, contract, (("Y", 90), ("N", 10)), header=header)

    assert (found.pairs, [word for word, _ in found.asked]) == ((), ["Y", "N"])


def test_no_word_for_a_value_hangs_on_the_header_or_means_nothing(contract: Contract) -> None:
    for column in contract.columns:
        words = [word for _, others in column.words for word in others]
        assert [word for word in words if is_missing(word)] == [], column.name
        if column.role is Role.TARGET:
            assert {compact(word) for word in words}.isdisjoint(DEPENDS_ON_THE_HEADER)


def test_every_value_has_a_korean_word(contract: Contract) -> None:
    for column in contract.columns:
        assert {value for value, _ in column.words} == set(column.vocabulary), column.name
        assert all(any(map(is_korean, words)) for _, words in column.words), column.name


def test_no_name_or_number_of_a_person_is_asked_for(contract: Contract) -> None:
    texts = " ".join(text for column in contract.columns for text in (column.label.ko, *column.synonyms))

    assert not re.search("작업자|담당|성명|이름|사번|연락처", texts)
