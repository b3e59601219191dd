"""A member's work on its own folder: opens the dataset, answers requests, stores what it keeps."""

from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from data_contracts.commitments import commitment, member_salt
from data_contracts.contract import Contract
from data_contracts.enforce import enforce
from data_contracts.reasons import Reason
from data_contracts.versions import DatasetVersion, read_version
from federated import local_round
from federated.errors import AskedTwice, DatasetChanged, OtherContract
from federated.fields import message_digest, text_digest
from federated.job import load, save
from federated.local_round import MemberRecords
from federated.member.dataset import latest_dataset
from federated.member.home import MemberHome
from federated.member.saved_rows import SavedRows
from federated.messages import (
    Assignment,
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
from models.family import Personal, planned_family
from models.package import ModelPackage
from models.preprocessing import Preprocessing
from models.weights import Weights

PERSONAL = "personal"
SHARED = "shared"
PERSONAL_WEIGHTS = "personal.safetensors"
PERSONAL_RECORD = "personal.json"
ASKED = "asked.json"
DATASET = "dataset"
"""Key of the dataset's digest beside the questions that were asked about it."""
PREPROCESSING = "preprocessing"
"""Key of the preprocessing's digest."""


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
        """Hash the dataset again, check it against the contract, and commit to it, once per run."""
        dataset, contract = self._once("check_contract", request.assignment, request), self._agreed(request.assignment)
        checked = enforce(read_version(dataset), contract)
        verdict = checked.verdict
        if verdict.accepted:
            SavedRows(dataset, contract, request.assignment.run_id).open(checked.accepted)
        found = {finding.code for finding in verdict.findings}
        return ContractChecked(
            accepted=verdict.accepted,
            reasons=tuple(str(code) for code in Reason if code in found),  # in one order: nothing can be said with it
            commitment=commitment(dataset.sha256, member_salt(self.home.data), contract.reference),
        )

    def describe(self, request: DescribeRecords) -> RecordsDescribed:
        """Send sums and counts of the rows that may be looked at, once per run."""
        return local_round.describe_records(self._records("describe", request.assignment, request), request)

    def train(self, request: TrainRound) -> RoundTrained:
        """Train for one round, each round once."""
        records = self._records(f"round {request.round}", request.assignment, request)
        return local_round.train_round(records, request)

    def calibrate(self, request: Calibrate) -> Calibrated:
        """Send loss sums per temperature; once per run."""
        return local_round.calibrate(self._records("calibrate", request.assignment, request), request)

    def evaluate(self, request: Evaluate) -> Evaluated:
        """Compare the models on hold-out rows, once per run, and keep the variant that suits this member best."""
        records = self._records("evaluate", request.assignment, request)
        return local_round.evaluate(records, request, lambda personal: self._keep(personal, request))

    def take_home(self, request: TakeHome) -> TakenHome:
        """Store the promoted model, with this member's variant of it beside, once per run."""
        self._once("take_home", request.assignment, request)
        weights = Weights(request.arrays)
        contract, preprocessing = self._agreed(request.assignment), Preprocessing.from_json(request.preprocessing)
        preprocessing.check(contract)
        planned_family(request.assignment).check(weights, preprocessing)
        folder = self.home.model(request.model)
        shared = ModelPackage(
            name=request.model,
            version=request.version,
            run_id=request.assignment.run_id,
            contract=contract,
            preprocessing=preprocessing,
            network=request.assignment.network,
            trees=request.assignment.trees,
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

    def _agreed(self, assignment: Assignment) -> Contract:
        contract = self.home.contract()
        if contract.sha256 != assignment.contract_sha256:
            raise OtherContract(f"this member holds {contract.reference}, the run is for {assignment.contract}")
        return contract

    def _once(self, question: str, assignment: Assignment, request: object) -> DatasetVersion:
        """Answer a question once per run; the same request again, after a lost reply, is answered again.

        Without this limit, a patient asker could score rows with model after model until it knows them. A run is about
        one version of the dataset: the same question about two would tell them apart, row by row. And it is about one
        preprocessing: edges that move from round to round close in on single values.

        Returns:
            The version that the run is about.

        Raises:
            AskedTwice: The question was asked before in this run, with other content, or another one with another
                preprocessing.
            DatasetChanged: The member has added or removed rows since the run's first question.
        """
        path = self.home.run(assignment.run_id) / ASKED
        path.parent.mkdir(parents=True, exist_ok=True)
        asked = load(dict[str, str], path) if path.exists() else {}
        dataset = latest_dataset(self.home)
        if asked.setdefault(DATASET, dataset.sha256) != dataset.sha256:
            raise DatasetChanged(f"run {assignment.run_id} began with dataset {asked[DATASET]}, which is no more")
        if isinstance(request, TrainRound | Calibrate | Evaluate):
            edges = text_digest(request.preprocessing)
            if asked.setdefault(PREPROCESSING, edges) != edges:
                raise AskedTwice(f"another preprocessing was used before in run {assignment.run_id}")
        digest = message_digest(request)
        if asked.setdefault(question, digest) != digest:
            raise AskedTwice(f"{question} was asked before in run {assignment.run_id}, with other content")
        save(asked, path)
        return dataset

    def _records(self, question: str, assignment: Assignment, request: object) -> MemberRecords:
        """Open the rows for a question that is answered once per run."""
        dataset = self._once(question, assignment, request)
        contract, profile = self._agreed(assignment), self.home.profile()
        rows = SavedRows(dataset, contract, assignment.run_id)
        return MemberRecords(profile.member, contract, rows, profile.minimums, dataset.sha256)
