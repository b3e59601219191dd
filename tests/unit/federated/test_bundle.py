"""The bundle names the installed software, carries none of it, and is the same bytes wherever it is built."""

import hashlib
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flwr.cli.build import build_fab_from_files
from flwr.cli.config_utils import get_fab_metadata
from flwr.cli.install import install_from_fab
from flwr.common.config import get_fab_config
from hypothesis import given
from hypothesis import strategies as st

from federated.runtime.bundle import ROOMS, RUN_FOLDER, SOURCES, build_bundle, bundle_sha256, pack_bundle

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages, as a wheel lays them down."""
    folder = tmp_path_factory.mktemp("site-packages")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def hash_in(installation: Path, folder: Path) -> str:
    """The bundle's hash, told by a fresh process that stands in another folder."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", "from federated.runtime.bundle import *; print(bundle_sha256())"],
        env={**os.environ, "PYTHONPATH": str(installation)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_another_process_another_folder_and_another_installation_build_the_same_bundle(
    installation: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(installation, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    (elsewhere / "models" / "__pycache__").mkdir(exist_ok=True)
    (elsewhere / "models" / "__pycache__" / "left-over.py").write_text("")
    first = hash_in(installation, tmp_path)

    assert hash_in(installation, ROOT) == first
    assert hash_in(elsewhere, tmp_path) == first


@pytest.mark.parametrize("source", ["federated/member/work.py", "models/network.py", "data_contracts/__init__.py"])
def test_one_changed_byte_makes_another_bundle(installation: Path, tmp_path: Path, source: str) -> None:
    path = installation / source
    before, content = hash_in(installation, tmp_path), path.read_bytes()
    try:
        path.write_bytes(content + b"\n")
        changed = hash_in(installation, tmp_path)
    finally:
        path.write_bytes(content)

    assert changed != before


def test_a_new_and_a_renamed_source_make_another_bundle(installation: Path, tmp_path: Path) -> None:
    before = hash_in(installation, tmp_path)
    new = installation / "federated" / "extra.py"
    try:
        new.write_bytes(b"")
        added = hash_in(installation, tmp_path)
        new.rename(installation / "federated" / "other.py")
        renamed = hash_in(installation, tmp_path)
    finally:
        (installation / "federated" / "other.py").unlink(missing_ok=True)

    assert len({before, added, renamed}) == 3


def test_no_line_of_code_is_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(build_bundle())) as bundle:
        names = bundle.namelist()
        sources = json.loads(bundle.read(SOURCES))

    assert names == ["pyproject.toml", SOURCES, ".info/CONTENT"]
    assert (
        sources["federated/client_app.py"]
        == hashlib.sha256((ROOT / "federated/client_app.py").read_bytes()).hexdigest()
    )
    assert any(name.endswith(".yaml") for name in sources)
    assert not any("__pycache__" in name for name in sources)
    assert {name.split("/")[0] for name in sources} == set(ROOMS)


def test_flower_takes_it_and_finds_the_installed_apps(tmp_path: Path) -> None:
    bundle = build_bundle()
    unpacked = install_from_fab(bundle, tmp_path, skip_prompt=True)
    components = get_fab_config(bundle)["tool"]["flwr"]["app"]["components"]
    again, _ = build_fab_from_files({path.name: path.read_bytes() for path in unpacked.iterdir()})

    assert get_fab_metadata(bundle)[0] == "pumasi/pumasi"
    assert bundle_sha256() == hashlib.sha256(bundle).hexdigest()
    assert again  # Flower's own checks of a project accept it as well
    for reference in components.values():
        module, _, name = reference.partition(":")
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists()
        assert hasattr(importlib.import_module(module), name)


def test_the_bundle_declares_the_run_folder_since_flower_lets_nothing_else_be_set() -> None:
    assert get_fab_config(build_bundle())["tool"]["flwr"]["app"]["config"] == {RUN_FOLDER: ""}


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=64), max_size=5), st.randoms())
def test_the_order_of_the_list_does_not_matter_and_its_content_does(sources: dict[str, str], random: object) -> None:
    shuffled = list(sources.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert pack_bundle(sources, "1") == pack_bundle(dict(shuffled), "1")
    assert pack_bundle({**sources, "x.py": "-"}, "1") != pack_bundle({**sources, "x.py": "+"}, "1")
