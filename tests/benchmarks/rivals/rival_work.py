"""The work as the rivals do it: plain torch, the network of Pumasi written out again, and a stamp at each round's end.

It is imported by processes of other environments (Flower's and NVIDIA FLARE's), so it knows torch and numpy only.
"""

import functools
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

torch.set_num_threads(1)

FEATURES, CLASSES, BATCH, LEARNING_RATE = 30, 2, 128, 0.001
FOLDER, STAMPS, WIDTH, BLOCKS = "BENCHMARK_DATA", "BENCHMARK_STAMPS", "BENCHMARK_WIDTH", "BENCHMARK_BLOCKS"


class Block(nn.Module):
    """``h + Linear(ReLU(Linear(LayerNorm(h))))``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.inner, self.outer = nn.LayerNorm(width), nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, h: Tensor) -> Tensor:
        """Map `(rows, width)` to the same shape."""
        changed: Tensor = h + self.outer(functional.relu(self.inner(self.norm(h))))
        return changed


class Network(nn.Module):
    """Pumasi's network: entry, residual blocks, norm, head. Always starts from the same parameters."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        width, blocks = int(os.environ[WIDTH]), int(os.environ[BLOCKS])
        self.entry = nn.Linear(FEATURES, width)
        self.blocks = nn.ModuleList(Block(width) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(rows, features)` to `(rows, classes)`."""
        h = functional.relu(self.entry(x))
        for block in self.blocks:
            h = block(h)
        logits: Tensor = self.head(functional.relu(self.norm(h)))
        return logits


@functools.cache
def rows(member: int, part: str) -> tuple[Tensor, Tensor]:
    """Return inputs and labels of one member, counted from 1; `part` is ``train`` or ``validation``."""
    stored = np.load(Path(os.environ[FOLDER]) / f"member-{member}.npz")
    return torch.from_numpy(stored[f"x_{part}"]), torch.from_numpy(stored[f"y_{part}"])


def train(state: dict[str, Tensor], member: int, number: int) -> tuple[dict[str, Tensor], int, float]:
    """Train one local epoch; return the new parameters, the rows and the mean loss."""
    x, y = rows(member, "train")
    network = Network()
    network.load_state_dict(state)
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=0.0)
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(1000 * number + member))
    total = 0.0
    for batch in torch.split(order, BATCH):
        loss = functional.cross_entropy(network(x[batch]), y[batch])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        total += float(loss.detach()) * len(batch)
    return network.state_dict(), len(y), total / len(y)


@torch.inference_mode()
def evaluate(state: dict[str, Tensor], member: int) -> tuple[float, int]:
    """Return the mean loss on the member's validation rows, and how many they are."""
    x, y = rows(member, "validation")
    network = Network()
    network.load_state_dict(state)
    return float(functional.cross_entropy(network(x), y)), len(y)


def evaluate_all(state: dict[str, Tensor], members: int) -> float:
    """Return the mean loss over all members' validation rows."""
    found = [evaluate(state, member) for member in range(1, members + 1)]
    return sum(loss * count for loss, count in found) / sum(count for _, count in found)


def tensors(arrays: Mapping[str, NDArray[np.float32] | Tensor]) -> dict[str, Tensor]:
    """Return named arrays as a network's state."""
    return {name: torch.as_tensor(values) for name, values in arrays.items()}


def stamp(what: str | int, **more: float | str) -> None:
    """Note that something has happened, with the time and the loopback's byte counter."""
    with Path("/proc/net/dev").open(encoding="ascii") as lines:
        loopback = next((int(line.split()[9]) for line in lines if line.strip().startswith("lo:")), 0)
    line = json.dumps({"what": what, "time": time.time(), "loopback": loopback, **more})
    with Path(os.environ[STAMPS]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
