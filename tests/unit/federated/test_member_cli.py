"""The member's command line takes nothing of the member's away, and refuses before it does anything."""

import resource
import signal
from pathlib import Path

import click
import pytest
import yaml

from federated.disk import whole_file
from federated.member import cli, data_cli
from federated.member.join import prepare
from tests.cooperative import contract_file
from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def parts(desk: Desk, tmp_path: Path) -> Path:
    """New parts of a member; no model is needed to refuse what comes before scoring."""
    assert desk
    (tmp_path / "new.csv").write_text("part,heat,paper\np-1,20,a\n", encoding="utf-8")
    return tmp_path / "new.csv"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("new.csv", "is the file with your parts: it would be lost"),
        ("./link.csv", "is the file with your parts: it would be lost"),
        ("nodir/out.csv", "there is no folder"),
        (".", "is a folder: name a file in it"),
        ("/dev/null", "is a device, not a file"),
    ],
)
def test_scores_never_replace_the_members_parts_and_a_bad_place_is_refused_before_scoring(
    desk: Desk, parts: Path, monkeypatch: pytest.MonkeyPatch, output: str, said: str
) -> None:
    monkeypatch.chdir(parts.parent)
    (parts.parent / "link.csv").symlink_to(parts)
    before = parts.read_bytes()

    code = desk.run("score", "new.csv", "--model", "print-defect", "--member", "anvil", "-o", output)

    assert code == 2
    assert desk.said.count("\n") == 1
    assert said in desk.said
    assert parts.read_bytes() == before


def test_a_file_that_does_not_fit_on_the_disk_is_named_and_no_half_of_it_stays(tmp_path: Path) -> None:
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, before[1]))
    try:
        with pytest.raises(OSError, match="File too large") as failed, whole_file(tmp_path / "o.csv") as partial:
            partial.write_bytes(b"too long")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert failed.value.filename == str(tmp_path / "o.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_disk_ends_in_one_sentence(desk: Desk, tmp_path: Path) -> None:
    (desk.anvil.folder / "quarantine").write_text("a file where a folder must be")
    file = tmp_path / "anvil.csv"
    file.write_text(file.read_text(encoding="utf-8") + "part-x,9999,a,good\n", encoding="utf-8")

    code = desk.run("data", "add", file, "--contract", desk.cooperative.contract_file, "--member", "anvil")

    assert code == 2
    assert desk.said.startswith(f"pumasi-member: {desk.anvil.quarantine} cannot be read or written: ")
    assert desk.said.count("\n") == 1


def test_a_file_is_not_added_to_another_members_folder(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUMASI_MEMBER_HOME", str(desk.anvil.folder))
    file = desk.cooperative.folder / "bellows.csv"

    code = desk.run("data", "add", file, "--contract", desk.cooperative.contract_file, "--member", "bellows")

    assert code == 2
    assert "belongs to member anvil, not to bellows" in desk.said
    assert desk.versions(desk.anvil) == 1


def test_parts_are_not_scored_with_another_members_model(desk: Desk, parts: Path, tmp_path: Path) -> None:
    code = desk.run(
        *("score", parts, "--model", "print-defect", "-o", tmp_path / "o.csv"),
        *("--member", "bellows", "--home", desk.anvil.folder),
    )

    assert code == 2
    assert "belongs to member anvil, not to bellows" in desk.said


@pytest.mark.parametrize("place", ["--home", "PUMASI_MEMBER_HOME"])
@pytest.mark.parametrize("command", ["run", "status", "doctor", "review", "egress"])
def test_no_command_works_on_another_members_folder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str, place: str
) -> None:
    folder = str(desk.anvil.folder)
    given = ["--home", folder] if place == "--home" else []
    if not given:
        monkeypatch.setenv(place, folder)

    assert desk.run(command, "--member", "bellows", *given) == 2
    assert f"{folder} belongs to member anvil, not to bellows" in desk.said


def test_a_folder_that_has_a_key_and_no_data_belongs_to_somebody_already(desk: Desk, tmp_path: Path) -> None:
    prepare(tmp_path / "chisel", "chisel", tmp_path / "request.json")

    assert desk.run("status", "--member", "anvil", "--home", tmp_path / "chisel") == 2
    assert "belongs to member chisel, not to anvil" in desk.said


def test_every_command_describes_a_shared_option_in_the_same_words() -> None:
    commands = [*cli.app.commands.values(), *data_cli.data.commands.values()]
    options = [
        option
        for command in commands
        for option in command.params
        if isinstance(option, click.Option) and not option.required and command.name != "run"  # its --json has lines
    ]
    for name in ("member", "home", "lang", "as_json"):
        said = {option.help for option in options if option.name == name}
        assert len(said) == 1, said


def test_a_file_for_another_contract_is_not_added(desk: Desk) -> None:
    newer = contract_file(desk.cooperative.folder, version="2.0.0")

    code = desk.run("data", "add", desk.cooperative.folder / "anvil.csv", "--contract", newer, "--member", "anvil")

    assert code == 2
    assert "member anvil follows contract tiny@1.0.0, not tiny@2.0.0" in desk.said
    assert "member.yaml" in desk.said
    assert desk.versions(desk.anvil) == 1


def test_an_opt_in_that_does_not_count_is_said_with_the_way_to_change_it(desk: Desk) -> None:
    file = desk.cooperative.folder / "anvil.csv"

    code = desk.run(
        "data", "add", file, "--contract", desk.cooperative.contract_file, "--member", "anvil", "--share-metrics"
    )

    assert code == 0
    assert f"{desk.anvil.folder / 'member.yaml'} says shares_metrics: false" in desk.said
    assert desk.anvil.profile().shares_metrics is False


def test_a_new_folder_given_as_a_dot_is_named_after_itself_and_knows_its_contract_from_anywhere(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chisel").mkdir()
    monkeypatch.chdir(tmp_path / "chisel")

    code = desk.run("data", "add", "../anvil.csv", "--contract", "../tiny-1.0.0.odcs.yaml", "--home", ".")

    profile = yaml.safe_load((tmp_path / "chisel" / "member.yaml").read_text(encoding="utf-8"))
    assert code == 0, desk.said
    assert profile["member"] == "chisel"
    assert profile["contract"] == str(tmp_path / "tiny-1.0.0.odcs.yaml")


def test_a_models_name_that_is_none_is_refused_in_one_sentence(desk: Desk, parts: Path, tmp_path: Path) -> None:
    code = desk.run("score", parts, "--model", "../x", "--member", "anvil", "-o", tmp_path / "o.csv")

    assert code == 2
    assert desk.said.startswith("pumasi-member: --model: a model's name consists of")


def test_ctrl_c_is_one_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(data_cli, "find_home", interrupt)

    assert desk.run("data", "add", "x.csv", "--contract", "print-defect") == 130
    assert desk.said.strip() == "pumasi-member: stopped. 중단했습니다."
