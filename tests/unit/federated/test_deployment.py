"""A deployed run tells its events, then how it ended; the door publishes what a node needs and no more."""

import json
import re
import time
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federated import errors
from federated.errors import (
    FederatedError,
    FederationNotRunning,
    FederationRefused,
    RunFailed,
    RunStopped,
    TooFewMembers,
)
from federated.events import EventLog, PhaseBegun
from federated.job import OUTCOME
from federated.runtime import deployment
from federated.runtime.control import Control, RunStatus
from federated.runtime.deployment import DeploymentRun
from federated.runtime.failure import read_failure, write_failure
from federated.runtime.proxy import (
    PUBLISHED,
    Door,
    NginxMissing,
    ProxyNotStarted,
    find_nginx,
    nginx_configuration,
    proxy_command,
)
from federated.runtime.superlink import SuperLinkFiles, flower_environment, superlink_options

AT_WORK = RunStatus(ended=False, failed=False, stopped=False, details="")
DONE = RunStatus(ended=True, failed=False, stopped=False, details="")
BROKEN = RunStatus(ended=True, failed=True, stopped=False, details="ServerApp failed with exception: no light")
STOPPED = RunStatus(ended=True, failed=True, stopped=True, details="")


class Told:
    """A SuperLink that says what it was told to say, the last word for ever."""

    def __init__(self, *answers: RunStatus | FederatedError) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.stopped: list[int] = []

    def status(self, run_id: int) -> RunStatus:  # noqa: ARG002 - as `Control` has it
        """Say the next thing."""
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, FederatedError):
            raise answer
        return answer

    def stop_run(self, run_id: int) -> bool:
        """Note it."""
        self.stopped.append(run_id)
        return True


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "ASK_SECONDS", 0.01)


def run_of(folder: Path, control: Told, deadline_seconds: float = 60) -> DeploymentRun:
    return DeploymentRun(folder, 7, deadline_seconds, control)  # type: ignore[arg-type]


def test_events_come_before_the_end(tmp_path: Path) -> None:
    run = run_of(tmp_path, Told(DONE))
    with EventLog(tmp_path).phase("roll call"):
        pass

    assert run.new_events(1) == ([PhaseBegun("roll call")], False)
    assert run.new_events(1) == ([], True)


def test_events_come_before_the_failure_and_the_failure_keeps_its_class(tmp_path: Path) -> None:
    run = run_of(tmp_path, Told(BROKEN))
    with EventLog(tmp_path).phase("roll call"):
        write_failure(tmp_path, TooFewMembers("roll call: 1 member(s) can take part"))

    assert run.new_events(1)[0] == [PhaseBegun("roll call")]
    with pytest.raises(TooFewMembers, match="roll call: 1 member"):
        run.new_events(1)


def test_a_failure_without_a_word_of_the_serverapp_is_told_in_flowers(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="no light"):
        run_of(tmp_path, Told(BROKEN)).new_events(1)


def test_a_stopped_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunStopped, match="was stopped"):
        run_of(tmp_path, Told(STOPPED)).new_events(1)


def test_the_deadline_stops_the_run(tmp_path: Path) -> None:
    control = Told(AT_WORK)

    with pytest.raises(RunStopped, match="deadline"):
        run_of(tmp_path, control, deadline_seconds=0.2).new_events(5)
    assert control.stopped == [7]


def test_a_superlink_that_is_away_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    run = run_of(tmp_path, Told(FederationNotRunning("away"), FederationNotRunning("away"), DONE))

    assert run.new_events(5) == ([], True)


def test_a_superlink_that_stays_away_ends_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "PATIENCE_SECONDS", 0.1)

    with pytest.raises(RunFailed, match="lost"):
        run_of(tmp_path, Told(FederationNotRunning("away"))).new_events(5)


def test_a_superlink_that_was_started_anew_does_not_know_the_run(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="Train again"):
        run_of(tmp_path, Told(FederationRefused("unknown run"))).new_events(1)


def test_the_superlink_is_asked_seldom_and_oftener_when_the_last_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "ASK_SECONDS", 60)
    control = Told(AT_WORK)
    run = run_of(tmp_path, control)
    began = time.monotonic()

    assert run.new_events(0.3) == ([], False)
    assert time.monotonic() - began >= 0.3
    before = control.asked
    (tmp_path / OUTCOME).write_text("{}")
    run.new_events(0.5)

    assert before == 1
    assert 2 <= control.asked <= 7


@given(st.text(max_size=200), st.sampled_from(["TooFewMembers", "RunStopped", "BadMessage"]))
def test_a_failure_comes_back_as_it_was_left(tmp_path_factory: pytest.TempPathFactory, text: str, kind: str) -> None:
    folder = tmp_path_factory.mktemp("run")
    write_failure(folder, getattr(errors, kind)(text))

    told = read_failure(folder)

    assert type(told).__name__ == kind
    assert str(told) == text


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_superlink_in_trouble_counts_as_away_and_not_as_a_refusal(status: int) -> None:
    assert type(control_refusal(status, "Service unavailable")) is FederationNotRunning


@pytest.mark.parametrize("status", [401, 404, 409])
def test_what_the_superlink_refuses_is_final(status: int) -> None:
    refused = control_refusal(status, "Run ID not found.")

    assert type(refused) is FederationRefused
    assert str(refused) == f"the SuperLink answered {status}: Run ID not found."


def control_refusal(status: int, text: str) -> FederatedError:
    """What an answer of the SuperLink becomes."""
    control = Control("127.0.0.1:1", Path("ca"))
    request = httpx.Request("POST", "https://127.0.0.1:1")

    def ask(_: object) -> None:
        raise httpx.HTTPStatusError(text, request=request, response=httpx.Response(status, text=text))

    with patch("federated.runtime.control._client"), pytest.raises(FederatedError) as raised:
        control._call(ask)
    return raised.value


def test_a_failure_that_is_not_ours_names_its_class(tmp_path: Path) -> None:
    write_failure(tmp_path, ZeroDivisionError("by zero"))

    told = read_failure(tmp_path)

    assert isinstance(told, RunFailed)
    assert "ZeroDivisionError: by zero" in str(told)
    assert read_failure(tmp_path / "elsewhere") is None


def test_a_failures_class_is_never_looked_up_outside_our_errors(tmp_path: Path) -> None:
    (tmp_path / "failure.json").write_text(json.dumps({"kind": "__builtins__", "text": "x"}))

    assert type(read_failure(tmp_path)) is RunFailed


def door(folder: Path, **changes: object) -> Door:
    given: dict[str, object] = {
        "listen": "127.0.0.1:8443",
        "superlink_port": 5555,
        "ca": folder / "ca.crt",
        "certificate": folder / "proxy.crt",
        "key": folder / "proxy.key",
        "folder": folder / "nginx",
        "log": folder / "visits.log",
        **changes,
    }
    return Door(**given)  # type: ignore[arg-type]


def test_the_door_publishes_what_a_node_needs_and_nothing_else(tmp_path: Path) -> None:
    configuration = nginx_configuration(door(tmp_path))

    assert re.findall(r"location = (\S+)", configuration) == [f"/v1/fleet/{end}" for end in PUBLISHED]
    assert re.findall(r"proxy_pass (\S+);", configuration) == [f"https://superlink/v1/fleet/{end}" for end in PUBLISHED]
    assert re.findall(r"location (?!=)(.*)", configuration) == ["/ { return 404; }"]
    assert not {"register-node", "unregister-node", "get-fab"} & set(PUBLISHED)
    assert "ssl_verify_client on;" in configuration
    assert "proxy_ssl_verify on;" in configuration
    assert "TLSv1.1" not in configuration


@pytest.mark.parametrize(("ipv6", "places"), [(True, ["*:8443", "[::]:8443"]), (False, ["*:8443"])])
def test_a_door_on_every_address_is_open_to_ipv6_too_where_the_machine_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: list[str], *, ipv6: bool
) -> None:
    monkeypatch.setattr("federated.runtime.proxy._speaks_ipv6", lambda: ipv6)

    def listens(listen: str) -> list[str]:
        return re.findall(r"^ *listen (\S+) ssl;$", nginx_configuration(door(tmp_path, listen=listen)), re.MULTILINE)

    assert listens("*:8443") == places
    assert listens("10.0.0.7:8443") == ["10.0.0.7:8443"]
    assert listens("[::1]:8443") == ["[::1]:8443"]


def test_a_path_with_spaces_and_quotes_stays_one_path(tmp_path: Path) -> None:
    folder = tmp_path / 'a "strange" place; user root'

    assert f'ssl_certificate "{tmp_path}/a \\"strange\\" place; user root/proxy.crt";' in nginx_configuration(
        door(folder)
    )
    with pytest.raises(ProxyNotStarted, match="without"):
        nginx_configuration(door(tmp_path / "$HOME"))


def test_nginx_that_is_not_where_it_was_said_to_be_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("federated.runtime.proxy._PLACES", ())
    monkeypatch.setattr("federated.runtime.proxy._OWN", tmp_path / "not-fetched")

    with pytest.raises(NginxMissing, match="PUMASI_NGINX"):
        find_nginx(tmp_path / "nginx")
    with pytest.raises(NginxMissing, match=r"fetch-debian\.sh"):
        find_nginx(None)
    program = tmp_path / "bin" / "nginx"
    program.parent.mkdir()
    monkeypatch.setenv("PATH", str(program.parent))
    program.write_text("#!/bin/sh\necho 'emerg: no such file' >&2; exit 1\n")
    program.chmod(0o755)
    assert find_nginx(program) == find_nginx(None) == program
    with pytest.raises(ProxyNotStarted, match="no such file"):
        proxy_command(program, door(tmp_path))


def test_the_superlink_is_on_loopback_with_node_keys_an_executor_of_ours_and_nothing_to_install(tmp_path: Path) -> None:
    files = SuperLinkFiles(tmp_path / "ca", tmp_path / "crt", tmp_path / "key", tmp_path / "secret")
    options = superlink_options(files, 5555)

    assert options[options.index("--host") + 1] == "127.0.0.1"
    assert options[options.index("--isolation") + 1] == "process"
    assert {"--enable-supernode-auth", "--disable-runtime-dependency-installation"} <= set(options)
    assert not {"--insecure", "--database"} & set(options)


def test_no_variable_of_flowers_and_no_web_proxy_reaches_the_processes(tmp_path: Path) -> None:
    found = flower_environment(
        {
            "PATH": "/bin",
            "FLWR_INTERNAL_GRPC_CONTROL_API": "1",
            "FLWR_TELEMETRY_ENABLED": "1",
            "https_proxy": "http://10.0.0.1:3128",
            "ALL_PROXY": "socks5://10.0.0.1",
        },
        tmp_path,
    )

    assert found["PATH"] == "/bin"
    assert found["FLWR_HOME"] == str(tmp_path)
    assert found["FLWR_TELEMETRY_ENABLED"] == "0"
    assert found["FLWR_DISABLE_UPDATE_CHECK"] == "1"
    assert not {"FLWR_INTERNAL_GRPC_CONTROL_API", "https_proxy", "ALL_PROXY"} & set(found)
