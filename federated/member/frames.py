"""What the node's agent and its worker say to each other: two frozen types, a few lines of framing, no pickle.

A frame is 4 bytes head length, 8 bytes record length (big-endian), a JSON head of plain fields, and the record's bytes
as Flower serialises them. Either side refuses a frame that is not exactly that: the worker has seen a request that
strangers made, so the agent reads its answer as if a stranger had written it.
"""

import json
import socket
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from federated.errors import FederatedError

_LENGTHS = struct.Struct(">IQ")
_MOST_HEAD = 64 * 1024
MOST_RECORD = 1024**3
"""Bytes of the largest record that either side takes."""


class BadFrame(FederatedError):
    """What came over the socket pair is not a frame of the expected kind."""


class HungUp(FederatedError):
    """The other process closed its end, most likely because it ended."""


@dataclass(frozen=True)
class Asked:
    """Agent to worker: answer this.

    Attributes:
        run: Flower's id of the run.
        node: Flower's id of this node.
        question: Flower's message type, like ``query.statistics``.
        home: The member's folder.
        record: The request's only record, as Flower serialises it.
    """

    run: int
    node: int
    question: str
    home: str
    record: bytes


@dataclass(frozen=True)
class Answered:
    """Worker to agent: the reply's only record, or why there is none.

    Attributes:
        record: The reply's record as Flower serialises it; empty when there is none.
        code: 0, or the code of the refusal.
        reason: Empty, or the sentence of the refusal.
    """

    record: bytes
    code: int = 0
    reason: str = ""


Frame = TypeVar("Frame", Asked, Answered)


def send_frame(channel: socket.socket, frame: Asked | Answered) -> None:
    """Send a frame.

    Raises:
        HungUp: Nobody listens any more, or not within the channel's timeout.
    """
    plain = asdict(frame)
    record = plain.pop("record")
    head = json.dumps(plain).encode()
    try:
        channel.sendall(_LENGTHS.pack(len(head), len(record)) + head)
        channel.sendall(record)
    except OSError as error:
        raise HungUp("the other process took no frame") from error


def read_frame(
    channel: socket.socket, kind: type[Frame], *, most: int = MOST_RECORD, waiting: Callable[[], None] | None = None
) -> Frame:
    """Wait for a frame and return it.

    Args:
        channel: Where it comes from.
        kind: What is expected.
        most: Bytes that its record may have.
        waiting: Called each time the channel's timeout passes without a byte; may raise to stop waiting. Without it
            the timeout ends the wait.

    Raises:
        BadFrame: It is no frame of this kind, or too large.
        HungUp: The other process closed its end or, without `waiting`, kept silent for too long.
    """
    head, record = _LENGTHS.unpack(_read(channel, _LENGTHS.size, waiting))
    if head > _MOST_HEAD or record > most:
        raise BadFrame(f"a frame may have a head of {_MOST_HEAD} and a record of {most} bytes, got {head} and {record}")
    plain = _head(_read(channel, head, waiting), kind)
    return kind(**plain, record=bytes(_read(channel, record, waiting)))


def _head(data: bytearray, kind: type[Frame]) -> dict[str, Any]:
    """Read a head: exactly the declared fields, each a whole number or a text as declared."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadFrame("the head of a frame is no JSON") from error
    expected = {field.name: field.type for field in fields(kind) if field.name != "record"}
    if not isinstance(plain, dict) or set(plain) != set(expected):
        raise BadFrame(f"the head of a frame does not hold {', '.join(expected)}")
    if any(type(plain[name]) is not wanted for name, wanted in expected.items()):
        raise BadFrame("a field in the head of a frame has another type")
    return plain


def _read(channel: socket.socket, size: int, waiting: Callable[[], None] | None) -> bytearray:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        try:
            count = channel.recv_into(view[got:])
        except TimeoutError as error:
            if waiting is None:
                raise HungUp("the other process kept silent") from error
            waiting()
            continue
        except OSError as error:
            raise HungUp("the other process is gone") from error
        if not count:
            raise HungUp("the other process closed its end")
        got += count
    return data
