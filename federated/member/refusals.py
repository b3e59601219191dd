"""What a member says when it cannot answer: one of these sentences, and nothing else.

The text of an error may hold a path, a line of a file or a count; it goes into the member's own log. What leaves is
chosen from a fixed list by the error's class.
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
from federated.errors import AskedTwice, BadMessage, MemberHomeError, OtherContract, TooFewToTrain
from models.errors import ModelsError

LOG = "member.log"
UNKNOWN = "the member's software failed; its own log has the details"

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (BadMessage, "the request does not have the fields that this version of Pumasi knows"),
    (AskedTwice, "this question was asked before in this run, with other content; a member answers it once"),
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
    return next((sentence for kind, sentence in _SENTENCES if isinstance(error, kind)), UNKNOWN)


def note_in_own_log(home: Path, error: Exception) -> None:
    """Append an error with its traceback to the member's own log, readable for its owner only."""
    path = home / LOG
    path.touch(mode=0o600, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{''.join(traceback.format_exception(error))}\n")
