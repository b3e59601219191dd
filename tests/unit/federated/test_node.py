"""The node: what happens to one request at the border, and how the node behaves around it."""
# ruff: noqa: D102  (the methods of stand-ins are described by the protocols they stand for)

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flwr.app import Error, Message, Metadata, RecordDict

from federated.errors import ConsentPending, ConsentRefused, EgressLogBroken, MemberHomeError, WorkerEnded
from federated.fields import Flat
from federated.kit import BadKit
from federated.member.border import ERROR, Border
from federated.member.frames import Answered, Asked
from federated.member.home import MemberHome
from federated.member.node import Door, Node, door_of, only_one, poll_wait
from federated.member.notices import _LINES, Notice, connection_notice, json_line, plain_line
from federated.member.refusals import (
    CONSENT_PENDING,
    CONSENT_REFUSED,
    MEMBER_FAILED,
    NOT_AS_AGREED,
    OTHER_SOFTWARE,
    REPLY_REFUSED,
    UNKNOWN,
    WORKER_ENDED,
)
from federated.reply_schemas import FieldKind, GroupField, ReplySchema, ScalarField, reply_schemas
from federated.runtime.credentials import Credentials
from federated.runtime.fleet import Request
from federated.runtime.fleet_refusals import Cause, FleetFailure
from federated.runtime.parcel import Parcel
from federated.runtime.records import record_from_bytes, record_to_bytes
from federated.wire import pack_flat, read_flat
from models.configs import TreesConfig
from tests.association import Association
from tests.cooperative import Cooperative

SCHEMA = ReplySchema(
    "train",
    "RoundTrained",
    (ScalarField("rows", FieldKind.WHOLE), ScalarField("loss", FieldKind.NUMBER)),
    groups=(GroupField("arrays", like="arrays"),),
)
WEIGHTS = {"a": np.arange(4, dtype=np.float32), "b": np.ones((2, 2), dtype=np.float32)}
ASKED = Flat(groups={"arrays": WEIGHTS}, values={"assignment.run_id": "run-1", "round": 2})
REPLY = Flat(groups={"arrays": WEIGHTS}, values={"rows": 40, "loss": 0.5})


@dataclass
class World:
    """Everything around the border, in memory, with what happened in order."""

    home: Path
    asked: Flat = field(default_factory=lambda: ASKED)
    schema: ReplySchema = SCHEMA
    trees: TreesConfig | None = None
    answer: Any = None
    refusal: Exception | None = None
    software: str = "ours"
    broken: Exception | None = None
    happened: list[str] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    pushed: list[Parcel] = field(default_factory=list)
    seen: list[Asked] = field(default_factory=list)

    def bundle_sha256(self, _run: int) -> str:
        return self.software

    def fetch(self, _request: Request) -> RecordDict:
        self.happened.append("fetch")
        return pack_flat(self.asked)

    def reply(self, request: Request, content: RecordDict | Error) -> Parcel:
        return Parcel.of(Message(content, reply_to=request._message))

    def push(self, parcel: Parcel) -> None:
        self.happened.append("push")
        self.pushed.append(parcel)

    def admit(self, _question: str, _request: Flat, _run: int) -> Any:
        self.happened.append("consent")
        if self.refusal is not None:
            raise self.refusal
        agreed = {"replies": (self.schema, INTRODUCTION), "pumasi": "1.0.0", "trees": self.trees, "bins": 4}
        return type("Agreed", (), agreed)()

    def append(self, **entry: Any) -> None:
        if self.broken is not None:
            raise self.broken
        self.happened.append("log")
        self.entries.append(entry)

    def work(self, asked: Asked, _until: float) -> Answered:
        self.happened.append("work")
        self.seen.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or Answered(record_to_bytes(pack_flat(REPLY)))

    def handle(self, question: str = "train") -> int:
        border = Border(self.home, "anvil", 7, "ours", self, self, self, self.work)  # type: ignore[arg-type]  # stands for three
        return border.handle(request(question))

    def sent_error(self) -> tuple[int, str | None]:
        (parcel,) = self.pushed
        return parcel.envelope.error.code, parcel.envelope.error.reason


INTRODUCTION = ReplySchema(
    "query.roll_call",
    "Present",
    (ScalarField("member", FieldKind.TEXT, pattern="[a-z]+"), ScalarField("pumasi", FieldKind.TEXT, pattern="[0-9.]+")),
)


@pytest.mark.parametrize(
    ("member", "pumasi", "code"), [("anvil", "1.0.0", 0), ("bellows", "1.0.0", 114), ("anvil", "6.6.6", 114)]
)
def test_the_app_can_call_itself_by_no_other_name_and_version(
    world: "World", member: str, pumasi: str, code: int
) -> None:
    world.answer = answered(Flat(values={"member": member, "pumasi": pumasi}))

    assert world.handle("query.roll_call") == code


@pytest.mark.parametrize(("asked_about", "code"), [([0, -1, -1], 0), ([0, 0, -1], 114), ([99, -1, -1], 114)])
def test_a_tree_leaves_only_if_the_agreed_software_could_have_grown_it(
    tmp_path: Path, asked_about: list[int], code: int
) -> None:
    cooperative, trees = Cooperative(tmp_path), TreesConfig(depth=2)
    schema = next(one for one in reply_schemas(cooperative.contract, trees) if one.question == "train")
    world = World(cooperative.add("anvil").folder, schema=schema, trees=trees)
    tree = {"inputs": np.array(asked_about, dtype=np.int32), "leaves": np.zeros((4, 2), dtype=np.float32)}
    losses = {"loss": 0.5, "validation_loss_sum": 3.0}
    world.answer = answered(Flat(groups={"arrays": tree}, values={"rows": 40, "validation_rows": 9, **losses}))

    assert world.handle() == code


def request(question: str = "train") -> Request:
    metadata = Metadata(
        run_id=5,
        message_id="m" * 64,
        src_node_id=1,
        dst_node_id=7,
        reply_to_message_id="",
        group_id="2",
        created_at=time.time(),
        ttl=60.0,
        message_type=question,
    )
    message = Message(metadata=metadata, content=RecordDict())  # type: ignore[call-overload]
    return Request(5, question, time.time() + 60, message, None)  # type: ignore[arg-type]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def answered(flat: Flat) -> Answered:
    return Answered(record_to_bytes(pack_flat(flat)))


def content(parcel: Parcel) -> Flat:
    """Read a reply as the association would."""
    (record,) = [part for part in parcel.objects.values() if part.startswith(b"ConfigRecord")]
    return read_flat(record_from_bytes(record))


def test_a_request_passes_consent_and_worker_and_is_written_down_before_it_is_sent(world: World) -> None:
    assert world.handle() == 0

    assert world.happened == ["fetch", "consent", "work", "consent", "log", "push"]
    (entry,) = world.entries
    assert (entry["flower_run"], entry["run"], entry["round"], entry["kind"]) == (5, "run-1", 2, "RoundTrained")
    assert entry["arrays"] == (("arrays.a", "float32", (4,)), ("arrays.b", "float32", (2, 2)))
    assert entry["scalars"] == ("rows", "loss")
    (parcel,) = world.pushed
    assert (entry["size"], entry["digest"]) == (parcel.size, parcel.sha256)
    assert content(parcel).values == REPLY.values


def test_metadata_of_a_reply_come_from_the_request(world: World) -> None:
    world.handle()

    said = world.pushed[0].envelope.metadata
    assert (said.run_id, said.src_node_id, said.dst_node_id, said.reply_to_message_id) == (5, 7, 1, "m" * 64)


def test_the_worker_sees_exactly_the_fields_that_consent_saw(world: World) -> None:
    world.handle()

    assert read_flat(record_from_bytes(world.seen[0].record)).values == ASKED.values


def test_a_run_for_other_software_is_refused_before_anything_is_fetched(world: World) -> None:
    world.software = "theirs"

    assert world.handle() == OTHER_SOFTWARE
    assert world.happened == ["log", "push"]
    assert world.entries[0]["kind"] == ERROR


@pytest.mark.parametrize(
    ("refusal", "code"),
    [(ConsentPending("x"), CONSENT_PENDING), (ConsentRefused("not with our data"), CONSENT_REFUSED)],
)
def test_without_consent_the_worker_is_not_asked(world: World, refusal: Exception, code: int) -> None:
    world.refusal = refusal

    assert world.handle() == code
    assert world.happened == ["fetch", "consent", "log", "push"]


def test_a_question_that_the_agreement_does_not_know_is_refused(world: World) -> None:
    assert world.handle("query.everything") == NOT_AS_AGREED
    assert "work" not in world.happened


@pytest.mark.parametrize(
    "reply",
    [
        replace(REPLY, arrays={"hidden": np.zeros(3)}),
        replace(REPLY, values={**REPLY.values, "hidden": 1}),
        replace(REPLY, values={"rows": 40, "loss": "17.3"}),
        replace(REPLY, values={"rows": 40}),
        replace(REPLY, groups={"arrays": {**WEIGHTS, "c": np.zeros(3)}}),
        replace(REPLY, groups={"arrays": {**WEIGHTS, "a": WEIGHTS["a"].reshape(2, 2)}}),
        replace(REPLY, groups={"arrays": {**WEIGHTS, "a": WEIGHTS["a"].astype(np.float64)}}),
    ],
    ids=["array", "scalar", "text", "missing", "one more", "reshaped", "wider"],
)
def test_a_reply_with_more_than_was_agreed_stays_at_home(world: World, reply: Flat) -> None:
    world.answer = answered(reply)

    assert world.handle() == REPLY_REFUSED
    assert world.entries[0]["kind"] == ERROR
    assert not any(part.startswith(b"ConfigRecord") for part in world.pushed[0].objects.values())


def test_the_order_and_the_encoding_of_a_reply_are_the_nodes_own(world: World) -> None:
    turned = Flat(groups=REPLY.groups, values={"loss": 0.5, "rows": 40})
    world.answer = Answered(record_to_bytes(pack_flat(turned)))
    world.handle()
    world.answer = None
    world.handle()

    odd, usual = (
        next(part for part in parcel.objects.values() if part.startswith(b"ConfigRecord")) for parcel in world.pushed
    )
    assert odd == usual


@pytest.mark.parametrize("record", [b"", b"x", b"ConfigRecord,,3\0abc"])
def test_bytes_that_are_no_reply_are_refused(world: World, record: bytes) -> None:
    world.answer = Answered(record)

    assert world.handle() == REPLY_REFUSED


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        (Answered(b"", 100, "too few rows to speak of"), (MEMBER_FAILED, "too few rows to speak of")),
        (Answered(b"", 100, "row 3: 17.3"), (MEMBER_FAILED, UNKNOWN)),
        (Answered(b"", 4711, "too few rows to speak of"), (MEMBER_FAILED, "too few rows to speak of")),
        (Answered(b"", -1, ""), (MEMBER_FAILED, UNKNOWN)),
    ],
)
def test_of_a_workers_words_only_known_sentences_and_codes_leave(
    world: World, claimed: Answered, said: tuple[int, str]
) -> None:
    world.answer = claimed
    world.handle()

    assert world.sent_error() == said


def test_a_worker_that_ended_is_reported(world: World) -> None:
    world.answer = WorkerEnded("x")

    assert world.handle() == WORKER_ENDED


@pytest.mark.parametrize("broken", [OSError(28, "No space left on device"), EgressLogBroken("x")])
@pytest.mark.parametrize("refusal", [None, ConsentPending("x")])
def test_what_cannot_be_written_down_is_not_sent(world: World, broken: Exception, refusal: Exception | None) -> None:
    world.broken, world.refusal = broken, refusal

    with pytest.raises(type(broken)):
        world.handle()
    assert world.pushed == []


def test_a_lost_connection_is_no_refusal(world: World) -> None:
    world.answer = FleetFailure(Cause.UNREACHABLE, "x")

    with pytest.raises(FleetFailure):
        world.handle()
    assert world.pushed == []


def test_errors_keep_their_text_in_the_members_log(world: World) -> None:
    world.answer = ValueError("row 3: 17.3")
    world.handle()

    assert world.sent_error() == (MEMBER_FAILED, UNKNOWN)
    assert "17.3" in (world.home / "member.log").read_text(encoding="utf-8")


def test_a_node_asks_often_within_a_round_and_seldom_when_idle() -> None:
    assert poll_wait(0.0) == 0.03
    assert poll_wait(4.0) == pytest.approx(0.2)
    assert poll_wait(3600.0) == 1.0


def test_a_folder_has_one_node(tmp_path: Path) -> None:
    home = MemberHome(tmp_path / "home")
    with only_one(home), pytest.raises(MemberHomeError, match=str(os.getpid())), only_one(home):
        pass
    with only_one(home):
        pass


def test_a_node_serves_no_association_but_the_one_that_it_joined(tmp_path: Path) -> None:
    """Whoever can put a kit there, sound in itself, cannot lead the node elsewhere."""
    association, other = (Association.create(tmp_path / name, address=f"{name}:8443") for name in ("ours", "theirs"))
    association.join("anvil")
    home = MemberHome(association.home("anvil"))
    assert door_of(home).address == "ours:8443"

    (home.folder / "federation" / "kit.json").write_text(other.kit("anvil"))

    with pytest.raises(BadKit, match="not signed with the key"):
        door_of(home)
    with pytest.raises(MemberHomeError, match="has not joined"):
        door_of(MemberHome(tmp_path / "nobody"))


def test_an_association_that_ends_a_run_which_nobody_asked_about_has_a_notice() -> None:
    assert connection_notice(FleetFailure(Cause.RUN_IS_OVER, "403"), "h:1")[0] is Notice.NOT_RECOGNISED


class NoWorkers:
    """Workers that are never asked."""

    bundle = "ours"

    def ready(self, _waiting: object) -> Any:
        return type("Ready", (), {"user": "x", "network": False, "key_readable": False})()

    def end_if_idle(self) -> None: ...

    def close(self) -> None: ...


def test_a_node_that_reaches_nobody_says_so_once_and_can_be_stopped(tmp_path: Path, free_door: Door) -> None:
    said: list[Notice] = []
    node = Node(MemberHome(tmp_path), NoWorkers(), lambda notice, _: said.append(notice), lambda _: free_door)  # type: ignore[arg-type]
    thread = threading.Thread(target=node.run)
    thread.start()
    time.sleep(2.5)
    node.stop()
    thread.join(10)

    assert not thread.is_alive()
    assert said == [Notice.WORKER, Notice.UNREACHABLE, Notice.LEFT]


@pytest.fixture
def free_door(tmp_path: Path) -> Door:
    """A door with sound credentials at a port where nobody listens."""
    from federated.authority import Authority  # noqa: PLC0415

    authority = Authority.create(tmp_path / "authority", ("127.0.0.1",))
    files = Credentials(
        tmp_path / "authority" / "ca.crt", authority.certificate("superlink"), authority.private_key("superlink")
    )
    return Door("anvil", "127.0.0.1:1", files)


def test_every_notice_has_a_line_in_both_languages_and_as_json() -> None:
    facts = dict.fromkeys(
        ("user", "network", "key", "address", "node", "question", "seconds", "code", "reason", "run"), "x"
    )
    assert set(_LINES) == set(Notice)
    for notice in Notice:
        english, korean = plain_line(notice, facts).split(" | ")
        assert english.isascii()
        assert not korean.isascii()
        assert f'"event": "{notice}"' in json_line(notice, facts)


def test_the_agent_never_imports_what_works_with_rows() -> None:
    """It holds the node's key: torch, pandas and the app with all they bring along stay out of its process."""
    heavy = ("torch", "pandas", "lightning", "pyarrow", "pandera", "dvc", "mlflow", "prefect", "federated.client_app")
    code = (
        "import sys, federated.member.node, federated.member.node_cli, federated.runtime.fleet\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
