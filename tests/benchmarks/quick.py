"""Ratios that must not slip: ``make benchmark-quick`` measures them anew and holds them against the stored ones.

A time depends on the machine and on who else uses it; a ratio of two things measured in turn hardly does. Every ratio
is made of CPU seconds or bytes of two things that take turns, and is the median, or the least, over the turns. One that
is more than a quarter above the stored one fails. ``--store`` writes what was measured as the new bar.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from speed import FOLDER, SKIPPED, once, prepare
from speed_startup import imported
from torch.nn import functional

from models.configs import NetworkConfig, TrainingConfig
from models.encodings import NumberEncoding
from models.network import build_network
from models.prediction import initial_weights
from models.preprocessing import Preprocessing
from models.records import Records
from models.training import train

STORED = Path(__file__).with_name("ratios.json")
MOST_SLIP = 1.25
ROUNDS, TURNS, IMPORT_TURNS, SMALL_TURNS = 9, 5, 7, 40
SMALL_ROWS, SMALL_BATCH, SMALL_EPOCHS, INPUTS = 60, 16, 4, 20


def measure() -> dict[str, float]:
    """Return every ratio by name."""
    return {**rounds(), **small_member(), **imports()}


def rounds() -> dict[str, float]:
    """Hold a round in process, and its memory, against the loop by hand."""
    prepare(FOLDER)
    cpu, peak = [], []
    for _ in range(TURNS):
        hand, ours = (once(way, FOLDER, ROUNDS) for way in ("by hand", "Pumasi"))
        cpu.append(min(ours["cpu"][SKIPPED:]) / min(hand["cpu"][SKIPPED:]))
        peak.append(ours["peak"] / hand["peak"])
    return {
        "a round in process / by hand": statistics.median(cpu),
        "peak memory in process / by hand": statistics.median(peak),
    }


def small_member() -> dict[str, float]:
    """Hold one call of `train` on a small member's rows against the same steps by hand."""
    chance = np.random.default_rng(1)
    x = chance.normal(size=(SMALL_ROWS, INPUTS)).astype(np.float32)
    records = Records(x, chance.integers(0, 2, SMALL_ROWS))
    preprocessing, network = _preprocessing(), NetworkConfig()
    config = TrainingConfig(epochs=SMALL_EPOCHS, batch_size=SMALL_BATCH)
    start = initial_weights(preprocessing, network, seed=1)
    ours = partial(train, start, records, preprocessing=preprocessing, network=network, config=config, seed=1)
    least = least_of({"train": ours, "by hand": partial(_by_hand, records, preprocessing, network, config)})
    return {"training on 60 rows / by hand": least["train"] / least["by hand"]}


def _by_hand(records: Records, preprocessing: Preprocessing, network: NetworkConfig, config: TrainingConfig) -> None:
    built = build_network(preprocessing, network, seed=1)
    optimiser = torch.optim.AdamW(built.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    x, y, generator = torch.from_numpy(records.x), torch.from_numpy(records.y), torch.Generator().manual_seed(1)
    for _ in range(config.epochs):
        for rows in torch.split(torch.randperm(len(y), generator=generator), config.batch_size):
            losses = functional.cross_entropy(built(x[rows]), y[rows], reduction="none")
            optimiser.zero_grad()
            (built.class_weights[y[rows]] * losses).mean().backward()  # type: ignore[no-untyped-call]
            optimiser.step()


def _preprocessing() -> Preprocessing:
    return Preprocessing(
        contract="quick@1.0.0",
        contract_sha256="0" * 64,
        target="y",
        classes=("no", "yes"),
        defects=("yes",),
        numbers=tuple(NumberEncoding(f"x{n}", (0.0, 1.0), 0.5, missing=False) for n in range(INPUTS)),
        categories=(),
        class_weights=(1.0, 1.0),
        centres=(0.5,) * INPUTS,
        scales=(1.0,) * INPUTS,
    )


def least_of(ways: dict[str, Callable[[], object]], turns: int = SMALL_TURNS) -> dict[str, float]:
    """Return the least CPU seconds of each way; they take turns, so that all meet the same machine."""
    torch.set_num_threads(1)
    least = dict.fromkeys(ways, float("inf"))
    for _ in range(turns):
        for name, work in ways.items():
            began = time.process_time()
            work()
            least[name] = min(least[name], time.process_time() - began)
    return least


def imports() -> dict[str, float]:
    """Hold what is imported against the least that it could be."""
    pairs = {
        "pumasi-member --help / click": ("import federated.member.cli", "import click"),
        "a member's worker, warm / torch and pandas": (
            "import federated.client_app; from federated.member.warm_up import warm_up; warm_up()",
            "import torch, pandas",
        ),
    }
    found: dict[str, float] = {}
    for name, pair in pairs.items():
        seen = [[imported(code, repeats=1, top=False) for code in pair] for _ in range(IMPORT_TURNS)]
        found[name] = statistics.median(ours.cpu / bare.cpu for ours, bare in seen)
        found[f"memory of {name}"] = statistics.median(ours.peak / bare.peak for ours, bare in seen)
    return found


def slipped(found: dict[str, float], stored: dict[str, float]) -> list[str]:
    """Return the ratios that are more than a quarter above the stored ones, or that nobody stored.

    Example: 1.3 beside a stored 1.0 has slipped, 1.2 has not.
    """
    return [name for name, ratio in found.items() if ratio > MOST_SLIP * stored.get(name, 0.0)]


def main() -> None:
    """Measure, compare and say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", action="store_true", help="write what was measured as the new bar")
    asked = parser.parse_args()
    began, found = time.perf_counter(), measure()
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    if asked.store:
        STORED.write_text(json.dumps({name: round(ratio, 3) for name, ratio in found.items()}, indent=1) + "\n")
    worse = [] if asked.store else slipped(found, stored)
    for name, ratio in found.items():
        bar = f"{stored[name]:.2f}" if name in stored else "none"
        sys.stdout.write(f"{'SLIPPED' if name in worse else 'ok':8s} {ratio:7.2f}  stored {bar:>6s}  {name}\n")
    sys.stdout.write(f"{time.perf_counter() - began:.0f} s\n")
    if worse:
        raise SystemExit(f"{len(worse)} ratio(s) slipped by more than {MOST_SLIP - 1:.0%}: {', '.join(worse)}")


if __name__ == "__main__":
    main()
