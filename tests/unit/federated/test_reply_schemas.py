"""What leaves has exactly the agreed layout: rows cannot travel as a shape, a metric, a text or a list of their own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from federated.errors import ReplyRefused
from federated.fields import Flat, flatten
from federated.member.work import MemberWork
from federated.messages import (
    Calibrate,
    Champion,
    CheckContract,
    DescribeRecords,
    Evaluate,
    RollCall,
    TakeHome,
    TrainRound,
)
from federated.reply_schemas import ReplySchema, check_reply, reply_schemas
from federated.runtime.records import record_from_bytes, record_to_bytes
from federated.wire import pack, read_flat
from models.configs import NetworkConfig
from models.family import family_of
from models.layout import most_parameters
from models.prediction import initial_weights
from models.preprocessing import Preprocessing, fit_preprocessing
from tests.cooperative import TREES, Cooperative

ROWS = np.arange(24, dtype=np.float32).reshape(4, 6)
"""Rows that somebody would like to smuggle out."""


@dataclass(frozen=True)
class Exchange:
    """One question of a run, its schema and the honest reply."""

    schema: ReplySchema
    request: Flat
    reply: Flat

    def leaves(self, reply: Flat) -> None:
        """Let a reply pass the check, or raise."""
        check_reply(self.schema, reply, self.request)


@pytest.fixture(scope="module", params=[None, TREES], ids=["network", "trees"])
def exchanges(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Exchange]:
    """Every question of a run with what a member's own software answers, by the reply's type, for either family."""
    cooperative, trees = Cooperative(tmp_path_factory.mktemp("cooperative")), request.param
    work = MemberWork(cooperative.add("anvil"))
    _, job = cooperative.job("first", trees=trees)
    task = job.assignment
    statistics = work.describe(DescribeRecords(task))
    preprocessing = fit_preprocessing(cooperative.contract, statistics.statistics, bins=4)
    start = family_of(task.network, task.training, trees).start(preprocessing, seed=1)
    arrays, text = start.arrays, preprocessing.to_json()
    champion = Champion(text, task.network, 1.0, trees)
    asked: list[tuple[object, Callable[[Any], object]]] = [
        (RollCall("first", task.contract, "", ""), work.present),
        (CheckContract(task), work.check_contract),
        (DescribeRecords(task), work.describe),
        (TrainRound(arrays, task, text, 1), work.train),
        (Calibrate(arrays, task, text), work.calibrate),
        (Evaluate(arrays, arrays, task, text, 1.0, 0.95, champion), work.evaluate),
        (TakeHome(arrays, task, "tiny-model", "1", text, 1.0, 0.5), work.take_home),
    ]
    schemas = {schema.reply: schema for schema in reply_schemas(cooperative.contract, trees)}
    found = {}
    for question, answer in asked:
        reply = answer(question)
        kind = type(reply).__name__
        found[kind] = Exchange(schemas[kind], flatten(question), _as_the_node_reads_it(reply))
    return found


def _as_the_node_reads_it(reply: object) -> Flat:
    return read_flat(record_from_bytes(record_to_bytes(pack(reply))))


def test_every_honest_reply_of_a_run_leaves(exchanges: dict[str, Exchange]) -> None:
    assert len(exchanges) == 7
    for exchange in exchanges.values():
        exchange.leaves(exchange.reply)


@pytest.mark.parametrize(
    "kind", ["Present", "ContractChecked", "RecordsDescribed", "RoundTrained", "Calibrated", "Evaluated", "TakenHome"]
)
@pytest.mark.parametrize(
    "hide",
    [
        lambda reply: replace(reply, values={**reply.values, "note": "rows"}),
        lambda reply: replace(reply, values={**reply.values, "seed": 7}),
        lambda reply: replace(reply, values={**reply.values, "metrics.rows": ROWS.ravel().tolist()}),
        lambda reply: replace(reply, values={**reply.values, "": 1}),
        lambda reply: replace(reply, arrays={**reply.arrays, "rows": ROWS}),
        lambda reply: replace(reply, arrays={**reply.arrays, "empty": np.zeros(0)}),
        lambda reply: replace(reply, groups={**reply.groups, "gradients": {"rows": ROWS}}),
        lambda reply: replace(reply, groups={**reply.groups, "nothing": {}}),
    ],
    ids=["text", "number", "list", "no name", "array", "empty array", "group", "empty group"],
)
def test_a_field_that_was_not_agreed_stays_home_and_is_not_quoted(
    exchanges: dict[str, Exchange], kind: str, hide: Callable[[Flat], Flat]
) -> None:
    exchange = exchanges[kind]

    with pytest.raises(ReplyRefused) as refused:
        exchange.leaves(hide(exchange.reply))

    assert "rows" not in str(refused.value).replace("field", "")


@pytest.mark.parametrize(
    "hide",
    [
        lambda array: np.resize(ROWS, (len(ROWS), *array.shape)),
        lambda array: array.reshape(1, *array.shape),
        lambda array: np.concatenate([array.ravel(), ROWS.ravel()]).astype(array.dtype),
        lambda array: array.T if array.ndim > 1 and array.shape[0] != array.shape[1] else array[None],
        lambda array: array.astype(np.float64),
        lambda array: array.astype(np.float16),
        lambda array: array.view(np.uint32),
        lambda array: array.astype(np.complex64),
        lambda array: array.astype(object),
        lambda array: array.astype("U8"),
        lambda array: array.astype("datetime64[s]"),
        lambda array: array[:0],
    ],
    ids=["rows", "axis", "longer", "turned", "wider", "narrower", "bits", "complex", "objects", "text", "time", "none"],
)
def test_rows_do_not_leave_in_a_reshaped_or_retyped_weight(
    exchanges: dict[str, Exchange], hide: Callable[[NDArray[Any]], NDArray[Any]]
) -> None:
    trained = exchanges["RoundTrained"]
    for name, array in trained.reply.groups["arrays"].items():
        with np.errstate(all="ignore"):
            hidden = {**trained.reply.groups["arrays"], name: hide(array)}
        with pytest.raises(ReplyRefused, match=r"arrays\."):
            trained.leaves(replace(trained.reply, groups={"arrays": hidden}))


@pytest.mark.parametrize("kind", ["RecordsDescribed", "Calibrated", "Evaluated"])
def test_rows_do_not_leave_in_a_reshaped_or_retyped_array(exchanges: dict[str, Exchange], kind: str) -> None:
    exchange = exchanges[kind]
    for name, array in exchange.reply.arrays.items():
        larger = np.concatenate([array.ravel(), array.ravel()])
        other = array.astype(np.float32 if array.dtype == np.float64 else np.float64)
        for hidden in (larger, array[None], other, array.astype(np.uint64), array[..., :0]):
            with pytest.raises(ReplyRefused, match=name):
                exchange.leaves(replace(exchange.reply, arrays={**exchange.reply.arrays, name: hidden}))


def test_weights_named_or_ordered_in_another_way_stay_home(exchanges: dict[str, Exchange]) -> None:
    trained = exchanges["RoundTrained"]
    weights = trained.reply.groups["arrays"]
    first, *_ = weights
    variants: list[dict[str, NDArray[Any]]] = [
        dict(reversed(weights.items())),
        {name: array for name, array in weights.items() if name != first},
        {**weights, "extra": ROWS},
        {f"{name} ": array for name, array in weights.items()},
        {},
    ]
    for hidden in variants:
        with pytest.raises(ReplyRefused):
            trained.leaves(replace(trained.reply, groups={"arrays": hidden}))
    with pytest.raises(ReplyRefused):
        trained.leaves(replace(trained.reply, groups={}))


def test_a_network_that_was_not_received_does_not_leave(exchanges: dict[str, Exchange]) -> None:
    trained = exchanges["RoundTrained"]
    if trained.schema.groups[0].arrays:  # a tree's arrays are written in the agreement itself
        check_reply(trained.schema, trained.reply, Flat())
        return

    with pytest.raises(ReplyRefused):
        check_reply(trained.schema, trained.reply, Flat())


@pytest.mark.parametrize(
    ("kind", "name", "hidden"),
    [
        ("Present", "member", "a" * 65),
        ("Present", "member", "anvil\n"),
        ("Present", "member", "앤빌"),
        ("Present", "member", 12345),
        ("Present", "pumasi", "0.1.0 and rows"),
        ("Present", "pumasi", "1.2.3" + "x" * 33),
        ("Present", "contract", "tiny@1.0.1"),
        ("Present", "contract", ["tiny@1.0.0"]),
        ("Present", "contract_sha256", "f" * 64),
        ("Present", "shares_metrics", 1),
        ("Present", "shares_metrics", "yes"),
        ("ContractChecked", "accepted", 0.5),
        ("ContractChecked", "reasons", ["row 17: 93.5"]),
        ("ContractChecked", "reasons", "missing_value"),
        ("ContractChecked", "reasons", ["missing_value", "missing_value"]),
        ("ContractChecked", "reasons", ["one_class", "empty_file"]),
        ("ContractChecked", "reasons", [1, 2]),
        ("ContractChecked", "reasons", [["missing_value"]]),
        ("ContractChecked", "commitment", "f" * 63),
        ("ContractChecked", "commitment", "F" * 64),
        ("ContractChecked", "commitment", "f" * 64 + "\n"),
        ("RecordsDescribed", "statistics.rows", 1.0),
        ("RecordsDescribed", "statistics.rows", -1),
        ("RecordsDescribed", "statistics.rows", 2**200),
        ("RecordsDescribed", "statistics.rows", True),
        ("RoundTrained", "rows", [1, 2, 3]),
        ("RoundTrained", "loss", "0.5"),
        ("RoundTrained", "loss", float("nan")),
        ("RoundTrained", "loss", float("inf")),
        ("RoundTrained", "loss", [0.5]),
        ("RoundTrained", "validation_loss_sum", True),
        ("Evaluated", "withheld", 2),
        ("Evaluated", "comparison.variant", "row 17"),
        ("Evaluated", "comparison.shared.positive", "1"),
        ("Evaluated", "comparison.difference.mean", float("nan")),
        ("TakenHome", "weights_sha256", "not a digest"),
    ],
)
def test_a_value_of_another_kind_or_wording_stays_home_and_is_not_quoted(
    exchanges: dict[str, Exchange], kind: str, name: str, hidden: Any
) -> None:
    exchange = exchanges[kind]

    with pytest.raises(ReplyRefused, match=name) as refused:
        exchange.leaves(replace(exchange.reply, values={**exchange.reply.values, name: hidden}))

    for part in hidden if isinstance(hidden, list) else [hidden]:
        assert len(str(part)) < 4 or str(part) not in str(refused.value)


def test_a_required_field_cannot_be_left_out(exchanges: dict[str, Exchange]) -> None:
    for exchange in exchanges.values():
        for field in exchange.schema.scalars:
            if field.required:
                values = {name: value for name, value in exchange.reply.values.items() if name != field.name}
                with pytest.raises(ReplyRefused, match=field.name):
                    exchange.leaves(replace(exchange.reply, values=values))


def test_nan_inside_a_permitted_array_is_not_judged(exchanges: dict[str, Exchange]) -> None:
    """What the README says: layout is checked, numbers are not. The association screens them."""
    trained = exchanges["RoundTrained"]
    odd = {name: np.full_like(array, np.nan) for name, array in trained.reply.groups["arrays"].items()}

    trained.leaves(replace(trained.reply, groups={"arrays": odd}))


_anything: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=80)
    | st.lists(st.integers() | st.floats() | st.text(max_size=9) | st.booleans(), max_size=9)
    | st.binary(max_size=9)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.data())
def test_what_passes_in_a_scalar_is_of_the_declared_kind_whatever_it_is(
    exchanges: dict[str, Exchange], data: st.DataObject
) -> None:
    exchange = exchanges[data.draw(st.sampled_from(sorted(exchanges)))]
    field = data.draw(st.sampled_from(exchange.schema.scalars))
    value = data.draw(_anything)
    try:
        exchange.leaves(replace(exchange.reply, values={**exchange.reply.values, field.name: value}))
    except ReplyRefused:
        return
    kinds: dict[str, type | tuple[type, ...]] = {
        "whole": int,
        "number": (int, float),
        "yes-no": bool,
        "text": str,
        "texts": list,
    }
    assert isinstance(value, kinds[str(field.kind)])
    assert len(str(value)) <= 400


@pytest.mark.parametrize("network", [NetworkConfig(width=1), NetworkConfig(width=8), NetworkConfig(width=5, blocks=3)])
def test_no_network_has_more_parameters_than_were_announced(
    exchanges: dict[str, Exchange], tmp_path_factory: pytest.TempPathFactory, network: NetworkConfig
) -> None:
    contract = Cooperative(tmp_path_factory.mktemp("sizes")).contract
    preprocessing = Preprocessing.from_json(str(exchanges["RoundTrained"].request.values["preprocessing"]))
    real = sum(array.size for array in initial_weights(preprocessing, network, seed=1).arrays.values())
    pieces = max(len(number.edges) - 1 for number in preprocessing.numbers)

    assert real == most_parameters(contract, network, bins=pieces)
    assert real < most_parameters(contract, network, bins=pieces + 1)
