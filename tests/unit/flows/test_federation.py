"""The federation's supervisor: one per home, what it starts ends with it, and the list of members is what is let in."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from federated.authority import Authority
from federated.errors import BadAddress, FederationNotRunning, FederationRefused
from federated.runtime.control import NodeInfo
from flows import federation
from flows.errors import IsSandbox
from flows.federation import Supervisor
from flows.federation_admission import let_in
from flows.federation_parts import FederationFailed, Part, shorten_log, wait_until
from flows.federation_setup import prepare, reach
from flows.federation_state import FederationRuns, FederationState, FederationUnknown, one_supervisor, supervisor_of
from flows.members import MemberListBroken
from flows.settings import Settings


def part(folder: Path, program: str) -> Part:
    return Part("it", [sys.executable, "-c", program], os.environ, folder, folder / "it.log")


def eventually_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_one_supervisor_per_home_and_the_lock_dies_with_it(tmp_path: Path) -> None:
    with one_supervisor(tmp_path, 1234):
        assert supervisor_of(tmp_path) == 1234
        with pytest.raises(FederationRuns, match="1234"), one_supervisor(tmp_path, 1):
            pass
    assert supervisor_of(tmp_path) is None
    assert supervisor_of(tmp_path / "elsewhere") is None


def test_a_federation_is_up_only_while_the_supervisor_that_wrote_it_lives(tmp_path: Path) -> None:
    state = FederationState(tmp_path, "pumasi-1", "h:1", "0.0.0.0:1", 5555, 1234, {"nginx": 7}, ready=True, started="x")
    state.save()

    with pytest.raises(FederationNotRunning, match="federation up"):  # killed: its last words are still there
        FederationState.load(tmp_path)
    with one_supervisor(tmp_path, 99), pytest.raises(FederationNotRunning):  # another one is just starting
        FederationState.load(tmp_path)
    with one_supervisor(tmp_path, 1234):
        assert FederationState.load(tmp_path) == state
    assert (state.superlink, state.ca) == ("127.0.0.1:5555", tmp_path / "authority" / "ca.crt")


@pytest.mark.parametrize("text", [None, "", "[]", '{"federation": "x"}', '{"unknown": 1}'])
def test_a_state_that_is_missing_or_damaged_is_told_apart_from_none(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "federation.json").write_text(text)

    with pytest.raises(FederationUnknown, match="there is no federation" if text is None else "damaged"):
        FederationState.read(tmp_path)


def test_the_first_start_needs_an_address_and_later_ones_keep_it(tmp_path: Path) -> None:
    home = Settings(tmp_path)
    with pytest.raises(FederationUnknown, match="--address"):
        prepare(home, None, None)

    first = prepare(home, "a.example:8443", None)
    again = prepare(home, None, None)
    moved = prepare(home, "b.example:8444", "127.0.0.1:9000")

    assert (first.address, first.listen) == ("a.example:8443", "*:8443")
    assert again == first
    assert (moved.federation, moved.address, moved.listen) == (first.federation, "b.example:8444", "127.0.0.1:9000")
    assert set(Authority.load(home.authority).hosts()) == {"a.example", "b.example"}


def test_an_address_that_members_could_not_dial_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAddress, match="says no host"):
        prepare(Settings(tmp_path), "*:8443", None)


@pytest.mark.parametrize(
    ("listen", "place"),
    [
        ("*:8443", ("127.0.0.1", 8443)),
        ("0.0.0.0:1", ("127.0.0.1", 1)),
        ("[::]:2", ("::1", 2)),
        ("10.0.0.7:3", ("10.0.0.7", 3)),
    ],
)
def test_a_door_on_every_address_is_reached_over_loopback(listen: str, place: tuple[str, int]) -> None:
    assert reach(listen) == place


def test_a_new_host_gets_a_new_certificate_and_members_keep_the_authority_they_know(tmp_path: Path) -> None:
    home = Settings(tmp_path)
    prepare(home, "a.example:8443", None)
    authority = Authority.load(home.authority)
    ca, door = authority.ca_pem, authority.certificate("proxy").read_bytes()

    prepare(home, "a.example:9999", None)
    same = authority.certificate("proxy").read_bytes()
    prepare(home, "b.example:9999", None)

    assert authority.ca_pem == ca
    assert same == door
    assert authority.certificate("proxy").read_bytes() != door


@pytest.mark.parametrize(("address", "listen"), [("door.example:8443", None), (None, "*:8443")])
def test_a_sandboxes_federation_stays_on_this_machine(tmp_path: Path, address: str | None, listen: str | None) -> None:
    home = Settings(tmp_path)
    home.federation.mkdir()
    FederationState.new(home.federation, "127.0.0.1:8443", "127.0.0.1:8443", sandbox=True).save()

    here = prepare(home, "127.0.0.1:9000", "127.0.0.1:9000")
    with pytest.raises(IsSandbox, match="PUMASI_HOME"):
        prepare(home, address, listen)

    assert here.sandbox
    assert FederationState.read(home.federation) == here


@dataclass
class SuperLink:
    """Remembers what it lets in; a key that was shut out stays out."""

    inside: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)

    def nodes(self) -> tuple[NodeInfo, ...]:
        """Who is inside; the number of a node is its key's length."""
        return tuple(NodeInfo(len(key), member, online=False, public_key=key) for key, member in self.inside.items())

    def register_node(self, public_key: str, member: str) -> int:
        """Let in, or refuse."""
        if public_key in self.revoked:
            raise FederationRefused("key in use")
        self.inside[public_key] = member
        return len(public_key)

    def unregister_node(self, node_id: int) -> None:
        """Shut out."""
        key = next(key for key in self.inside if len(key) == node_id)
        del self.inside[key]
        self.revoked.add(key)


@dataclass(frozen=True)
class Listed:
    """A member on the list."""

    member: str
    public_key_pem: str


def test_what_is_let_in_becomes_the_list_and_one_refusal_holds_up_nobody() -> None:
    superlink = SuperLink({"k": "leaver", "kk": "stayer", "kkkk": "renamed"}, {"kkkkk"})
    told: list[str] = []
    listed = [Listed("back", "kkkkk"), Listed("stayer", "kk"), Listed("newcomer", "kkk")]

    let_in(superlink, listed, told.append)  # type: ignore[arg-type]

    assert superlink.inside == {"kk": "stayer", "kkk": "newcomer"}
    assert len(told) == 1
    assert "back cannot be let in" in told[0]


def test_a_part_that_ends_is_started_again_after_a_pause(tmp_path: Path) -> None:
    it = part(tmp_path, "print('here', flush=True)")
    it.start()
    while not it.ended():
        time.sleep(0.01)

    at_once, began = it.revive(), time.monotonic()
    while not it.revive():
        assert time.monotonic() - began < 60
        time.sleep(0.05)
    paused = time.monotonic() - began
    it.end()

    assert not at_once
    assert paused > 0.5
    assert it.log.read_text().count("here") <= 2


def test_a_part_that_does_not_start_shows_its_last_words(tmp_path: Path) -> None:
    it = part(tmp_path, "raise SystemExit('port 8443 is taken')")
    it.start()

    with pytest.raises(FederationFailed, match="port 8443 is taken"):
        wait_until(it, lambda: False, 20, lambda: False)


def test_a_part_that_ignores_the_request_to_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.federation_parts.END_SECONDS", 0.3)
    it = part(
        tmp_path, "import signal,time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    it.start()
    pid = it.pid
    wait_until(it, lambda: "up" in it.log.read_text(), 20, lambda: False)

    it.end()

    assert eventually_gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_what_a_supervisor_started_ends_even_when_it_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path; from flows.federation_parts import Part\n"
        f"it = Part('it', ['sleep', '60'], os.environ, Path({str(tmp_path)!r}), Path({str(tmp_path / 'log')!r}))\n"
        "it.start(); print(it.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    child = int(supervisor.stdout.readline())

    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()

    assert eventually_gone(child)


def test_a_log_that_has_grown_large_is_moved_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.federation_parts.LOG_BYTES", 100)
    log = tmp_path / "it.log"
    log.write_text("x" * 99)
    shorten_log(log)
    small = log.read_text()
    log.write_text("y" * 101)
    shorten_log(log)
    shorten_log(tmp_path / "none.log")

    assert small == "x" * 99
    assert log.read_text() == ""
    assert (tmp_path / "it.log.1").read_text() == "y" * 101


def a_supervisor(folder: Path) -> Supervisor:
    settings = Settings(folder)
    return Supervisor(settings, prepare(settings, "127.0.0.1:1", None), Authority.load(settings.authority), folder)


def test_the_logs_that_strangers_can_write_into_are_kept_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.federation_parts.LOG_BYTES", 100)
    monkeypatch.setattr(federation, "let_in", lambda *_: None)
    supervisor = a_supervisor(tmp_path)
    logs = [tmp_path / "federation" / "logs" / name for name in ("visits.log", "federation.log")]
    for log in logs:
        log.write_text("GET /" * 100)

    supervisor._watch()

    assert [log.read_text() for log in logs] == ["", ""]


@pytest.mark.parametrize(
    "error",
    [
        FederationNotRunning("the SuperLink answered 503"),
        FederationRefused("the SuperLink answered 400"),
        MemberListBroken("members.json is damaged"),
    ],
)
def test_a_bad_answer_or_a_mistyped_list_ends_nobodys_federation_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    asked: list[int] = []

    def trouble(*_: object) -> None:
        asked.append(1)
        if len(asked) < 3:
            raise error

    monkeypatch.setattr(federation, "let_in", trouble)
    supervisor = a_supervisor(tmp_path)

    for _ in range(5):
        supervisor._watch()

    assert len(asked) == 3
    assert capsys.readouterr().err.count(str(error)) == (0 if isinstance(error, FederationNotRunning) else 1)
