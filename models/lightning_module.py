"""DefectClassifier: network, loss and optimiser as a LightningModule, for Lightning's Trainer and its tools.

Training in a round drives the very same hooks by a loop of its own (`models.training`), which makes the same bits. This
module is the only one that imports Lightning: 2.6 s of CPU and 180 MB, which a member's process does without.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from lightning.fabric.plugins.environments.lightning import LightningEnvironment
from lightning.pytorch import LightningModule, Trainer

from models.defect import DefectObjective
from models.torch_runtime import one_thread

if TYPE_CHECKING:
    from models.training import ShuffledSlices

_is_quiet: ContextVar[bool] = ContextVar("_is_quiet", default=False)
_CHATTY = ("lightning.pytorch.utilities.rank_zero", "lightning.fabric.utilities.rank_zero", "lightning.pytorch")


class DefectClassifier(DefectObjective, LightningModule):
    """An objective with its network as a LightningModule: the same hooks, and the same parameters, changed in place.

    Example:
        >>> classifier = DefectClassifier(build_objective(preprocessing, NetworkConfig(), seed=1))
        >>> Trainer(max_epochs=3).fit(classifier, train_dataloaders=batches)

    Args:
        objective: what is trained, and how.
    """

    def __init__(self, objective: DefectObjective) -> None:
        LightningModule.__init__(self)
        for name, value in vars(objective).items():
            setattr(self, name, value)  # the network becomes a submodule


def fit_by_trainer(objective: DefectObjective, batches: "ShuffledSlices", *, epochs: int) -> None:
    """Run the epochs by Lightning's Trainer: the reference for `models.training`."""
    with quiet(), one_thread():
        trainer = Trainer(
            accelerator="cpu",
            devices=1,
            max_epochs=epochs,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            use_distributed_sampler=False,
            plugins=[LightningEnvironment()],  # never look for a cluster in a factory's environment variables
        )
        trainer.fit(DefectClassifier(objective), train_dataloaders=batches)


def _worth_saying(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or not _is_quiet.get()


@contextmanager
def quiet() -> Iterator[None]:
    """Drop Lightning's notices (below ERROR) that come from this call, and from no other thread or caller.

    Changing a logger's level, or catching warnings, would not be local: a thread that trains at the same time would
    undo it too early. So records are filtered by who causes them, and the one known warning by where it comes from.
    """
    # Lightning 2.6 asks torch 2.13 a question in a form that torch deprecates: nobody who trains can do anything about
    # it.
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"lightning\.pytorch\.utilities\._pytree")
    for name in _CHATTY:
        logging.getLogger(name).addFilter(_worth_saying)  # adding the same filter again does nothing
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)
