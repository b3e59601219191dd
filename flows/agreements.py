"""The agreements that the association asks its members to approve, and where it keeps those it has signed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from cattrs import BaseValidationError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from data_contracts.contract import Contract
from federated.agreement import Agreement, SignedAgreement, sign_agreement, verify_agreement
from federated.errors import BadAgreement
from federated.job import load, save
from federated.reply_schemas import reply_schemas
from federated.runtime.bundle import bundle_sha256
from flows.plan import TrainingPlan

VALID_DAYS = 30
"""How long a member's approval of one agreement lasts at most."""

ONE_PROCESS = "in-process"
"""The federation's name where members are folders of one machine."""

_DATES = {"issued", "expires"}


def make_agreement(plan: TrainingPlan, contract: Contract, *, federation: str, now: datetime) -> Agreement:
    """Write down everything in a plan that decides what leaves a member.

    Args:
        plan: The plan.
        contract: The contract that it names.
        federation: The federation's id.
        now: When it is issued.
    """
    return Agreement(
        pumasi=version("pumasi"),
        bundle_sha256=bundle_sha256(),
        federation=federation,
        purpose_ko=plan.purpose.ko,
        purpose_en=plan.purpose.en,
        model=plan.model,
        contract=contract.reference,
        contract_sha256=contract.sha256,
        seed=plan.seed,
        rounds=plan.learning.rounds,
        average_last=plan.learning.average_last,
        bins=plan.bins,
        network=plan.network,
        training=plan.training,
        minimums=plan.minimums,
        minimum_members=plan.learning.minimum_members,
        trees=plan.trees,
        replies=reply_schemas(contract, plan.trees),
        issued=now.isoformat(timespec="seconds"),
        expires=(now + timedelta(days=VALID_DAYS)).isoformat(timespec="seconds"),
    )


def unsigned_agreement(plan: TrainingPlan, contract: Contract) -> SignedAgreement:
    """Return the agreement of a run in one process, where nobody has a key."""
    return SignedAgreement(make_agreement(plan, contract, federation=ONE_PROCESS, now=datetime.now(UTC)).text())


def signed_agreement(
    plan: TrainingPlan, contract: Contract, *, federation: str, key: Ed25519PrivateKey, folder: Path, now: datetime
) -> SignedAgreement:
    """Return the agreement for a plan: the one that was signed before if it still holds, else a new one.

    Members are asked once for one plan, not once for each training by it.

    Args:
        plan: The plan.
        contract: The contract that it names.
        federation: The federation's id.
        key: The association's signing key. What it did not sign is passed over, as after an authority was restored, and
            so is what another version of Pumasi wrote.
        folder: Where signed agreements are kept; made when it is missing.
        now: The time.
    """
    wanted = make_agreement(plan, contract, federation=federation, now=now)
    for signed, before in _signed_before(folder, key.public_key()):
        if set(wanted.differences(before)) <= _DATES and not before.expired(now + timedelta(days=1)):
            return signed
    signed = sign_agreement(wanted, key)
    folder.mkdir(parents=True, exist_ok=True)
    save(signed, folder / f"{wanted.sha256()}.json")
    return signed


def _signed_before(folder: Path, key: Ed25519PublicKey) -> Iterator[tuple[SignedAgreement, Agreement]]:
    for path in sorted(folder.glob("*.json")):
        with suppress(BadAgreement, BaseValidationError, ValueError, TypeError):  # another key's, or damaged
            signed = load(SignedAgreement, path)
            yield signed, verify_agreement(signed, key)
