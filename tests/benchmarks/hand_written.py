"""The work by hand: torch and numpy, one process, no Pumasi; what the in-process runtime is held against.

It reads the same encoded rows, starts from the same weights and draws the same batches as Pumasi, so the weights at the
end must be the same. ``--trainer`` lets Lightning's Trainer run each member's epoch. Prints one JSON line.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Arrays = dict[str, NDArray[np.float32]]


class Block(nn.Module):
    """A residual block."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.inner, self.outer = nn.LayerNorm(width), nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, h: Tensor) -> Tensor:
        """Map `(B, W)` to `(B, W)`."""
        result: Tensor = h + self.outer(functional.relu(self.inner(self.norm(h))))
        return result


class Network(nn.Module):
    """The network of the work."""

    def __init__(self, inputs: int, width: int, blocks: int, classes: int) -> None:
        super().__init__()
        self.entry = nn.Linear(inputs, width)
        self.blocks = nn.ModuleList(Block(width) for _ in range(blocks))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, I)` to logits `(B, C)`."""
        h = functional.relu(self.entry(x))
        for block in self.blocks:
            h = block(h)
        logits: Tensor = self.head(functional.relu(self.norm(h)))
        return logits


def evaluate(network: Network, x: Tensor, y: NDArray[np.int64], log_weights: Tensor) -> float:
    """Return the summed negative log-likelihood of validation rows."""
    with torch.inference_mode():
        p = torch.softmax((network(x) - log_weights).double(), dim=1).numpy()
    return float(-np.log(np.maximum(p[np.arange(len(y)), y], 1e-15)).sum())


class Slices:
    """Batches in the order of a seed, as a loader that Lightning takes for one."""

    def __init__(self, x: Tensor, y: Tensor, seed: int, batch: int) -> None:
        self._x, self._y = x, y
        self._rows = torch.split(torch.randperm(len(y), generator=torch.Generator().manual_seed(seed)), batch)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return ((self._x[rows], self._y[rows]) for rows in self._rows)


def epoch(network: Network, batches: Slices, weights: Tensor, rate: float) -> None:
    """Train one epoch with a fresh optimiser."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.0)
    for inputs, labels in batches:
        loss = (weights[labels] * functional.cross_entropy(network(inputs), labels, reduction="none")).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def trainer_epoch(network: Network, batches: Slices, weights: Tensor, rate: float) -> None:
    """Do the same by Lightning's Trainer, as its manual says."""
    from lightning.pytorch import LightningModule, Trainer  # noqa: PLC0415  (the other way does without)

    class Module(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def training_step(self, rows: tuple[Tensor, Tensor], _index: int) -> Tensor:
            inputs, labels = rows
            return (weights[labels] * functional.cross_entropy(self.network(inputs), labels, reduction="none")).mean()

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.AdamW(self.parameters(), lr=rate, weight_decay=0.0)

    quiet: dict[str, Any] = dict.fromkeys(
        ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False
    )
    Trainer(accelerator="cpu", devices=1, max_epochs=1, **quiet).fit(Module(), train_dataloaders=batches)


def average(parts: list[Arrays], rows: list[int]) -> Arrays:
    """Average by rows."""
    total = sum(rows)
    return {
        name: np.sum([part[name] * (n / total) for part, n in zip(parts, rows, strict=True)], axis=0).astype(np.float32)
        for name in parts[0]
    }


def run(given: Any, rounds: int, *, trainer: bool) -> dict[str, Any]:
    """Do the rounds and return what each took."""
    torch.set_num_threads(1)
    members, batch, rate = int(given["members"]), int(given["batch"]), float(given["rate"])
    start: Arrays = {name.removeprefix("w/"): given[name] for name in given.files if name.startswith("w/")}
    rows = {k: {part: given[f"{k}/{part}"] for part in ("x", "y", "vx", "vy")} for k in range(members)}
    tensors = {k: {part: torch.from_numpy(array) for part, array in of.items()} for k, of in rows.items()}
    weights = torch.from_numpy(given["class_weights"])
    width, inputs = start["entry.weight"].shape
    network = Network(inputs, width, int(given["blocks"]), len(weights))
    fit, shared, seconds, cpu, losses = trainer_epoch if trainer else epoch, start, [], [], []
    for number in range(rounds):
        began, used, parts, loss = time.perf_counter(), time.process_time(), [], 0.0
        for k in range(members):
            network.load_state_dict({name: torch.from_numpy(array) for name, array in shared.items()})
            loss += evaluate(network, tensors[k]["vx"], rows[k]["vy"], weights.log())
            seed = int(given["seeds"][k, number])
            fit(network, Slices(tensors[k]["x"], tensors[k]["y"], seed, batch), weights, rate)
            parts.append({name: t.detach().numpy().copy() for name, t in network.state_dict().items()})
        shared = average(parts, [len(rows[k]["y"]) + len(rows[k]["vy"]) for k in range(members)])
        losses.append(loss / sum(len(of["vy"]) for of in rows.values()))
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return {"seconds": seconds, "cpu": cpu, "loss": losses[-1], "weights": shared}


def peak_bytes(process: int | str = "self") -> int:
    """Return the largest resident set of a process so far; 0 of one that has ended."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("given", type=Path)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--trainer", action="store_true")
    parser.add_argument("--weights", type=Path, required=True, help="where the last weights go")
    asked = parser.parse_args()
    with np.load(asked.given) as given:
        done = run(given, asked.rounds, trainer=asked.trainer)
    np.savez(asked.weights, **done.pop("weights"))
    done |= {"whole_cpu": time.process_time(), "peak": peak_bytes()}
    sys.stdout.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    main()
