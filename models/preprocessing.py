"""Preprocessing: contract + federated statistics -> the same tensors on every machine.

Everything is derived from the contract and from sums over all members, so a member can neither shift nor learn another
member's scale from it. Numbers become piecewise-linear encodings (PLE): Gorishniy, Rubachev and Babenko 2022, "On
Embeddings for Numerical Features in Tabular Deep Learning", section 3.2. Categories become one-hot vectors. Then every
input is centred and scaled by its federated mean and standard deviation: without it, the many inputs that are nearly
always 1 drown the few that tell rows apart (on print-defect it is worth about 0.04 of ROC-AUC).
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Column, Contract
from data_contracts.statistics import FrameStatistics, quantiles
from models.configs import MOST_BINS, check_bins
from models.encodings import CategoryEncoding, NumberEncoding, positions
from models.errors import PreprocessingError, RecordsError

_LEAST_SCALE = 0.25  # an input that hardly ever differs must not shout when it does
_SHOWN = 5


@dataclass(frozen=True)
class Preprocessing:
    """Everything needed to turn a frame of one contract into a model's inputs and labels.

    Attributes:
        contract: reference of the contract, for example ``print-defect@1.0.0``.
        contract_sha256: hash of the contract's file.
        target: name of the label's column.
        classes: its vocabulary in order; a class is its index.
        defects: those of the classes that count as a defect.
        numbers: one encoding per numeric feature, in the contract's order.
        categories: one encoding per categorical feature, in the contract's order.
        class_weights: weight of a class in the training loss; rows of a rare class count for more.
        centres: federated mean of each input `(width,)`, which is subtracted.
        scales: federated standard deviation of each input `(width,)`, at least 0.25, by which it is divided.
    """

    contract: str
    contract_sha256: str
    target: str
    classes: tuple[str, ...]
    defects: tuple[str, ...]
    numbers: tuple[NumberEncoding, ...]
    categories: tuple[CategoryEncoding, ...]
    class_weights: tuple[float, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]

    def __post_init__(self) -> None:
        sizes = {"centres": self.width, "scales": self.width, "class_weights": len(self.classes)}
        for name, expected in sizes.items():
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if values.shape != (expected,) or not np.isfinite(values).all():
                raise PreprocessingError(f"The preprocessing of {self.contract} needs {expected} finite {name}.")
        if min(self.scales) <= 0 or min(self.class_weights) <= 0 or not set(self.defects) <= set(self.classes):
            text = "needs scales and class weights above 0, and defects that are classes"
            raise PreprocessingError(f"The preprocessing of {self.contract} {text}.")

    def check(self, contract: Contract) -> None:
        """Refuse a preprocessing that came from elsewhere and reads more of a row than the contract's features.

        Whoever chooses the encodings chooses what a model can tell about single rows: of an id column, or of one value.

        Raises:
            PreprocessingError: it is for another contract, or an encoding, a class or a scale is none that
                :func:`fit_preprocessing` makes for this one.
        """
        rules = {
            "contract": (self.contract, self.contract_sha256) == (contract.reference, contract.sha256),
            "target": (self.target, self.classes) == (contract.target.name, contract.classes),
            "defects": self.defects == contract.defects,
            "numeric columns": [e.name for e in self.numbers] == [c.name for c in contract.numbers],
            "edges": all(map(_fits_number, self.numbers, contract.numbers)),
            "categories": [(e.name, e.vocabulary) for e in self.categories]
            == [(c.name, c.vocabulary) for c in contract.categories],
            "scales": min(self.scales) >= _LEAST_SCALE,
        }
        if broken := [name for name, kept in rules.items() if not kept]:
            raise PreprocessingError(f"The preprocessing does not fit {contract.reference}: {', '.join(broken)}.")

    @property
    def encodings(self) -> tuple[NumberEncoding | CategoryEncoding, ...]:
        """All encodings in the order of their numbers in a row: numbers first."""
        return (*self.numbers, *self.categories)

    @property
    def width(self) -> int:
        """Numbers per row that the model sees."""
        return sum(encoding.width for encoding in self.encodings)

    @property
    def blocks(self) -> tuple[tuple[str, slice], ...]:
        """Which of the `width` numbers belong to which column, in order."""
        ends = np.cumsum([e.width for e in self.encodings]).tolist()
        return tuple((e.name, slice(end - e.width, end)) for e, end in zip(self.encodings, ends, strict=True))

    @property
    def positive(self) -> int | None:
        """Index of the defect class if there are exactly two classes, one of them a defect; else None."""
        defects = self.defect_indices
        return defects[0] if len(self.classes) == 2 and len(defects) == 1 else None  # noqa: PLR2004

    @property
    def defect_indices(self) -> tuple[int, ...]:
        """Indices of the classes that count as a defect."""
        return tuple(index for index, name in enumerate(self.classes) if name in self.defects)

    @property
    def defect_share(self) -> float:
        """Share of defects among the training rows of all members, 0 to 1, read back from the class weights.

        Calling a part defective from this probability on weighs missed defects and false alarms so that balanced
        accuracy is highest, as far as the probabilities are calibrated (Elkan 2001, "The Foundations of
        Cost-Sensitive Learning").
        """
        return float(sum(self.class_shares[index] for index in self.defect_indices))

    @property
    def class_shares(self) -> tuple[float, ...]:
        """Share of each class among the training rows of all members, in the classes' order, from the same weights."""
        return tuple(1 / (len(self.classes) * weight) for weight in self.class_weights)

    def encode(self, frame: pd.DataFrame) -> NDArray[np.float32]:
        """Turn accepted rows into inputs `(rows, width)`.

        Raises:
            PreprocessingError: the frame lacks columns of the contract.
        """
        if absent := [e.name for e in self.encodings if e.name not in frame.columns]:
            shown = ", ".join(absent[:_SHOWN])
            text = (
                f"The frame lacks {len(absent)} of {len(self.encodings)} feature columns of {self.contract}: {shown}."
            )
            raise PreprocessingError(f"{text} Check the file against the contract first.")
        numbers = [e.encode(frame[e.name].to_numpy(dtype=np.float64, na_value=np.nan)) for e in self.numbers]
        return self._standardise(np.hstack([*numbers, *(e.encode(frame[e.name]) for e in self.categories)]))

    def _standardise(self, encoded: NDArray[np.float64]) -> NDArray[np.float32]:
        standard: NDArray[np.float64] = (encoded - np.asarray(self.centres)) / np.asarray(self.scales)
        return standard.astype(np.float32)

    def zeros(self) -> NDArray[np.float32]:
        """Return what each input is where its encoding says 0 `(width,)`."""
        return self._standardise(np.zeros(self.width))

    def targets(self, frame: pd.DataFrame) -> NDArray[np.int64]:
        """Turn labels into class indices `(rows,)`.

        Raises:
            PreprocessingError: the frame has no label column.
            RecordsError: rows have no label or one outside the contract's vocabulary.
        """
        if self.target not in frame.columns:
            raise PreprocessingError(f"The frame has no column {self.target}, the label of {self.contract}.")
        codes = positions(frame[self.target], self.classes)
        if (unknown := np.flatnonzero(codes < 0)).size:
            lines = ", ".join(str(frame.index[i]) for i in unknown[:_SHOWN])
            allowed = ", ".join(self.classes)
            text = (
                f"{unknown.size} of {len(codes)} rows have no label out of ({allowed}) in {self.target}: rows {lines}"
            )
            raise RecordsError(f"{text}{', ...' if unknown.size > _SHOWN else ''}. Correct them in the file.")
        return codes

    def reference_row(self) -> NDArray[np.float32]:
        """Encode the usual row `(width,)`: every number at its median, every category at its most frequent value."""
        numbers = [e.encode(np.array([e.reference]))[0] for e in self.numbers]
        categories = [e.encode(pd.Series([e.reference], dtype="object"))[0] for e in self.categories]
        return self._standardise(np.concatenate([*numbers, *categories]))

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, floats by ``repr``, so that reading it gives the same bits."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            PreprocessingError: the text is not such JSON.
        """
        try:
            fields = json.loads(text)
            numbers = [NumberEncoding(**n | {"edges": tuple(n["edges"])}) for n in fields.pop("numbers")]
            categories = [
                CategoryEncoding(**c | {"vocabulary": tuple(c["vocabulary"])}) for c in fields.pop("categories")
            ]
            plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
            return cls(numbers=tuple(numbers), categories=tuple(categories), **plain)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PreprocessingError("This text is not a preprocessing in our JSON form. Fetch it again.") from error

    def sha256(self) -> str:
        """Hash of the canonical JSON: equal hash, equal tensors."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _fits_number(encoding: NumberEncoding, column: Column) -> bool:
    """Tell whether an encoding is one of the column: no more pieces than allowed, inside the column's range."""
    low, high = column.bounds
    pieces = len(encoding.edges) - 1
    inside = low <= encoding.edges[0] and encoding.edges[-1] <= high
    return pieces <= MOST_BINS and inside and encoding.missing == (column.max_missing > 0)


def fit_preprocessing(contract: Contract, statistics: FrameStatistics, *, bins: int) -> Preprocessing:
    """Build the preprocessing of a run from a contract and the merged statistics of all members.

    Args:
        contract: what a record is.
        statistics: sums over all members; nothing in it belongs to one of them.
        bins: quantile bins per numeric column, at most; equal quantiles fall together.

    Raises:
        SettingError: bins is not between 1 and 64.
        PreprocessingError: the contract has no features.
    """
    check_bins(bins)
    if not contract.numbers and not contract.categories:
        raise PreprocessingError(
            f"{contract.reference} has no column with role feature: there is nothing to learn from."
        )
    numbers = [_number(column, i, statistics, bins) for i, column in enumerate(contract.numbers)]
    categories = [_category(column, statistics.categories[i]) for i, column in enumerate(contract.categories)]
    mean, square = np.hstack(
        [
            *(
                _number_moments(e, c, statistics, i)
                for i, (e, c) in enumerate(zip(numbers, contract.numbers, strict=True))
            ),
            *(e.moments(statistics.categories[i, : e.width], statistics.rows) for i, e in enumerate(categories)),
        ]
    )  # (width,), (width,)
    scales = np.maximum(np.sqrt(np.maximum(square - mean**2, 0)), _LEAST_SCALE)
    return Preprocessing(
        contract=contract.reference,
        contract_sha256=contract.sha256,
        target=contract.target.name,
        classes=contract.classes,
        defects=contract.defects,
        numbers=tuple(numbers),
        categories=tuple(categories),
        class_weights=balanced_weights(statistics.class_counts),
        centres=tuple(mean.tolist()),
        scales=tuple(scales.tolist()),
    )


def balanced_weights(class_counts: NDArray[np.int64]) -> tuple[float, ...]:
    """Weight each class by ``w_c = N / (C n_c)``: all classes weigh the same in sum, and a row weighs 1 on average.

    A count of 0 means "withheld or never seen", not "none": such a class is taken to be as frequent as the rarest class
    that was counted. If nothing was counted at all, every class weighs 1. Example: counts (30, 10) -> (2/3, 2).

    Args:
        class_counts: rows per class over all members `(classes,)`.
    """
    counted = class_counts[class_counts > 0]
    if not counted.size:
        return (1.0,) * len(class_counts)
    counts = np.where(class_counts > 0, class_counts, counted.min()).astype(np.float64)
    return tuple(float(w) for w in counts.sum() / (len(counts) * counts))


def _number(column: Column, index: int, statistics: FrameStatistics, bins: int) -> NumberEncoding:
    low, high = column.bounds
    edges, reference = np.array([low, high]), (low + high) / 2  # all that is known when every count was withheld
    if statistics.bins[index].sum() > 0:
        found = np.unique(np.clip(quantiles(statistics, index, np.linspace(0, 1, bins + 1), low, high), low, high))
        edges = found if len(found) > 1 else edges
        reference = float(np.clip(quantiles(statistics, index, np.array([0.5]), low, high)[0], low, high))
    return NumberEncoding(column.name, tuple(edges.tolist()), float(reference), missing=column.max_missing > 0)


def _category(column: Column, counts: NDArray[np.int64]) -> CategoryEncoding:
    own = counts[: len(column.vocabulary)]
    return CategoryEncoding(column.name, column.vocabulary, column.vocabulary[int(own.argmax())] if own.any() else None)


def _number_moments(
    encoding: NumberEncoding, column: Column, statistics: FrameStatistics, index: int
) -> NDArray[np.float64]:
    """Mean and mean square over all members `(2, width)`; a column that nobody may speak of counts as never missing."""
    low, high = column.bounds
    present = int(statistics.present[index])
    missing = (statistics.rows - present) / statistics.rows if present else 0.0
    return encoding.moments(statistics.bins[index], low=low, high=high, missing=missing)
