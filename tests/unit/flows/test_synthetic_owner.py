"""The owner of a generated file answers every question as the truth says, and nothing else."""

from pathlib import Path

import pytest

from data_contracts.contract import Label, load_contract
from data_contracts.intake import read_source
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.mapping_file import read_mapping
from data_contracts.mapping.types import NOT_IN_FILE, ColumnMapping, Mapping, Option, Proposal, Question, Topic
from flows.synthetic.answers import answers, overlooked
from flows.synthetic.cooperative import SyntheticFile, write_member
from flows.synthetic.owner import keep_beside, understand
from flows.synthetic.truth import ColumnTruth, Truth

NOBODY = Label("", "")
TRUTH = Truth(
    file="a.csv", seed=1, factory="a", encoding="cp949", delimiter=";", sheet="", header=(3, 4), last=90, lines=(),
    columns=(
        ColumnTruth("ph", "액 pH", 1),
        ColumnTruth("voltage", None, None),
        ColumnTruth("bath_temperature", "온도", 2, unit="℉"),
        ColumnTruth("judgement", "불량여부", 3, words=(("Y", "ng"), ("N", "ok"), ("-", None))),
        ColumnTruth("plated_at", "일자", 4, dates="mdy"),
        ColumnTruth("part_area", "면적", 5, decimal=","),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> SyntheticFile:
    """The smallest factory's file."""
    return write_member(5, tmp_path_factory.mktemp("file"), 7)


def asked(topic: Topic, column: str, *options: str, subject: str = "") -> Question:
    """A question with some options."""
    return Question("key", topic, column, subject, NOBODY, tuple(Option(value, NOBODY) for value in options))


@pytest.fixture
def table(tmp_path: Path) -> SourceTable:
    """A file as the reader names its headers."""
    (tmp_path / "a.csv").write_text("액 pH,온도,불량여부,일자,면적\n4.2,131,N,03/05/2026,1\n", encoding="utf-8")
    return read_source(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (asked(Topic.COLUMN, "ph", "온도", "액 pH"), "액 pH"),
        (asked(Topic.COLUMN, "voltage", "온도"), NOT_IN_FILE),
        (asked(Topic.UNIT, "bath_temperature", "°C", "°F"), "°F"),
        (asked(Topic.WORD, "judgement", "ok", "ng", subject="Y"), "ng"),
        (asked(Topic.WORD, "judgement", "ok", "ng", subject="-"), ""),
        (asked(Topic.WORD, "judgement", "ok", "ng", subject="?"), ""),
        (asked(Topic.DATES, "plated_at", "dmy", "mdy"), "mdy"),
        (asked(Topic.DECIMAL, "part_area", ".", ","), ","),
        (asked(Topic.FILE, "encoding", "utf-8", "cp949"), "cp949"),
        (asked(Topic.FILE, "header", "[1, 1]", "[3, 4]"), "[3, 4]"),
        (asked(Topic.FILE, "delimiter", ",", ";"), ";"),
        (asked(Topic.FILE, "melt", "no", "yes"), "no"),
    ],
)
def test_the_owner_says_what_is_true(question: Question, said: str, table: SourceTable) -> None:
    assert answers([question], TRUTH, table) == {"key": said}


def test_the_owner_names_what_was_neither_mapped_nor_asked_about(table: SourceTable) -> None:
    mapped = tuple(ColumnMapping(name, name) for name in ("ph", "bath_temperature", "judgement"))
    proposal = Proposal(Mapping("plating-defect@1.0.0", (), mapped), (asked(Topic.COLUMN, "plated_at"),))

    assert overlooked(proposal, TRUTH, table) == {"column:part_area": "면적"}


def test_with_its_owner_a_file_is_wholly_understood_and_the_mapping_kept_beside_it(smallest: SyntheticFile) -> None:
    contract = load_contract("plating-defect")

    understood = understand(smallest.path, smallest.truth, contract)
    kept = read_mapping(keep_beside(smallest.path, understood, contract))

    assert understood.left == ()
    assert kept.columns[0].column == "lot_no"
    table = read_source(smallest.path)
    for column in smallest.truth.columns:
        entry = kept.column(column.column)
        assert entry is not None
        assert entry.header is not None
        header = table.header(entry.header)
        assert header is not None
        assert header.position == column.position
