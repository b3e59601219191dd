"""What a member is asked to approve, as facts: what would leave, how often, how large, and what changed.

`federated.member.review_text` puts them into words. Everything is computed from the agreement itself, the contract that
the member holds and the member's own settings: the association's prose decides nothing here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from federated.agreement import Agreement
from federated.member.consent import ROLL_CALL, Consent, Standing
from federated.member.decisions import Stored
from federated.messages import Minimums
from federated.plain import to_plain
from federated.reply_schemas import FieldKind, ReplySchema, ScalarField
from models.layout import most_parameters

TRAIN = "train"
REPLIES = "replies."
"""Begins the path of a change in what a reply may hold."""
_WEIGHT = np.dtype("float32").itemsize
_TEXT = 64  # characters of a digest; names are shorter
_NUMBER = 8
_NOT_COMPARED = ("issued", "replies")
"""The date always differs; replies are compared field by field."""


@dataclass(frozen=True)
class LeavingArray:
    """An array that would leave.

    Attributes:
        name: Dotted path.
        dtype: Numpy's name of its type.
        shape: Its shape.
        size: Its bytes.
        required: Whether it leaves every time.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int
    required: bool


@dataclass(frozen=True)
class Leaving:
    """What would leave in answer to one question.

    Attributes:
        question: Flower's message type.
        reply: Name of the reply's type.
        times: How often it leaves in one run, at most; a lost reply may be sent again, unchanged. None: whenever it is
            asked, which holds for the roll call.
        scalars: Single values.
        arrays: Arrays of a shape that is fixed.
        parameters: Numbers of the model that would leave, at most; 0 where no model does.
        size: Bytes of one reply, at most and about.
    """

    question: str
    reply: str
    times: int | None
    scalars: tuple[ScalarField, ...]
    arrays: tuple[LeavingArray, ...]
    parameters: int
    size: int


@dataclass(frozen=True)
class Change:
    """A field that differs from the agreement approved last.

    Attributes:
        field: Dotted path of the field.
        old: What it was; None where there was no such field.
        new: What it is now; None where it is gone.
    """

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class Review:
    """Everything that a member's owner needs to decide.

    Attributes:
        stored: The agreement and the decision about it.
        standing: Where it stands.
        expired: Whether it binds nobody any more.
        minimums: Row minimums that will count: the stricter of the agreement's and the member's own.
        leaving: What would leave, in the order of a run.
        compared_with: Digest of the agreement approved last for this contract; None if there is none.
        changes: What differs from that one.
    """

    stored: Stored
    standing: Standing
    expired: bool
    minimums: Minimums
    leaving: tuple[Leaving, ...]
    compared_with: str | None
    changes: tuple[Change, ...]

    @property
    def agreement(self) -> Agreement:
        """What is asked."""
        return self.stored.agreement

    @property
    def total(self) -> int:
        """Bytes that would leave in one run, at most and about."""
        return sum(one.size * (one.times or 1) for one in self.leaving)

    def to_plain(self) -> dict[str, Any]:
        """Return the facts for programs, ready for JSON."""
        return {
            **summary(self.stored, self.standing, expired=self.expired),
            "agreement": to_plain(self.agreement),
            "minimums": to_plain(self.minimums),
            "leaving": to_plain(self.leaving),
            "bytes_per_run_at_most": self.total,
            "compared_with": self.compared_with,
            "changes": [{"field": one.field, "old": one.old, "new": one.new} for one in self.changes],
        }


def review(consent: Consent, stored: Stored) -> Review:
    """Collect the facts about one stored agreement.

    Raises:
        BadAgreement: Its signature is not the association's.
        MemberHomeError: The member's own settings cannot be read.
    """
    agreement = consent.verified(stored.signed)
    own = consent.home.profile().minimums
    asked = agreement.minimums
    previous = _approved_last(consent, stored)
    return Review(
        stored=stored,
        standing=consent.standing(stored),
        expired=agreement.expired(consent.now()),
        minimums=Minimums(max(own.count, asked.count), max(own.evaluation_rows, asked.evaluation_rows)),
        leaving=tuple(_leaving(schema, agreement, _parameters(consent, agreement)) for schema in agreement.replies),
        compared_with=None if previous is None else previous.sha256,
        changes=() if previous is None else changes(previous.agreement, agreement),
    )


def summary(stored: Stored, standing: Standing, *, expired: bool) -> dict[str, Any]:
    """Return one line of the list of agreements, ready for JSON."""
    agreement = stored.agreement
    return {
        "sha256": stored.sha256,
        "standing": str(standing),
        "expired": expired,
        "contract": agreement.contract,
        "purpose": {"ko": agreement.purpose_ko, "en": agreement.purpose_en},
        "rounds": agreement.rounds,
        "expires": agreement.expires,
        "received": stored.received.isoformat(timespec="seconds"),
        "decision": to_plain(stored.decision),
    }


def changes(old: Agreement, new: Agreement) -> tuple[Change, ...]:
    """Return what differs between two agreements, field by field, in the order of the fields; the date apart."""
    before, after = dict(_flat(old)), dict(_flat(new))
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _approved_last(consent: Consent, stored: Stored) -> Stored | None:
    """Find the agreement for the same contract, in whatever version, that was approved last and still is."""
    approved = [
        (one.decision.when, one)
        for one in consent.store.all()
        if one.decision is not None
        and one.decision.approved
        and one.sha256 != stored.sha256
        and _name(one.agreement) == _name(stored.agreement)
    ]
    return max(approved, key=lambda found: found[0])[1] if approved else None


def _name(agreement: Agreement) -> str:
    return agreement.contract.partition("@")[0]


def _parameters(consent: Consent, agreement: Agreement) -> int:
    """Return how many numbers a network would send each round at most; trees say it in their arrays."""
    if agreement.network is None:
        return 0
    return most_parameters(consent.home.contract(), agreement.network, bins=agreement.bins)


def _leaving(schema: ReplySchema, agreement: Agreement, parameters: int) -> Leaving:
    arrays = tuple(
        LeavingArray(one.name, one.dtype, one.shape, math.prod(one.shape) * np.dtype(one.dtype).itemsize, one.required)
        for one in (*schema.arrays, *(array for group in schema.groups for array in group.arrays))
    )
    model = parameters * len(schema.groups)
    return Leaving(
        question=schema.question,
        reply=schema.reply,
        times={ROLL_CALL: None, TRAIN: agreement.rounds}.get(schema.question, 1),
        scalars=schema.scalars,
        arrays=arrays,
        parameters=model,
        size=sum(one.size for one in arrays) + model * _WEIGHT + sum(map(_scalar_size, schema.scalars)),
    )


def _scalar_size(field: ScalarField) -> int:
    sizes = {FieldKind.TEXT: _TEXT, FieldKind.TEXTS: sum(map(len, field.allowed)), FieldKind.YES_NO: 1}
    return sizes.get(field.kind, _NUMBER)


def _flat(agreement: Agreement) -> Iterator[tuple[str, object]]:
    """Yield every field of an agreement by its dotted path; a reply's field counts as one."""
    plain = to_plain(agreement)
    for name, value in plain.items():
        if name in _NOT_COMPARED or value is None:
            continue
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", content) for inner, content in value.items())
        else:
            yield name, value
    for schema in plain["replies"]:
        for part in ("scalars", "arrays", "groups"):
            for one in schema[part]:
                rest = {key: content for key, content in one.items() if key != "name"}
                yield f"{REPLIES}{schema['reply']}.{one['name']}", rest
