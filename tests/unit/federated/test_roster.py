"""Who answered what: by the message that a reply names, whoever it comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from flwr.app import Error, Message, RecordDict
from flwr.common.constant import SUPERLINK_NODE_ID

from federated.fields import Flat
from federated.roster import Roster, collect, too_few
from federated.roster import ask as ask_all
from federated.screening import Refusal, Refused
from federated.wire import pack_flat


@dataclass(frozen=True)
class Probe:
    """A message with one number."""

    n: int = 1


pytestmark = pytest.mark.usefixtures("server")

ROSTER = Roster({"anvil": 11, "bellows": 12})
Answer = Callable[[Message], Message]


class Answers:
    """A grid whose nodes answer at once."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> list[Message]:
        """Give each message an id and return the answers."""
        del timeout
        replies = []
        for number, message in enumerate(messages):
            message.metadata.__dict__["_message_id"] = f"message-{number}"
            replies.append(self._answer(message))
        return replies


def ask(answer: Answer) -> tuple[list[str], dict[str, Refusal]]:
    """Ask both members and return who answered, and why the others did not."""
    messages = [Message(RecordDict(), node, "train") for node in ROSTER.nodes.values()]
    replies, refused = collect(Answers(answer), ROSTER, messages, 1.0)  # type: ignore[arg-type]
    return list(replies), {one.member: one.reason for one in refused}


def content(message: Message) -> Message:
    return Message(pack_flat(Flat(values={"n": 1})), reply_to=message)


def test_a_reply_belongs_to_the_member_whose_message_it_answers() -> None:
    assert ask(content) == (["anvil", "bellows"], {})


def test_flowers_own_error_for_a_node_that_is_gone_is_that_members_refusal() -> None:
    def gone(message: Message) -> Message:
        if message.metadata.dst_node_id == 12:
            error = Message(Error(3, "Node Unavailable"), reply_to=message)
            error.metadata.__dict__["_src_node_id"] = SUPERLINK_NODE_ID
            return error
        return content(message)

    assert ask(gone) == (["anvil"], {"bellows": Refusal.MEMBER_ERROR})


def test_a_node_cannot_answer_in_anothers_place() -> None:
    def meddling(message: Message) -> Message:
        reply = content(message)
        reply.metadata.__dict__["_src_node_id"] = 11
        return reply

    assert ask(meddling) == (["anvil"], {"bellows": Refusal.NO_REPLY})


def test_a_reply_to_nothing_that_was_asked_is_dropped() -> None:
    def astray(message: Message) -> Message:
        reply = content(message)
        reply.metadata.__dict__["_reply_to_message_id"] = "another"
        return reply

    assert ask(astray) == ([], {"anvil": Refusal.NO_REPLY, "bellows": Refusal.NO_REPLY})


@pytest.mark.parametrize("shape", ["[0,1180591620717411303424]", "[-1]", "[1.5]", '["2"]', "[" * 40 + "]" * 40])
def test_a_reply_of_impossible_arrays_costs_its_member_and_nobody_else(shape: str) -> None:
    def absurd(message: Message) -> Message:
        reply = content(message)
        if message.metadata.dst_node_id == 12:
            values = reply.content.config_records["message"]
            values["@contents"], values["@arrays"] = f'[["","x","float32",{shape}]]', b""
        return reply

    messages = Answers(absurd)
    heard = ask_all(messages, ROSTER, "train", Probe(), reply=Probe, deadline=1.0)  # type: ignore[arg-type]

    assert list(heard.replies) == ["anvil"]
    assert [(one.member, one.reason) for one in heard.refused] == [("bellows", Refusal.BAD_MESSAGE)]


def test_what_a_member_says_is_shown_in_one_line_without_escapes_and_cut_to_length() -> None:
    def talkative(message: Message) -> Message:
        return Message(Error(100, "\x1b[2K\ragreed factory-9\n" + "x" * 9999), reply_to=message)

    messages = [Message(RecordDict(), node, "train") for node in ROSTER.nodes.values()]
    _, refused = collect(Answers(talkative), ROSTER, messages, 1.0)  # type: ignore[arg-type]

    assert all(one.detail.isprintable() and len(one.detail) <= 301 for one in refused)


SILENT = Refused("anvil", Refusal.NO_REPLY, "no reply within 5 s")
DIVERGED = Refused("bellows", Refusal.NORM_TOO_LARGE, "the update's norm is 1e+09, at most 10 is merged")


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ((), "No other member is online. Bring the missing members online or lower"),
        ((SILENT,), "anvil: no reply within 5 s. Bring the missing members online or lower"),
        ((DIVERGED,), "at most 10 is merged. Remove these reasons or lower"),
        ((SILENT, DIVERGED), "merged. Bring the silent members online, remove the other reasons or lower"),
    ],
)
def test_too_few_members_are_told_to_come_online_only_where_they_were_silent(
    refused: tuple[Refused, ...], said: str
) -> None:
    assert said in too_few("round 1", 1, 2, refused)


def test_a_reason_that_is_a_sentence_of_its_own_keeps_one_full_stop() -> None:
    refused = (Refused("anvil", Refusal.CONSENT_REFUSED, "we are correcting our records."),)

    assert "anvil: we are correcting our records. Remove" in too_few("roll call", 1, 2, refused)
