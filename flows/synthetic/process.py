"""An invented factory's lots over some months: when, on what, how long, in which bath, and how they turned out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from flows.synthetic.bath import Bath, Floats, evolve
from flows.synthetic.defects import Weights, inspect

SHIFTS = ("day", "evening", "night")
MATERIALS = ("steel", "copper", "brass", "zinc_diecast")
BEGINNING = datetime(2024, 9, 2, 6, 0)  # noqa: DTZ001  (a factory's own wall clock)

_RANGES = {
    "bath_temperature": (36.0, 68.0),
    "ph": (3.1, 5.2),
    "current_density": (0.2, 9.0),
    "voltage": (1.5, 15.0),
    "degreasing_time": (15.0, 500.0),
    "pickling_time": (4.0, 200.0),
    "plating_time": (3.0, 150.0),
    "rinse_time": (3.0, 100.0),
    "part_area": (0.1, 80.0),
}


@dataclass(frozen=True, slots=True)
class Process:
    """What an invented factory does, and how.

    Attributes:
        lots: How many lots.
        months: Over how many months.
        prefix: What its lot numbers begin with.
        lines: Names of its plating lines.
        shifts: Share of lots by day, evening and night; where there are two shifts, the second is the night.
        rack: Share of lots on racks, the others in barrels.
        materials: Share of steel, copper, brass and zinc die-cast.
        density: Usual current density on racks, A/dm²; barrels get 0.38 of it.
        degreasing: Usual degreasing time, s.
        pickling: Usual pickling time, s.
        plating: Usual plating time on racks, min; barrels take twice as long.
        rinsing: Usual rinse time, s.
        area: Median surface of a part, dm².
        specified: Thickness that the customers want, µm.
        bath: Its baths.
        weights: Of the defect mechanisms.
        rate: Mean share of defects.
        mistakes: Share of lots judged wrongly.
        cooling: How much colder the baths run at the end than at the beginning, °C (a heater that ages).
        hurry: By how much dwell times shrink until the end, as a share.
    """

    lots: int
    months: float = 18.0
    prefix: str = "L"
    lines: tuple[str, ...] = ("1",)
    shifts: tuple[float, float, float] = (0.6, 0.2, 0.2)
    rack: float = 0.7
    materials: tuple[float, float, float, float] = (0.5, 0.2, 0.2, 0.1)
    density: float = 3.5
    degreasing: float = 120.0
    pickling: float = 40.0
    plating: float = 18.0
    rinsing: float = 22.0
    area: float = 3.0
    specified: float = 10.0
    bath: Bath = field(default_factory=Bath)
    weights: Weights = field(default_factory=Weights)
    rate: float = 0.1
    mistakes: float = 0.012
    cooling: float = 1.0
    hurry: float = 0.1


def simulate(process: Process, rng: np.random.Generator) -> pd.DataFrame:
    """Make a factory's lots in order of time, in the contract's columns and units.

    Args:
        process: The factory.
        rng: Source of chance.

    Returns:
        The contract's columns, unrounded, and ``line_index``, counted from 0.
    """
    shift = rng.choice(3, size=process.lots, p=_shares(process.shifts))
    when = _moments(process, shift, rng)
    order = np.argsort(when, kind="stable")
    lots = pd.DataFrame({"plated_at": when[order], "shift": np.array(SHIFTS, dtype=object)[shift[order]]})
    lots.insert(0, "lot_no", _lot_numbers(process.prefix, lots["plated_at"]))
    lots["line_index"] = rng.integers(0, len(process.lines), process.lots)
    lots["line"] = np.array(process.lines, dtype=object)[lots["line_index"]]
    lots["process"] = np.where(rng.random(process.lots) < process.rack, "rack", "barrel").astype(object)
    material = rng.choice(4, size=process.lots, p=_shares(process.materials))
    lots["base_material"] = np.array(MATERIALS, dtype=object)[material]
    _run(lots, process, rng)
    seen = inspect(
        lots,
        process.weights,
        rate=process.rate,
        mistakes=process.mistakes,
        specified=process.specified,
        rng=rng,
    )
    lots["judgement"], lots["defect_type"] = seen.judgement, seen.defect_type
    return lots


def _run(lots: pd.DataFrame, process: Process, rng: np.random.Generator) -> None:
    """Add what was set and measured."""
    gone = np.linspace(0, 1, len(lots))
    barrel = (lots["process"] == "barrel").to_numpy()
    lots["part_area"] = process.area * np.exp(0.6 * rng.standard_normal(len(lots))) * np.where(barrel, 0.3, 1)
    lots["current_density"] = process.density * np.where(barrel, 0.38, 1) * _around(0.2, lots, rng)
    for name, usual in (("degreasing", process.degreasing), ("pickling", process.pickling), ("rinse", process.rinsing)):
        lots[f"{name}_time"] = usual * (1 - process.hurry * gone) * _around(0.25, lots, rng)
    lots["plating_time"] = process.plating * np.where(barrel, 2, 1) * _around(0.18, lots, rng)
    charge = lots["current_density"].to_numpy() * lots["plating_time"].to_numpy()
    steel = (lots["base_material"] == "steel").to_numpy()
    log = evolve(process.bath, lots["line_index"].to_numpy(), charge / charge.mean(), steel, rng)
    lots["bath_temperature"] = log.temperature - process.cooling * gone - _winter(lots["plated_at"])
    lots["ph"], lots["nickel_sulfate"], lots["nickel_chloride"] = log.ph, log.nickel_sulfate, log.nickel_chloride
    lots["boric_acid"], lots["brightener"], lots["iron_content"] = log.boric_acid, log.brightener, log.iron_content
    lots["voltage"] = _voltage(lots, barrel, rng)
    for name, (low, high) in _RANGES.items():
        lots[name] = lots[name].clip(low, high)


def _voltage(lots: pd.DataFrame, barrel: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Return ``1.6 V + density · resistance``: a warm bath with much chloride conducts better, a barrel worse."""
    warm = 1 + 0.015 * (55 - lots["bath_temperature"].to_numpy())
    salty = np.sqrt(45 / lots["nickel_chloride"].to_numpy())
    resistance = 0.95 * warm * salty * np.where(barrel, 3.2, 1)
    noise = 0.15 * rng.standard_normal(len(lots))
    return np.asarray(1.6 + lots["current_density"].to_numpy() * resistance + noise, dtype=np.float64)


def _around(spread: float, lots: pd.DataFrame, rng: np.random.Generator) -> Floats:
    return np.exp(spread * rng.standard_normal(len(lots)))


def _winter(when: pd.Series) -> Floats:
    """Return by how much the hall's cold lowers the bath, 0 °C in July to 2 °C in January."""
    day = when.dt.day_of_year.to_numpy(dtype=np.float64)
    return np.asarray(1 + np.cos(2 * np.pi * (day - 15) / 365), dtype=np.float64)


def _moments(process: Process, shift: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.datetime64]:
    """Return when each lot began: on working days, in the eight hours of its shift (6, 14 and 22 o'clock)."""
    days = int(process.months * 30.4)
    working = np.array([day for day in range(days) if (BEGINNING + timedelta(days=day)).weekday() < 6])  # noqa: PLR2004
    day = rng.choice(working, size=process.lots)
    minutes = day * 1440 + shift * 480 + rng.integers(0, 480, process.lots)
    return np.datetime64(BEGINNING, "s") + (minutes * 60 + rng.integers(0, 60, process.lots)).astype("timedelta64[s]")


def _lot_numbers(prefix: str, when: pd.Series) -> list[str]:
    """Return numbers such as ``L260305-014``: the day, and the how-manieth lot of it."""
    day = when.dt.strftime("%y%m%d")
    number = day.groupby(day).cumcount() + 1
    return [f"{prefix}{one}-{count:03d}" for one, count in zip(day, number, strict=True)]


def _shares(weights: tuple[float, ...]) -> Floats:
    shares = np.array(weights, dtype=np.float64)
    return np.asarray(shares / shares.sum(), dtype=np.float64)
