"""How a Watts nickel bath changes from lot to lot: consumed, dragged out, dirtied, and put right now and then.

The rates are plausible inventions. What is taken from textbooks is the direction: nickel salts and boric acid are lost
by drag-out, the brightener is used up by ampere-hours, the pH creeps up because the anode dissolves more than the
cathode deposits, and iron comes in with steel parts until the bath is purified.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bath:
    """Set points of a factory's baths and how well they are kept.

    Attributes:
        temperature: Set point, °C.
        ph: Set point.
        nickel_sulfate: Set point, g/L.
        nickel_chloride: Set point, g/L.
        boric_acid: Set point, g/L.
        brightener: Set point, mL/L.
        iron_pickup: Iron that a lot of steel brings in, mg/L.
        iron_ceiling: Iron above which the bath is purified, mg/L.
        analysis_every: Lots on a line between two analyses with additions.
        forgotten: Chance that an addition is left out, 0 to 1.
        unsteady: Standard deviation of the temperature around its set point, °C.
    """

    temperature: float = 55.0
    ph: float = 4.2
    nickel_sulfate: float = 280.0
    nickel_chloride: float = 45.0
    boric_acid: float = 40.0
    brightener: float = 3.0
    iron_pickup: float = 0.6
    iron_ceiling: float = 60.0
    analysis_every: int = 40
    forgotten: float = 0.2
    unsteady: float = 1.5


@dataclass(frozen=True)
class BathLog:
    """What the baths were like at each lot.

    Attributes:
        temperature: °C, shape (lots,); likewise the others, in the contract's units.
    """

    temperature: Floats
    ph: Floats
    nickel_sulfate: Floats
    nickel_chloride: Floats
    boric_acid: Floats
    brightener: Floats
    iron_content: Floats


_SALTS = ("nickel_sulfate", "nickel_chloride", "boric_acid")
_LOST = 0.16  # share of a salt dragged out between two analyses
_USED = 0.75  # share of the brightener used up between two doses
_PH_CREEP = 0.4  # between two analyses
_PURIFIED = 0.3  # share of the iron that a purification leaves


def evolve(
    bath: Bath, tank: NDArray[np.int64], charge: Floats, steel: NDArray[np.bool_], rng: np.random.Generator
) -> BathLog:
    """Follow every tank from lot to lot.

    Args:
        bath: Set points and care.
        tank: Which tank each lot went through, counted from 0, shape (lots,).
        charge: Each lot's ampere-hours relative to the factory's mean, shape (lots,).
        steel: Whether the lot's parts are steel, shape (lots,).
        rng: Source of chance.
    """
    tanks = [_Tank(bath, rng) for _ in range(int(tank.max()) + 1)]
    rows = [tanks[number].next(float(load), bool(iron)) for number, load, iron in zip(tank, charge, steel, strict=True)]
    return BathLog(*np.array(rows, dtype=np.float64).T)


class _Tank:
    """One tank's state."""

    def __init__(self, bath: Bath, rng: np.random.Generator) -> None:
        self._bath, self._rng = bath, rng
        self._salts = [getattr(bath, name) * (1 + 0.04 * rng.standard_normal()) for name in _SALTS]
        self._brightener = bath.brightener * (1 + 0.15 * rng.standard_normal())
        self._ph = bath.ph + 0.1 * rng.standard_normal()
        self._iron = bath.iron_ceiling * rng.uniform(0.15, 0.7)
        self._off = 0.0
        self._lots = int(rng.integers(0, bath.analysis_every))

    def next(self, charge: float, steel: bool) -> tuple[float, ...]:  # noqa: FBT001
        """Return what the lot meets, then let it change the bath."""
        noise = self._rng.standard_normal(8)
        self._off = 0.9 * self._off + 0.436 * self._bath.unsteady * noise[0]  # 0.436² + 0.9² = 1: the spread stays
        salts = [max(value * (1 + 0.01 * noise[1 + index]), 1.0) for index, value in enumerate(self._salts)]
        met = (
            self._bath.temperature + self._off,
            self._ph + 0.03 * noise[4],
            *salts,
            max(self._brightener * (1 + 0.03 * noise[5]), 0.05),
            max(self._iron + 1.0 * noise[6], 0.5),
        )
        self._use(charge, steel=steel)
        return met

    def _use(self, charge: float, *, steel: bool) -> None:
        every = self._bath.analysis_every
        self._salts = [value * (1 - _LOST / every) for value in self._salts]
        self._brightener *= 1 - min(_USED * 3 / every * charge, 0.5)
        self._ph += _PH_CREEP / every * charge
        self._iron += self._bath.iron_pickup * (1.0 if steel else 0.2)
        self._lots += 1
        if self._lots % every == 0 and self._done():
            self._salts = [getattr(self._bath, name) * (1 + 0.04 * self._rng.standard_normal()) for name in _SALTS]
        if self._lots % max(every // 3, 1) == 0 and self._done():
            self._brightener = self._bath.brightener * (1 + 0.2 * self._rng.standard_normal())
        if self._lots % max(every // 2, 1) == 0 and self._done():
            self._ph = self._bath.ph - 0.12 + 0.12 * self._rng.standard_normal()
        if self._iron > self._bath.iron_ceiling and self._done():
            self._iron *= _PURIFIED

    def _done(self) -> bool:
        return bool(self._rng.random() >= self._bath.forgotten)
