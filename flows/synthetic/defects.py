"""Why an invented lot fails: seven mechanisms, the same in every factory, of different weight in each.

Each mechanism has a stress, about 0 at the edge of good practice and growing by about 1 for each clearly bad step. Its
probability is ``1 / (1 + exp(-(gain · weight · stress + hidden + offset)))``; ``hidden`` is what no column records (a
torn filter bag, a worn contact), and ``offset`` is chosen so that the factory's mean defect rate is the one wanted. A
lot is defective if any mechanism strikes. The directions are textbook rules of thumb; the numbers are inventions.
"""

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TYPES = ("burning", "pitting", "peeling", "roughness", "dull", "thin", "stain", "other")
MICROMETRES = 0.205
"""Nickel that 1 A/dm² deposits in a minute, in µm (Faraday: 58.69 g/mol, 2 electrons, 8.90 g/cm³, no losses)."""

_GAIN = 2.0
_HIDDEN = 0.5
_DEGREASE = {"steel": 110.0, "copper": 60.0, "brass": 70.0, "zinc_diecast": 80.0}
_PICKLE = {"steel": 40.0, "copper": 18.0, "brass": 18.0, "zinc_diecast": 10.0}
_OTHER_STRESS = -1.2


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each mechanism counts in a factory; 1 is usual, 0 never happens there."""

    burning: float = 1.0
    pitting: float = 1.0
    peeling: float = 1.0
    roughness: float = 1.0
    dull: float = 1.0
    thin: float = 1.0
    stain: float = 1.0


@dataclass(frozen=True)
class Inspection:
    """What the inspector wrote.

    Attributes:
        judgement: ``ok`` or ``ng``, shape (lots,).
        defect_type: The kind of defect, None for good lots, shape (lots,).
        probability: The true probability of a defect before the inspector's mistakes, shape (lots,).
    """

    judgement: NDArray[np.object_]
    defect_type: NDArray[np.object_]
    probability: Floats


def inspect(
    lots: pd.DataFrame,
    weights: Weights,
    *,
    rate: float,
    mistakes: float,
    specified: float,
    rng: np.random.Generator,
) -> Inspection:
    """Let chance decide which lots fail and how.

    Args:
        lots: One row per lot, in the contract's columns and units.
        weights: Of the mechanisms in this factory.
        rate: Wanted mean share of defects, 0 to 1.
        mistakes: Share of lots that the inspector judges wrongly, 0 to 1.
        specified: Thickness that the customers want, µm.
        rng: Source of chance.
    """
    stress = np.column_stack([stresses(lots, specified), np.full(len(lots), _OTHER_STRESS)])  # (lots, 8)
    gain = _GAIN * np.array([*astuple(weights), 1.0])
    logits = np.where(gain > 0, gain * stress - 2.5 + _HIDDEN * rng.standard_normal(stress.shape), -np.inf)
    chances = 1 / (1 + np.exp(-(logits + _offset(logits, rate))))
    struck = rng.random(chances.shape) < chances
    worst = np.where(struck, chances, 0).argmax(axis=1)
    wrong = rng.random(len(lots)) < mistakes
    defect = struck.any(axis=1) ^ wrong
    kinds = np.where(struck.any(axis=1), np.array(TYPES, dtype=object)[worst], "other")
    return Inspection(
        np.where(defect, "ng", "ok").astype(object),
        _kept(kinds, defect),
        1 - np.prod(1 - chances, axis=1),
    )


def _kept(kinds: NDArray[np.object_], defect: NDArray[np.bool_]) -> NDArray[np.object_]:
    found = np.full(len(kinds), None, dtype=object)
    found[defect] = kinds[defect]
    return found


def stresses(lots: pd.DataFrame, specified: float) -> Floats:
    """Return the stress of the seven mechanisms, shape (lots, 7), in the order of `TYPES`.

    Args:
        lots: One row per lot.
        specified: Thickness that the customers want, µm.
    """
    temperature, ph, density = (_numbers(lots, name) for name in ("bath_temperature", "ph", "current_density"))
    boric, sulfate, chloride = (_numbers(lots, name) for name in ("boric_acid", "nickel_sulfate", "nickel_chloride"))
    brightener, iron, area = (_numbers(lots, name) for name in ("brightener", "iron_content", "part_area"))
    degreasing, pickling, rinse = (_numbers(lots, f"{name}_time") for name in ("degreasing", "pickling", "rinse"))
    barrel = (lots["process"] == "barrel").to_numpy()
    base = lots["base_material"].astype(str)
    degrease_need = base.map(_DEGREASE).to_numpy(dtype=np.float64)
    pickle_need = base.map(_PICKLE).to_numpy(dtype=np.float64)
    zinc = (base == "zinc_diecast").to_numpy()

    limit = (
        5.2 * (1 + 0.03 * (temperature - 55)) * np.sqrt(boric / 40) * np.sqrt(sulfate / 280) * np.where(barrel, 0.4, 1)
    )
    burning = 7 * (density / limit - 0.9) + 0.3 * np.log(area / 5)
    pitting = (3.95 - ph) / 0.2 + (2.0 - brightener) / 0.9 + (iron - 45) / 30
    peeling = 3.5 * (degrease_need - degreasing) / degrease_need + np.where(
        zinc, 1.2 * (pickling - 16) / 8, 3.0 * (pickle_need - pickling) / pickle_need
    )
    roughness = (iron - 40) / 12 + np.maximum(ph - 4.4, 0) / 0.15
    dull = np.abs(brightener - 3.0) / 0.8 - 1.2 + (50 - temperature) / 4
    thin = 7 * (1 - MICROMETRES * 0.95 * density * _numbers(lots, "plating_time") / specified)
    stain = 3.5 * (18 - rinse) / 18 + (chloride - 50) / 15
    raw = np.column_stack([burning, pitting, peeling, roughness, dull, thin, stain])
    return np.clip(raw, -4.0, 5.0)


def _numbers(lots: pd.DataFrame, name: str) -> Floats:
    return lots[name].to_numpy(dtype=np.float64)


def _offset(logits: Floats, rate: float) -> float:
    """Return what is added to all log-odds so that the mean chance of any defect is `rate`; found by bisection."""
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        mean = float(np.mean(1 - np.prod(1 / (1 + np.exp(logits + middle)), axis=1)))
        low, high = (low, middle) if mean > rate else (middle, high)
    return (low + high) / 2
