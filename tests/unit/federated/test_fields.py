"""A typed message survives the way to flat fields and back, and nothing undeclared comes with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from federated.errors import BadMessage
from federated.fields import Flat, build, flatten


@dataclass(frozen=True)
class Inner:
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outer:
    share: float
    told: bool
    inner: Inner
    arrays: Mapping[str, NDArray[Any]]
    sums: NDArray[np.float64]
    maybe: Inner | None = None


def message(**changes: Any) -> Outer:
    fields = {
        "share": 0.5,
        "told": True,
        "inner": Inner(3, ("a", "b")),
        "arrays": {"w": np.ones(2)},
        "sums": np.ones(1),
    }
    return Outer(**{**fields, **changes})


def test_fields_are_named_by_their_dotted_path() -> None:
    flat = flatten(message())

    assert flat.values == {"share": 0.5, "told": True, "inner.count": 3, "inner.names": ["a", "b"]}
    assert list(flat.groups["arrays"]) == ["w"]
    assert list(flat.arrays) == ["sums"]


@given(
    share=st.floats(allow_nan=False),
    told=st.booleans(),
    count=st.integers(),
    names=st.lists(st.text()),
    maybe=st.none() | st.integers(),
)
def test_any_message_comes_back_as_it_was(
    *, share: float, told: bool, count: int, names: list[str], maybe: int | None
) -> None:
    sent = message(
        share=share, told=told, inner=Inner(count, tuple(names)), maybe=None if maybe is None else Inner(maybe)
    )

    back = build(Outer, flatten(sent))

    assert (back.share, back.told, back.inner, back.maybe) == (sent.share, sent.told, sent.inner, sent.maybe)
    assert np.array_equal(back.arrays["w"], sent.arrays["w"])
    assert np.array_equal(back.sums, sent.sums)


def test_an_absent_optional_part_is_none() -> None:
    assert build(Outer, flatten(message())).maybe is None


def test_an_undeclared_field_is_refused_by_name() -> None:
    flat = flatten(message())
    flat.values["rows"] = ["secret"]

    with pytest.raises(BadMessage, match="does not have: rows"):
        build(Outer, flat)


def test_an_undeclared_array_is_refused() -> None:
    flat = flatten(message())
    flat.groups["hidden"] = {"x": np.ones(9)}

    with pytest.raises(BadMessage, match="hidden"):
        build(Outer, flat)


@pytest.mark.parametrize(
    ("field", "value"),
    [("share", "0.5"), ("told", 1), ("inner.count", 1.5), ("inner.count", True), ("inner.names", [1, 2])],
)
def test_a_field_of_another_type_is_refused(field: str, value: Any) -> None:
    flat = flatten(message())
    flat.values[field] = value

    with pytest.raises(BadMessage, match=field):
        build(Outer, flat)


def test_a_missing_field_is_named() -> None:
    flat = flatten(message())
    del flat.values["inner.count"]

    with pytest.raises(BadMessage, match=r"inner\.count is missing"):
        build(Outer, flat)


def test_a_refusal_by_the_type_itself_becomes_a_bad_message() -> None:
    @dataclass(frozen=True)
    class Positive:
        count: int

        def __post_init__(self) -> None:
            if self.count < 0:
                raise ValueError("count must not be negative")

    with pytest.raises(BadMessage, match="count must not be negative"):
        build(Positive, Flat(values={"count": -1}))
