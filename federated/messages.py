"""Every message on the wire as a named frozen type that says who sends it to whom.

What a run exchanges, in order:

=================  ==========================================  ==============================================
phase              association -> member                       member -> association
=================  ==========================================  ==============================================
roll call          `RollCall`                                  `Present`
contract check     `CheckContract`                             `ContractChecked`
statistics         `DescribeRecords`                           `RecordsDescribed`
rounds             `TrainRound`                                `RoundTrained`
calibration        `Calibrate`                                 `Calibrated`
evaluation         `Evaluate`                                  `Evaluated`
delivery           `TakeHome`                                  `TakenHome`
=================  ==========================================  ==============================================

A field is a number, a text, a tuple of either, a NumPy array, a mapping of named arrays, or another frozen type of
these (`federated.wire` turns them into Flower records and back). No field can hold a row.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data_contracts.frame_statistics import FrameStatistics
from federated.names import check_digest, check_name
from models.configs import NetworkConfig, TrainingConfig, TreesConfig, check_one_family
from models.evaluation import Scorecard
from models.intervals import Interval

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
"""Named arrays in a fixed order: the parameters of a network, or trees."""


MOST_ROUNDS = 10_000
"""Rounds that a member agrees to at most: its local-only model gets as many."""


@dataclass(frozen=True)
class Minimums:
    """How many rows a number must cover before it may leave a member. Enforced by the member, not by the asker.

    Attributes:
        count: Rows behind any sum, count or histogram cell of the statistics round, and behind any loss sum.
        evaluation_rows: Hold-out rows below which the whole evaluation reply is withheld.
    """

    count: int = 5
    evaluation_rows: int = 20

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse minimums that protect nobody."""
        if self.count < 3:  # noqa: PLR2004  (a sum over two rows tells each of the two about the other)
            raise ValueError(f"minimums.count must be at least 3 rows, got {self.count}")
        if self.evaluation_rows < self.count:
            raise ValueError(
                f"minimums.evaluation_rows must be at least minimums.count ({self.count}), got {self.evaluation_rows}"
            )


@dataclass(frozen=True)
class Assignment:
    """What the members of one run are asked to do: the part of a plan that crosses the border.

    Attributes:
        run_id: The run's name.
        agreement: Hex digest of the agreement that the members approved (see `federated.agreement`).
        purpose: One sentence a member's manager understands.
        contract: Reference of the data contract, like ``print-defect@1.0.0``.
        contract_sha256: Hex digest of the contract file; a member holding another file declines.
        seed: Seed of the whole run; every random choice at a member is derived from it.
        rounds: Number of training rounds.
        average_last: How many of the last rounds the final weights are the mean of.
        network: Size of the network; None where trees are grown.
        training: One member's local training in one round; None where trees are grown.
        minimums: Row minimums below which numbers stay at home.
        trees: How trees are grown; None where a network is trained.
    """

    run_id: str
    agreement: str
    purpose: str
    contract: str
    contract_sha256: str
    seed: int
    rounds: int
    average_last: int
    network: NetworkConfig | None
    training: TrainingConfig | None
    minimums: Minimums
    trees: TreesConfig | None = None

    def __post_init__(self) -> None:
        """Refuse names that could leave a folder, more work than any plan asks for, and other than one family."""
        check_name("a run's id", self.run_id)
        check_digest("the agreement's hash", self.agreement)
        check_digest("the contract's hash", self.contract_sha256)
        if not 1 <= self.average_last <= self.rounds <= MOST_ROUNDS:
            raise ValueError(f"1 <= average_last <= rounds <= {MOST_ROUNDS} is required")
        check_one_family(self.network, self.trees)


@dataclass(frozen=True)
class RollCall:
    """Association to every member that is online: who are you, which contract do you hold, and do you agree to this?

    Attributes:
        run_id: The run's name.
        contract: Reference of the run's contract.
        agreement: Text of the agreement that the run needs (see `federated.agreement`).
        signature: The association's signature of that text in base64; empty where members and association are one
            process and nobody has a key.
    """

    run_id: str
    contract: str
    agreement: str
    signature: str

    def __post_init__(self) -> None:
        """Refuse names that could leave a folder."""
        check_name("a run's id", self.run_id)


@dataclass(frozen=True)
class Present:
    """Member to association: its name, its software, its contract and whether its own figures may be shown.

    Attributes:
        member: The member's id.
        pumasi: Version of Pumasi that the member runs.
        contract: Reference of the contract that the member's dataset follows.
        contract_sha256: Hex digest of the contract file the member holds.
        shares_metrics: The member's recorded opt-in to its own figures being shown to the other members.
    """

    member: str
    pumasi: str
    contract: str
    contract_sha256: str
    shares_metrics: bool

    def __post_init__(self) -> None:
        """Refuse ids that are no names."""
        check_name("a member's id", self.member)
        check_digest("the contract's hash", self.contract_sha256)


@dataclass(frozen=True)
class CheckContract:
    """Association to member: does your dataset still satisfy the contract?"""

    assignment: Assignment


@dataclass(frozen=True)
class ContractChecked:
    """Member to association: the verdict, and the salted commitment of the dataset version.

    Attributes:
        accepted: Whether the dataset satisfies the contract.
        reasons: Reason codes that occurred. How often stays at home: with the other replies' counts it would tell how
            many rows are in groups too small to speak of.
        commitment: Hex commitment of the dataset's digest (see `data_contracts.commitments.commitment`).
    """

    accepted: bool
    reasons: tuple[str, ...]
    commitment: str

    def __post_init__(self) -> None:
        """Refuse what is no commitment."""
        check_digest("a commitment", self.commitment)


@dataclass(frozen=True)
class DescribeRecords:
    """Association to member: send sums and counts of your rows, but of no hold-out row, subject to your minimums."""

    assignment: Assignment


@dataclass(frozen=True)
class RecordsDescribed:
    """Member to association: sums and counts of its rows but the hold-out, each over at least `Minimums.count` rows."""

    statistics: FrameStatistics


@dataclass(frozen=True)
class TrainRound:
    """Association to member: train these weights for one round on your training rows.

    Attributes:
        arrays: The shared model's weights.
        assignment: What was agreed for the whole run.
        preprocessing: JSON of the preprocessing made from federated statistics.
        round: The round, counted from 1.
    """

    arrays: Arrays
    assignment: Assignment
    preprocessing: str
    round: int

    def __post_init__(self) -> None:
        """Refuse more rounds than were agreed."""
        if not 1 <= self.round <= self.assignment.rounds:
            raise ValueError(f"round must be from 1 to {self.assignment.rounds}, got {self.round}")


@dataclass(frozen=True)
class RoundTrained:
    """Member to association: what its training came to, and sums about the model that had arrived.

    Attributes:
        arrays: The weights after local training; or one tree, grown on what the trees that arrived leave unexplained.
        rows: The rows that the statistics round spoke of: the weight of this update, and a claim that can be checked.
        loss: Mean training loss per row in the last local epoch; of trees, that of the forest that arrived, among the
            classes that the tree speaks of.
        validation_rows: Validation rows behind the next field; 0 when they are fewer than the minimum.
        validation_loss_sum: Summed negative log-likelihood of the arriving model on the validation rows, in nats.
    """

    arrays: Arrays
    rows: int
    loss: float
    validation_rows: int
    validation_loss_sum: float


@dataclass(frozen=True)
class Calibrate:
    """Association to member: how likely are your validation labels under these weights at each temperature?"""

    arrays: Arrays
    assignment: Assignment
    preprocessing: str


@dataclass(frozen=True)
class Calibrated:
    """Member to association: loss sums over its validation rows, shape (temperatures,); zeros when withheld."""

    rows: int
    loss_sums: NDArray[np.float64]


@dataclass(frozen=True)
class Champion:
    """The promoted model that a candidate is compared with, as far as a member needs it to score rows.

    Attributes:
        preprocessing: JSON of its preprocessing.
        network: Size of the network; None where it is trees.
        temperature: Its temperature.
        trees: How its trees were grown; None where it is a network.
    """

    preprocessing: str
    network: NetworkConfig | None
    temperature: float
    trees: TreesConfig | None = None

    def __post_init__(self) -> None:
        """Refuse a champion of no family."""
        check_one_family(self.network, self.trees)


@dataclass(frozen=True)
class Evaluate:
    """Association to member: compare the shared model with your own on hold-out rows used for nothing else.

    Attributes:
        arrays: The candidate's weights.
        champion_arrays: The champion's weights; empty when there is no comparable champion.
        assignment: What was agreed for the whole run.
        preprocessing: JSON of the candidate's preprocessing.
        temperature: The candidate's temperature.
        level: Level of the bootstrap interval, 0 to 1 (see `models.intervals.family_level`).
        champion: How to score with the champion, or None.
    """

    arrays: Arrays
    champion_arrays: Arrays
    assignment: Assignment
    preprocessing: str
    temperature: float
    level: float
    champion: Champion | None = None

    def __post_init__(self) -> None:
        """Refuse a level that is none."""
        if not 0 < self.level < 1:
            raise ValueError("level must lie between 0 and 1")


@dataclass(frozen=True)
class Comparison:
    """One member's evaluation: sums only, over at least `Minimums.evaluation_rows` hold-out rows.

    Attributes:
        shared: The shared model's scorecard.
        personalised: The scorecard of the variant that the member keeps.
        local: The scorecard of the model that the member trained alone.
        champion: The promoted model's scorecard, or None when it could not be compared.
        difference: Bootstrap interval of the gain in ROC-AUC, personalised minus local, on the same hold-out rows; None
            when a class is absent.
        variant: ``shared``, ``fine-tuned`` or ``mean``: which one the member keeps.
    """

    shared: Scorecard
    personalised: Scorecard
    local: Scorecard
    variant: str
    champion: Scorecard | None = None
    difference: Interval | None = None


@dataclass(frozen=True)
class Evaluated:
    """Member to association: its comparison; None and `withheld` when a hold-out group is too small to speak of."""

    withheld: bool
    comparison: Comparison | None = None


@dataclass(frozen=True)
class TakeHome:
    """Association to member: this model was promoted; keep it.

    Attributes:
        arrays: The promoted weights.
        assignment: What was agreed for the run that made them.
        model: The registered model's name.
        version: The registered version.
        preprocessing: JSON of the preprocessing.
        temperature: The temperature.
        threshold: The probability from which a part counts as defective.
    """

    arrays: Arrays
    assignment: Assignment
    model: str
    version: str
    preprocessing: str
    temperature: float
    threshold: float

    def __post_init__(self) -> None:
        """Refuse a model name that could leave its folder, a version that is none, and figures that are none."""
        check_name("a model's name", self.model)
        check_name("a model's version", self.version)
        if not (0 < self.temperature < math.inf and 0 <= self.threshold <= 1):
            raise ValueError("temperature must be above 0, and threshold from 0 to 1")


@dataclass(frozen=True)
class TakenHome:
    """Member to association: stored, with the digest of the weights it now holds."""

    weights_sha256: str
