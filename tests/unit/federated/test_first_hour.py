"""What `map`, `report`, `check` and `data add` have in common: the folder, the count of questions, the next step."""

import csv
import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from data_contracts.versions import list_versions
from federated.member.home import MemberHome, MemberProfile
from federated.member.mappings import Query
from federated.member.next_step import NextStep
from tests.desk import Keyboard
from tests.factory_tables import Cells, around, numbered, ramp
from tests.readiness_example import COLUMNS, month

LOTS = {
    "LOT NO": numbered("L"),
    "도금조 온도(℉)": ramp(115, 140),
    "pH": ramp(3.8, 4.6),
    "근무조": around("1조", "2조"),
    "판정": around("OK", "OK", "NG"),
    "불량유형": around("핏트", "", "들뜸이상"),
}
"""The shifts' names are not known, which the contract needs; one kind of defect neither, which may stay open."""

NEXT = re.compile(r"(?:Next 다음|Next|다음|with): (pumasi-member .*?)(?: \(|$)", re.MULTILINE)
COMMANDS = (("map",), ("report",), ("check",), ("data", "add"))


class Desk(Keyboard):
    """A folder in which commands are typed, where no member lives yet."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(monkeypatch, capsys)
        self.folder = folder

    def file(self, cells: Cells, name: str = "3월 lots.csv") -> Path:
        """Write a file."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([cells, *zip(*cells.values(), strict=True)])
        return path

    def run(self, *arguments: object) -> int:
        """Run `pumasi-member` with nobody at the keyboard, and return its exit code."""
        self._monkeypatch.setattr(sys, "stdin", io.StringIO())
        return super().run(*arguments)

    def next(self) -> list[str]:
        """Return the command that was printed last as the next, without the program's name."""
        return shlex.split(NEXT.findall(self.said)[-1])[1:]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("PUMASI_MEMBER_HOME", "PUMASI_DATABASE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, monkeypatch, capsys)


def good_month() -> Cells:
    """Make records that can train, with headers that the contract knows."""
    cells = month(rows=60)
    return {header: cells[header] for header in COLUMNS.values()}


@pytest.mark.parametrize("place", [(), ("--home", "nowhere")])
def test_where_no_folder_and_no_contract_is_known_every_command_says_the_same(
    desk: Desk, place: tuple[str, ...]
) -> None:
    file = desk.file(LOTS)
    said = set()
    for command in COMMANDS[:3] if not place else COMMANDS:  # without a place `data add` asks whose dataset it is
        assert desk.run(*command, file, *place) == 2
        said.add(desk.said)

    assert len(said) == 1
    assert "--contract plating-defect" in desk.said
    assert "--home FOLDER" in desk.said
    assert "계약은 --contract로" in desk.said


def test_with_a_contract_no_folder_is_needed_and_the_only_member_here_is_taken_without_one(desk: Desk) -> None:
    file = desk.file(good_month())
    for command in COMMANDS[:3]:
        desk.run(*command, file, "--contract", "plating-defect")
        assert "--member YOUR-ID" in desk.said or command == ("map",)
        assert "say which" not in desk.said

    MemberHome.create(desk.folder / "nobody" / "members" / "anvil", MemberProfile("anvil", "plating-defect"))
    for command in COMMANDS[:3]:
        desk.run(*command, file)
        assert "say which" not in desk.said
        assert "YOUR-ID" not in desk.said


def test_every_command_counts_the_open_questions_of_a_file_alike(desk: Desk) -> None:
    file = desk.file(LOTS)
    place = ("--contract", "plating-defect", "--lang", "en")
    english, korean = (
        "2 question(s) open (1 must be answered before the file can be used)",
        "답할 질문 2개(그중 1개는 꼭 답해야 파일을 쓸 수 있음)",
    )

    for command in COMMANDS:
        whose = ("--member", "anvil") if command == ("data", "add") else ()
        desk.run(*command, file, *place, *whose)
        assert english in desk.said, command
        desk.run(*command, file, *place[:3], "ko", *whose)
        assert korean in desk.said, command
        if not whose:
            desk.run(*command, file, *place, "--json")
            told = json.loads(desk.said)
            assert told.get("understood", told)["open_questions"] == {"asked": 2, "needed": 1}, command


def test_the_report_says_which_of_the_questions_may_stay_open(desk: Desk) -> None:
    file = desk.file(LOTS)
    desk.run("report", file, "--contract", "plating-defect", "--json")

    fixes = [fix for fix in json.loads(desk.said)["fixes"] if fix["code"] == "questions"]

    assert [(fix["blocking"], fix["what"]["en"].partition(":")[0]) for fix in fixes] == [
        (True, "2 questions are open, and 1 has to be answered"),
        (False, "2 questions are open, and 1 may stay open"),
    ]


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_what_is_printed_as_the_next_step_leads_from_questions_to_the_mapping(
    desk: Desk, command: tuple[str, ...]
) -> None:
    file = desk.file(LOTS)
    whose = ("--home", desk.folder / "our shop") if command == ("data", "add") else ()

    desk.run(*command, file, "--contract", "plating-defect", "--lang", "en", *whose)
    then = desk.next()
    assert then[:2] == ["map", str(file)]
    assert desk.run(*then) == 1
    assert desk.next()[:4] == ["map", str(file), "--contract", "plating-defect"]
    assert "Shift: which column of the file is it?" in desk.said


def test_from_the_map_on_each_printed_step_can_be_typed_as_it_stands_until_the_data_are_kept(desk: Desk) -> None:
    """With a mapping in a place of its own, and folders with a blank in their names."""
    file, home = desk.file(good_month()), desk.folder / "our shop" / "anvil"
    where = ("--contract", "plating-defect", "--home", home, "--output", desk.folder / "our mapping.yaml")

    assert desk.run("map", file, *where) == 0
    steps = []
    while "pumasi-member" in desk.said:
        steps.append(desk.next())
        assert desk.run(*steps[-1]) == 0, desk.said

    assert [step[0] for step in steps] == ["check", "data"]
    assert [version.rows for version in list_versions(MemberHome(home).data)] == [60]


def test_a_sheet_and_a_place_for_the_mapping_are_said_again_to_the_map_alone() -> None:
    step = NextStep(Path("a b.xlsx"), "plating-defect", sheet="March", output=Path("m.yaml"))

    assert step.command("map") == "pumasi-member map 'a b.xlsx' --contract plating-defect --sheet March --output m.yaml"
    assert step.command("check") == "pumasi-member check 'a b.xlsx' --contract plating-defect"


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        (NextStep(Path("a.csv")), "a.csv --member YOUR-ID"),
        (NextStep(Path("a.csv"), home=Path("our shop")), "a.csv --member YOUR-ID --home 'our shop'"),
        (NextStep(Path("a.csv"), home=Path("anvil")), "a.csv --home anvil"),
        (NextStep(Path("a.csv"), member="anvil"), "a.csv --member anvil"),
    ],
)
def test_an_id_is_left_to_fill_in_only_where_none_is_known(
    monkeypatch: pytest.MonkeyPatch, said: NextStep, ending: str
) -> None:
    monkeypatch.delenv("PUMASI_MEMBER_HOME", raising=False)

    assert said.for_dataset(known=False) == f"pumasi-member data add {ending}"
    assert "YOUR-ID" not in said.for_dataset(known=True)


def test_a_database_is_named_by_its_query_and_its_address_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    step = NextStep(Query("postgresql://u:secret@mes/lots", "select *\nfrom lots"), member="anvil")
    monkeypatch.delenv("PUMASI_DATABASE", raising=False)

    said = step.command("data add")
    monkeypatch.setenv("PUMASI_DATABASE", "postgresql://u:secret@mes/lots")

    assert said == "pumasi-member data add --database ADDRESS --query 'select * from lots' --member anvil"
    assert step.command("map") == "pumasi-member map --query 'select * from lots' --member anvil"


def test_a_file_name_cannot_move_the_terminals_cursor() -> None:
    assert "\x1b" not in NextStep(Path("a\x1b[31m.csv")).command("check")


@pytest.mark.parametrize("command", [("map",), ("report",), ("check",), ("data", "add")])
def test_a_folder_instead_of_a_file_is_refused_in_one_sentence(desk: Desk, command: tuple[str, ...]) -> None:
    whose = ("--member", "anvil") if command == ("data", "add") else ()

    assert desk.run(*command, ".", "--contract", "print-defect", *whose) == 2
    assert desk.said.count("\n") == 1
    assert re.search("[가-힣]", desk.said)


def test_a_mapping_beside_the_file_that_does_not_fit_is_named_by_every_command(desk: Desk) -> None:
    file = desk.file(good_month())
    desk.run("map", file, "--contract", "plating-defect", "--yes")
    beside = file.with_name(f"{file.name}.mapping.yaml")
    beside.write_text(re.sub("encoding: .*", "encoding: klingon", beside.read_text(encoding="utf-8")), encoding="utf-8")

    for command in (("report",), ("check",), ("data", "add", "--member", "anvil"), ("map",)):
        desk.run(*command, file, "--contract", "plating-defect")
        assert f"{beside} is not followed as it stands: " in desk.said, command
        assert "klingon" in desk.said


def test_the_only_member_here_is_named_in_the_next_step_also_while_it_has_a_key_alone(desk: Desk) -> None:
    file = desk.file(good_month())
    desk.run("init", "--member", "only-one")

    for command in ("check", "report"):
        desk.run(command, file, "--contract", "plating-defect", "--lang", "en")
        assert desk.next()[-2:] == ["--member", "only-one"]

    desk.run("init", "--member", "another")
    desk.run("check", file, "--contract", "plating-defect")
    assert desk.next()[-2:] == ["--member", "YOUR-ID"]


def test_a_home_whose_key_says_who_it_is_names_its_member_whatever_the_folder_is_called(desk: Desk) -> None:
    home = desk.folder / "our shop"
    desk.run("init", "--member", "anvil", "--home", home)

    desk.run("check", desk.file(good_month()), "--contract", "plating-defect", "--home", home)

    assert desk.next()[-4:] == ["--member", "anvil", "--home", str(home)]


SLIPS = {
    "member: anvil\n\tcontract: print-defect": "line 2",
    "- anvil": "a YAML mapping",
    "member: anvil": "contract is missing",
    "member: 7\ncontract: print-defect": "member must be a text",
    "member: anvil\ncontract: print-defect\nshare_metrics: true": "there is no setting 'share_metrics'",
    "member: anvil\ncontract: print-defect\nshares_metrics: 'no'": "shares_metrics must be true or false",
    "member: anvil\ncontract: print-defect\nminimums: {count: five}": "minimums must be a mapping of whole numbers",
    "member: anvil\ncontract: print-defect\nminimums: {counts: 5}": "there is no setting 'counts'",
    "member: anvil\ncontract: print-defect\nminimums: {count: 1}": "at least 3 rows",
}


@pytest.mark.parametrize(("text", "why"), SLIPS.items())
@pytest.mark.parametrize("command", [("status",), ("egress",), ("data", "list")])
def test_a_damaged_profile_is_named_with_the_slip_and_the_way_out(
    desk: Desk, command: tuple[str, ...], text: str, why: str
) -> None:
    home = desk.folder / "anvil"
    home.mkdir()
    (home / "member.yaml").write_text(text, encoding="utf-8")

    assert desk.run(*command, "--home", home) == 2
    assert desk.said.startswith(f"pumasi-member: {home}/member.yaml cannot be read: ")
    assert why in desk.said
    assert "pumasi-member join KIT" in desk.said
    assert "회원 설정 파일을 읽을 수 없습니다" in desk.said


@pytest.mark.parametrize("command", ["review", "egress", "data list", "data diff 12345678", "data rollback 12345678"])
def test_between_key_and_kit_the_next_step_is_to_join_and_not_another_key(desk: Desk, command: str) -> None:
    desk.run("init", "--member", "anvil")

    assert desk.run(*command.split()) == 2
    assert "pumasi-member join KIT" in desk.said
    assert "pumasi-member init" not in desk.said
    assert "아직 가입하지 않았습니다" in desk.said


@pytest.mark.parametrize("taken", [False, True])
def test_where_no_member_lives_the_way_to_make_one_is_said(desk: Desk, *, taken: bool) -> None:
    if taken:
        (desk.folder / "nobody").write_text("a file where a folder must be", encoding="utf-8")

    assert desk.run("status") == 2
    assert "pumasi-member init --member factory-1" in desk.said
    assert "회원 폴더가 없습니다" in desk.said
    assert "0 members" not in desk.said


def test_whose_folder_it_is_is_not_asked_again_where_only_the_contract_is_missing(desk: Desk) -> None:
    desk.run("init", "--member", "anvil")

    assert desk.run("map", desk.file(LOTS), "--member", "anvil") == 2
    assert "no contract is known yet: name one with --contract" in desk.said
    assert "whose" not in desk.said


@pytest.mark.parametrize(
    ("command", "then"),
    [
        ("init --member 성진", "factory-1"),
        ("join nowhere.json", "factory-1.kit.json"),
        ("join wrong.json", "factory-1.kit.json"),
        ("run --home nobodys", "pumasi-member join KIT"),
        ("data restore --home nobodys", "--from FOLDER"),
    ],
)
def test_what_a_factory_may_get_wrong_first_is_said_in_korean_too_and_what_to_do(
    desk: Desk, command: str, then: str
) -> None:
    (desk.folder / "wrong.json").write_text("no kit", encoding="utf-8")

    assert desk.run(*command.split()) == 2
    assert then in desk.said
    assert re.search("[가-힣]+십시오", desk.said)


def test_an_answer_to_nothing_leads_to_what_is_asked(desk: Desk) -> None:
    file = desk.file(LOTS)

    assert desk.run("map", file, "--contract", "plating-defect", "--answer", "nosuch=1") == 2
    assert "pumasi-member map FILE 명령으로" in desk.said
    assert "위에 적힌 답" not in desk.said


def test_a_mapping_with_an_open_question_is_not_called_confirmed(desk: Desk) -> None:
    file = desk.file(LOTS)
    desk.run("map", file, "--contract", "plating-defect", "--yes")

    assert desk.run("check", file, "--contract", "plating-defect", "--lang", "ko") == 1
    assert f"따른 매핑: {file}.mapping.yaml" in desk.said
    assert "확인된" not in desk.said
