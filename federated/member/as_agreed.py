"""Is a request part of an agreement, to the letter? No state here: the answer follows from the two alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from data_contracts.contract import Contract
from federated.agreement import MOST_CHARACTERS, Agreement, SignedAgreement
from federated.errors import BadAgreement, NotAsAgreed, ReplyRefused
from federated.fields import Flat, Value
from federated.names import check_name
from federated.reply_schemas import check_network, check_trees

_ROLL_CALL_VALUES = {"run_id", "contract", "agreement", "signature"}
_ASSIGNMENT = "assignment."
_RUN_ID = "assignment.run_id"
_MODEL = "model"
_ARRAYS, _PREPROCESSING = "arrays", "preprocessing"
_REMEMBERED = 64
_SHOWN = 100


@dataclass(frozen=True)
class Called:
    """What a roll call brings.

    Attributes:
        run: Pumasi's name of the run.
        contract: The contract it names.
        signed: The agreement, not yet verified.
    """

    run: str
    contract: str
    signed: SignedAgreement


def read_roll_call(request: Flat) -> Called:
    """Read a roll call: four texts and nothing else.

    Raises:
        NotAsAgreed: It has other fields.
        BadAgreement: Its agreement is longer than `MOST_CHARACTERS`.
    """
    values = {name: text_of(request, name) for name in _ROLL_CALL_VALUES}
    if set(request.values) != _ROLL_CALL_VALUES or request.groups or request.arrays:
        raise NotAsAgreed("the roll call has fields that no roll call has")
    if len(values["agreement"]) > MOST_CHARACTERS:
        raise BadAgreement(f"the agreement has more than {MOST_CHARACTERS} characters")
    signed = SignedAgreement(values["agreement"], values["signature"])
    return Called(run_of(request, "run_id"), values["contract"], signed)


def check_request(agreement: Agreement, contract: Contract, question: str, request: Flat) -> None:
    """Refuse a request that is not part of an agreement.

    Every field of its assignment must be what the agreement says, none missing and none added; only the run's id is
    free. Weights must be the agreed network's, or trees as agreed, and columns cut into no more pieces than was agreed.

    Args:
        agreement: What was approved.
        contract: The contract that the member holds.
        question: Flower's message type.
        request: The request's fields.

    Raises:
        NotAsAgreed: It is not; the text names the field, for the member's own log.
    """
    schema = next((one for one in agreement.replies if one.question == question), None)
    if schema is None:
        raise NotAsAgreed(f"the question {question[:_SHOWN]!r} is not part of the agreement")
    found = {name: value for name, value in request.values.items() if name.startswith(_ASSIGNMENT) and name != _RUN_ID}
    expected = _assignment_values(agreement)
    for name in sorted({*found, *expected}):
        if name not in found or name not in expected or not _same(found[name], expected[name]):
            raise NotAsAgreed(f"{name[:_SHOWN]!r} is not what was agreed")
    if request.values.get(_MODEL, agreement.model) != agreement.model:
        raise NotAsAgreed("the model to be taken home is another than was agreed")
    if _ARRAYS in request.groups or schema.groups:
        _check_weights(agreement, contract, request, _ARRAYS)
    if _PREPROCESSING in request.values:
        _check_pieces(agreement, text_of(request, _PREPROCESSING))


def text_of(request: Flat, name: str) -> str:
    """Return a text of a request.

    Raises:
        NotAsAgreed: It is missing, or is no text.
    """
    value = request.values.get(name)
    if not isinstance(value, str):
        raise NotAsAgreed(f"the text {name} is missing")
    return value


def run_of(request: Flat, name: str) -> str:
    """Return a run's id.

    Raises:
        NotAsAgreed: It is missing, or cannot be the name of a run.
    """
    run = text_of(request, name)
    try:
        check_name("a run's id", run)
    except ValueError as error:
        raise NotAsAgreed(str(error)) from error
    return run


def _check_weights(agreement: Agreement, contract: Contract, request: Flat, name: str) -> None:
    """Refuse weights that are not of the agreed family and size."""
    arrays = request.groups.get(name, {})
    try:
        if agreement.network is not None:
            check_network(arrays, contract, agreement.network, bins=agreement.bins)
        if agreement.trees is not None:
            check_trees(arrays, contract, agreement.trees, rounds=agreement.rounds)
    except ReplyRefused as error:
        raise NotAsAgreed(f"{name}: {error}") from error


def _check_pieces(agreement: Agreement, preprocessing: str) -> None:
    """Refuse a preprocessing with more pieces per column than was agreed: edges close around a value single it out.

    Raises:
        NotAsAgreed: It does, or cannot be read; whether it fits the contract is the worker's to say.
    """
    try:
        pieces = [len(number["edges"]) - 1 for number in json.loads(preprocessing)["numbers"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAsAgreed("the preprocessing cannot be read") from error
    if max(pieces, default=0) > agreement.bins:
        raise NotAsAgreed(f"the preprocessing has more than the {agreement.bins} pieces per column that were agreed")


def _same(one: Value, other: Value) -> bool:
    """Compare two values; 1 and 1.0 are the same number, 1 and True are not the same answer."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


@lru_cache(maxsize=_REMEMBERED)
def _assignment_values(agreement: Agreement) -> Mapping[str, Value]:
    return agreement.assignment_values()
