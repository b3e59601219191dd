"""`pumasi-member map`: from a factory's file to a mapping file, asking about the doubtful only."""

import csv
import io
import json
import sqlite3
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from data_contracts.contract import load_contract
from data_contracts.intake import read_source
from data_contracts.intake.settings import FileSettings
from data_contracts.mapping.mapping_file import read_mapping
from data_contracts.mapping.types import Mapping
from data_contracts.prepare import prepare
from federated.member import cli
from federated.member.home import MemberHome, MemberProfile
from federated.member.map_session import MapSession, open_source
from federated.member.mappings import Source, read_with_mapping
from tests.factory_tables import around, numbered, ramp

CELLS = {
    "LOT NO": numbered("L"),
    "도금조 온도(℉)": ramp(115, 140),
    "건조온도(℃)": ramp(60, 79),
    "pH": ramp(3.8, 4.6),
    "근무조": around("1조", "2조"),
    "판정": around("OK", "OK", "NG"),
}
"""A file of a plating shop: the drying temperature is no column of the contract, the shifts' names are not known."""

SERIES = {f"도금조 온도{at}(℉)": ramp(115 + at, 140) for at in (1, 2, 3)}
"""Columns that may be one series, or not: it is asked."""

LANGUAGE = ("--lang", "en")


class Keyboard(io.StringIO):
    """A terminal at which these lines are typed."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class Desk:
    """A folder in which the command is typed, and what it said."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.said, self.errors = folder, "", ""
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def file(self, name: str = "lots.csv", /, **changed: list[str]) -> Path:
        """Write the file, in the encoding of a Korean spreadsheet; columns may be replaced or added."""
        cells = {**CELLS, **changed}
        path = self.folder / name
        with path.open("w", encoding="cp949", newline="") as out:
            csv.writer(out).writerows([cells, *zip(*cells.values(), strict=True)])
        return path

    def map(self, *arguments: object, typed: io.StringIO | None = None, contract: str | None = "plating-defect") -> int:
        """Run the command, with nobody at the keyboard unless something is typed, and return its exit code."""
        named = () if contract is None else ("--contract", contract)
        self._monkeypatch.setattr(sys, "argv", ["pumasi-member", "map", *map(str, arguments), *named, *LANGUAGE])
        self._monkeypatch.setattr(sys, "stdin", typed or io.StringIO())
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = self._capsys.readouterr()
        self.said, self.errors = captured.out, captured.err
        return int(ended.value.code or 0)

    def member(self) -> MemberHome:
        """Make a member's folder here."""
        return MemberHome.create(self.folder / "home", MemberProfile("anvil", "plating-defect"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path / "nobody"))
    monkeypatch.delenv("PUMASI_MEMBER_HOME", raising=False)
    monkeypatch.delenv("PUMASI_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, monkeypatch, capsys)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.mapping.yaml")


def test_with_nobody_to_ask_the_questions_are_printed_and_nothing_is_written(desk: Desk) -> None:
    file = desk.file()

    code = desk.map(file)

    assert code == 1
    assert not _beside(file).exists()
    assert "bath_temperature Bath temperature ← 도금조 온도(℉)" in desk.said
    assert "°F → °C: (x − 32) × 0.5556" in desk.said
    assert "encoding = cp949" in desk.said
    assert "--answer 'column:shift=…'" in desk.said
    assert f"Next: pumasi-member map {file} --contract plating-defect" in desk.said


def test_yes_keeps_the_certain_and_says_what_is_left(desk: Desk) -> None:
    file = desk.file()

    assert desk.map(file, "--yes") == 0

    kept = read_mapping(_beside(file))
    assert {entry.column for entry in kept.columns} == {"lot_no", "bath_temperature", "ph", "judgement"}
    assert "Shift: which column of the file is it?" in desk.said


def test_answers_can_be_given_on_the_command_line_with_the_words_of_the_column(desk: Desk) -> None:
    file = desk.file()
    said = ("column:shift=근무조", "word:shift:1조=day", "word:shift:2조=night")

    answers = [part for one in said for part in ("--answer", one)]

    assert desk.map(file, *answers, "--yes") == 0
    entry = read_mapping(_beside(file)).column("shift")
    assert entry is not None
    assert dict(entry.words) == {"1조": "day", "2조": "night"}


def test_answers_can_be_piped_one_line_per_question_and_an_empty_line_takes_the_first(desk: Desk) -> None:
    file = desk.file()
    desk.map(file, "--json", "--answer", "column:shift=근무조")
    asked = next(one for one in json.loads(desk.said)["questions"] if one["key"] == "word:shift:1조")
    number = [option["value"] for option in asked["options"]].index("day") + 1
    _beside(file).unlink()

    desk.map(file, typed=io.StringIO(f"\n{number}\nnight\n" + "?\n" * 20))

    entry = read_mapping(_beside(file)).column("shift")
    assert entry is not None
    assert (entry.header, dict(entry.words)) == ("근무조", {"1조": "day", "2조": "night"})


def test_at_the_keyboard_a_wrong_answer_is_asked_again(desk: Desk) -> None:
    file = desk.file()

    desk.map(file, typed=Keyboard("nonsense\n근무조\n?\n?\n" + "?\n" * 20))

    assert "column:shift: the file has no such header" in desk.errors
    assert desk.said.count("Shift: which column of the file is it?") == 2
    entry = read_mapping(_beside(file)).column("shift")
    assert entry is not None
    assert entry.words == ()


def test_a_wrong_answer_that_was_piped_ends_the_command_and_writes_nothing(desk: Desk) -> None:
    file = desk.file()

    assert desk.map(file, typed=io.StringIO("nonsense\n")) == 2
    assert not _beside(file).exists()
    assert "no such header" in desk.errors


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("shift", "KEY=VALUE"),
        ("shift=1", "nothing is asked under 'shift'"),
        ("column:ph=LOT NO", "lot_no is read from that header already"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_what_can(desk: Desk, answer: str, said: str) -> None:
    assert desk.map(desk.file(), "--answer", answer) == 2
    assert said in desk.errors


def test_the_programs_answer_holds_columns_factors_guesses_and_questions(desk: Desk) -> None:
    file = desk.file()

    assert desk.map(file, "--json") == 1

    told = json.loads(desk.said)
    columns = {one["column"]: one for one in told["columns"]}
    assert columns["bath_temperature"]["factor"] == pytest.approx(5 / 9)
    assert columns["bath_temperature"]["offset"] == pytest.approx(-160 / 9)
    assert told["unused"] == ["건조온도(℃)", "근무조"]
    assert {"encoding", "delimiter"} <= {one["setting"] for one in told["guesses"]}
    question = next(one for one in told["questions"] if one["key"] == "column:shift")
    assert [option["value"] for option in question["options"]] == ["근무조", ""]
    assert told["written"] is None


def test_the_members_folder_keeps_the_mapping_and_the_next_file_is_known(desk: Desk) -> None:
    home = desk.member()
    place = ("--home", home.folder)
    file = desk.file()
    desk.map(file, *place, "--yes", contract=None)
    first = [path.name for path in home.mappings.iterdir()]

    desk.map(file, *place, "--yes", contract=None)
    again, said = [path.name for path in home.mappings.iterdir()], desk.said
    desk.map(desk.file("april.csv"), *place, "--yes", contract=None)

    assert first == again == ["lots.yaml"]
    assert "Mapping file, as it was" in said
    assert desk.said.count("known from before") == 4
    assert "What differs" not in desk.said
    assert not _beside(file).exists()


def test_what_differs_from_the_known_mapping_is_shown(desk: Desk) -> None:
    file = desk.file()
    desk.map(file, "--yes")

    desk.map(file, "--yes", "--answer", "column:ph=")

    assert "What differs from the mapping that was known" in desk.said
    entry = read_mapping(_beside(file)).column("ph")
    assert entry is not None
    assert entry.header is None


def test_a_mapping_can_be_written_where_it_is_wanted_but_not_over_something_else(desk: Desk) -> None:
    file = desk.file()

    assert desk.map(file, "--yes", "-o", desk.folder / "m.yaml") == 0
    assert read_mapping(desk.folder / "m.yaml").column("ph") is not None
    before = file.read_bytes()
    assert desk.map(file, "--yes", "-o", file) == 2
    assert file.read_bytes() == before


def test_the_mapping_is_what_the_other_commands_follow(desk: Desk) -> None:
    file = desk.file()
    desk.map(file, "--yes", "--answer", "column:shift=근무조", "--answer", "word:shift:1조=day")
    contract = load_contract("plating-defect")

    source = read_with_mapping(file, contract, None)
    prepared = prepare(source.table, contract, known=source.known)

    assert source.found == _beside(file)
    assert prepared.mapped.frame["bath_temperature"].iloc[0] == pytest.approx((115 - 32) * 5 / 9)
    assert {question.key for question in prepared.open_questions()} == {"word:shift:2조"}


def _melt(desk: Desk, *source: object) -> str:
    """Return the answer that makes a table long, as it is offered."""
    desk.map(*source, "--json")
    question = next(one for one in json.loads(desk.said)["questions"] if one["key"] == "file:melt")
    return str(question["options"][1]["value"])


def test_an_answer_about_the_file_reads_it_again(desk: Desk) -> None:
    file = desk.file(**SERIES)
    melt = _melt(desk, file)

    desk.map(file, "--yes", "--answer", f"file:melt={melt}")

    kept = read_mapping(_beside(file))
    assert kept.file.melt is not None
    assert kept.file.melt.series == tuple(SERIES)
    assert kept.headers[-1] == kept.file.melt.values


SHORT = {
    **CELLS,
    "측정A": ramp(3, 5),
    "불량 유형": around("", "", "피트"),
    "비고": [""] * len(CELLS["pH"]),
}
"""Records whose blank cells at the end some program did not write."""


def _words(folder: Path) -> Path:
    """Write a file of words, in which nothing tells the header from the records."""
    draw = np.random.default_rng(3)
    path = folder / "words.csv"
    words = [["".join(draw.choice([*"가나다라마바사아자차카타파하"], 4)) for _ in range(4)] for _ in range(40)]
    rows = [row if at % 3 == 0 else row[:3] for at, row in enumerate(words)]
    path.write_text("\n".join(map(",".join, [["도금라인", "소지금속", "작업자명", "비고"], *rows])), encoding="utf-8")
    return path


def _short_records(folder: Path) -> Path:
    path = folder / "short.csv"
    lines = [",".join(row).rstrip(",") for row in zip(*SHORT.values(), strict=True)]
    path.write_text("\n".join([",".join(SHORT), *lines]), encoding="utf-8")
    return path


def test_what_was_answered_about_columns_stays_answered_when_the_file_is_read_again(desk: Desk) -> None:
    file = _short_records(desk.folder)
    desk.map(file, "--json")
    assert "file:padded" in [one["key"] for one in json.loads(desk.said)["questions"]]

    desk.map(file, "--answer", "column:voltage=측정A", typed=Keyboard("false\n" + "?\n" * 20))

    voltage = read_mapping(_beside(file)).column("voltage")
    assert voltage is not None
    assert voltage.header == "측정A"


def test_an_answer_about_columns_that_are_no_more_is_asked_again(desk: Desk) -> None:
    file = desk.file(**SERIES)
    melt = _melt(desk, file)
    rules = load_contract("plating-defect")
    session = MapSession(file, open_source(file, rules, None), rules)

    session.answer({"column:bath_temperature": next(iter(SERIES))})
    session.answer({"file:melt": melt})

    temperature = session.proposal.mapping.column("bath_temperature")
    assert temperature is None or temperature.header not in SERIES


def test_a_doubtful_reading_stays_doubtful_when_the_file_is_read_again_for_another_reason(desk: Desk) -> None:
    file = _words(desk.folder)
    rules = load_contract("plating-defect")
    base = Mapping(contract=rules.reference, headers=("LOT NO",), columns=(), file=FileSettings())
    asked = []
    for known in (None, base):
        session = MapSession(file, Source(read_source(file), known), rules)
        first = {one.key for one in session.open_questions() if one.key.startswith("file:")}
        session.answer({"file:padded": "false"})
        asked.append((first, {one.key for one in session.open_questions() if one.key.startswith("file:")}))

    assert asked == [({"file:header", "file:padded"}, {"file:header"})] * 2


def test_a_table_that_was_made_long_can_be_left_wide_again(desk: Desk) -> None:
    file = desk.file(**SERIES)
    melt = _melt(desk, file)
    desk.map(file, "--yes", "--answer", f"file:melt={melt}")

    desk.map(file, "--yes", "--answer", "file:melt=null")

    kept = read_mapping(_beside(file))
    assert kept.file.melt is None
    assert set(SERIES) <= set(kept.headers)


def test_a_file_answer_that_the_file_contradicts_is_asked_again_at_the_keyboard(desk: Desk) -> None:
    code = desk.map(_words(desk.folder), typed=Keyboard("1\n[300, 301]\n" + "?\n" * 20))

    assert code == 1
    assert "nothing in its lines 300 to 301" in desk.errors


def test_bytes_that_are_no_text_are_no_answer(desk: Desk) -> None:
    assert desk.map(desk.file(), "--answer", "word:judgement:\udcff=ng") == 2
    assert "Traceback" not in desk.errors


def test_a_sheet_of_a_workbook_can_be_named(desk: Desk) -> None:
    book = openpyxl.Workbook()
    plan, lots = book.active, book.create_sheet("3월")
    assert plan is not None
    for sheet, headers in ((plan, ("계획", "수량")), (lots, tuple(CELLS))):
        sheet.append(headers)
        for row in zip(*list(CELLS.values())[: len(headers)], strict=True):
            sheet.append(row)
    book.save(desk.folder / "lots.xlsx")

    desk.map(desk.folder / "lots.xlsx", "--sheet", "3월", "--yes")

    kept = read_mapping(desk.folder / "lots.xlsx.mapping.yaml")
    assert kept.file.sheet == "3월"
    assert kept.column("ph") is not None


def test_a_query_of_a_database_is_mapped_like_a_file(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "mes.db") as mes:
        mes.execute('CREATE TABLE lots ("LOT NO" TEXT, "pH" REAL)')
        rows = [(lot, float(ph)) for lot, ph in zip(CELLS["LOT NO"], CELLS["pH"], strict=True)]
        mes.executemany("INSERT INTO lots VALUES (?, ?)", rows)

    code = desk.map("--database", f"sqlite:///{desk.folder}/mes.db", "--query", "SELECT * FROM lots", "--yes")

    assert code == 0
    assert {entry.column for entry in read_mapping(Path("query.mapping.yaml")).columns} >= {"lot_no", "ph"}
    assert "mes.db" not in desk.said


def test_the_result_of_a_query_is_made_long_where_a_person_says_so(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "mes.db") as mes:
        mes.execute('CREATE TABLE lots ("LOT NO" TEXT, "pH 1월" REAL, "pH 2월" REAL, "pH 3월" REAL, "판정" TEXT)')
        mes.executemany("INSERT INTO lots VALUES (?, ?, ?, ?, ?)", [(f"L{at}", 3.9, 4.0, 4.1, "OK") for at in range(9)])
    query = ("--database", f"sqlite:///{desk.folder}/mes.db", "--query", "SELECT * FROM lots")

    desk.map(*query, "--yes", "--answer", f"file:melt={_melt(desk, *query)}")

    kept = read_mapping(Path("query.mapping.yaml"))
    assert kept.file.melt is not None
    assert kept.headers[-1] == kept.file.melt.values
    desk.map(*query, "--mapping", "query.mapping.yaml", "--json")
    assert "file:melt" not in [one["key"] for one in json.loads(desk.said)["questions"]]


def test_a_file_or_a_query_must_be_named_and_a_contract(desk: Desk) -> None:
    assert desk.map() == 2
    assert "--database URL together with --query SQL" in desk.errors
    assert desk.map(desk.file(), contract=None) == 2
    assert "--contract plating-defect" in desk.errors


def test_a_header_cannot_move_the_terminals_cursor(desk: Desk) -> None:
    desk.map(desk.file(**{"\x1b[31m붉은 온도(℃)": ramp(50, 60)}))

    assert "\x1b" not in desk.said
