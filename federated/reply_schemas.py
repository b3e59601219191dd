"""What a reply may hold, field by field: shown to the member before it agrees, checked by its node before it sends.

The schemas follow from the contract alone, so association and member write down the same ones and either notices when
the other's differ. They say which fields there are, which texts a text may be, and which type and shape an array has;
they do not judge the numbers inside.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.disclosure import GRID
from data_contracts.reasons import Reason
from federated.errors import ReplyRefused
from federated.fields import Flat, Value
from federated.questions import Question
from models.calibration import TEMPERATURES
from models.configs import NetworkConfig, TreesConfig
from models.errors import WeightsMismatchError
from models.evaluation import BINS
from models.layout import most_inputs, network_layout
from models.trees import check_tree, forest_layout, tree_layout, trees_in
from models.variants import Variant
from models.weights import Weights, specs_of

MOST_ROWS = 2**33
"""No count of rows is larger (see `data_contracts.frame_statistics`)."""

MOST_MEMBERS = 1000
"""More members than a federation has: each may add a tree per round to the forest that members receive."""

_NAME = r"[A-Za-z0-9][A-Za-z0-9-]{0,63}"
_DIGEST = r"[0-9a-f]{64}"
_VERSION = r"[0-9]{1,6}(\.[0-9]{1,6}){2}[A-Za-z0-9.+-]{0,32}"


class FieldKind(StrEnum):
    """What a scalar field holds."""

    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes-no"
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True)
class ScalarField:
    """One scalar or text, or a list of texts.

    Attributes:
        name: Dotted path of the field.
        kind: What it holds: a count from 0 to `MOST_ROWS`, a finite number, yes or no, one text, or a list of different
            texts.
        allowed: The texts that it may be, or that its list may hold; empty where `pattern` decides.
        pattern: Regular expression that a whole text must match; empty where `allowed` decides.
        required: Whether a reply without it is refused.
    """

    name: str
    kind: FieldKind
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    required: bool = True


@dataclass(frozen=True)
class ArrayField:
    """One array.

    Attributes:
        name: Dotted path of the field.
        dtype: Numpy's name of its type.
        shape: Its shape, exactly.
        required: Whether a reply without it is refused.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    required: bool = True


@dataclass(frozen=True)
class GroupField:
    """Named arrays: a model that comes back trained, or a tree.

    Attributes:
        name: Name of the field.
        like: Name of the request's field whose names, order, types and shapes it must have; empty where `arrays` says
            them.
        arrays: Its arrays, in order; empty where `like` decides.
    """

    name: str
    like: str = ""
    arrays: tuple[ArrayField, ...] = ()


@dataclass(frozen=True)
class ReplySchema:
    """What the reply to one question may hold: these fields and no other.

    Attributes:
        question: Flower's message type of the request.
        reply: Name of the reply's type in `federated.messages`.
        scalars: Its scalars.
        arrays: Its arrays.
        groups: Its named arrays.
    """

    question: str
    reply: str
    scalars: tuple[ScalarField, ...] = ()
    arrays: tuple[ArrayField, ...] = ()
    groups: tuple[GroupField, ...] = ()


def reply_schemas(contract: Contract, trees: TreesConfig | None = None) -> tuple[ReplySchema, ...]:
    """Return the schema of every reply that members with this contract give, in the order of a run.

    Args:
        contract: The contract.
        trees: How trees are grown; None where a network is trained.
    """
    return (
        _present(contract),
        _contract_checked(),
        _records_described(contract),
        _round_trained(contract, trees),
        _calibrated(),
        _evaluated(contract),
        ReplySchema(Question.TAKE_HOME, "TakenHome", (_text("weights_sha256", pattern=_DIGEST),)),
    )


def check_reply(schema: ReplySchema, reply: Flat, request: Flat) -> None:
    """Refuse a reply that holds anything but what its schema says.

    Args:
        schema: What may leave.
        reply: What is about to leave.
        request: What it answers.

    Raises:
        ReplyRefused: A field is undeclared, missing, of another kind, type, shape or wording. The text names the
            field, never a value.
    """
    _check_names(schema, reply)
    for field in schema.scalars:
        if field.name in reply.values:
            _check_scalar(field, reply.values[field.name])
    for array in schema.arrays:
        if array.name in reply.arrays:
            _check_array(array.name, reply.arrays[array.name], array.dtype, array.shape)
    for group in schema.groups:
        _check_group(group, reply.groups.get(group.name, {}), request.groups.get(group.like, {}))


def check_network(arrays: Mapping[str, NDArray[Any]], contract: Contract, network: NetworkConfig, *, bins: int) -> None:
    """Refuse a "model" that the agreed network cannot have: whatever comes in with a round goes out again with it.

    Args:
        arrays: What arrived to be trained.
        contract: The contract.
        network: Size of the network, as agreed.
        bins: Pieces per numeric column, as agreed.

    Raises:
        ReplyRefused: Names, shapes or types are not those of the agreed network.
    """
    entry = next(iter(arrays.values()), None)
    inputs = entry.shape[-1] if entry is not None and entry.ndim else 0
    agreed = network_layout(inputs, len(contract.classes), network)
    if not 0 < inputs <= most_inputs(contract, bins) or specs_of(arrays) != agreed:
        raise ReplyRefused("the arrays that arrived are not those of a network that was agreed")


def check_trees(arrays: Mapping[str, NDArray[Any]], contract: Contract, trees: TreesConfig, *, rounds: int) -> None:
    """Refuse "trees" that are not of the agreed size, or more of them than a run can grow; none of them goes out again.

    Args:
        arrays: What arrived to be added to.
        contract: The contract.
        trees: How trees are grown, as agreed.
        rounds: Rounds, as agreed.

    Raises:
        ReplyRefused: Names, shapes or types are not those of the agreed trees, or they are too many.
    """
    many = trees_in(arrays)
    agreed = forest_layout(trees, len(contract.classes), trees=many)
    if not 1 <= many <= 1 + rounds * MOST_MEMBERS or specs_of(arrays) != agreed:
        raise ReplyRefused("the arrays that arrived are not trees that were agreed")


def check_tree_sent(arrays: Mapping[str, NDArray[Any]], contract: Contract, trees: TreesConfig, *, bins: int) -> None:
    """Refuse a tree that the agreed software does not grow; see `models.trees.check_tree`.

    Args:
        arrays: What is about to leave.
        contract: The contract.
        trees: How trees are grown, as agreed.
        bins: Pieces per numeric column, as agreed.

    Raises:
        ReplyRefused: It is none; the text names the rule, never a value.
    """
    try:
        check_tree(Weights(arrays), trees, width=most_inputs(contract, bins), classes=len(contract.classes))
    except WeightsMismatchError as error:
        raise ReplyRefused(str(error)) from error


def _present(contract: Contract) -> ReplySchema:
    return ReplySchema(
        Question.ROLL_CALL,
        "Present",
        (
            _text("member", pattern=_NAME),
            _text("pumasi", pattern=_VERSION),
            _text("contract", allowed=(contract.reference,)),
            _text("contract_sha256", allowed=(contract.sha256,)),
            ScalarField("shares_metrics", FieldKind.YES_NO),
        ),
    )


def _contract_checked() -> ReplySchema:
    codes = tuple(str(code) for code in Reason)
    return ReplySchema(
        Question.CHECK_CONTRACT,
        "ContractChecked",
        (
            ScalarField("accepted", FieldKind.YES_NO),
            # An empty list does not survive Flower's typed records, so absent means empty.
            ScalarField("reasons", FieldKind.TEXTS, allowed=codes, required=False),
            _text("commitment", pattern=_DIGEST),
        ),
    )


def _records_described(contract: Contract) -> ReplySchema:
    numbers, categories = len(contract.numbers), len(contract.categories)
    width = max((len(column.vocabulary) for column in contract.categories), default=0)
    shapes = {
        "class_counts": ("int64", (len(contract.classes),)),
        "present": ("int64", (numbers,)),
        "sums": ("float64", (numbers,)),
        "squares": ("float64", (numbers,)),
        "bins": ("int64", (numbers, GRID)),
        "categories": ("int64", (categories, width)),
    }
    arrays = tuple(ArrayField(f"statistics.{name}", dtype, shape) for name, (dtype, shape) in shapes.items())
    return ReplySchema(Question.STATISTICS, "RecordsDescribed", (_count("statistics.rows"),), arrays)


def _round_trained(contract: Contract, trees: TreesConfig | None) -> ReplySchema:
    scalars = (_count("rows"), _number("loss"), _count("validation_rows"), _number("validation_loss_sum"))
    model = GroupField("arrays", like="arrays")
    if trees is not None:
        layout = tree_layout(trees, len(contract.classes))
        model = GroupField("arrays", arrays=tuple(ArrayField(one.name, one.dtype, one.shape) for one in layout))
    return ReplySchema(Question.TRAIN, "RoundTrained", scalars, groups=(model,))


def _calibrated() -> ReplySchema:
    sums = ArrayField("loss_sums", "float64", (len(TEMPERATURES),))
    return ReplySchema(Question.CALIBRATE, "Calibrated", (_count("rows"),), (sums,))


def _evaluated(contract: Contract) -> ReplySchema:
    models = ("shared", "personalised", "local", "champion")
    scalars = [ScalarField("withheld", FieldKind.YES_NO)]
    arrays: list[ArrayField] = []
    for model in models:
        card = f"comparison.{model}"
        scalars += [_number(f"{card}.{name}", required=False) for name in ("loss_sum", "squared_sum")]
        scalars.append(_count(f"{card}.positive", required=False))
        arrays += _scorecard(card, len(contract.classes))
    scalars.append(_text("comparison.variant", allowed=tuple(Variant), required=False))
    scalars += [_number(f"comparison.difference.{end}", required=False) for end in ("low", "mean", "high")]
    return ReplySchema(Question.EVALUATE, "Evaluated", tuple(scalars), tuple(arrays))


def _scorecard(card: str, classes: int) -> Iterator[ArrayField]:
    yield ArrayField(f"{card}.class_counts", "int64", (classes,), required=False)
    yield ArrayField(f"{card}.confusion", "int64", (classes, classes), required=False)
    yield ArrayField(f"{card}.histogram", "int64", (classes, 2, BINS), required=False)


def _text(name: str, *, allowed: Iterable[str] = (), pattern: str = "", required: bool = True) -> ScalarField:
    return ScalarField(name, FieldKind.TEXT, tuple(str(text) for text in allowed), pattern, required)


def _count(name: str, *, required: bool = True) -> ScalarField:
    return ScalarField(name, FieldKind.WHOLE, required=required)


def _number(name: str, *, required: bool = True) -> ScalarField:
    return ScalarField(name, FieldKind.NUMBER, required=required)


def _check_names(schema: ReplySchema, reply: Flat) -> None:
    declared: dict[str, tuple[Collection[str], dict[str, bool]]] = {
        "scalar": (reply.values, {field.name: field.required for field in schema.scalars}),
        "array": (reply.arrays, {field.name: field.required for field in schema.arrays}),
        "group of arrays": (reply.groups, {field.name: True for field in schema.groups}),
    }
    for what, (found, known) in declared.items():
        if extra := set(found) - set(known):
            raise ReplyRefused(f"{schema.reply}: {len(extra)} {what}(s) that were not agreed")
        if missing := {name for name, required in known.items() if required} - set(found):
            raise ReplyRefused(f"{schema.reply}: the {what} {min(missing)} is missing")


def _check_scalar(field: ScalarField, value: Value) -> None:
    checks = {
        FieldKind.WHOLE: lambda: type(value) is int and 0 <= value <= MOST_ROWS,
        FieldKind.NUMBER: lambda: type(value) is float and math.isfinite(value),
        FieldKind.YES_NO: lambda: type(value) is bool,
        FieldKind.TEXT: lambda: _is_agreed_text(field, value),
        FieldKind.TEXTS: lambda: _are_agreed_texts(field, value),
    }
    if not checks[field.kind]():
        raise ReplyRefused(f"the field {field.name} is not the {field.kind} that was agreed")


def _is_agreed_text(field: ScalarField, value: object) -> bool:
    if type(value) is not str:
        return False
    return value in field.allowed or bool(field.pattern and re.fullmatch(field.pattern, value, re.ASCII))


def _are_agreed_texts(field: ScalarField, value: object) -> bool:
    """Tell whether a list holds allowed texts, each at most once and in their declared order: no room for a code."""
    if not isinstance(value, list) or not all(_is_agreed_text(field, item) for item in value):
        return False
    places = [field.allowed.index(item) for item in value]
    return places == sorted(set(places))


def _check_group(field: GroupField, found: dict[str, NDArray[Any]], received: dict[str, NDArray[Any]]) -> None:
    expected = field.arrays or tuple(ArrayField(n, array.dtype.name, array.shape) for n, array in received.items())
    if not expected or list(found) != [one.name for one in expected]:
        raise ReplyRefused(f"the arrays of {field.name} are not named and ordered as was agreed")
    for one in expected:
        _check_array(f"{field.name}.{one.name}", found[one.name], one.dtype, one.shape)


def _check_array(name: str, array: NDArray[Any], dtype: str, shape: tuple[int, ...]) -> None:
    if array.dtype.name != dtype or array.shape != shape:
        raise ReplyRefused(f"the array {name} must be {dtype} of shape {shape}, which it is not")
