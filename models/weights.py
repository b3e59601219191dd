"""Weights: ordered, named, frozen numpy arrays, the only form in which a model crosses the border.

Knows numpy and safetensors only: a module is met through its ``state_dict``, so aggregation and screening can use this
file without torch.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, Self

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from models.errors import WeightsFileError, WeightsMismatchError

_SHOWN = 3  # names in one error sentence: a hostile reply must not fill our logs
_LENGTH_BYTES = 8  # a safetensors file starts with the length of its JSON header


class HasStateDict(Protocol):
    """What is asked of a torch module: its parameters by name, sharing storage with the module."""

    def state_dict(self) -> Mapping[str, Any]:
        """Return name -> tensor, in the module's own order."""


@dataclass(frozen=True)
class ArraySpec:
    """What an array must look like.

    Attributes:
        name: the parameter's dotted name.
        shape: its shape, for example ``(width, inputs)``.
        dtype: numpy's name of its type, for example ``float32``.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, eq=False)
class Weights:
    """All parameters of one model.

    Attributes:
        arrays: name -> array in the model's order. They are copied and made read-only, so a Weights never changes.
    """

    arrays: Mapping[str, NDArray[Any]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "arrays", MappingProxyType({name: _frozen(a) for name, a in self.arrays.items()}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Weights) and self.sha256() == other.sha256()

    def __hash__(self) -> int:
        return hash(self.sha256())

    def __reduce__(self) -> tuple[type["Weights"], tuple[dict[str, NDArray[Any]]]]:
        return (Weights, (dict(self.arrays),))  # a mapping proxy cannot be copied between processes

    @property
    def spec(self) -> tuple[ArraySpec, ...]:
        """Names, shapes and dtypes in order."""
        return specs_of(self.arrays)

    @property
    def parameters(self) -> int:
        """How many numbers there are in all."""
        return sum(a.size for a in self.arrays.values())

    @classmethod
    def of_module(cls, module: HasStateDict) -> Self:
        """Copy a module's parameters and buffers.

        Args:
            module: a torch module on the CPU.
        """
        return cls({name: tensor.detach().numpy() for name, tensor in module.state_dict().items()})

    def load_into(self, module: HasStateDict) -> None:
        """Overwrite a module's parameters in place.

        Raises:
            WeightsMismatchError: names, shapes or dtypes differ from the module's, or a number is not finite.
        """
        state = module.state_dict()
        self.check(tuple(ArraySpec(n, tuple(t.shape), str(t.dtype).removeprefix("torch.")) for n, t in state.items()))
        for name, array in self.arrays.items():
            state[name].copy_(state[name].new_tensor(array.copy()))

    def sha256(self) -> str:
        """Hash of names, shapes, dtypes and bytes (little-endian, row-major) in order: equal hash, equal model."""
        digest = hashlib.sha256(json.dumps([[s.name, s.dtype, s.shape] for s in self.spec]).encode())
        for array in self.arrays.values():
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def problems(self, spec: Sequence[ArraySpec]) -> tuple[str, ...]:
        """Compare with what is expected; one sentence per broken condition, none if all is well.

        Args:
            spec: what the receiving model expects, in order.
        """
        names = [s.name for s in spec]
        if list(self.arrays) != names:
            return (_name_problem(list(self.arrays), names),)
        own = self.spec
        shapes = [f"{a.name} {a.shape} for {b.shape}" for a, b in zip(own, spec, strict=True) if a.shape != b.shape]
        dtypes = [f"{a.name} {a.dtype} for {b.dtype}" for a, b in zip(own, spec, strict=True) if a.dtype != b.dtype]
        broken = [n for n, a in self.arrays.items() if a.dtype.kind == "f" and not np.isfinite(a).all()]
        return tuple(
            f"{len(found)} of {len(spec)} arrays {what}: {_shown(found)}."
            for what, found in (
                ("have another shape than the model (got for expected)", shapes),
                ("have another dtype than the model (got for expected)", dtypes),
                ("hold numbers that are not finite (NaN or infinite)", broken),
            )
            if found
        )

    def check(self, spec: Sequence[ArraySpec]) -> None:
        """Refuse weights that do not fit.

        Raises:
            WeightsMismatchError: with every sentence of :meth:`problems`.
        """
        if problems := self.problems(spec):
            raise WeightsMismatchError(problems)

    def to_bytes(self) -> bytes:
        """Serialise as safetensors; the order of the arrays is kept in the file's metadata."""
        tensors = {name: array.astype(array.dtype.newbyteorder("=")) for name, array in self.arrays.items()}
        return bytes(safetensors.numpy.save(tensors, metadata={"order": json.dumps(list(tensors))}))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what :meth:`to_bytes` wrote: same order, same hash.

        Raises:
            WeightsFileError: the bytes are damaged or hold no order of arrays.
        """
        try:
            tensors = safetensors.numpy.load(data)
            size = int.from_bytes(data[:_LENGTH_BYTES], "little")
            order = json.loads(json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + size])["__metadata__"]["order"])
            return cls({name: tensors.pop(name) for name in order} | _nothing_more(tensors))
        except (safetensors.SafetensorError, ValueError, KeyError, TypeError) as error:
            text = f"These {len(data)} bytes are no weights file of ours: damaged, cut short, or of another program."
            raise WeightsFileError(f"{text} Fetch the model again.") from error

    def save(self, path: Path) -> None:
        """Write a safetensors file; a reader never sees half of it."""
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(self.to_bytes())
        os.replace(partial, path)  # noqa: PTH105  (Path.replace returns a path nobody needs)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that :meth:`save` wrote.

        Raises:
            WeightsFileError: the file is missing, damaged or of another program.
        """
        try:
            return cls.from_bytes(path.read_bytes())
        except OSError as error:
            raise WeightsFileError(f"{path} cannot be read: {error.strerror}.") from error
        except WeightsFileError as error:
            raise WeightsFileError(f"{path}: {error}") from error


def specs_of(arrays: Mapping[str, NDArray[Any]]) -> tuple[ArraySpec, ...]:
    """Say what named arrays look like, in order.

    Args:
        arrays: name -> array.
    """
    return tuple(ArraySpec(name, array.shape, array.dtype.name) for name, array in arrays.items())


def mean_of(parts: Sequence[Weights]) -> Weights:
    """Average models entry by entry: ``(a + b + ...) / n``, summed in float64, kept in their own dtype.

    Averaging the weights of late rounds is stochastic weight averaging (Izmailov et al. 2018, "Averaging Weights Leads
    to Wider Optima and Better Generalization"). Example: ``[1, 3]`` and ``[3, 5]`` give ``[2, 4]``.

    Args:
        parts: at least one, all of one spec.

    Raises:
        WeightsMismatchError: there are none, or they differ in names, shapes or dtypes.
    """
    if not parts:
        raise WeightsMismatchError(("There are no weights to average: give at least one.",))
    for part in parts[1:]:
        part.check(parts[0].spec)
    means = {n: np.mean([p.arrays[n] for p in parts], axis=0, dtype=np.float64) for n in parts[0].arrays}
    return Weights({name: mean.astype(parts[0].arrays[name].dtype) for name, mean in means.items()})


def distance(a: Weights, b: Weights) -> float:
    """Euclidean (L2) norm of ``a - b`` over all arrays taken as one vector, in float64.

    Raises:
        WeightsMismatchError: they differ in names, shapes or dtypes.
    """
    a.check(b.spec)
    pairs = ((a.arrays[name].astype(np.float64), b.arrays[name].astype(np.float64)) for name in a.arrays)
    return float(np.sqrt(sum(float(np.square(left - right).sum()) for left, right in pairs)))


def _nothing_more(tensors: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Refuse arrays that the order does not name."""
    if tensors:
        raise ValueError(f"{len(tensors)} arrays are not in the order")
    return {}


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    copy = np.array(array, order="C", copy=True)
    copy.flags.writeable = False
    return copy


def _shown(found: Sequence[str]) -> str:
    rest = len(found) - _SHOWN
    return ", ".join(item[:80] for item in found[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _name_problem(got: Iterable[str], expected: Iterable[str]) -> str:
    got, expected = list(got), list(expected)
    missing = [n for n in expected if n not in got]
    unknown = [n for n in got if n not in expected]
    if not missing and not unknown:
        return "The arrays are the model's, but in another order."
    parts = [f"{len(missing)} missing ({_shown(missing)})"] if missing else []
    parts += [f"{len(unknown)} unknown ({_shown(unknown)})"] if unknown else []
    return f"The arrays are not the model's: {' and '.join(parts)}."
