import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.errors import WeightsFileError, WeightsMismatchError
from models.weights import ArraySpec, Weights, distance, mean_of

_DTYPES = st.sampled_from([np.float32, np.float64, np.int64])
_ARRAYS = hnp.arrays(_DTYPES, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))


def _two(a: list[float], b: list[float]) -> Weights:
    return Weights({"z": np.array(a, np.float32), "a": np.array(b, np.float32)})


@given(st.dictionaries(st.text(min_size=1, max_size=8).filter(lambda n: n != "__metadata__"), _ARRAYS, max_size=4))
def test_any_arrays_come_back_from_bytes_in_their_order_with_the_same_hash(arrays: dict[str, np.ndarray]) -> None:
    weights = Weights(arrays)

    back = Weights.from_bytes(weights.to_bytes())

    assert back.spec == weights.spec
    assert back.sha256() == weights.sha256()


def test_a_saved_file_loads_with_order_hash_and_bits(tmp_path: Path) -> None:
    weights = _two([1, 2], [3])

    weights.save(tmp_path / "model.safetensors")

    assert list(Weights.load(tmp_path / "model.safetensors").arrays) == ["z", "a"]
    assert Weights.load(tmp_path / "model.safetensors") == weights
    assert [p.name for p in tmp_path.iterdir()] == ["model.safetensors"]


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {"z": np.array([1, 2], np.float32), "b": np.array([3], np.float32)},
        lambda a: dict(reversed(a.items())),
        lambda a: a | {"z": np.array([[1, 2]], np.float32)},
        lambda a: a | {"z": np.array([1, 2], np.float64)},
        lambda a: a | {"z": np.array([1, 2.0000002], np.float32)},
    ],
    ids=["name", "order", "shape", "dtype", "value"],
)
def test_the_hash_changes_with(change: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]) -> None:
    weights = _two([1, 2], [3])

    assert Weights(change(dict(weights.arrays))).sha256() != weights.sha256()


def test_the_hash_does_not_depend_on_memory_layout() -> None:
    plain = np.arange(6, dtype=np.float32).reshape(2, 3)

    assert Weights({"w": plain}).sha256() == Weights({"w": np.asfortranarray(plain)}).sha256()


def test_weights_cannot_be_changed_neither_directly_nor_through_their_source() -> None:
    source = np.zeros(2, np.float32)
    weights = Weights({"w": source})

    source[0] = 9

    assert weights.arrays["w"][0] == 0
    with pytest.raises(ValueError, match="read-only"):
        weights.arrays["w"][0] = 9
    with pytest.raises(TypeError):
        weights.arrays["w"] = source  # type: ignore[index]


def test_weights_of_a_module_go_back_into_another_one() -> None:
    first, second = torch.nn.Linear(2, 3), torch.nn.Linear(2, 3)

    Weights.of_module(first).load_into(second)

    assert torch.equal(first.weight, second.weight)
    assert torch.equal(first.bias, second.bias)


def test_loading_into_a_module_of_another_size_changes_nothing() -> None:
    module = torch.nn.Linear(2, 3)
    before = Weights.of_module(module)

    with pytest.raises(WeightsMismatchError, match=r"1 of 2 arrays have another shape .* weight \(3, 9\)"):
        Weights({"weight": np.ones((3, 9), np.float32), "bias": np.ones(3, np.float32)}).load_into(module)
    assert Weights.of_module(module) == before


def test_weights_taken_from_a_module_do_not_follow_its_training() -> None:
    module = torch.nn.Linear(1, 1)
    taken = Weights.of_module(module)

    with torch.no_grad():
        module.weight.add_(1)

    assert Weights.of_module(module) != taken


def test_each_broken_condition_has_its_own_sentence() -> None:
    spec = (ArraySpec("w", (2,), "float32"), ArraySpec("b", (1,), "float32"))
    weights = Weights({"w": np.array([np.nan, 1], np.float64), "b": np.zeros(3, np.float32)})

    problems = weights.problems(spec)

    assert len(problems) == 3
    assert [word for word, text in zip(("shape", "dtype", "finite"), problems, strict=True) if word in text] == [
        "shape",
        "dtype",
        "finite",
    ]


def test_missing_unknown_and_reordered_names_are_told_apart() -> None:
    weights = _two([1], [2])
    other = (ArraySpec("z", (1,), "float32"), ArraySpec("q", (1,), "float32"))

    assert weights.problems(other) == ("The arrays are not the model's: 1 missing (q) and 1 unknown (a).",)
    assert weights.problems(weights.spec[::-1]) == ("The arrays are the model's, but in another order.",)
    assert weights.problems(weights.spec) == ()


def test_a_hostile_reply_with_endless_names_gives_a_short_sentence() -> None:
    weights = Weights({f"{i}" * 500: np.zeros(1) for i in range(2, 9)})

    assert len(weights.problems(())[0]) < 400


def test_the_mean_of_two_is_entry_by_entry_and_keeps_the_dtype() -> None:
    mean = mean_of([_two([1, 3], [0]), _two([3, 5], [1])])

    assert mean == _two([2, 4], [0.5])
    assert mean.arrays["z"].dtype == np.float32


def test_the_mean_of_nothing_or_of_different_models_is_refused() -> None:
    with pytest.raises(WeightsMismatchError, match="no weights to average"):
        mean_of([])
    with pytest.raises(WeightsMismatchError, match="shape"):
        mean_of([_two([1], [1]), _two([1, 2], [1])])


def test_the_distance_of_a_three_four_five_triangle_is_five() -> None:
    assert distance(_two([0], [0]), _two([3], [4])) == 5.0


@pytest.mark.parametrize("cut", [0, 5, 40, -1])
def test_a_file_cut_short_is_refused_with_its_name(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(_two([1, 2], [3]).to_bytes()[:cut])

    with pytest.raises(WeightsFileError, match=r"model\.safetensors.*no weights file of ours"):
        Weights.load(path)


def test_a_missing_file_and_a_file_without_order_are_refused(tmp_path: Path) -> None:
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()

    with pytest.raises(WeightsFileError, match="cannot be read"):
        Weights.load(tmp_path / "none")
    with pytest.raises(WeightsFileError, match="no weights file of ours"):
        Weights.from_bytes(len(header).to_bytes(8, "little") + header + b"\0\0\0\0")
