"""Personalisation: each member's own variant of the shared model, and its own model without the others, fairly.

Both happen at the member, on its own rows, and stay there. A comparison is worth something only if "alone" gets the
same start, the same budget and the same tricks as "together".
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.configs import NetworkConfig, TrainingConfig
from models.errors import SettingError
from models.evaluation import negative_log_likelihood, row_losses
from models.family import Personal
from models.prediction import predict
from models.preprocessing import Preprocessing
from models.records import Records
from models.training import train
from models.variants import ENOUGH_TO_CHOOSE, Variant
from models.weights import Weights, mean_of


@dataclass(frozen=True)
class LocalModel:
    """A member's own model, trained without the others.

    Attributes:
        weights: of the best block, or the average of the last blocks.
        validation_losses: mean negative log-likelihood after each block, in nats; last the average's, if there is one.
        chosen: position of the chosen entry in `validation_losses`.
    """

    weights: Weights
    validation_losses: tuple[float, ...]
    chosen: int


def personalise(
    shared: Weights,
    records: Records,
    validation: Records,
    *,
    preprocessing: Preprocessing,
    network: NetworkConfig,
    config: TrainingConfig,
    seed: int,
    minimum_validation_rows: int = ENOUGH_TO_CHOOSE,
) -> Personal:
    """Fine-tune the shared model on a member's rows and keep that only where its validation rows clearly say so.

    `models.variants.choose` compares three variants by their losses on these rows: the shared model, the fine-tuned
    one, and the mean of both weights, which often keeps the better of both (Wortsman et al. 2022, "Robust Fine-Tuning
    of Zero-Shot Models").

    Args:
        shared: the model of all members.
        records: the member's training rows.
        validation: its validation rows; the hold-out stays unseen.
        preprocessing: of the run.
        network: size of the network.
        config: of the fine-tuning; few epochs and a small learning rate. With `own_classes` the variants are compared
            among the member's own classes, since its rows can judge no other; the fine-tuning itself, whose result
            stays here, is over all classes.
        seed: of the order of rows.
        minimum_validation_rows: below this many rows nothing is fine-tuned and the shared model is chosen, since a
            choice by a handful of rows is a coin toss.

    Returns:
        What `models.variants.choose` takes, with the mean losses of all variants.
    """
    if len(validation) < minimum_validation_rows:
        return Personal(Variant.SHARED, shared, {})
    alone = replace(config, own_classes=False)
    tuned = train(shared, records, preprocessing=preprocessing, network=network, config=alone, seed=seed).weights
    variants = {Variant.SHARED: shared, Variant.FINE_TUNED: tuned, Variant.MEAN: mean_of([shared, tuned])}
    among = np.union1d(records.y, validation.y) if config.own_classes else None
    losses = {v: _losses(w, validation, preprocessing, network, among) for v, w in variants.items()}
    return Personal.chosen(variants, losses, minimum_rows=minimum_validation_rows)


def local_only(
    initial: Weights,
    records: Records,
    validation: Records,
    *,
    preprocessing: Preprocessing,
    network: NetworkConfig,
    config: TrainingConfig,
    rounds: int,
    average_last: int,
    seed: int,
    minimum_validation_rows: int = ENOUGH_TO_CHOOSE,
) -> LocalModel:
    """Train a member's own model with all that the shared one gets: start, preprocessing, budget, averaging, choice.

    There are as many blocks of epochs as the shared model has rounds, each with a fresh optimiser. The best block by
    validation loss is kept, or the average of the last blocks if that is better still. With few validation rows the
    average is taken unseen: the least loss of some 25 blocks on 8 to 12 rows is mostly luck, and picking by it made
    "alone" look worse (ROC-AUC 0.629 instead of 0.651 on the demonstration's split), so "together" look better.

    Args:
        initial: where the shared model started, too.
        records: the member's training rows.
        validation: its validation rows; the hold-out stays unseen.
        preprocessing: of the run.
        network: size of the network.
        config: the same as for a round, but always over all classes: nobody else's are to be spared here.
        rounds: blocks of ``config.epochs`` epochs.
        average_last: how many last blocks are averaged; 1 for none.
        seed: of the order of rows.
        minimum_validation_rows: below this many rows nothing is chosen: the average of the last blocks is taken, or
            the last block if `average_last` is 1.

    Raises:
        SettingError: rounds or average_last is below 1.
    """
    for setting, value in (("rounds", rounds), ("average_last", average_last)):
        if value < 1:
            raise SettingError(setting, allowed="at least 1", got=value)
    blocks, weights, config = [], initial, replace(config, own_classes=False)
    for block_seed in np.random.SeedSequence(seed).generate_state(rounds).tolist():
        weights = train(
            weights, records, preprocessing=preprocessing, network=network, config=config, seed=block_seed
        ).weights
        blocks.append(weights)
    candidates = [*blocks, mean_of(blocks[-average_last:])] if average_last > 1 else blocks
    losses = tuple(
        negative_log_likelihood(predict(w, validation.x, preprocessing=preprocessing, network=network), validation.y)
        for w in candidates
    )
    enough = len(validation) >= max(minimum_validation_rows, 1)
    chosen = losses.index(min(losses)) if enough else len(candidates) - 1
    return LocalModel(candidates[chosen], losses, chosen)


def _losses(
    weights: Weights,
    rows: Records,
    preprocessing: Preprocessing,
    network: NetworkConfig,
    among: NDArray[np.int64] | None,
) -> NDArray[np.float64]:
    """Return the loss of each row `(rows,)`; among some classes only, all labels among them, if they are given."""
    probabilities = predict(weights, rows.x, preprocessing=preprocessing, network=network)
    total = 1.0 if among is None else probabilities[:, among].sum(axis=1, keepdims=True)
    return row_losses(probabilities / np.maximum(total, np.finfo(np.float64).tiny), rows.y)
