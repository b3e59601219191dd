"""The order of the tests, what a busy machine may not decide, and a folder for tests about other users."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

settings.register_profile("any-machine", settings(), deadline=None)  # a slow example is no wrong one
settings.load_profile("any-machine")

LONGEST_FIRST = (
    "journeys/test_federation.py",
    "journeys/test_main_job.py",
    "journeys/test_join.py",
    "journeys/test_bad_luck.py",
    "journeys/test_federation_doors.py",
    "journeys/test_mlflow_server.py",
    "journeys/test_report_page.py",
    "mapping/test_files_by_another_hand.py",
    "federated/test_worker.py",
    "federated/test_lying_members.py",
    "federated/test_dataset.py",
    "data_contracts/test_enforce.py",
    "data_contracts/test_backup.py",
    "models/test_registry.py",
)
"""Files that take long begin first, the longest before the others, so that two workers end at about the same time."""


@pytest.fixture
def folder_for_all() -> Iterator[Path]:
    """A folder that every user may enter.

    The folders above `tmp_path` are open to one user only and belong to every test that runs at the same time, so no
    test may change their rights.
    """
    with TemporaryDirectory(prefix="pumasi-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files before the rest; otherwise the order stays as it is."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    name = "/".join(item.path.parts[-2:])
    return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)
