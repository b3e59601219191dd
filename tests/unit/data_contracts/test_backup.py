"""A member's backup in a place of its own: a folder, or a bucket of a real S3 server."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data_contracts.contract import Contract
from data_contracts.enforce import enforce
from data_contracts.errors import (
    BackupDamaged,
    BackupMissing,
    BackupOfAnother,
    BackupUnreachable,
    DatasetTampered,
    NoVersionSaved,
    PlaceUnusable,
)
from data_contracts.versions import DatasetVersion, list_versions, member_salt, read_version, save_version
from data_contracts.versions.backup import backup_versions, restore_versions
from data_contracts.versions.files import cached
from data_contracts.versions.places import BackupPlace, endpoint_of
from tests.object_store import BUCKET, ObjectStore, object_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """A real object store, started once."""
    with object_store(tmp_path_factory.mktemp("object-store")) as running:
        yield running


@pytest.fixture
def accepted(parts: pd.DataFrame, tiny: Contract) -> pd.DataFrame:
    return enforce(parts, tiny).accepted


@pytest.fixture
def data(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> Path:
    """A member's data folder with two versions, of 4 rows and then 2, and a salt."""
    save_version(tmp_path / "data", accepted, tiny)
    save_version(tmp_path / "data", accepted[:2], tiny)
    member_salt(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def nas(tmp_path: Path) -> BackupPlace:
    return BackupPlace.parse(str(tmp_path / "nas"))


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BackupPlace:
    """A place for a backup: a folder, and a prefix of its own in a real bucket."""
    if request.param == "folder":
        return BackupPlace.parse(str(tmp_path / "nas"))
    store: ObjectStore = request.getfixturevalue("store")
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    return BackupPlace.parse(f"s3://{BUCKET}/{tmp_path.name}", endpoint=store.endpoint)


def _rows(folder: Path) -> list[int]:
    return [len(read_version(version)) for version in list_versions(folder)]


def _spoil(path: Path) -> None:
    """Turn one bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def _cache_of(version: DatasetVersion) -> Path:
    return cached(version.path.parent, version.dvc_md5)


def test_every_version_and_the_salt_come_back_into_an_empty_folder(
    data: Path, place: BackupPlace, tmp_path: Path
) -> None:
    done = backup_versions(data, place)
    assert backup_versions(data, place, again=True).copied == 0
    back = restore_versions(tmp_path / "new", place)

    assert (done.versions, done.copied, done.lost) == (2, 2, ())
    assert (back.versions, back.copied, back.lost) == (2, 2, ())
    assert _rows(tmp_path / "new") == [4, 2]
    for name in ("salt.bin", "versions.jsonl", "tiny.parquet"):
        assert (tmp_path / "new" / name).read_bytes() == (data / name).read_bytes()
    assert member_salt(tmp_path / "new") == member_salt(data)


def test_what_is_there_is_not_copied_again(
    data: Path, nas: BackupPlace, tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    backup_versions(data, nas)
    again = backup_versions(data, nas, again=True)
    save_version(data, accepted[:3], tiny)
    later = backup_versions(data, nas, again=True)
    restore_versions(tmp_path / "new", nas)

    assert (again.copied, again.size) == (0, 0)
    assert (later.versions, later.copied, later.size) == (3, 1, (data / "tiny.parquet").stat().st_size)
    assert _rows(tmp_path / "new") == [4, 2, 3]


def test_a_tampered_folder_is_mended_by_its_backup(data: Path, nas: BackupPlace) -> None:
    backup_versions(data, nas)
    older, newest = list_versions(data)
    _spoil(_cache_of(older))
    _spoil(_cache_of(newest))
    _spoil(newest.path)
    with pytest.raises(DatasetTampered):
        read_version(newest)

    back = restore_versions(data, nas)

    assert (back.copied, back.lost) == (2, ())
    assert _rows(data) == [4, 2]
    assert restore_versions(data, nas).copied == 0


def test_a_damaged_record_and_half_a_salt_come_back_and_the_damaged_record_is_kept_beside(
    data: Path, nas: BackupPlace
) -> None:
    salt = member_salt(data)
    backup_versions(data, nas)
    (data / "versions.jsonl").write_bytes(b"half a li")
    (data / "salt.bin").write_bytes(salt[:7])

    restore_versions(data, nas)

    assert _rows(data) == [4, 2]
    assert member_salt(data) == salt
    assert (data / "versions.jsonl.damaged").read_bytes() == b"half a li"


def test_versions_saved_after_the_backup_stay(
    data: Path, nas: BackupPlace, accepted: pd.DataFrame, tiny: Contract
) -> None:
    backup_versions(data, nas)
    save_version(data, accepted[:3], tiny)

    restore_versions(data, nas)

    assert _rows(data) == [4, 2, 3]


def test_a_changed_byte_in_the_place_is_not_believed(data: Path, nas: BackupPlace, tmp_path: Path) -> None:
    backup_versions(data, nas)
    older, newest = list_versions(data)
    _spoil(tmp_path / "nas/files/md5" / older.dvc_md5[:2] / older.dvc_md5[2:])

    back = restore_versions(tmp_path / "new", nas)

    assert [version.sha256 for version in back.lost] == [older.sha256]
    assert not _cache_of(list_versions(tmp_path / "new")[0]).exists()
    assert len(read_version(list_versions(tmp_path / "new")[1])) == newest.rows == 2


def test_a_version_that_is_lost_here_is_said_and_the_others_are_saved(data: Path, nas: BackupPlace) -> None:
    older, _ = list_versions(data)
    _cache_of(older).unlink()

    done = backup_versions(data, nas)

    assert done.copied == 1
    assert [version.sha256 for version in done.lost] == [older.sha256]


def test_a_place_of_another_member_is_not_overwritten(
    data: Path, nas: BackupPlace, tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    backup_versions(data, nas)
    before = (tmp_path / "nas/versions.jsonl").read_bytes()
    other = tmp_path / "other"
    save_version(other, accepted[:1], tiny)

    with pytest.raises(BackupOfAnother, match="name another place"):
        backup_versions(other, nas)
    with pytest.raises(BackupOfAnother, match="not the folder that was saved there"):
        restore_versions(other, nas)
    assert (tmp_path / "nas/versions.jsonl").read_bytes() == before
    assert _rows(other) == [1]


def test_the_same_rows_with_another_salt_are_another_members(
    data: Path, nas: BackupPlace, accepted: pd.DataFrame, tiny: Contract, tmp_path: Path
) -> None:
    backup_versions(data, nas)
    other = tmp_path / "other"
    other.mkdir()
    (other / "versions.jsonl").write_bytes((data / "versions.jsonl").read_bytes())
    save_version(other, accepted[:2], tiny)
    member_salt(other)

    with pytest.raises(BackupOfAnother):
        restore_versions(other, nas)
    assert member_salt(other) != member_salt(data)


def test_a_drive_that_is_not_connected_is_noticed(data: Path, nas: BackupPlace, tmp_path: Path) -> None:
    with pytest.raises(BackupMissing, match="is the drive connected"):
        backup_versions(data, nas, again=True)
    with pytest.raises(PlaceUnusable, match="is the drive connected"):
        backup_versions(data, BackupPlace.parse(str(tmp_path / "mnt/nas")))
    assert not (tmp_path / "nas").exists()


def test_a_bucket_that_was_used_before_and_is_empty_is_noticed(
    data: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    empty = BackupPlace.parse(f"s3://{BUCKET}/nothing", endpoint=store.endpoint)

    with pytest.raises(BackupMissing):
        backup_versions(data, empty, again=True)
    with pytest.raises(BackupMissing):
        restore_versions(data, empty)
    assert store.names("nothing") == []


@pytest.mark.parametrize("wrong", ["AWS_SECRET_ACCESS_KEY", "bucket"])
def test_a_bucket_that_refuses_is_said_with_its_reason_and_no_secret(
    data: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    if wrong != "bucket":
        monkeypatch.setenv(wrong, "wr0ng-secret")
    bucket = "no-such-bucket" if wrong == "bucket" else BUCKET

    with pytest.raises(BackupUnreachable, match=r"s3://.* cannot be used: ") as refused:
        backup_versions(data, BackupPlace.parse(f"s3://{bucket}/x", endpoint=store.endpoint))

    assert "wr0ng-secret" not in str(refused.value)
    assert store.secret not in str(refused.value)


def test_nobody_without_credentials_reads_the_backup(
    data: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = BackupPlace.parse(f"s3://{BUCKET}/closed", endpoint=store.endpoint)
    with monkeypatch.context() as patch:
        for name, value in store.environment.items():
            patch.setenv(name, value)
        backup_versions(data, place)
    for name in store.environment:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))

    with pytest.raises(BackupUnreachable):
        restore_versions(tmp_path / "new", place)


def test_credentials_may_come_from_a_profile(
    data: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = (f"aws_access_key_id={store.key}", f"aws_secret_access_key={store.secret}")
    (tmp_path / "credentials").write_text("\n".join(("[factory]", *lines)), encoding="utf-8")
    (tmp_path / "config").write_text("[profile factory]\nregion=us-east-1\n", encoding="utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    place = BackupPlace.parse(f"s3://{BUCKET}/profile", endpoint=store.endpoint, profile="factory")

    assert backup_versions(data, place).copied == 2
    assert len(store.names("profile/files/md5/")) == 2


def test_nothing_of_the_place_stays_in_the_folder(data: Path, nas: BackupPlace) -> None:
    before = {path.relative_to(data) for path in data.iterdir()}
    backup_versions(data, nas)

    assert {path.relative_to(data) for path in data.iterdir()} == before
    assert "remote" not in (data / ".dvc/config").read_text()


def test_only_the_owner_can_read_a_backup_in_a_folder(data: Path, nas: BackupPlace, tmp_path: Path) -> None:
    backup_versions(data, nas)

    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (tmp_path / "nas").rglob("*")}
    assert modes == {True: 0, False: 0}
    assert stat.S_IMODE((tmp_path / "nas").stat().st_mode) == 0o700


def test_dvc_itself_can_pull_from_the_place(data: Path, nas: BackupPlace, tmp_path: Path) -> None:
    backup_versions(data, nas)
    mine = tmp_path / "mine"
    (mine / ".dvc").mkdir(parents=True)
    config = f"[core]\nno_scm = True\nremote = backup\nanalytics = False\n['remote \"backup\"']\nurl = {nas.url}\n"
    (mine / ".dvc/config").write_text(config)
    (mine / "tiny.parquet.dvc").write_bytes((data / "tiny.parquet.dvc").read_bytes())
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DVC_SITE_CACHE_DIR": str(tmp_path / "site")}
    subprocess.run([sys.executable, "-m", "dvc", "pull"], cwd=mine, env=environment, check=True, capture_output=True)

    assert (mine / "tiny.parquet").read_bytes() == (data / "tiny.parquet").read_bytes()


def test_a_damaged_backup_changes_nothing_here(data: Path, nas: BackupPlace, tmp_path: Path) -> None:
    backup_versions(data, nas)
    (tmp_path / "nas/salt.bin").write_bytes(b"short")
    with pytest.raises(BackupDamaged, match=r"salt\.bin is missing or damaged"):
        restore_versions(tmp_path / "new", nas)
    (tmp_path / "nas/versions.jsonl").write_bytes(b"{}\n")
    with pytest.raises(BackupDamaged, match="line 1 is no version"):
        restore_versions(tmp_path / "new", nas)

    assert list_versions(tmp_path / "new") == ()
    assert not (tmp_path / "new/salt.bin").exists()


def test_a_folder_that_holds_other_things_or_the_data_is_no_place(data: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/party.jpg").write_bytes(b"")
    for text, said in (
        (str(tmp_path / "photos"), "holds other things"),
        (str(data / "backup"), "lie in one another"),
        (str(tmp_path), "lie in one another"),
    ):
        with pytest.raises(PlaceUnusable, match=said):
            backup_versions(data, BackupPlace.parse(text))


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("s3://key:secret@bucket/x", None),
        ("s3://bucket/../other", None),
        ("https://nas.example/x", None),
        ("ssh://host/x", None),
        ("s3://", None),
        ("s3://bucket/x", "nas.example:9000"),
        ("s3://bucket/x", "https://key:secret@nas.example"),
        ("/mnt/nas", "https://nas.example"),
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused_without_echoing_it(
    text: str, endpoint: str | None
) -> None:
    with pytest.raises(PlaceUnusable) as refused:
        BackupPlace.parse(text, endpoint=endpoint)

    assert "secret" not in str(refused.value)


def test_the_endpoint_is_the_one_that_the_aws_tools_would_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:3333")

    assert endpoint_of(BackupPlace.parse("s3://bucket/x")) == "http://127.0.0.1:3333"
    assert endpoint_of(BackupPlace.parse("s3://bucket/x", endpoint="http://127.0.0.1:4444")) == "http://127.0.0.1:4444"
    assert endpoint_of(BackupPlace.parse("/mnt/nas")) is None
    with pytest.raises(PlaceUnusable, match="profile"):
        endpoint_of(BackupPlace.parse("s3://bucket/x", profile="nobody"))


def test_a_folder_without_versions_has_nothing_to_back_up(tmp_path: Path, nas: BackupPlace) -> None:
    with pytest.raises(NoVersionSaved):
        backup_versions(tmp_path / "none", nas)


def _killed_at(turn: int, deed: str, folder: Path, place: BackupPlace) -> bool:
    """Back up or restore in a child process that dies at its n-th step on the disk; say whether it got there."""
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # a child that hangs fails the test, and does not hang it
        steps = {"left": turn}

        def dying(name: str) -> None:
            original = getattr(os, name)

            def step(*arguments: object, **options: object) -> object:
                steps["left"] -= 1
                if steps["left"] < 0:
                    os._exit(9)  # as `kill -9` does: nothing is tidied up
                return original(*arguments, **options)

            setattr(os, name, step)

        for name in ("replace", "fsync", "rename"):
            dying(name)
        try:
            (backup_versions if deed == "backup" else restore_versions)(folder, place)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_backup_or_restore_that_is_killed_at_any_step_leaves_nothing_half(
    data: Path, nas: BackupPlace, tmp_path: Path
) -> None:
    turn = 0
    while _killed_at(turn, "backup", data, nas):
        if (tmp_path / "nas/versions.jsonl").exists():
            assert restore_versions(tmp_path / f"from-{turn}", nas).lost == ()
        turn += 1
    assert turn > 2
    assert backup_versions(data, nas, again=True).copied == 0

    turn, new = 0, tmp_path / "new"
    while _killed_at(turn, "restore", new, nas):
        assert _rows(new) in ([], [4, 2])
        turn += 1
    assert turn > 5
    assert _rows(new) == [4, 2]
