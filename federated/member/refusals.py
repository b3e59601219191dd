"""What a member says when it cannot answer: one of these sentences with its code, and nothing else.

The text of an error may hold a path, a line of a file or a count; it goes into the member's own log. What leaves is
chosen from a fixed list by the error's class. One text is the member's own: the reason it wrote when it refused an
agreement, which it wrote for the association to read.

====  ==================================================================
code  meaning
====  ==================================================================
100   the member could not answer
110   nobody at the member has decided about the agreement yet, or only for a run before this one
111   the member refused the agreement, with its own reason
112   the agreement or the run is for other software
113   the request is not what was agreed
114   the reply did not have the agreed layout and stayed at the member
115   the process that worked on the request ended without a reply
====  ==================================================================
"""

import traceback
from datetime import UTC, datetime
from pathlib import Path

from data_contracts.errors import (
    ContractError,
    DatasetMissing,
    DatasetTampered,
    FrameNotEnforced,
    NoVersionSaved,
    StatisticsError,
    TooFewRows,
)
from federated.errors import (
    ApprovalUsed,
    AskedTwice,
    BadAgreement,
    BadMessage,
    ConsentPending,
    ConsentRefused,
    DatasetChanged,
    EgressLogBroken,
    MemberHomeError,
    NotAsAgreed,
    OtherContract,
    OtherSoftware,
    ReplyRefused,
    TooFewToTrain,
    WorkerEnded,
)
from federated.member.home import MemberHome
from models.errors import ModelsError

UNKNOWN = "the member's software failed; its own log has the details"

MEMBER_FAILED = 100
"""Code of a reply that says why a member could not answer, where no other code fits."""
CONSENT_PENDING = 110
CONSENT_REFUSED = 111
OTHER_SOFTWARE = 112
NOT_AS_AGREED = 113
REPLY_REFUSED = 114
WORKER_ENDED = 115

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (ConsentPending, CONSENT_PENDING),
    (ConsentRefused, CONSENT_REFUSED),
    (OtherSoftware, OTHER_SOFTWARE),
    (NotAsAgreed, NOT_AS_AGREED),
    (BadAgreement, NOT_AS_AGREED),
    (ReplyRefused, REPLY_REFUSED),
    (WorkerEnded, WORKER_ENDED),
)

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (ApprovalUsed, "the member approved this agreement for one earlier run and has to decide again about this one"),
    (ConsentPending, "nobody at the member has decided about this agreement yet"),
    (ConsentRefused, "the member refused this agreement"),
    (OtherSoftware, "this member has installed another version of Pumasi than the agreement is for"),
    (NotAsAgreed, "the request is not what was agreed; the member's own log has the details"),
    (BadAgreement, "the agreement cannot be read, or it does not carry this association's signature"),
    (ReplyRefused, "the reply did not have the layout that was agreed and stayed at the member"),
    (WorkerEnded, "the member's process for this run ended before it had answered"),
    (EgressLogBroken, "the member's log of what left is damaged; until its owner settles that nothing leaves"),
    (BadMessage, "the request does not have the fields that this version of Pumasi knows"),
    (AskedTwice, "this question was asked before in this run, with other content; a member answers it once"),
    (DatasetChanged, "the dataset has changed since this run began; start another run"),
    (OtherContract, "the request is for another contract than the one this member holds"),
    (TooFewToTrain, "too few training rows to speak of"),
    (MemberHomeError, "the member's settings cannot be read"),
    (TooFewRows, "too few rows to speak of"),
    (FrameNotEnforced, "the dataset fails the contract"),
    (StatisticsError, "the statistics could not be made"),
    (DatasetTampered, "the dataset is not what was saved"),
    (DatasetMissing, "the dataset is missing"),
    (NoVersionSaved, "there is no dataset yet"),
    (ContractError, "the contract cannot be read"),
    (ModelsError, "the model in the request cannot be used with this member's contract"),
)


def refusal_sentence(error: Exception) -> str:
    """Return what may be said of an error outside the member's house."""
    sentence = next((sentence for kind, sentence in _SENTENCES if isinstance(error, kind)), UNKNOWN)
    return f"{sentence}: {error.reason}" if isinstance(error, ConsentRefused) else sentence


def is_fixed_sentence(text: str) -> bool:
    """Tell whether a text is one of the sentences that may leave, whoever says it."""
    return text == UNKNOWN or any(text == sentence for _, sentence in _SENTENCES)


def refusal_code(error: Exception) -> int:
    """Return the code that goes with the sentence of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), MEMBER_FAILED)


def note_in_own_log(home: Path, error: Exception) -> None:
    """Append an error with its traceback to the member's own log, readable for its owner only."""
    path = MemberHome(home).log
    path.touch(mode=0o600, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{''.join(traceback.format_exception(error))}\n")
