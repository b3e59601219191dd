"""The worker: what goes over the socket pair, and what becomes of a worker that misbehaves."""

import json
import os
import pwd
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federated.errors import MemberHomeError, WorkerEnded
from federated.fields import Flat
from federated.member.confinement import Account, hand_over
from federated.member.frames import Answered, Asked, BadFrame, HungUp, read_frame, send_frame
from federated.member.refusals import MEMBER_FAILED, REPLY_REFUSED, UNKNOWN
from federated.member.workers import Workers, environment
from federated.runtime.records import record_from_bytes, record_to_bytes
from federated.wire import pack_flat

WITH_ODD_APP = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))


def sent(data: bytes, **options: int) -> Answered:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.close()
        return read_frame(theirs, Answered, **options)  # type: ignore[arg-type]


def framed(head: bytes, record: bytes = b"") -> bytes:
    return struct.pack(">IQ", len(head), len(record)) + head + record


@given(st.binary(max_size=2000), st.integers(0, 999), st.text(max_size=200))
def test_a_frame_arrives_as_it_was_sent(record: bytes, code: int, reason: str) -> None:
    frame = Answered(record, code, reason)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send_frame(ours, frame)
        assert read_frame(theirs, Answered) == frame


@given(st.binary(max_size=300))
def test_bytes_of_anybodys_making_are_a_frame_or_refused(data: bytes) -> None:
    with suppress(BadFrame, HungUp):
        assert isinstance(sent(data), Answered)


@pytest.mark.parametrize(
    "head",
    [
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b"[" * 5000,
        b'{"code": 1}',
        b'{"code": true, "reason": ""}',
        b'{"code": "1", "reason": ""}',
        b'{"code": 1.0, "reason": ""}',
        b'{"code": 1, "reason": null}',
        b'{"code": 1, "reason": "", "rows": [1, 2]}',
    ],
)
def test_a_head_that_is_not_exactly_the_declared_fields_is_refused(head: bytes) -> None:
    with pytest.raises(BadFrame):
        sent(framed(head))


def test_a_frame_larger_than_allowed_is_refused_before_it_is_read() -> None:
    head = json.dumps({"code": 0, "reason": ""}).encode()
    with pytest.raises(BadFrame):
        sent(struct.pack(">IQ", len(head), 2**60) + head)
    with pytest.raises(BadFrame):
        sent(framed(head, b"x" * 11), most=10)
    assert sent(framed(head, b"x" * 10), most=10).record == b"x" * 10


def test_a_frame_cut_short_means_that_the_other_hung_up() -> None:
    whole = framed(json.dumps({"code": 0, "reason": ""}).encode(), b"abc")
    for end in range(len(whole)):
        with pytest.raises(HungUp):
            sent(whole[:end])


def test_a_worker_inherits_no_proxy_and_no_credential() -> None:
    inherited = environment({"PATH": "/bin", "HTTPS_PROXY": "http://u:p@x", "AWS_SECRET_ACCESS_KEY": "x", "HOME": "/r"})

    assert inherited["PATH"] == "/bin"
    assert not {"HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "HOME"} & set(inherited)
    assert inherited["FLWR_TELEMETRY_ENABLED"] == "0"


def test_a_user_that_does_not_exist_or_is_root_is_refused() -> None:
    with pytest.raises(MemberHomeError, match="no user"):
        Account.named("nobody-by-this-name")
    with pytest.raises(MemberHomeError, match="root"):
        Account.named("root")


def ask(workers: Workers, question: str, *, run: int = 1, seconds: float = 60.0, word: str = "hello") -> Answered:
    record = record_to_bytes(pack_flat(Flat(values={"word": word})))
    asked = Asked(run, 7, f"query.{question}", str(workers.home), record)
    return workers.ask(asked, until=time.time() + seconds)


def values(answered: Answered) -> dict[str, object]:
    assert answered.code == 0, answered
    return dict(record_from_bytes(answered.record)["message"])


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", WITH_ODD_APP)
        started = Workers(home, app="odd_app:app")
        started.start()
        try:
            started.ready()
            yield started
        finally:
            started.close()


@pytest.mark.slow
def test_one_run_has_one_worker_and_the_next_run_another(workers: Workers) -> None:
    first, again, other = (values(ask(workers, "who", run=run)) for run in (11, 11, 12))

    assert first["heard"] == "hello"
    assert first["pid"] == again["pid"] != other["pid"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(first["pid"])), 0)


@pytest.mark.slow
@pytest.mark.parametrize("question", ["die", "hang"])
def test_a_worker_that_dies_or_hangs_is_reported_and_replaced(workers: Workers, question: str) -> None:
    before = values(ask(workers, "who"))["pid"]

    with pytest.raises(WorkerEnded):
        ask(workers, question, seconds=1.0)

    assert values(ask(workers, "who"))["pid"] != before


@pytest.mark.slow
def test_a_zygote_that_is_gone_is_started_again(workers: Workers) -> None:
    assert workers._zygote is not None
    workers.end()
    workers._zygote.kill()
    workers._zygote.wait()

    assert values(ask(workers, "who"))["heard"] == "hello"


@pytest.mark.slow
def test_who_gives_up_while_a_worker_is_being_started_is_not_kept_waiting_and_may_come_back(workers: Workers) -> None:
    workers.close()

    with pytest.raises(WorkerEnded, match="time was over"):
        ask(workers, "who", seconds=-1.0)
    assert workers._readiness is None

    assert values(ask(workers, "who"))["heard"] == "hello"


@pytest.mark.slow
def test_more_memory_than_allowed_fails_this_request_alone(workers: Workers) -> None:
    before = values(ask(workers, "who"))["pid"]

    assert ask(workers, "devour").code == MEMBER_FAILED
    assert values(ask(workers, "who"))["pid"] == before


@pytest.mark.slow
def test_a_worker_has_no_special_rights_even_where_the_node_is_root(workers: Workers) -> None:
    assert int(str(values(ask(workers, "rights"))["effective"]), 16) == 0


@pytest.mark.slow
def test_what_an_app_raises_stays_in_the_members_log(workers: Workers) -> None:
    answered = ask(workers, "raise")

    assert answered == Answered(b"", MEMBER_FAILED, UNKNOWN)
    assert "17.3" in (workers.home / "member.log").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("question", ["metric", "array"])
def test_a_reply_of_more_than_one_record_does_not_reach_the_agent(workers: Workers, question: str) -> None:
    assert ask(workers, question).code == REPLY_REFUSED
    assert ask(workers, question).record == b""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start a process of another user")
def test_a_worker_of_another_user_works_and_cannot_read_the_key(
    folder_for_all: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder_for_all / "home"
    (home / "keys").mkdir(parents=True)
    home.chmod(0o755)
    key = home / "keys" / "node.key"
    key.write_bytes(b"secret")
    key.chmod(0o600)
    monkeypatch.setenv("PYTHONPATH", WITH_ODD_APP)
    started = Workers(home, Account.named("nobody"), secrets=(key,), app="odd_app:app")
    started.start()
    try:
        ready = started.ready()
        assert (ready.user, ready.key_readable) == ("nobody", False)
        assert values(ask(started, "who"))["uid"] == pwd.getpwnam("nobody").pw_uid
        assert values(ask(started, "read", word="keys/node.key")) == {"readable": False}
        (home / "data" / "rows").write_bytes(b"1")  # by root, as a command of the member's would
        assert values(ask(started, "read", run=2, word="data/rows")) == {"readable": True}
    finally:
        started.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_handing_over_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "runs").mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    (home / "runs" / "soft").symlink_to(secret)
    os.link(secret, home / "runs" / "hard")

    hand_over(home, Account.named("nobody"))

    assert secret.stat().st_uid == 0
    assert (home / "runs").stat().st_uid == pwd.getpwnam("nobody").pw_uid
