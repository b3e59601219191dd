"""A member of a federation for tests: admitted with a kit, asked to approve agreements that the association signed."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from federated.agreement import Agreement, SignedAgreement, sign_agreement
from federated.authority import Authority
from federated.fields import Flat, flatten
from federated.kit import Kit, moment, sign_kit
from federated.member.consent import Consent
from federated.member.decisions import Stored
from federated.member.home import MemberHome, MemberProfile
from federated.messages import Minimums, RollCall
from federated.reply_schemas import reply_schemas
from federated.runtime.bundle import bundle_sha256
from models.configs import NetworkConfig, TrainingConfig
from models.layout import most_inputs, network_layout
from models.trees import tree_layout
from tests.cooperative import contract_file

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Admitted:
    """A member that joined, the association's key, and a clock that tests may set.

    Args:
        folder: Where everything lives.
    """

    def __init__(self, folder: Path) -> None:
        authority = Authority.create(folder / "authority", ("127.0.0.1",))
        self.key = authority.signing_key()
        self.clock = NOW
        contract = contract_file(folder)
        self.home = MemberHome.create(folder / "anvil", MemberProfile("anvil", str(contract)))
        federation = self.home.folder / "federation"
        federation.mkdir()
        (federation / "signing.pub").write_text(authority.signing_pub)
        (federation / "kit.json").write_text(sign_kit(_kit(authority, contract.read_text()), self.key))
        self.contract = self.home.contract()
        self.consent = Consent(self.home, now=self.tick)

    def tick(self) -> datetime:
        """Let a moment pass, so that what was decided later is later."""
        self.clock += timedelta(milliseconds=1)
        return self.clock

    def agreement(self, **changes: Any) -> Agreement:
        """Return an agreement that this member may approve, with some fields changed."""
        usual = Agreement(
            pumasi=version("pumasi"),
            bundle_sha256=bundle_sha256(),
            federation="busan",
            purpose_ko="뜨거울 때 생기는 불량을 미리 압니다.",
            model="tiny",
            purpose_en="Know beforehand which hot parts fail.",
            contract=self.contract.reference,
            contract_sha256=self.contract.sha256,
            seed=7,
            rounds=5,
            average_last=2,
            bins=4,
            network=NetworkConfig(width=8),
            training=TrainingConfig(),
            minimums=Minimums(),
            minimum_members=2,
            replies=reply_schemas(self.contract),
            issued="2026-11-21T09:00:00+00:00",
            expires="2026-12-21T09:00:00+00:00",
        )
        return replace(usual, **changes)

    def sign(self, agreement: Agreement) -> SignedAgreement:
        """Sign as the association."""
        return sign_agreement(agreement, self.key)

    def roll_call(
        self, agreement: Agreement, *, run: str = "first", signed: SignedAgreement | None = None
    ) -> Agreement:
        """Let a roll call arrive."""
        papers = signed or self.sign(agreement)
        message = RollCall(run, agreement.contract, papers.text, papers.signature)
        return self.consent.admit("query.roll_call", flatten(message), 1)

    def receive(self, agreement: Agreement) -> Stored:
        """Let an agreement lie in the member's folder, whatever is thought of it."""
        self.consent.store.keep(agreement.sha256(), self.sign(agreement))
        return self.consent.resolve(agreement.sha256())

    def ask(self, agreement: Agreement, *, question: str = "query.statistics", run: str = "first") -> Agreement:
        """Let a request of a run arrive."""
        return self.consent.admit(question, self.request(agreement, run=run), 1)

    def request(self, agreement: Agreement, *, run: str = "first") -> Flat:
        """Return what a request under this agreement says."""
        contract = self.home.contract()
        if agreement.trees is not None:
            one_each = tree_layout(agreement.trees, len(contract.classes))
            layout = tuple(replace(one, shape=(3, *one.shape)) for one in one_each)  # three trees
        else:
            network = agreement.network or NetworkConfig()
            layout = network_layout(most_inputs(contract, agreement.bins), len(contract.classes), network)
        weights = {"arrays": {one.name: np.zeros(one.shape, one.dtype) for one in layout}}
        return Flat(groups=weights, values={**agreement.assignment_values(), "assignment.run_id": run})


def forged(signed: SignedAgreement) -> SignedAgreement:
    """Return the agreement with a signature that is nobody's."""
    return replace(signed, signature=base64.b64encode(b"x" * 64).decode())


def _kit(authority: Authority, contract: str) -> Kit:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    return Kit(
        federation="busan",
        name="Busan",
        address="127.0.0.1:8443",
        ca=authority.ca_pem,
        member="anvil",
        certificate=authority.certify_member("anvil", generate_private_key(SECP256R1()).public_key(), until),
        signing_key=authority.signing_pub,
        contract=contract,
        contract_sha256=hashlib.sha256(contract.encode()).hexdigest(),
        issued=moment(datetime.now(UTC)),
        expires=moment(until),
    )
