"""What a member does with a request, free of Flower: its records and a typed request in, a typed reply out.

Every number that is returned obeys the member's own minimums; a smaller group of rows is reported as zero rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol
from uuid import uuid4

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.disclosure import shown_rows
from data_contracts.statistics import describe
from federated.errors import TooFewToTrain
from federated.fields import text_digest
from federated.in_memory import InMemory
from federated.messages import (
    Arrays,
    Assignment,
    Calibrate,
    Calibrated,
    Comparison,
    DescribeRecords,
    Evaluate,
    Evaluated,
    Minimums,
    RecordsDescribed,
    RoundTrained,
    TrainRound,
)
from federated.seeds import derive_seed
from models.calibration import TEMPERATURES, best_temperature, nll_by_temperature
from models.evaluation import Scorecard, score_rows
from models.family import Family, Personal, family_of, planned_family
from models.intervals import paired_difference
from models.preprocessing import Preprocessing
from models.records import Records
from models.weights import Weights

MOST_ENCODED = 256 * 2**20
"""Bytes of encoded rows that a process keeps between two requests, of all members in it together."""
_AT_ONCE = 2**16  # rows that are encoded at once: what lies between a frame and its numbers is several times as large


class Rows(Protocol):
    """Accepted rows in their three parts, as `data_contracts.split.Split` has them, or read when they are needed."""

    @property
    def train(self) -> pd.DataFrame:
        """Rows that teach."""

    @property
    def validation(self) -> pd.DataFrame:
        """Rows that choose between variants and fit the temperature."""

    @property
    def holdout(self) -> pd.DataFrame:
        """Rows used for nothing but the final comparison."""

    @property
    def known(self) -> pd.DataFrame:
        """Training and validation rows together."""


@dataclass(frozen=True)
class MemberRecords:
    """One member's dataset, ready to answer requests about it.

    Attributes:
        member: The member's id.
        contract: The contract that the rows satisfy.
        rows: The accepted rows in their three parts.
        minimums: The member's own minimums; a request cannot lower them.
        digest: Equal digest, equal rows; by default a name that no other rows have.
    """

    member: str
    contract: Contract
    rows: Rows
    minimums: Minimums
    digest: str = field(default_factory=lambda: uuid4().hex)

    def binding(self, asked: Minimums) -> Minimums:
        """Return the stricter of the member's own minimums and those of the request, field by field."""
        return Minimums(
            count=max(self.minimums.count, asked.count),
            evaluation_rows=max(self.minimums.evaluation_rows, asked.evaluation_rows),
        )


def describe_records(records: MemberRecords, request: DescribeRecords) -> RecordsDescribed:
    """Answer the statistics round from the training and validation rows; the hold-out stays unseen."""
    minimums = records.binding(request.assignment.minimums)
    return RecordsDescribed(describe(records.rows.known, records.contract, minimum_count=minimums.count))


def train_round(records: MemberRecords, request: TrainRound) -> RoundTrained:
    """Score the arriving model on the validation rows, then train it for one round on the training rows."""
    task = request.assignment
    minimum = records.binding(task.minimums).count
    model = _Model.read(records, request.arrays, request.preprocessing, planned_family(task, leaf_rows=minimum))
    training, validation = _known(records, model)
    if len(training) < minimum:
        raise TooFewToTrain(f"{len(training)} training rows, the minimum is {minimum}")
    told = len(validation) >= minimum
    loss_sum = score_rows(model.predict(validation), validation.y, positive=None).loss_sum if told else 0.0
    seed = derive_seed(task.seed, "train", records.member, request.round)
    update = model.family.train(model.weights, training, preprocessing=model.preprocessing, seed=seed)
    return RoundTrained(
        arrays=update.weights.arrays,
        rows=shown_rows(np.bincount(np.concatenate([training.y, validation.y])), minimum),
        loss=update.loss,
        validation_rows=len(validation) if told else 0,
        validation_loss_sum=loss_sum,
    )


def calibrate(records: MemberRecords, request: Calibrate) -> Calibrated:
    """Sum the losses of the validation rows at every temperature of the grid."""
    task = request.assignment
    minimum = records.binding(task.minimums).count
    model = _Model.read(records, request.arrays, request.preprocessing, planned_family(task, leaf_rows=minimum))
    _, validation = _known(records, model)
    if len(validation) < minimum:
        return Calibrated(0, np.zeros(len(TEMPERATURES)))
    return Calibrated(len(validation), nll_by_temperature(model.predict(validation), validation.y))


def evaluate(records: MemberRecords, request: Evaluate, keep: Callable[[Personal], None]) -> Evaluated:
    """Compare shared, personalised, local-only and champion model on the hold-out rows.

    The member fine-tunes its own variant and trains its local-only model here; both stay at home.

    Args:
        records: The member's records.
        request: The candidate, and the champion if there is one to compare with.
        keep: Called with the variant the member chose, so that it can store it.
    """
    task, minimums = request.assignment, records.binding(request.assignment.minimums)
    family = planned_family(task, leaf_rows=minimums.count)
    shared = _Model.read(records, request.arrays, request.preprocessing, family, request.temperature)
    known = _known(records, shared)
    personal = _personalise(records, shared, task, *known)
    keep(personal)
    holdout = _records(shared.preprocessing, records.rows.holdout)
    if _too_small(holdout, minimums):
        return Evaluated(withheld=True)
    mine = replace(shared, weights=personal.weights).predict(holdout)
    alone = _train_alone(records, shared, task, *known).predict(holdout)
    positive = shared.preprocessing.positive
    return Evaluated(
        withheld=False,
        comparison=Comparison(
            shared=score_rows(shared.predict(holdout), holdout.y, positive=positive),
            personalised=score_rows(mine, holdout.y, positive=positive),
            local=score_rows(alone, holdout.y, positive=positive),
            variant=personal.variant,
            champion=_score_champion(records, request),
            difference=paired_difference(
                mine,
                alone,
                holdout.y,
                positive=positive,
                seed=derive_seed(task.seed, "bootstrap"),
                level=request.level,
            ),
        ),
    )


def _too_small(holdout: Records, minimums: Minimums) -> bool:
    """Tell whether the hold-out is too small to speak of: in all, or in a class that is present."""
    present = np.bincount(holdout.y)
    return len(holdout) < minimums.evaluation_rows or bool(((present > 0) & (present < minimums.count)).any())


@dataclass(frozen=True)
class _Model:
    """Weights with what is needed to use them."""

    weights: Weights
    preprocessing: Preprocessing
    family: Family
    temperature: float
    preprocessing_digest: str

    @classmethod
    def read(
        cls,
        records: MemberRecords,
        arrays: Arrays,
        preprocessing: str,
        family: Family,
        temperature: float = 1.0,
    ) -> "_Model":
        """Read a model that arrived, if it reads no more of a row than the contract's features."""
        read = _read_preprocessing(preprocessing)
        read.check(records.contract)
        return cls(Weights(arrays), read, family, temperature, text_digest(preprocessing))

    def predict(self, records: Records) -> NDArray[np.float64]:
        return self.family.predict(
            self.weights, records.x, preprocessing=self.preprocessing, temperature=self.temperature
        )


def _personalise(
    records: MemberRecords, shared: _Model, task: Assignment, training: Records, validation: Records
) -> Personal:
    seed = derive_seed(task.seed, "personalise", records.member)
    return shared.family.personalise(
        shared.weights, training, validation, preprocessing=shared.preprocessing, seed=seed
    )


def _train_alone(
    records: MemberRecords, shared: _Model, task: Assignment, training: Records, validation: Records
) -> _Model:
    """Train the member's own model: same start, same budget, same averaging, and its own temperature."""
    weights = shared.family.train_alone(
        training,
        validation,
        preprocessing=shared.preprocessing,
        rounds=task.rounds,
        average_last=task.average_last,
        start_seed=task.seed,
        seed=derive_seed(task.seed, "local", records.member),
    )
    alone = replace(shared, weights=weights, temperature=1.0)
    if len(validation) < records.binding(task.minimums).evaluation_rows:  # too few: a temperature would be noise
        return alone
    sums = nll_by_temperature(alone.predict(validation), validation.y)
    return replace(alone, temperature=best_temperature(sums))


def _score_champion(records: MemberRecords, request: Evaluate) -> Scorecard | None:
    if request.champion is None:
        return None
    champion = _Model.read(
        records,
        request.champion_arrays,
        request.champion.preprocessing,
        family_of(request.champion.network, None, request.champion.trees),
        request.champion.temperature,
    )
    holdout = _records(champion.preprocessing, records.rows.holdout)
    return score_rows(champion.predict(holdout), holdout.y, positive=champion.preprocessing.positive)


@lru_cache(maxsize=2)  # a run has one, and perhaps a champion's
def _read_preprocessing(text: str) -> Preprocessing:
    return Preprocessing.from_json(text)


def _known(records: MemberRecords, model: _Model) -> tuple[Records, Records]:
    """Return training and validation rows as numbers: the same in every round, so they are kept between requests."""
    key = (records.digest, records.contract.sha256, model.preprocessing_digest)

    def encode() -> tuple[Records, Records]:
        return _records(model.preprocessing, records.rows.train), _records(model.preprocessing, records.rows.validation)

    return _ENCODED.get(key, encode, use=model.preprocessing_digest)


def _records(preprocessing: Preprocessing, frame: pd.DataFrame) -> Records:
    x = np.empty((len(frame), preprocessing.width), dtype=np.float32)
    for start in range(0, len(frame), _AT_ONCE):
        x[start : start + _AT_ONCE] = preprocessing.encode(frame.iloc[start : start + _AT_ONCE])
    return Records(x, preprocessing.targets(frame))


def _bytes(known: tuple[Records, Records]) -> int:
    return sum(part.x.nbytes + part.y.nbytes for part in known)


_ENCODED: InMemory[tuple[Records, Records]] = InMemory(MOST_ENCODED, _bytes)
