"""The six invented factories' processes, and processes drawn at random like them."""

from dataclasses import replace

import numpy as np

from flows.synthetic.bath import Bath
from flows.synthetic.defects import Weights
from flows.synthetic.process import Process

FACTORIES: tuple[Process, ...] = (
    # Decorative parts, hand lines, one man knows the bath: cold in winter, brightener by feeling.
    Process(
        lots=420,
        prefix="D",
        lines=("1라인", "2라인"),
        shifts=(1, 0, 0),
        rack=0.9,
        materials=(0.35, 0.05, 0.2, 0.4),
        density=3.0,
        degreasing=85,
        pickling=18,
        plating=16,
        rinsing=17,
        area=2.2,
        specified=8,
        bath=Bath(52, 4.1, 260, 42, 37, 2.7, 0.5, 60, 25, 0.35, 2.2),
        weights=Weights(burning=0.8, peeling=1.4, dull=1.3, stain=1.1),
        rate=0.14,
        mistakes=0.015,
        cooling=1.5,
        hurry=0.1,
    ),
    # Fasteners in barrels, three shifts, much steel: iron and thin deposits.
    Process(
        lots=3000,
        prefix="MS",
        lines=("NI-1", "NI-2", "NI-3"),
        shifts=(0.4, 0.35, 0.25),
        rack=0.15,
        materials=(0.85, 0.02, 0.13, 0),
        density=3.9,
        degreasing=150,
        pickling=52,
        plating=17,
        rinsing=25,
        area=1.0,
        specified=8,
        bath=Bath(56, 4.3, 290, 48, 41, 3.2, 0.45, 65, 60, 0.2, 1.4),
        weights=Weights(roughness=1.3, thin=1.2, peeling=0.8, burning=0.6),
        rate=0.10,
        mistakes=0.01,
        cooling=1.0,
        hurry=0.12,
    ),
    # Supplier of the car industry, copper and steel on racks, high current.
    Process(
        lots=1600,
        prefix="26H",
        lines=("H1", "H2"),
        shifts=(0.5, 0, 0.5),
        rack=0.8,
        materials=(0.5, 0.35, 0.1, 0.05),
        density=4.6,
        degreasing=125,
        pickling=38,
        plating=15,
        rinsing=24,
        area=5.5,
        specified=11,
        bath=Bath(58, 4.2, 300, 52, 42, 3.0, 0.4, 50, 45, 0.12, 1.0),
        weights=Weights(burning=1.4, thin=1.1, stain=0.8, dull=0.7),
        rate=0.09,
        mistakes=0.006,
        cooling=0.5,
        hurry=0.05,
    ),
    # Taps and fittings of brass, two shifts, neglected pH.
    Process(
        lots=900,
        prefix="FT-",
        lines=("A", "B"),
        shifts=(0.6, 0, 0.4),
        rack=0.75,
        materials=(0.1, 0.2, 0.6, 0.1),
        density=3.4,
        degreasing=75,
        pickling=21,
        plating=20,
        rinsing=20,
        area=3.5,
        specified=10,
        bath=Bath(54, 3.95, 270, 45, 39, 2.8, 0.7, 55, 35, 0.3, 1.6),
        weights=Weights(pitting=1.5, stain=1.2, peeling=0.9, burning=0.9),
        rate=0.12,
        mistakes=0.01,
        cooling=1.0,
        hurry=0.12,
    ),
    # The smallest: electrical contacts, a new bath, few lots.
    Process(
        lots=320,
        prefix="E",
        lines=("1호기",),
        shifts=(0.8, 0, 0.2),
        rack=0.55,
        materials=(0.15, 0.6, 0.25, 0),
        density=2.6,
        degreasing=65,
        pickling=20,
        plating=14,
        rinsing=19,
        area=0.8,
        specified=6,
        bath=Bath(51, 4.25, 250, 40, 38, 2.5, 0.5, 50, 22, 0.3, 1.8),
        weights=Weights(pitting=1.2, thin=1.3, dull=1.1, burning=0.9),
        rate=0.16,
        mistakes=0.015,
        cooling=1.2,
        hurry=0.1,
    ),
    # A new plant with a modern MES: everything measured, little forgotten.
    Process(
        lots=2000,
        prefix="LOT",
        lines=("P1", "P2", "P3", "P4"),
        shifts=(0.4, 0.3, 0.3),
        rack=0.6,
        materials=(0.55, 0.2, 0.15, 0.1),
        density=4.0,
        degreasing=115,
        pickling=35,
        plating=17,
        rinsing=23,
        area=4.0,
        specified=10,
        bath=Bath(57, 4.2, 285, 46, 41, 3.1, 0.5, 45, 50, 0.1, 1.2),
        weights=Weights(burning=1.1, pitting=0.9, roughness=1.0),
        rate=0.09,
        mistakes=0.005,
        cooling=0.6,
        hurry=0.06,
    ),
)


def draw_process(lots: int, rng: np.random.Generator) -> Process:
    """Draw a factory: one of the six with its set points, weights and rates moved a little.

    Args:
        lots: How many lots it has.
        rng: Source of chance.
    """
    like = FACTORIES[int(rng.integers(len(FACTORIES)))]

    def about(value: float, spread: float = 0.08) -> float:
        return float(value * np.exp(spread * rng.standard_normal()))

    bath = replace(
        like.bath,
        temperature=like.bath.temperature + float(rng.normal(0, 1.5)),
        ph=like.bath.ph + float(rng.normal(0, 0.08)),
        nickel_sulfate=about(like.bath.nickel_sulfate),
        nickel_chloride=about(like.bath.nickel_chloride),
        boric_acid=about(like.bath.boric_acid, 0.05),
        brightener=about(like.bath.brightener),
    )
    return replace(
        like,
        lots=lots,
        months=float(rng.uniform(1, 18)),
        prefix=str(rng.choice(["L", "N", "NI", "PL", "W", "K-", "B", "LOT-"])),
        density=about(like.density),
        degreasing=about(like.degreasing),
        pickling=about(like.pickling),
        plating=about(like.plating),
        rinsing=about(like.rinsing),
        area=about(like.area, 0.3),
        rate=float(rng.uniform(0.05, 0.2)),
        bath=bath,
    )
