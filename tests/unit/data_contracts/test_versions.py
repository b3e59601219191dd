import errno
import hashlib
import hmac
import json
import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from data_contracts.contract import Contract
from data_contracts.enforce import enforce
from data_contracts.errors import (
    DatasetMissing,
    DatasetTampered,
    FrameNotEnforced,
    NoVersionSaved,
    SaltUnusable,
    VersionError,
    VersionRecordBroken,
)
from data_contracts.versions import (
    DatasetVersion,
    commitment,
    latest_version,
    list_versions,
    member_salt,
    read_version,
    save_version,
    store,
    verify_version,
)
from data_contracts.versions import record as records
from data_contracts.versions.files import cached, replace_file


@pytest.fixture
def accepted(parts: pd.DataFrame, tiny: Contract) -> pd.DataFrame:
    return enforce(parts, tiny).accepted


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a version was about to reach for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_a_version_is_the_file_dvc_knows_by_the_same_bytes(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    version = save_version(tmp_path, accepted, tiny)
    data = (tmp_path / "tiny.parquet").read_bytes()
    pointer = yaml.safe_load((tmp_path / "tiny.parquet.dvc").read_text())

    assert (version.contract, version.rows, version.path) == ("tiny@1.0.0", 4, tmp_path / "tiny.parquet")
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    assert version.dvc_md5 == hashlib.md5(data, usedforsecurity=False).hexdigest() == pointer["outs"][0]["md5"]
    assert (tmp_path / ".dvc/cache/files/md5" / version.dvc_md5[:2] / version.dvc_md5[2:]).read_bytes() == data


def test_the_rows_come_back_as_they_were_accepted(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    found = read_version(save_version(tmp_path, accepted, tiny))

    pd.testing.assert_frame_equal(found, accepted.set_index(pd.RangeIndex(1, 5)))
    assert enforce(found, tiny).verdict.findings == ()


def test_the_same_rows_are_the_same_version_and_no_further_work(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    first = save_version(tmp_path, accepted, tiny)
    written = (tmp_path / "tiny.parquet").stat().st_mtime_ns
    elsewhere = accepted[list(reversed(accepted.columns))].set_index(pd.Index([9, 8, 7, 6]))

    assert save_version(tmp_path, elsewhere, tiny) == first
    assert (tmp_path / "tiny.parquet").stat().st_mtime_ns == written
    assert len(list_versions(tmp_path)) == 1


def test_a_parquet_file_of_the_rows_makes_the_same_version(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    first = save_version(tmp_path, accepted, tiny)

    assert save_version(tmp_path, first.path, tiny) == first


def test_older_versions_stay_readable_after_a_new_one(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    first = save_version(tmp_path, accepted, tiny)
    second = save_version(tmp_path, accepted[:2], tiny)
    third = save_version(tmp_path, accepted, tiny)

    assert [len(read_version(version)) for version in (first, second, third)] == [4, 2, 4]
    assert third == first
    assert [version.rows for version in list_versions(tmp_path)] == [4, 2, 4]
    assert latest_version(tmp_path, "tiny") == third


def _change(path: Path) -> None:
    """Turn one bit in the middle, and put the times back."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    times = path.stat()
    path.chmod(0o600)
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _cached(version: DatasetVersion) -> Path:
    return cached(version.path.parent, version.dvc_md5)


def test_a_changed_byte_is_put_right_from_the_cache_and_told(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract, caplog: pytest.LogCaptureFixture
) -> None:
    version = save_version(tmp_path, accepted, tiny)
    before = version.path.read_bytes()
    verify_version(version)
    assert caplog.messages == []
    _change(version.path)

    verify_version(version)

    assert version.path.read_bytes() == before
    (told,) = caplog.messages
    assert told.startswith("tiny.parquet held other bytes than recorded; put back from DVC's cache. 기록과")


@pytest.mark.parametrize("cache", ["changed", "gone"])
def test_a_changed_byte_that_the_cache_cannot_put_right_is_tampering(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract, cache: str
) -> None:
    version = save_version(tmp_path, accepted, tiny)
    _change(version.path)
    if cache == "changed":
        _change(_cached(version))
    else:
        _cached(version).unlink()

    with pytest.raises(DatasetTampered, match=r"tiny\.parquet is not what was saved"):
        verify_version(version)
    with pytest.raises(DatasetTampered):
        read_version(version)


def test_an_older_version_whose_cached_bytes_changed_or_went_is_told(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    older = save_version(tmp_path, accepted, tiny)
    save_version(tmp_path, accepted[:2], tiny)

    _change(_cached(older))
    with pytest.raises(DatasetTampered):
        verify_version(older)
    _cached(older).unlink()
    with pytest.raises(DatasetMissing):
        verify_version(older)


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _locked(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


_CUTS = [
    *((step, _full, VersionError) for step in ("cache", "file", "dvc", "record")),
    *((step, _killed, KeyboardInterrupt) for step in ("cache", "file", "dvc", "record")),
    ("dvc", _locked, VersionError),
]


@pytest.mark.parametrize("cut", _CUTS, ids=[f"{step}{failure.__name__}" for step, failure, _ in _CUTS])
def test_a_save_cut_short_leaves_the_old_version_and_works_later(
    tmp_path: Path,
    accepted: pd.DataFrame,
    tiny: Contract,
    monkeypatch: pytest.MonkeyPatch,
    cut: tuple[str, Callable[..., None], type[BaseException]],
) -> None:
    step, failure, error = cut
    old = save_version(tmp_path, accepted, tiny)
    with monkeypatch.context() as patch:
        _fail_at(patch, step, failure)
        with pytest.raises(error) as refusal:
            save_version(tmp_path, accepted[:2], tiny)

    assert failure is _killed or re.search("No space left on device|disk is full", str(refusal.value))
    assert list_versions(tmp_path) == (old,)
    assert latest_version(tmp_path, "tiny") == old
    assert len(read_version(old)) == 4
    new = save_version(tmp_path, accepted[:2], tiny)
    assert [len(read_version(version)) for version in (old, new)] == [4, 2]
    assert [version.rows for version in list_versions(tmp_path)] == [4, 2]
    assert list(tmp_path.glob(".saving-*")) == []


def _fail_at(patch: pytest.MonkeyPatch, step: str, failure: Callable[..., None]) -> None:
    if step == "dvc":
        patch.setattr("dvc.repo.Repo.add", failure)
        return
    wanted = {"cache": "cache", "file": "tiny.parquet", "record": "versions.jsonl"}[step]

    def replace(path: Path, data: bytes, workspace: Path) -> None:
        if wanted in (path.name, path.parent.parent.parent.parent.name):
            failure()
        replace_file(path, data, workspace)

    patch.setattr(store, "replace_file", replace)
    patch.setattr(records, "replace_file", replace)


def test_the_old_version_is_readable_while_the_disk_is_still_full(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = save_version(tmp_path, accepted, tiny)
    old.path.write_bytes(b"of a save that was cut short")
    monkeypatch.setattr(store, "replace_file", _full)

    assert len(read_version(old)) == 4


def test_what_a_killed_save_left_is_cleared_by_the_next(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    save_version(tmp_path, accepted, tiny)
    (tmp_path / ".saving-xyz").write_bytes(b"half")
    (tmp_path / "tiny.parquet.dvc").write_text("outs:\n- md5: 12")  # DVC's pointer, of which the disk took one half

    new = save_version(tmp_path, accepted[:2], tiny)

    assert len(read_version(new)) == 2
    assert not (tmp_path / ".saving-xyz").exists()
    assert yaml.safe_load((tmp_path / "tiny.parquet.dvc").read_text())["outs"][0]["md5"] == new.dvc_md5


def test_a_broken_cache_entry_is_written_anew(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    first = save_version(tmp_path, accepted, tiny)
    save_version(tmp_path, accepted[:2], tiny)
    _change(_cached(first))

    save_version(tmp_path, accepted, tiny)
    save_version(tmp_path, accepted[:2], tiny)

    assert len(read_version(first)) == 4


def test_saving_again_repairs_a_changed_file(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    version = save_version(tmp_path, accepted, tiny)
    version.path.write_bytes(b"other")

    verify_version(save_version(tmp_path, accepted, tiny))


def test_a_missing_file_is_noticed(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    version = save_version(tmp_path, accepted, tiny)
    version.path.unlink()

    with pytest.raises(DatasetMissing, match="is gone"):
        verify_version(version)


def test_rows_of_another_shape_are_refused_without_showing_them(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    with pytest.raises(FrameNotEnforced, match="the rows lack heat"):
        save_version(tmp_path, accepted.drop(columns="heat"), tiny)
    with pytest.raises(FrameNotEnforced, match="do not have the types") as caught:
        save_version(tmp_path, accepted.assign(heat="SECRET"), tiny)
    assert "SECRET" not in str(caught.value)
    assert list_versions(tmp_path) == ()


def test_a_folder_without_versions_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoVersionSaved, match="no records for tiny"):
        latest_version(tmp_path, "tiny")


@pytest.mark.parametrize("line", ["", "{", "[]", '{"contract": "x"}', "SECRET"])
def test_a_damaged_record_is_named_by_its_line(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract, line: str
) -> None:
    save_version(tmp_path, accepted, tiny)
    with (tmp_path / "versions.jsonl").open("a") as file:
        file.write(f"{line}\n")

    with pytest.raises(VersionRecordBroken, match=r"versions\.jsonl, line 2") as caught:
        list_versions(tmp_path)
    assert "SECRET" not in str(caught.value)


def test_a_record_cannot_point_out_of_its_folder(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    save_version(tmp_path / "data", accepted, tiny)
    record = tmp_path / "data" / "versions.jsonl"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"file": "../../etc/passwd"}))

    assert list_versions(tmp_path / "data")[0].path == tmp_path / "data" / "passwd"


def test_everything_stays_in_the_folder_and_dvc_reports_nothing(
    tmp_path: Path, tiny: Contract, parts: pd.DataFrame
) -> None:
    """In a process of its own, with a home that shows every file DVC would make outside of the folder."""
    home, folder = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    (tmp_path / "tiny.yaml").write_bytes(tiny.source.encode())
    parts.to_csv(tmp_path / "parts.csv", index=False)
    code = (
        "import sys, socket\n"
        "def refuse(*a): raise SystemExit('network')\n"
        "socket.socket.connect = refuse\n"
        "from data_contracts.versions import save_version\n"
        "assert 'dvc' not in sys.modules\n"
        "from data_contracts.contract import load_contract\n"
        "from data_contracts.enforce import enforce\n"
        "import pandas as pd\n"
        "c = load_contract('tiny.yaml')\n"
        "save_version('data', enforce(pd.read_csv('parts.csv'), c).accepted, c)\n"
        "from dvc.analytics import is_enabled\n"
        "assert not is_enabled()\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert (folder / ".dvc" / "site").is_dir()  # else DVC keeps an index of the rows' files in a place of the machine
    assert "analytics = False" in (folder / ".dvc" / "config").read_text()
    assert "remote" not in (folder / ".dvc" / "config").read_text()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_commitment_is_the_hmac_its_docstring_promises() -> None:
    salt, digest = bytes(range(32)), "ab" * 32
    message = b"pumasi dataset commitment v1\x00print-defect@1.0.0\x00" + b"\xab" * 32

    assert commitment(digest, salt, "print-defect@1.0.0") == hmac.new(salt, message, "sha256").hexdigest()


def test_a_commitment_changes_with_rows_salt_and_contract() -> None:
    base = commitment("ab" * 32, bytes(32), "tiny@1.0.0")

    assert base != commitment("ac" * 32, bytes(32), "tiny@1.0.0")
    assert base != commitment("ab" * 32, bytes([1] * 32), "tiny@1.0.0")
    assert base != commitment("ab" * 32, bytes(32), "tiny@1.0.1")


def test_a_commitment_refuses_what_is_no_digest_or_salt() -> None:
    for digest in ("", "AB" * 32, "ab" * 31, "zz" * 32):
        with pytest.raises(ValueError, match="64 lower-case hex digits"):
            commitment(digest, bytes(32), "tiny@1.0.0")
    with pytest.raises(ValueError, match="no zero byte"):
        commitment("ab" * 32, bytes(32), "tiny\0")
    with pytest.raises(SaltUnusable, match="32 bytes, got 31"):
        commitment("ab" * 32, bytes(31), "tiny@1.0.0")


def test_a_salt_is_made_once_and_readable_for_its_owner_only(tmp_path: Path) -> None:
    salt = member_salt(tmp_path / "one")
    path = tmp_path / "one" / "salt.bin"

    assert member_salt(tmp_path / "one") == salt == path.read_bytes()
    assert member_salt(tmp_path / "two") != salt
    assert (len(salt), stat.S_IMODE(path.stat().st_mode)) == (32, 0o600)


def test_a_salt_that_others_may_read_or_that_is_cut_is_refused(tmp_path: Path) -> None:
    member_salt(tmp_path)
    path = tmp_path / "salt.bin"
    path.chmod(0o640)
    with pytest.raises(SaltUnusable, match="chmod 600"):
        member_salt(tmp_path)

    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(SaltUnusable, match="has 5 bytes instead of 32"):
        member_salt(tmp_path)
