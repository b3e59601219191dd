"""Which confirmed mapping fits a file: the right one is found, a stranger's is not, and none spoils the reading."""

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from data_contracts.contract import Contract, load_contract
from data_contracts.errors import IntakeError, MappingUnreadable, WrongEncoding
from data_contracts.intake import read_source
from data_contracts.intake.settings import FileSettings
from data_contracts.mapping.mapping_file import read_mapping, write_mapping
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import ColumnMapping, Mapping, Topic
from federated.member.home import MemberHome
from federated.member.mappings import SUFFIX, Source, keep_mapping, kept_mappings, read_with_mapping
from tests.cooperative import contract_file

HEADERS = ("번호", "온도", "용지", "등급")


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    return load_contract(contract_file(tmp_path))


@pytest.fixture
def home(tmp_path: Path) -> MemberHome:
    return MemberHome(tmp_path / "anvil")


def mapping(contract: Contract, *headers: str, heat: str = "온도", file: FileSettings = FileSettings()) -> Mapping:
    """Make a mapping for a file with these headers."""
    return Mapping(contract.reference, headers or HEADERS, (ColumnMapping("heat", heat),), file)


def export(
    path: Path, *, headers: tuple[str, ...] = HEADERS, before: tuple[str, ...] = (), encoding: str = "utf-8"
) -> Path:
    """Write a file of thirty rows below its header."""
    rows = [f"p{n},{20 + n},{'가나'[n % 2]},good" + ",x" * (len(headers) - 4) for n in range(30)]
    path.write_bytes("\n".join([*before, ",".join(headers), *rows, ""]).encode(encoding))
    return path


def test_a_file_is_read_by_the_mapping_for_its_headers(tmp_path: Path, contract: Contract, home: MemberHome) -> None:
    keep_mapping(home, mapping(contract, "a", "b"), contract, "other.csv")
    kept = keep_mapping(home, mapping(contract), contract, "march.csv")

    source = read_with_mapping(export(tmp_path / "april.csv"), contract, home)

    assert source.found == kept == home.mappings / "march.yaml"
    assert source.known is not None
    assert source.known.headers == HEADERS


def test_a_mapping_that_is_named_comes_first_then_one_beside_the_file(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    file = export(tmp_path / "april.csv")
    kept = keep_mapping(home, mapping(contract), contract, "april.csv")
    beside, named = tmp_path / f"april.csv{SUFFIX}", tmp_path / "named.yaml"
    assert read_with_mapping(file, contract, home).found == kept

    write_mapping(beside, mapping(contract), contract)
    assert read_with_mapping(file, contract, home).found == beside
    write_mapping(named, mapping(contract), contract)
    assert read_with_mapping(file, contract, home, named=named).found == named
    write_mapping(beside, mapping(contract, "other", "headers"), contract)
    assert read_with_mapping(file, contract, home).found == kept


def test_without_an_equal_one_the_mapping_with_most_headers_in_common_is_the_base(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    near = keep_mapping(home, mapping(contract, *HEADERS, "비고"), contract, "near.csv")
    keep_mapping(home, mapping(contract, "온도", "x"), contract, "far.csv")

    assert read_with_mapping(export(tmp_path / "april.csv"), contract, home).found == near
    assert read_with_mapping(export(tmp_path / "april.csv"), contract, None).found is None


def test_a_mapping_of_another_trade_is_left_aside(tmp_path: Path, contract: Contract, home: MemberHome) -> None:
    home.mappings.mkdir(parents=True)
    write_mapping(home.mappings / "other.yaml", replace(mapping(contract), contract="other@1.0.0"), contract)

    assert read_with_mapping(export(tmp_path / "april.csv"), contract, home).known is None


def test_another_months_encoding_length_and_title_do_not_matter(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    march = export(tmp_path / "march.csv", encoding="cp949")
    settings = replace(read_source(march).settings, last=5)
    kept = keep_mapping(home, mapping(contract, file=settings), contract, "march.csv")

    april = read_with_mapping(export(tmp_path / "april.csv", before=("4월 대장,,,",)), contract, home)
    assert april.found == kept
    assert (len(april.table.cells), april.table.settings.header) == (30, (2, 2))
    assert set(april.table.cells[2]) == {"가", "나"}

    overwritten = read_with_mapping(export(march), contract, home)
    assert overwritten.found == kept
    assert set(overwritten.table.cells[2]) == {"가", "나"}


def test_the_line_where_one_files_data_end_counts_for_that_file_alone(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    file, other = export(tmp_path / "march.csv"), export(tmp_path / "april.csv")
    keep_mapping(home, mapping(contract, file=FileSettings(last=11)), contract, "march.csv")

    assert len(read_with_mapping(file, contract, home).table.cells) == 10
    assert len(read_with_mapping(other, contract, home).table.cells) == 30


def test_a_file_whose_header_a_person_had_to_name_is_read_so_next_time(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    """Read alone, the header is taken to be in the first line, which only numbers the columns."""
    file = export(tmp_path / "april.csv", before=("품번,가열,종이,결과",))
    alone = read_source(file).settings.header
    other = (1, 1) if alone == (2, 2) else (2, 2)
    headers = tuple(header.text for header in read_source(file, FileSettings(header=other)).headers)
    kept = keep_mapping(home, mapping(contract, *headers, file=FileSettings(header=other)), contract, "march.csv")

    source = read_with_mapping(file, contract, home)

    assert alone != other
    assert source.found == kept
    assert source.table.settings.header == other


def test_which_sheet_is_meant_is_asked_again_for_another_workbook_and_not_for_the_same(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    workbook = openpyxl.Workbook()
    for sheet, name in zip((workbook.active, workbook.create_sheet()), ("3월", "4월"), strict=True):
        sheet.title = name
        for row in (HEADERS, *((f"{name}-{n}", 20 + n, "ab"[n % 2], "good") for n in range(30))):
            sheet.append(row)
    workbook.save(tmp_path / "april.xlsx")
    march = mapping(contract, file=FileSettings(sheet="3월"))
    keep_mapping(home, march, contract, "march.xlsx")

    asked = read_with_mapping(tmp_path / "april.xlsx", contract, home)
    questions = propose(asked.table, contract, known=asked.known).questions
    assert [question.key for question in questions if question.topic is Topic.FILE] == ["file:sheet"]

    april = replace(march, file=replace(asked.table.settings, sheet="4월"))
    keep_mapping(home, april, contract, "april.xlsx", exactly=True)
    again = read_with_mapping(tmp_path / "april.xlsx", contract, home)
    assert again.table.cells[0].iloc[0] == "4월-0"
    assert not [one for one in propose(again.table, contract, known=again.known).questions if one.topic is Topic.FILE]
    assert keep_mapping(home, april, contract, "april.xlsx", exactly=True) is None


def test_settings_that_a_file_cannot_be_read_by_are_refused_only_where_they_were_named(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    file = export(tmp_path / "april.csv", encoding="cp949")
    spoiled = mapping(contract, file=FileSettings(encoding="utf-8"))
    named = tmp_path / "named.yaml"
    write_mapping(named, spoiled, contract)
    keep_mapping(home, spoiled, contract, "april.csv")

    assert len(read_with_mapping(file, contract, home).table.cells) == 30
    with pytest.raises(WrongEncoding):
        read_with_mapping(file, contract, home, named=named)


def test_a_mapping_is_kept_once_and_never_replaced(contract: Contract, home: MemberHome) -> None:
    first = keep_mapping(home, mapping(contract), contract, "3월 대장.xlsx")
    assert first == home.mappings / "3월-대장.yaml"
    assert keep_mapping(home, mapping(contract), contract, "april.csv") is None
    assert keep_mapping(home, mapping(contract, file=FileSettings(encoding="cp949")), contract, "april.csv") is None

    other = keep_mapping(home, mapping(contract, heat="용지"), contract, "3월 대장.xlsx")

    assert other == home.mappings / "3월-대장~2.yaml"
    assert [path for path, _ in kept_mappings(home, "tiny")] == [other, first]
    assert read_mapping(first) == mapping(contract)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", ".hidden", "a/b.csv", "", "%$&.csv", "가" * 50])
def test_a_kept_mapping_stays_in_its_folder_whatever_the_file_is_called(
    contract: Contract, home: MemberHome, name: str
) -> None:
    kept = keep_mapping(home, mapping(contract), contract, name)

    assert kept is not None
    assert kept.parent == home.mappings
    assert kept_mappings(home, "tiny")[0][0] == kept


def test_a_broken_mapping_in_the_folder_is_named(tmp_path: Path, contract: Contract, home: MemberHome) -> None:
    home.mappings.mkdir(parents=True)
    (home.mappings / "broken.yaml").write_text("contract: [SECRET", encoding="utf-8")

    with pytest.raises(MappingUnreadable, match=r"broken\.yaml") as refused:
        read_with_mapping(export(tmp_path / "april.csv"), contract, home)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (FileSettings(encoding="klingon"), "klingon"),
        (FileSettings(delimiter="xx"), "delimiter"),
        (FileSettings(header=(3, 3)), "other headers"),
    ],
)
def test_a_mapping_beside_the_file_that_reads_it_wrongly_counts_for_its_columns_and_says_why(
    tmp_path: Path, contract: Contract, home: MemberHome, says: FileSettings, why: str
) -> None:
    source = _with_beside(tmp_path, contract, home, mapping(contract, heat="등급", file=says))

    assert source.found == tmp_path / f"april.csv{SUFFIX}"
    assert source.known is not None
    assert source.known.columns[0].header == "등급"
    assert len(source.table.cells) == 30
    assert source.note.startswith(f"{source.found} is not followed as it stands: ")
    assert why in source.note
    assert re.search("[가-힣]", source.note)


def test_a_mapping_beside_the_file_for_another_contract_is_named_and_left_aside(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    source = _with_beside(tmp_path, contract, home, replace(mapping(contract), contract="other@1.0.0"))

    assert (source.known, source.found) == (None, None)
    assert "it is for other@1.0.0, and this is checked against tiny@1.0.0" in source.note


def test_of_a_mapping_beside_the_file_that_fits_nothing_is_said(
    tmp_path: Path, contract: Contract, home: MemberHome
) -> None:
    assert _with_beside(tmp_path, contract, home, mapping(contract)).note == ""
    assert read_with_mapping(export(tmp_path / "may.csv"), contract, home).note == ""


def test_a_folder_is_no_file_to_read(tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    for name in (".", "..", "/"):
        with pytest.raises(IntakeError):
            read_with_mapping(Path(name), contract, None)


def _with_beside(folder: Path, contract: Contract, home: MemberHome, beside: Mapping) -> Source:
    """Read a file beside which a mapping lies."""
    file = export(folder / "april.csv")
    write_mapping(folder / f"april.csv{SUFFIX}", beside, contract)
    return read_with_mapping(file, contract, home)
