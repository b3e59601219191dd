"""Real servers for the journeys, each started once, on a free loopback port, and ended by its own process id."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.local_prefect import local_prefect
from models.plots import draw_plots
from models.promotion import Evidence, Gates, MemberEvidence, NoChampion, Scores, decide
from models.registry import RegisteredVersion, Registry, artifact_root, tracking_uri, ui_command, ui_environment
from models.report import write_report
from models.run_record import RunRecord
from tests.run_record_example import example_package, record_of

START_SECONDS = 120  # 8 s alone on two cores, far more beside other tests


@dataclass(frozen=True)
class MlflowServer:
    """A running server over a home that holds one run and one champion."""

    url: str
    home: Path
    record: RunRecord
    version: RegisteredVersion


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """Record and register a synthetic run, then serve its home as `pumasi ui` does."""
    home = tmp_path_factory.mktemp("mlflow-home")
    record, version = _one_run(home)
    _stand_a_trap(home / "models")
    port = _free_port()
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(
        ui_command(home, port), env=ui_environment(), cwd=home, stdout=log, stderr=log, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server, home / "server.log")
        yield MlflowServer(url, home, record, version)
    finally:
        _stop(server)
        log.close()


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start one Prefect server for trainings in which nothing is asked of Prefect itself; yield their environment.

    A command that finds no PREFECT_API_URL starts a server of its own, and a new home costs it a new database: the
    demo, the member page and what is stopped or killed in the middle do that.
    """
    before = dict(os.environ)
    with local_prefect(tmp_path_factory.mktemp("prefect")):
        environment = dict(os.environ)
        os.environ.clear()
        os.environ.update(before)
        yield {name: value for name, value in environment.items() if name.startswith("PREFECT_")}


def _stand_a_trap(folder: Path) -> None:
    """Lay a package of the user's own, named like one of ours, where the server is started."""
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('the server imported a folder of the user')\n")


def _one_run(home: Path) -> tuple[RunRecord, RegisteredVersion]:
    """One whole run through the registry, up to the champion."""
    package = example_package()
    package.save(home / "package")
    evidence = Evidence(Scores(0.75, 0.5, 0.2), NoChampion("no champion yet"), (MemberEvidence((9, 6), None),) * 5)
    record = record_of(package, verdict=decide(evidence, Gates()))
    (home / "report.md").write_text(write_report(record), encoding="utf-8")
    registry = Registry(tracking_uri(home), artifact_root(home))
    with registry.start_run(
        experiment="print-defect", run_name="seed 7", training_run_id=record.run_id, plan_yaml=record.plan_yaml
    ) as run:
        for point in record.rounds:
            run.log_round(point)
        run.record(record, [home / "report.md", *draw_plots(record, home)], package.contract)
        version = registry.register(home / "package", record, run)
    return record, registry.promote(version.name, version.version)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"mlflow server ended with {server.returncode}:\n{log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5).close()  # noqa: S310 - our own loopback server
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"mlflow server did not answer within {START_SECONDS} s:\n{log.read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and its worker, which share a process group of their own."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(15)
