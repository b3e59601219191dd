"""Each thing that can keep a member out is produced for real, and the doctor names it and its remedy."""

import re
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import version
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from data_contracts.commitments import member_salt
from federated.authority import CA, PROXY, Authority
from federated.certificates import Issuer, parse_certificate
from federated.errors import MemberHomeError
from federated.keys import load_private_p256, private_pem
from federated.member import doctor, joining_cli
from federated.member.checks import Check, State
from federated.member.dataset import add_dataset
from federated.member.doctor import CHECKS, check_disk, examine
from federated.member.doctor_words import WORDS
from federated.member.door import compare_clocks
from federated.runtime.credentials import Credentials
from flows.federation_state import FederationState
from tests.association import Association, now
from tests.cooperative import contract_file, parts

OPEN_DOOR = (404, "nothing here")


@dataclass
class Server:
    """A TLS server on loopback: what a door, or something in its place, looks like from outside.

    Attributes:
        authority: Whose certificate it shows.
        trusts: Whose members it lets in; it demands a certificate if set.
        polite: Refuse in words after the handshake, as nginx does, instead of during it.
        answer: Status and text.
        clock: Its clock.
    """

    authority: Authority
    trusts: Authority | None = None
    polite: bool = False
    answer: tuple[int, str] = OPEN_DOOR
    clock: Callable[[], datetime] = now
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Serve on a free port."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
            thread.start()
            try:
                yield listener.getsockname()[1]
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join(5)

    def _serve(self, listener: socket.socket) -> None:
        context = self._context()
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            with connection, suppress(OSError), context.wrap_socket(connection, server_side=True) as channel:
                self._answer(channel)

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority.certificate(PROXY), self.authority.private_key(PROXY))
        if self.trusts is not None:
            context.load_verify_locations(self.trusts.certificate(CA))
            context.verify_mode = ssl.CERT_OPTIONAL if self.polite else ssl.CERT_REQUIRED
        return context

    def _answer(self, channel: ssl.SSLSocket) -> None:
        self.asked.append(channel.recv(4096).decode())
        status, text = self.answer
        date = format_datetime(self.clock(), usegmt=True)
        head = f"HTTP/1.1 {status} x\r\nDate: {date}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        channel.sendall((head + text).encode())
        with suppress(OSError):
            channel.unwrap()


@dataclass
class Case:
    """A member that has joined, with data, and the door it looks for."""

    association: Association
    stack: ExitStack

    @property
    def home(self) -> Path:
        """The member's folder."""
        return self.association.home("anvil")

    def at(self, server: Server, host: str = "127.0.0.1", *, days: int = 365) -> "Case":
        """Let a server listen, and give the member a kit that leads there."""
        return self.led_to(f"{host}:{self.stack.enter_context(server.listening())}", days=days)

    def led_to(self, address: str, *, days: int = 365) -> "Case":
        """Give the member a kit that leads to an address."""
        state = FederationState.read(self.association.folder / "federation")
        replace(state, address=address).save()
        self.association.join("anvil", days=days)
        return self

    def door(self) -> Server:
        """Return a door as it should be."""
        return Server(self.association.authority, self.association.authority)

    def found(self) -> dict[str, Check]:
        """Let the doctor look."""
        return {check.name: check for check in examine(self.home)}

    def only_failure(self) -> Check:
        """Return the one check that failed; it has a remedy in both languages."""
        failed = [check for check in self.found().values() if check.state is State.FAIL]
        assert len(failed) == 1, [check.text("en") for check in failed]
        assert failed[0].fix("ko")
        assert failed[0].fix("en")
        return failed[0]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Association:
    """An association, and a member that has a key and data, and no kit yet: made once and copied."""
    association = Association.create(tmp_path_factory.mktemp("prepared") / "association")
    association.ask("anvil")
    home, file = association.home("anvil"), association.folder / "anvil.csv"
    parts(1).to_csv(file, index=False)
    contract = str(association.folder / "tiny-1.0.0.odcs.yaml")
    assert add_dataset(home, file, contract, member="anvil", shares_metrics=False).version is not None
    return association


@pytest.fixture
def joining(prepared: Association, tmp_path: Path) -> Iterator[Case]:
    """A member that has a key and data, and no kit yet."""
    folder = tmp_path / "association"
    shutil.copytree(prepared.folder, folder)
    with ExitStack() as stack:
        yield Case(Association(folder, prepared.contract), stack)


@pytest.fixture
def case(joining: Case) -> Case:
    """A member for whom all is well."""
    return joining.at(joining.door())


def test_a_member_for_whom_all_is_well_has_nothing_to_mend(case: Case) -> None:
    found = case.found()

    assert tuple(found) == CHECKS
    assert {check.state for check in found.values()} == {State.OK}, [check.text("en") for check in found.values()]


def test_before_joining_only_the_kit_is_missing(joining: Case) -> None:
    found = joining.found()

    assert joining.only_failure().finding == "kit missing"
    assert {found[name].state for name in ("proxy", "port", "tls", "clock", "contract")} == {State.SKIP}
    assert found["keys"].state is found["dataset"].state is State.OK


def test_an_empty_folder_is_told_what_comes_first(tmp_path: Path) -> None:
    found = {check.name: check for check in examine(tmp_path / "nobody")}

    assert "pumasi-member init" in found["keys"].fix("en")
    assert found["disk"].state is State.OK
    assert not (tmp_path / "nobody").exists()


def test_a_key_that_others_can_read(case: Case) -> None:
    (case.home / "keys" / "node.key").chmod(0o644)

    assert case.only_failure().fix("ko") == f"chmod 600 {case.home / 'keys' / 'node.key'}"


def test_a_secret_that_others_can_read_stops_training_and_is_found(case: Case) -> None:
    salt = case.home / "data" / "salt.bin"
    member_salt(salt.parent)
    assert case.found()["dataset"].state is State.OK
    salt.chmod(0o644)

    assert case.only_failure().finding == "dataset secret"
    assert f"chmod 600 {salt}" in case.only_failure().said("ko")


def test_the_doctor_makes_no_secret(case: Case) -> None:
    before = sorted(path for path in case.home.rglob("*") if "cache" not in path.parts)

    assert case.found()["dataset"].state is State.OK
    assert sorted(path for path in case.home.rglob("*") if "cache" not in path.parts) == before
    assert not (case.home / "data" / "salt.bin").exists()


def test_a_home_that_cannot_be_written_to() -> None:
    """A mode would not stop root; the kernel's own folder does."""
    check = check_disk(Path("/proc/self/factory"))

    assert (check.state, check.finding) == (State.FAIL, "disk closed")
    assert check.fix("ko")


def test_a_key_folder_that_others_can_enter(case: Case) -> None:
    (case.home / "keys").chmod(0o755)

    assert case.only_failure().fix("en") == f"chmod 700 {case.home / 'keys'}"


def test_a_damaged_key(case: Case) -> None:
    (case.home / "keys" / "node.key").write_text("-----BEGIN PRIVATE KEY-----\nhalf")

    assert case.only_failure().finding == "keys damaged"
    assert case.found()["tls"].state is State.SKIP


def test_another_key_than_the_kits(case: Case) -> None:
    case.association.ask("anvil", replace_key=True)

    found = case.found()

    assert found["kit"].finding == "kit other key"
    assert found["certificate"].finding == "certificate unusable"


def test_a_changed_kit(case: Case) -> None:
    kit = case.home / "federation" / "kit.json"
    kit.write_text(kit.read_text().replace("127.0.0.1", "127.0.0.2"))

    assert case.only_failure().finding == "kit broken"


def test_a_kit_that_lost_a_file(case: Case) -> None:
    (case.home / "federation" / "ca.crt").unlink()

    assert case.only_failure().finding == "kit files"
    assert case.found()["tls"].state is State.SKIP


def test_the_doctor_connects_with_what_the_node_connects_with(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def unusable(files: Credentials) -> ssl.SSLContext:
        raise MemberHomeError(str(files.key))

    monkeypatch.setattr(Credentials, "tls", unusable)

    assert case.only_failure().finding == "certificate unusable"


def test_a_request_that_is_no_text(case: Case) -> None:
    (case.home / "keys" / "node.csr").write_bytes(b"\xff")

    assert case.only_failure().finding == "keys damaged"


def test_a_membership_that_ended(case: Case) -> None:
    found = {check.name: check for check in examine(case.home, lambda: now() + timedelta(days=400))}

    assert found["kit"].finding == "kit expired"
    assert "pumasi members renew anvil" in found["kit"].fix("ko")


def test_a_membership_that_ends_soon_is_a_warning(joining: Case) -> None:
    found = joining.at(joining.door(), days=20).found()

    assert found["kit"].state is State.WARN
    assert {check.state for check in found.values()} == {State.OK, State.WARN}


def test_an_expired_certificate_at_the_door(joining: Case) -> None:
    """The door refuses it in the handshake, and the kit's own date says why."""
    joining.at(joining.door())
    expire(joining)

    found = joining.found()

    assert found["kit"].finding == "kit files"  # the file is not the kit's: it was swapped for an expired one
    assert found["certificate"].finding == "certificate refused"
    assert any(word in found["certificate"].said("en") for word in ("EXPIRED", "cut off"))  # the alert may get lost


@pytest.mark.parametrize("polite", [False, True])
def test_a_certificate_that_the_door_does_not_know(joining: Case, tmp_path: Path, *, polite: bool) -> None:
    other = Association.create(tmp_path / "other").authority
    answer = (400, "400 The SSL certificate error") if polite else OPEN_DOOR
    server = Server(joining.association.authority, other, polite=False, answer=answer)
    if polite:
        server.trusts = None

    check = joining.at(server).only_failure()

    assert check.finding == "certificate refused"
    assert "join KIT" in check.fix("ko")


def test_somebody_else_behind_the_address(joining: Case, tmp_path: Path) -> None:
    """As when a firewall opens encrypted connections with an authority of its own."""
    interceptor = Association.create(tmp_path / "firewall").authority

    found = joining.at(Server(interceptor)).found()

    assert joining.only_failure().finding == "tls other authority"
    assert found["certificate"].state is State.SKIP
    assert found["clock"].state is State.OK  # a date is taken from anybody


def test_nothing_is_told_to_somebody_else(joining: Case, tmp_path: Path) -> None:
    interceptor = Server(Association.create(tmp_path / "firewall").authority)

    joining.at(interceptor).found()

    assert [asked.partition("\r\n")[0] for asked in interceptor.asked] == ["HEAD / HTTP/1.1"]


def test_a_door_whose_certificate_expired(joining: Case) -> None:
    authority = joining.association.authority
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = Issuer(parse_certificate(authority.ca_pem), load_private_p256(authority.private_key(CA)))
    ended = issuer.certify_server(key.public_key(), "door", ("127.0.0.1",), now() - timedelta(minutes=5))
    authority.certificate(PROXY).write_text(ended)
    authority.private_key(PROXY).write_bytes(private_pem(key))

    assert joining.at(joining.door()).only_failure().finding == "tls expired"


def test_a_door_with_another_name(joining: Case) -> None:
    check = joining.at(joining.door(), host="localhost").only_failure()

    assert check.finding == "tls other name"


def test_a_server_that_speaks_no_tls(joining: Case) -> None:
    with talking(lambda connection: connection.sendall(b"SSH-2.0-something\r\n")) as port:
        assert joining.led_to(f"127.0.0.1:{port}").only_failure().finding == "tls broken off"


def test_a_closed_port(joining: Case) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    check = joining.led_to(f"127.0.0.1:{port}").only_failure()

    assert check.finding == "port closed"
    assert f"{port}" in check.fix("ko")


def test_a_port_where_nobody_answers(joining: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full queue of connections looks like a firewall that drops packets."""
    monkeypatch.setattr("federated.member.route.TIMEOUT", 0.3)
    with socket.socket() as silent, ExitStack() as filling:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        port = silent.getsockname()[1]
        for _ in range(3):
            knock = filling.enter_context(socket.socket())
            knock.setblocking(False)
            knock.connect_ex(("127.0.0.1", port))

        check = joining.led_to(f"127.0.0.1:{port}").only_failure()

    assert check.finding == "port closed"
    assert "timed out" in check.said("en")


def test_a_name_without_an_address(joining: Case) -> None:
    assert joining.led_to("no-such-host.invalid:8443").only_failure().finding == "dns unknown"


def test_a_server_that_is_down_behind_the_door(joining: Case) -> None:
    server = joining.door()
    server.answer = (502, "Bad Gateway")

    assert joining.at(server).only_failure().finding == "association down"


@pytest.mark.parametrize(
    ("seconds", "finding"),
    [(400, "clock behind"), (20, "clock ahead"), (-400, "clock ahead"), (3_000_000, "clock behind")],
)
def test_a_clock_that_is_wrong(joining: Case, seconds: int, finding: str) -> None:
    """The server's clock is `seconds` ahead of ours, or at 20 ours is the fast one."""
    shift = -seconds if finding == "clock ahead" and seconds > 0 else seconds
    server = joining.door()
    server.clock = lambda: now() + timedelta(seconds=shift)

    check = joining.at(server).only_failure()

    assert check.finding == finding
    assert "timedatectl" in check.fix("ko")


@pytest.mark.parametrize(
    ("ahead", "state"),
    [
        (0, State.OK),
        (2, State.OK),
        (20, State.FAIL),
        (-30, State.OK),
        (-120, State.WARN),
        (-290, State.WARN),
        (-310, State.FAIL),
    ],
)
def test_what_the_superlink_tolerates_is_no_failure(ahead: float, state: State) -> None:
    """It takes signatures up to five seconds from the future and three hundred from the past."""
    server = datetime(2026, 1, 5, 12, tzinfo=UTC)
    ours = server + timedelta(seconds=ahead)

    assert compare_clocks(format_datetime(server, usegmt=True), ours, ours).state is state


@pytest.mark.parametrize("date", [None, "", "soon", "99999"])
def test_a_server_without_a_date_is_no_failure(date: str | None) -> None:
    assert compare_clocks(date, now(), now()).state is State.SKIP


@pytest.mark.parametrize("setting", ["ftp://proxy:1", "http://:8080", "http://proxy:eighty", "http://me:secret@:1"])
def test_a_proxy_setting_that_cannot_be_used(case: Case, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", setting)

    check = case.only_failure()

    assert check.finding == "proxy unusable"
    assert "secret" not in check.text("en")


def test_a_proxy_that_lets_through(joining: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    with joining.door().listening() as door:
        joining.led_to(f"127.0.0.1:{door}")
        with talking(lambda connection: tunnel(connection, door, heard)) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{port}")
            found = joining.found()

    assert {check.state for check in found.values()} == {State.OK}
    assert heard[0].startswith(f"CONNECT 127.0.0.1:{door} HTTP/1.1".encode())
    assert b"Basic bWU6c2VjcmV0" in heard[0]
    assert "secret" not in found["proxy"].text("en")


def test_a_proxy_that_does_not_let_through(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"

    def refuse(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(refusal)

    with talking(refuse) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        check = case.only_failure()

    assert check.finding == "proxy refuses"
    assert "407" in check.said("ko")


def test_a_proxy_that_is_not_there(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")

    assert case.only_failure().finding == "proxy closed"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert case.found()["proxy"].finding == "proxy none"


@pytest.mark.parametrize(("free", "state"), [(100_000_000, State.FAIL), (1_000_000_000, State.WARN)])
def test_a_full_disk(case: Case, monkeypatch: pytest.MonkeyPatch, free: int, state: State) -> None:
    """The one thing that is not produced for real: the machine's disk is not ours to fill."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, free))

    disk = case.found()["disk"]

    assert disk.state is state
    assert str(case.home) in disk.fix("ko")


def test_no_dataset(joining: Case) -> None:
    joining.at(joining.door())
    (joining.home / "data" / "versions.jsonl").unlink()

    assert joining.only_failure().finding == "dataset missing"


def test_a_dataset_that_was_changed(case: Case) -> None:
    for file in (case.home / "data").rglob("*"):
        if file.is_file() and file.name not in {"versions.jsonl", "salt.bin"}:
            file.chmod(0o644)
            file.write_bytes(b"changed")

    assert case.only_failure().finding == "dataset broken"


def test_another_contract_than_the_kits(joining: Case) -> None:
    newer = contract_file(joining.association.folder, version="2.0.0")
    profile = joining.home / "member.yaml"
    joining.at(joining.door())
    profile.write_text(f"member: anvil\ncontract: {newer}\n", encoding="utf-8")

    found = joining.found()

    assert found["contract"].finding == "contract other"
    assert "federation/contract.odcs.yaml" in found["contract"].fix("ko")


def test_a_contract_that_cannot_be_read(case: Case) -> None:
    (case.home / "member.yaml").write_text("member: anvil\ncontract: /nowhere.yaml\n", encoding="utf-8")

    assert case.only_failure().finding == "contract unreadable"
    assert case.found()["dataset"].state is State.SKIP


def test_another_flower_than_ours(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: "1.50.0" if name == "flwr" else version(name))

    assert case.only_failure().finding == "software other flower"


def test_the_command_ends_with_one_when_something_fails(case: Case) -> None:
    arguments = ["--home", str(case.home), "--lang", "ko"]
    well = CliRunner().invoke(joining_cli.doctor, arguments)
    (case.home / "keys").chmod(0o755)
    ill = CliRunner().invoke(joining_cli.doctor, arguments)

    assert (well.exit_code, ill.exit_code) == (0, 1)
    assert "모두 정상입니다" in well.stdout
    assert ill.stdout.splitlines()[0].startswith("FAIL  keys")
    assert ill.stdout.splitlines()[1].startswith("      -> chmod 700")


def test_every_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    for finding, words in WORDS.items():
        assert bool(words.fix_ko) == bool(words.fix_en), finding
        assert names(words.ko) == names(words.en), finding
        assert any("가" <= letter <= "힣" for letter in words.ko + words.fix_ko) or "{" in words.ko, finding


def test_a_command_in_a_korean_remedy_can_be_pasted_for_no_syllable_sticks_to_it() -> None:
    commands = re.compile(r"(?:pumasi(?:-member)?|pip|chmod) [\w {}./-]*")
    for finding, words in WORDS.items():
        for command in commands.findall(words.fix_ko):
            said = command.partition(" 명령")[0]
            assert not re.search(r"[\x21-\x7e][가-힣]|-[가-힣]", said), (finding, said)


def names(sentence: str) -> set[str | None]:
    """Return the values that a sentence mentions."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def expire(case: Case) -> None:
    """Put a certificate in place that the right authority made and that has ended."""
    authority = case.association.authority
    key = load_private_p256(case.home / "keys" / "node.key").public_key()
    ended = authority.certify_member("anvil", key, now() - timedelta(minutes=5))
    (case.home / "federation" / "node.crt").write_text(ended)


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve one kind of talk on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.settimeout(5)
                    with connection, suppress(OSError):
                        talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def tunnel(connection: socket.socket, port: int, heard: list[bytes]) -> None:
    """Be a proxy: open a tunnel to a port of loopback and carry bytes both ways until one side ends."""
    heard.append(connection.recv(4096))
    with socket.create_connection(("127.0.0.1", port), timeout=5) as door:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=carry, args=(door, connection), daemon=True)
        back.start()
        carry(connection, door)
        back.join(5)


def carry(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes one way until the source ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
