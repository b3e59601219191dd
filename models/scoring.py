"""Scoring: new rows in, probabilities of a defect out, with reasons for the worst ones; on the member's own machine.

Reasons are found by occlusion (Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks"): one
column at a time is put to its usual value, and the fall of the score is what that column contributed. It explains the
model, not the press.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.encodings import CategoryEncoding, NumberEncoding
from models.package import ModelPackage

_REASONS = 3
_LEAST_FALL = 0.005  # half a percentage point of probability: below it a "reason" is noise


@dataclass(frozen=True)
class Wording:
    """The few words of a reason in one language; `{...}` are filled in."""

    higher: str
    lower: str
    other: str
    missing: str


_WORDINGS = {
    "ko": Wording(
        higher="{label} {value}{unit}: 평소 {usual}{unit}보다 높음 (불량 확률 {fall:+.0%}p)",
        lower="{label} {value}{unit}: 평소 {usual}{unit}보다 낮음 (불량 확률 {fall:+.0%}p)",
        other="{label} {value}: 평소는 {usual} (불량 확률 {fall:+.0%}p)",
        missing="{label} 값 없음 (불량 확률 {fall:+.0%}p)",
    ),
    "en": Wording(
        higher="{label} {value}{unit}: higher than the usual {usual}{unit} (defect probability {fall:+.0%}p)",
        lower="{label} {value}{unit}: lower than the usual {usual}{unit} (defect probability {fall:+.0%}p)",
        other="{label} {value}: usually {usual} (defect probability {fall:+.0%}p)",
        missing="{label} is missing (defect probability {fall:+.0%}p)",
    ),
}


def score_frame(
    package: ModelPackage, frame: pd.DataFrame, *, language: str = "en", reasons_for: int = 20
) -> pd.DataFrame:
    """Score rows that have passed the contract.

    Args:
        package: the model.
        frame: accepted rows, without or with the label's column; it is not looked at.
        language: ``ko`` or ``en``, for the reasons.
        reasons_for: how many of the rows with the highest scores get reasons; the others get an empty text.

    Returns:
        One line per row, with the frame's index and these columns: `score`, the probability of a defect; `predicted`,
        the most probable class; `defect`, whether the score reaches the package's threshold; `reasons`, up to three.

    Raises:
        PreprocessingError: the frame lacks columns of the contract.
    """
    preprocessing = package.preprocessing
    x = preprocessing.encode(frame)
    probabilities = _predict(package, x)
    scores = probabilities[:, list(preprocessing.defect_indices)].sum(axis=1)
    worst = np.argsort(-scores, kind="stable")[:reasons_for]
    reasons = np.full(len(frame), "", dtype=object)
    reasons[worst] = _reasons(package, frame.iloc[worst], x[worst], scores[worst], language)
    return pd.DataFrame(
        {
            "score": scores,
            "predicted": np.take(np.array(preprocessing.classes, dtype=object), probabilities.argmax(axis=1)),
            "defect": scores >= package.threshold,
            "reasons": reasons,
        },
        index=frame.index,
    )


def occlusion_falls(package: ModelPackage, x: NDArray[np.float32], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each row's score falls when one column takes its usual value.

    Args:
        package: the model.
        x: encoded rows `(rows, width)`.
        scores: their probabilities of a defect `(rows,)`.

    Returns:
        Falls in probability `(rows, columns)`, columns in the order of the preprocessing; negative where the column
        speaks against a defect.
    """
    blocks, usual = package.preprocessing.blocks, package.preprocessing.reference_row()
    changed = np.repeat(x[:, None, :], len(blocks), axis=1)  # (rows, columns, width)
    for position, (_, block) in enumerate(blocks):
        changed[:, position, block] = usual[block]
    probabilities = _predict(package, changed.reshape(-1, x.shape[1]))
    occluded = probabilities[:, list(package.preprocessing.defect_indices)].sum(axis=1)
    falls: NDArray[np.float64] = scores[:, None] - occluded.reshape(len(x), len(blocks))
    return falls


def _reasons(
    package: ModelPackage,
    rows: pd.DataFrame,
    x: NDArray[np.float32],
    scores: NDArray[np.float64],
    language: str,
) -> list[str]:
    falls = occlusion_falls(package, x, scores)
    texts = []
    for position, row_falls in enumerate(falls):
        strongest = [c for c in np.argsort(-row_falls, kind="stable")[:_REASONS] if row_falls[c] >= _LEAST_FALL]
        encodings = [(package.preprocessing.encodings[c], row_falls[c]) for c in strongest]
        texts.append("; ".join(_reason(package, e, rows[e.name].iloc[position], f, language) for e, f in encodings))
    return texts


def _reason(
    package: ModelPackage, encoding: NumberEncoding | CategoryEncoding, value: object, fall: float, language: str
) -> str:
    column = package.contract.column(encoding.name)
    words = _WORDINGS.get(language, _WORDINGS["en"])
    label, unit = column.label.text(language), f" {column.unit}" if column.unit else ""
    if pd.isna(value):  # type: ignore[call-overload]
        return words.missing.format(label=label, fall=fall)
    if isinstance(encoding, CategoryEncoding):
        return words.other.format(label=label, value=value, usual=encoding.reference or "-", fall=fall)
    number = float(value)  # type: ignore[arg-type]
    template = words.higher if number > encoding.reference else words.lower
    usual = f"{encoding.reference:.4g}"
    return template.format(label=label, value=f"{number:.4g}", unit=unit, usual=usual, fall=fall)


def _predict(package: ModelPackage, x: NDArray[np.float32]) -> NDArray[np.float64]:
    return package.family.predict(
        package.weights, x, preprocessing=package.preprocessing, temperature=package.temperature
    )
