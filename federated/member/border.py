"""What happens to one request at the border of a member's house, in this order and no other.

own software? → agreed to? → worker → reply as agreed? → written down → sent

The worker's answer is data of unknown origin here: it is decoded, held against the agreed schema, put into the schema's
own order and serialised anew, so that neither an undeclared field nor an odd encoding leaves. Metadata come from the
request. What cannot be answered is refused with a fixed sentence, which is written down like every other message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flwr.app import Error

from federated.agreement import Agreement
from federated.errors import NotAsAgreed, OtherSoftware, ReplyRefused
from federated.fields import Flat
from federated.member.consent import Consent
from federated.member.egress import EgressLog
from federated.member.frames import Answered, Asked
from federated.member.home import MemberHome
from federated.member.refusals import (
    MEMBER_FAILED,
    REPLY_REFUSED,
    UNKNOWN,
    is_fixed_sentence,
    note_in_own_log,
    refusal_code,
    refusal_sentence,
)
from federated.reply_schemas import GroupField, ReplySchema, check_reply, check_tree_sent
from federated.runtime.fleet import Fleet, Request
from federated.runtime.fleet_refusals import FleetFailure
from federated.runtime.parcel import Parcel
from federated.runtime.records import record_from_bytes, record_to_bytes
from federated.wire import pack_flat, read_flat

ERROR = "error"
"""Kind of a reply that says why there is none, in the egress log."""

_RUN_ID, _ROLL_CALL_RUN_ID, _ROUND = "assignment.run_id", "run_id", "round"
_MODEL = "arrays"


@dataclass(frozen=True)
class Border:
    """One member's border.

    Attributes:
        home: The member's folder.
        member: The member's id, as the association admitted it.
        node: Flower's id of this node.
        bundle: Hash of the software that is installed here.
        association: The connection.
        consent: The member's consent.
        egress: The member's log of what left.
        work: Has a request answered by the worker, until a Unix time.
    """

    home: Path
    member: str
    node: int
    bundle: str
    association: Fleet
    consent: Consent
    egress: EgressLog
    work: Callable[[Asked, float], Answered]

    def handle(self, request: Request) -> int:
        """Answer one request and return 0, or the code of the refusal that was sent.

        Raises:
            FleetFailure: The connection failed or the run is over.
            OSError: The reply could not be written down; it was not sent.
            EgressLogBroken: Likewise.
        """
        asked = Flat()
        try:
            self._check_software(request)
            asked = read_flat(self.association.fetch(request))
            agreement = self.consent.admit(request.question, asked, request.run)
            schema = _schema(agreement, request.question)
            reply = self._reply(request, asked, schema)
            self._check_introduction(agreement, reply)
            self._check_tree(agreement, reply)
            self.consent.admit(request.question, asked, request.run)  # the owner may have refused in the meantime
        except FleetFailure:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the association is told a sentence)
            return self._refuse(request, asked, error)
        self._send(request, asked, schema.reply, self.association.reply(request, pack_flat(reply)), reply)
        return 0

    def _check_software(self, request: Request) -> None:
        wanted = self.association.bundle_sha256(request.run)
        if wanted != self.bundle:
            raise OtherSoftware(f"the run is for the software {wanted[:16]!r}, installed is {self.bundle[:16]!r}")

    def _check_introduction(self, agreement: Agreement, reply: Flat) -> None:
        """Refuse a reply in which the app calls itself by another name, or names other software, than it has."""
        for name, true in (("member", self.member), ("pumasi", agreement.pumasi)):
            if reply.values.get(name, true) != true:
                raise ReplyRefused(f"the field {name} is not this member's")

    def _check_tree(self, agreement: Agreement, reply: Flat) -> None:
        """Refuse a tree that the agreed software does not grow."""
        if agreement.trees is not None and _MODEL in reply.groups:
            contract = MemberHome(self.home).contract()
            check_tree_sent(reply.groups[_MODEL], contract, agreement.trees, bins=agreement.bins)

    def _reply(self, request: Request, asked: Flat, schema: ReplySchema) -> Flat:
        """Have the request answered, from exactly the fields that were agreed to, and check the answer."""
        record = record_to_bytes(pack_flat(asked))
        question = Asked(request.run, self.node, request.question, str(self.home.resolve()), record)
        answered = self.work(question, request.deadline)
        if answered.code:
            raise WorkerRefused(answered)
        try:
            reply = read_flat(record_from_bytes(answered.record))
        except Exception as error:  # the worker is not trusted to send anything sensible
            raise ReplyRefused(f"the reply to {request.question} cannot be read: {error}") from error
        check_reply(schema, reply, asked)
        return in_agreed_order(schema, reply, asked)

    def _refuse(self, request: Request, asked: Flat, error: Exception) -> int:
        code, sentence = spoken(error)
        note_in_own_log(self.home, error)
        parcel = self.association.reply(request, Error(code=code, reason=sentence))
        self._send(request, asked, ERROR, parcel, Flat())
        return code

    def _send(self, request: Request, asked: Flat, kind: str, parcel: Parcel, reply: Flat) -> None:
        said = asked.values.get(_RUN_ID, asked.values.get(_ROLL_CALL_RUN_ID, ""))
        turn = asked.values.get(_ROUND)
        self.egress.append(
            flower_run=request.run,
            run=said if isinstance(said, str) else "",
            question=request.question,
            kind=kind,
            size=parcel.size,
            digest=parcel.sha256,
            arrays=tuple(_contents(reply)),
            scalars=tuple(reply.values),
            round=turn if type(turn) is int else None,
        )
        self.association.push(parcel)


class WorkerRefused(Exception):
    """The worker said why it cannot answer.

    Args:
        answered: What it said.
    """

    def __init__(self, answered: Answered) -> None:
        super().__init__(f"the worker answered with code {answered.code}")
        self.answered = answered


def spoken(error: Exception) -> tuple[int, str]:
    """Return code and sentence of a refusal; of the worker's own words only a known sentence is passed on."""
    if not isinstance(error, WorkerRefused):
        return refusal_code(error), refusal_sentence(error)
    code = REPLY_REFUSED if error.answered.code == REPLY_REFUSED else MEMBER_FAILED
    return code, error.answered.reason if is_fixed_sentence(error.answered.reason) else UNKNOWN


def in_agreed_order(schema: ReplySchema, reply: Flat, asked: Flat) -> Flat:
    """Return a checked reply with its fields in the schema's order: an order of its maker's choice could say more."""
    return Flat(
        groups={
            field.name: {name: reply.groups[field.name][name] for name in _names(field, asked)}
            for field in schema.groups
        },
        arrays={field.name: reply.arrays[field.name] for field in schema.arrays if field.name in reply.arrays},
        values={field.name: reply.values[field.name] for field in schema.scalars if field.name in reply.values},
    )


def _names(field: GroupField, asked: Flat) -> list[str]:
    return [one.name for one in field.arrays] or list(asked.groups[field.like])


def _schema(agreement: Agreement, question: str) -> ReplySchema:
    for schema in agreement.replies:
        if schema.question == question:
            return schema
    raise NotAsAgreed("the agreement does not speak of this question")


def _contents(reply: Flat) -> list[tuple[str, str, tuple[int, ...]]]:
    single = [(name, array.dtype.name, array.shape) for name, array in reply.arrays.items()]
    grouped = [
        (f"{group}.{name}", array.dtype.name, array.shape)
        for group, arrays in reply.groups.items()
        for name, array in arrays.items()
    ]
    return [*single, *grouped]
