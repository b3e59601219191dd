"""When the Prefect server of a command dies, a person is told so, and why."""

import time
from pathlib import Path

import httpx
import pytest

from flows.errors import PrefectServerFailed
from flows.local_prefect import local_prefect


@pytest.fixture(autouse=True)
def _no_server_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def reach_a_dead_server(home: Path) -> None:
    """Wait until the server has given up, then fail to reach it as Prefect's client does."""
    import os  # noqa: PLC0415

    with local_prefect(home):
        url = os.environ["PREFECT_API_URL"]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            httpx.get(f"{url}/health", timeout=60)
            time.sleep(0.1)


def test_a_server_that_did_not_start_is_named_with_its_own_reason(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").mkdir()  # no database can be opened there, as on a full disk

    with pytest.raises(PrefectServerFailed, match=r"\(code 3\): OperationalError: .*unable to open database file"):
        reach_a_dead_server(tmp_path)


def test_an_error_of_our_own_is_not_blamed_on_prefect(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").mkdir()

    with pytest.raises(ZeroDivisionError), local_prefect(tmp_path):
        _ = 1 / 0
