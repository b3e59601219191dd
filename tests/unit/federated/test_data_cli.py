"""`pumasi-member data ...`, `check` and `score` on files as factories have them."""

import json
import stat
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_contracts.errors import DatasetTampered
from data_contracts.statistics import describe
from data_contracts.versions import list_versions, store
from data_contracts.versions.places import BackupPlace
from federated.member.backup import NotOwnPlace, check_own, remembered
from federated.member.dataset import latest_dataset
from federated.member.home import MemberHome
from federated.member.refusals import refusal_sentence
from federated.member.work import SHARED, MemberWork
from federated.messages import CheckContract
from models.configs import NetworkConfig
from models.package import ModelPackage
from models.prediction import initial_weights
from models.preprocessing import fit_preprocessing
from tests.association import Association
from tests.cooperative import parts
from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def export(path: Path, rows: int = 40, *, header: str = "번호,온도(℉),용지,등급", label: bool = True) -> Path:
    """Write what an old computer exports: CP949, a title, other headers, another unit, a total."""
    names = header if label else header.rpartition(",")[0]
    lines = [
        ",".join([f"lot-{n}", str(50 + n * 7 % 40), "ab"[n % 2], *(["bad" if n % 3 == 0 else "good"] if label else [])])
        for n in range(rows)
    ]
    path.write_bytes("\r\n".join(["작업 대장", "", names, *lines, "합계"]).encode("cp949"))
    return path


def answer(desk: Desk, *words: object) -> Any:
    """Run a command with --json and return what it printed."""
    desk.run(*words, "--json")
    return json.loads(desk.said)


def test_check_says_how_the_columns_were_understood_before_the_verdict(desk: Desk, tmp_path: Path) -> None:
    file = export(tmp_path / "march.csv")

    code = desk.run("check", file, "--contract", desk.cooperative.contract_file, "--lang", "en")

    lines = desk.said.splitlines()
    assert code == 0, desk.said
    assert "  heat   <- 온도(℉)  [°F -> °C]" in lines
    assert any(line.startswith("  encoding: ") for line in lines)
    assert any(line.startswith("Changed cells: heat: converted units 40") for line in lines)
    assert "The file keeps tiny@1.0.0: of 40 rows 40 are used and 0 are set aside." in lines
    assert f"pumasi-member data add {file}" in lines[-1]


def test_check_of_a_clean_file_is_its_verdict_alone_and_takes_the_contract_from_the_profile(
    desk: Desk, tmp_path: Path
) -> None:
    code = desk.run("check", tmp_path / "anvil.csv", "--member", "anvil", "--lang", "en")

    assert code == 0
    assert desk.said.splitlines()[0].startswith("The file keeps tiny@1.0.0")
    assert len(desk.said.splitlines()) == 2


def test_check_names_an_open_question_and_the_next_step_instead_of_a_missing_column(desk: Desk, tmp_path: Path) -> None:
    file = export(tmp_path / "march.csv", header="번호,zzz,용지,등급")

    code = desk.run("check", file, "--contract", desk.cooperative.contract_file, "--lang", "en")
    said = desk.said
    found = answer(desk, "check", file, "--contract", desk.cooperative.contract_file)

    assert code == 1
    assert "1 question(s) open (1 must be answered before the file can be used): heat (which column)." in said
    assert f"Next: pumasi-member map {file} --contract {desk.cooperative.contract_file}\n" in said
    assert "lacks the column" not in said
    assert {"column": "heat", "topic": "column"} in found["understood"]["questions"]
    assert found["accepted"] is False


def test_what_a_mapping_says_and_the_file_is_not_read_by_is_said(desk: Desk, tmp_path: Path) -> None:
    """A person may have written it by hand: a header that is not there, a word of no class, a column of no contract."""
    file = export(tmp_path / "march.csv")
    contract = desk.cooperative.contract_file
    desk.run("map", file, "--contract", contract, "--yes")
    beside = file.with_name(f"{file.name}.mapping.yaml")
    written = beside.read_text(encoding="utf-8")
    by_hand = {
        'header: "온도(℉)"': 'header: "습도"',
        "  paper:": "  papper:",
        'header: "등급"': 'header: "등급"\n    words:\n      "bad": "awful"',
    }
    for before, after in by_hand.items():
        assert before in written
        written = written.replace(before, after, 1)
    beside.write_text(written, encoding="utf-8")

    desk.run("check", file, "--contract", contract, "--lang", "en")
    said = next(line for line in desk.said.splitlines() if line.startswith("Not as the mapping says: "))
    found = answer(desk, "check", file, "--contract", contract)

    assert "heat, header: '습도' → " in said
    assert "papper: no column of the contract" in said
    assert "'bad': 'awful' → " in said
    assert len(found["understood"]["not_followed"]) == 3


def test_personal_data_that_stand_where_a_header_should_are_not_echoed(desk: Desk, tmp_path: Path) -> None:
    file = export(tmp_path / "march.csv", header="번호,온도(℉),용지,등급,010-1234-5678,900101-1234567")

    desk.run("check", file, "--contract", desk.cooperative.contract_file, "--lang", "ko")
    shown = desk.said
    desk.run("check", file, "--contract", desk.cooperative.contract_file, "--json")

    for said in (shown, desk.said):
        assert "온도" in said
        assert "1234" not in said


def test_a_file_is_added_appended_listed_compared_and_rolled_back(desk: Desk, tmp_path: Path) -> None:
    before = latest_dataset(desk.anvil)
    added = answer(desk, "data", "add", export(tmp_path / "march.csv"), "--member", "anvil", "--append")
    assert (added["rows"], added["verdict"]["accepted_rows"], added["quarantined"]) == (160, 40, None)
    assert added["understood"]["columns"]["heat"] == "온도(℉)"
    assert (Path(added["changes"]).parent, Path(added["mapping"]).name) == (desk.anvil.quarantine, "march.yaml")

    listed = answer(desk, "data", "list", "--member", "anvil")
    assert [(one["rows"], one["source"], one["current"]) for one in listed] == [
        (120, "anvil.csv", False),
        (160, "march.csv", True),
    ]
    desk.run("data", "list", "--member", "anvil", "--lang", "ko")
    assert [line[0] for line in desk.said.splitlines()] == [" ", " ", "*"]

    found = answer(desk, "data", "diff", before.short, "--member", "anvil")
    assert (found["added"], found["removed"], found["changed"], found["same"]) == (40, 0, 0, 120)

    assert desk.run("data", "rollback", before.short, "--member", "anvil", "--yes") == 0
    assert latest_dataset(desk.anvil) == before
    assert len(list_versions(desk.anvil.data)) == 3


def test_a_version_that_became_current_again_is_listed_once_with_the_time_it_was_saved(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = latest_dataset(desk.anvil)
    desk.run("data", "add", export(tmp_path / "march.csv"), "--member", "anvil", "--append")
    monkeypatch.setattr(store, "_now", lambda: "2030-01-01T00:00:00+00:00")

    assert desk.run("data", "rollback", before.short, "--member", "anvil", "--yes", "--lang", "en") == 0
    assert f"saved {before.saved_at[:16]}" in desk.said
    assert [(one["rows"], one["current"]) for one in answer(desk, "data", "list", "--member", "anvil")] == [
        (120, True),
        (160, False),
    ]
    desk.run("data", "list", "--member", "anvil", "--lang", "ko")
    assert [line[0] for line in desk.said.splitlines()] == [" ", "*", " "]
    assert "2030" not in desk.said


def test_rows_are_shown_by_diff_only_where_they_are_asked_for(desk: Desk, tmp_path: Path) -> None:
    before = latest_dataset(desk.anvil)
    frame = pd.read_csv(tmp_path / "anvil.csv")
    frame.loc[0, "heat"] = 1.5
    frame[:-1].to_csv(tmp_path / "later.csv", index=False)
    desk.run("data", "add", tmp_path / "later.csv", "--member", "anvil")
    first, last = frame["part"].iloc[0], frame["part"].iloc[-1]

    desk.run("data", "diff", before.short, "--member", "anvil", "--lang", "en")
    assert "0 rows added, 1 removed, 1 changed, 118 the same" in desk.said
    assert "heat: 1 cells changed" in desk.said
    assert first not in desk.said

    desk.run("data", "diff", before.short, "--member", "anvil", "--show", "3")
    assert f"  - {last}\n" in desk.said
    assert f"  ~ {first}  heat: " in desk.said
    assert " -> 1.5\n" in desk.said


def test_rollback_asks_first_and_a_wrong_version_lists_the_right_ones(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = latest_dataset(desk.anvil)
    desk.run("data", "add", export(tmp_path / "march.csv"), "--member", "anvil")
    after = latest_dataset(desk.anvil)

    monkeypatch.setattr("sys.stdin", (tmp_path / "anvil.csv").open())  # its first line is no "y"
    assert desk.run("data", "rollback", before.short, "--member", "anvil") != 0
    assert latest_dataset(desk.anvil) == after
    assert desk.run("data", "rollback", "0000", "--member", "anvil", "--yes") == 2
    assert f"Name one of: {before.short}" in desk.said


@pytest.mark.parametrize(
    "words", [(), ("march.csv", "--query", "select 1"), ("--query", "select 1"), ("--database", "sqlite:///x.db")]
)
def test_add_wants_a_file_or_a_database_with_its_query(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.run("data", "add", *words, "--member", "anvil") == 2
    assert "name a FILE, or --database URL together with --query SQL" in desk.said


def test_new_parts_in_a_messy_file_are_scored_by_the_members_mapping_and_named_by_their_lines(
    desk: Desk, tmp_path: Path
) -> None:
    _take_home(desk.anvil)
    desk.run("data", "add", export(tmp_path / "march.csv"), "--member", "anvil")
    assert desk.run("data", "list", "--member", "anvil") == 0
    new = export(tmp_path / "new.csv", rows=5, label=False)
    out = tmp_path / "scored.csv"

    code = desk.run("score", new, "--model", "tiny", "--member", "anvil", "-o", out, "--lang", "en")

    assert code == 0, desk.said
    assert list(pd.read_csv(out)["line"]) == [4, 5, 6, 7, 8]


def test_parts_about_which_something_is_doubtful_are_not_scored(desk: Desk, tmp_path: Path) -> None:
    _take_home(desk.anvil)
    new = export(tmp_path / "new.csv", header="번호,zzz,용지,등급", rows=20)

    code = desk.run("score", new, "--model", "tiny", "--member", "anvil", "-o", tmp_path / "scored.csv")

    assert code == 2
    assert (
        f"heat (which column). Answer them once with: pumasi-member map {new} --home {desk.anvil.folder} " in desk.said
    )
    assert not (tmp_path / "scored.csv").exists()


def _take_home(home: MemberHome) -> None:
    """Store an untrained model, as `take_home` does."""
    contract = home.contract()
    preprocessing = fit_preprocessing(contract, describe(parts(1), contract, minimum_count=5), bins=4)
    network = NetworkConfig(width=8)
    package = ModelPackage(
        name="tiny",
        version="1",
        run_id="first",
        contract=contract,
        preprocessing=preprocessing,
        network=network,
        weights=initial_weights(preprocessing, network, seed=1),
        temperature=1.0,
        threshold=0.5,
        variant=SHARED,
    )
    for variant in (SHARED, "personal"):
        package.save(home.model("tiny") / variant)


def test_a_tampered_dataset_is_refused_before_training_with_its_reason_and_mended_from_the_backup(
    desk: Desk, tmp_path: Path
) -> None:
    work, nas = MemberWork(desk.anvil), tmp_path.parent / f"{tmp_path.name}-nas"
    _, job = desk.cooperative.job("first")
    question = CheckContract(job.assignment)
    committed = work.check_contract(question)
    assert desk.run("data", "backup", "--to", nas, "--member", "anvil", "--yes") == 0
    saved = (desk.anvil.data / "tiny.parquet").read_bytes()
    for file in [path for path in desk.anvil.data.rglob("*") if path.is_file() and path.read_bytes() == saved]:
        file.chmod(0o600)
        file.write_bytes(saved[:-1] + b"!")

    with pytest.raises(DatasetTampered) as refused:
        work.check_contract(question)
    assert refusal_sentence(refused.value) == "the dataset is not what was saved"

    assert desk.run("data", "restore", "--member", "anvil") == 0
    assert work.check_contract(question) == committed


def test_the_first_backup_says_what_it_holds_and_asks_and_the_place_is_remembered_without_secrets(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nas = tmp_path.parent / f"{tmp_path.name}-nas"
    answers = tmp_path / "answers"
    answers.write_text("n\n")
    monkeypatch.setattr("sys.stdin", answers.open())
    assert desk.run("data", "backup", "--to", nas, "--member", "anvil", "--lang", "en") == 130
    assert "1 dataset version(s)" in desk.said
    assert "salt.bin" in desk.said
    assert "Not copied: your key" in desk.said
    assert not nas.exists()

    answers.write_text("y\n")
    monkeypatch.setattr("sys.stdin", answers.open())
    assert desk.run("data", "backup", "--to", nas, "--member", "anvil") == 0
    assert remembered(desk.anvil) == BackupPlace(str(nas))
    assert stat.S_IMODE(desk.anvil.backup.stat().st_mode) == 0o600
    assert answer(desk, "data", "backup", "--member", "anvil")["copied"] == 0
    assert desk.run("data", "backup", "--member", "bellows") == 2
    assert "say where to" in desk.said


def test_an_empty_folder_is_restored_and_told_how_to_go_on(desk: Desk, tmp_path: Path) -> None:
    nas, new = (tmp_path.parent / f"{tmp_path.name}-{name}" for name in ("nas", "new"))
    desk.run("data", "backup", "--to", nas, "--member", "anvil", "--yes")

    assert desk.run("data", "restore", "--from", nas, "--home", new) == 0
    assert "pumasi-member join KIT" in desk.said
    assert [one.rows for one in list_versions(MemberHome(new).data)] == [120]
    assert desk.run("data", "restore", "--from", nas, "--member", "bellows") == 2
    assert "it is not the folder that was saved there" in desk.said


def test_no_rows_go_to_a_place_of_the_association(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    association = Association.create(tmp_path / "pumasi", address="203.0.113.5:8443")
    association.join("anvil")
    home = MemberHome(association.home("anvil"))
    monkeypatch.setenv("PUMASI_HOME", str(association.folder))
    (tmp_path / "link").symlink_to(association.folder)

    for folder in (association.folder, association.folder / "x", home.folder / "x", tmp_path / "link" / "runs"):
        with pytest.raises(NotOwnPlace):
            check_own(home, BackupPlace.parse(str(folder)))
    for endpoint in ("http://203.0.113.5:9000", "https://203.0.113.5"):
        with pytest.raises(NotOwnPlace, match=r"is the association's address \(203\.0\.113\.5:8443\)"):
            check_own(home, BackupPlace.parse("s3://rows/x", endpoint=endpoint))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://203.0.113.5:443")
    with pytest.raises(NotOwnPlace):
        check_own(home, BackupPlace.parse("s3://rows/x"))
    check_own(home, BackupPlace.parse("s3://rows/x", endpoint="https://203.0.113.6"))
    check_own(home, BackupPlace.parse(str(tmp_path / "nas")))


def test_every_name_of_this_machine_is_the_associations_where_it_runs_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    association = Association.create(tmp_path / "pumasi", address="127.0.0.1:8443")
    association.join("anvil")
    home = MemberHome(association.home("anvil"))
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path / "elsewhere"))

    for name in ("LOCALHOST", "127.0.0.1", "127.8.8.8", "[::1]", "localhost."):
        with pytest.raises(NotOwnPlace):
            check_own(home, BackupPlace.parse("s3://rows/x", endpoint=f"http://{name}:9000"))
