"""A member's work on its own folder: opens the dataset, answers requests, stores what it keeps."""

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from data_contracts.commitments import commitment, member_salt
from data_contracts.contract import Contract, load_contract
from data_contracts.enforce import enforce
from data_contracts.split import split
from data_contracts.versions import DatasetVersion, read_version
from federated import local_round
from federated.errors import MemberHomeError
from federated.job import load, save
from federated.local_round import MemberRecords
from federated.member.dataset import latest_dataset
from federated.member.home import MemberHome, MemberProfile
from federated.messages import (
    Calibrate,
    Calibrated,
    CheckContract,
    ContractChecked,
    DescribeRecords,
    Evaluate,
    Evaluated,
    Present,
    RecordsDescribed,
    RollCall,
    RoundTrained,
    TakeHome,
    TakenHome,
    TrainRound,
)
from models.package import ModelPackage
from models.personalisation import Personal
from models.preprocessing import Preprocessing
from models.weights import Weights

CACHED_MEMBERS = 8
"""Datasets kept open in one process: a member's node holds one, a sandbox in one process a few."""

PERSONAL = "personal"
SHARED = "shared"
PERSONAL_WEIGHTS = "personal.safetensors"
PERSONAL_RECORD = "personal.json"


@dataclass(frozen=True)
class Kept:
    """What a member noted about the variant it chose in a run.

    Attributes:
        variant: ``shared``, ``fine-tuned`` or ``mean``.
        shared_sha256: Digest of the shared weights it was made from.
    """

    variant: str
    shared_sha256: str


@dataclass(frozen=True)
class MemberWork:
    """What a member can be asked to do.

    Attributes:
        home: The member's folder.
    """

    home: MemberHome

    @classmethod
    def of(cls, folder: Path) -> "MemberWork":
        """Open a member's folder."""
        return cls(MemberHome(folder))

    def present(self, request: RollCall) -> Present:
        """Say who is here, with which contract."""
        del request  # the answer is the same for every run
        profile, contract = self.home.profile(), self.home.contract()
        return Present(
            member=profile.member,
            pumasi=version("pumasi"),
            contract=contract.reference,
            contract_sha256=contract.sha256,
            shares_metrics=profile.shares_metrics,
        )

    def check_contract(self, request: CheckContract) -> ContractChecked:
        """Hash the dataset again, check it against the contract, and commit to it."""
        contract, dataset = self._agreed(request.assignment.contract_sha256), self._dataset()
        verdict = enforce(read_version(dataset), contract).verdict
        minimum = self.home.profile().minimums.count
        return ContractChecked(
            accepted=verdict.accepted,
            rows=verdict.rows,
            quarantined=verdict.quarantined_rows if verdict.quarantined_rows >= minimum else 0,
            reasons=tuple(dict.fromkeys(str(finding.code) for finding in verdict.findings)),
            commitment=commitment(dataset.sha256, member_salt(self.home.data), contract.reference),
        )

    def describe(self, request: DescribeRecords) -> RecordsDescribed:
        """Send sums and counts of the training rows."""
        return local_round.describe_records(self._records(), request)

    def train(self, request: TrainRound) -> RoundTrained:
        """Train for one round."""
        return local_round.train_round(self._records(), request)

    def calibrate(self, request: Calibrate) -> Calibrated:
        """Send loss sums per temperature."""
        return local_round.calibrate(self._records(), request)

    def evaluate(self, request: Evaluate) -> Evaluated:
        """Compare the models on hold-out rows, and keep the variant that suits this member best."""
        return local_round.evaluate(self._records(), request, lambda personal: self._keep(personal, request))

    def take_home(self, request: TakeHome) -> TakenHome:
        """Store the promoted model, with this member's variant of it beside."""
        weights = Weights(request.arrays)
        folder = self.home.model(request.model)
        shared = ModelPackage(
            name=request.model,
            version=request.version,
            run_id=request.assignment.run_id,
            contract=self._agreed(request.assignment.contract_sha256),
            preprocessing=Preprocessing.from_json(request.preprocessing),
            network=request.assignment.network,
            weights=weights,
            temperature=request.temperature,
            threshold=request.threshold,
            variant=SHARED,
        )
        shared.save(folder / SHARED)
        self._variant(shared).save(folder / PERSONAL)
        return TakenHome(weights.sha256())

    def _keep(self, personal: Personal, request: Evaluate) -> None:
        """Store the variant chosen in this run, until the association says whether the shared model is promoted."""
        folder = self.home.run(request.assignment.run_id)
        folder.mkdir(parents=True, exist_ok=True)
        personal.weights.save(folder / PERSONAL_WEIGHTS)
        save(Kept(personal.variant, Weights(request.arrays).sha256()), folder / PERSONAL_RECORD)

    def _variant(self, shared: ModelPackage) -> ModelPackage:
        """Return the member's own variant of a promoted model; the model itself if this member made none of it."""
        folder = self.home.run(shared.run_id)
        if not (folder / PERSONAL_RECORD).exists():
            return shared
        kept = load(Kept, folder / PERSONAL_RECORD)
        if kept.shared_sha256 != shared.weights.sha256():
            return shared
        return replace(shared, weights=Weights.load(folder / PERSONAL_WEIGHTS), variant=kept.variant)

    def _agreed(self, sha256: str) -> Contract:
        contract = self.home.contract()
        if contract.sha256 != sha256:
            raise MemberHomeError(f"this member holds {contract.reference} as another file than the run asks for")
        return contract

    def _dataset(self) -> DatasetVersion:
        return latest_dataset(self.home)

    def _records(self) -> MemberRecords:
        return _open_records(self.home.profile(), self._dataset())


@lru_cache(maxsize=CACHED_MEMBERS)
def _open_records(profile: MemberProfile, dataset: DatasetVersion) -> MemberRecords:
    """Read a dataset version once per process: its rows are the same as long as its digest is."""
    contract = load_contract(profile.contract)
    return MemberRecords(profile.member, contract, split(read_version(dataset), contract), profile.minimums)
