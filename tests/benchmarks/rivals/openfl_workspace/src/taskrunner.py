"""OpenFL's task runner over the benchmark's work: evaluate what arrived, train, send back."""

from typing import Any

import numpy as np
import rival_work as work
import torch
from openfl.federated import PyTorchTaskRunner
from openfl.utilities import Metric
from torch import Tensor


class MemberRunner(PyTorchTaskRunner):
    """Holds the network; the arithmetic is the same as everybody's."""

    def __init__(self, device: str = "cpu", **kwargs: Any) -> None:
        super().__init__(device=device, **kwargs)
        self.model = work.Network()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=work.LEARNING_RATE, weight_decay=0.0)
        self.number = 0

    def forward(self, x: Tensor) -> Tensor:
        """Map `(rows, features)` to `(rows, classes)`."""
        logits: Tensor = self.model(x)
        return logits

    def rebuild_model(self, round_num: int, input_tensor_dict: dict[str, Any], validation: bool = False) -> None:  # noqa: FBT001, FBT002
        """Take the arriving weights, and note the round's number, from 1."""
        self.number = round_num + 1
        super().rebuild_model(round_num, input_tensor_dict, validation)

    def train_(self, train_dataloader: object) -> Metric:
        """Train one local epoch."""
        del train_dataloader
        state, _, loss = work.train(self.model.state_dict(), self.data_loader.member, self.number)
        self.model.load_state_dict(state)
        return Metric(name="train_loss", value=np.array(loss))

    def validate_(self, validation_dataloader: object) -> Metric:
        """Evaluate on the validation rows."""
        del validation_dataloader
        loss, _ = work.evaluate(self.model.state_dict(), self.data_loader.member)
        return Metric(name="validation_loss", value=np.array(loss))
