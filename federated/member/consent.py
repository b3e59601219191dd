"""May this request be worked on? Only if it is part of an agreement that the member's owner approved, to the letter.

An agreement arrives with a run's roll call. It is kept until the owner decides (`pumasi-member review`, `approve`,
`refuse`); every other request must carry the hash of an approved one and say what it says. There is no way around:
no setting, no variable of the environment, no default. What is said of a refusal outside the house is a fixed sentence
(`federated.member.refusals`); the details in these errors are for the member's own log.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.metadata import version

from data_contracts.contract import Contract
from federated.agreement import Agreement, SignedAgreement, verify_agreement
from federated.errors import (
    ApprovalUsed,
    BadAgreement,
    ConsentPending,
    ConsentRefused,
    FederatedError,
    MemberHomeError,
    NotAsAgreed,
    OtherContract,
    OtherSoftware,
    UnfitReason,
    UnknownAgreement,
)
from federated.fields import Flat, text_digest
from federated.keys import parse_public_ed25519
from federated.kit import BadKit, Kit
from federated.member.as_agreed import check_request, read_roll_call, run_of, text_of
from federated.member.decisions import Decision, DecisionStore, Stored, Term
from federated.member.home import MemberHome
from federated.member.join import current_kit
from federated.reply_schemas import reply_schemas
from federated.runtime.bundle import bundle_sha256

ROLL_CALL = "query.roll_call"
MOST_REASON = 200
"""Characters of a refusal's reason, which the association reads."""
FEWEST_DIGITS = 8
"""Digits of a hash that are enough to name an agreement."""
JOIN = (
    "Join the federation with the kit that the association sent: pumasi-member join KIT. "
    "조합이 보낸 키트로 먼저 가입하십시오."
)

_SKEW = timedelta(days=1)
"""How far the association's clock may be ahead of this one."""
_REMEMBERED = 256


class Standing(StrEnum):
    """Where an agreement stands now."""

    PENDING = "pending"
    """The owner has to decide: for the first time, or again for another run."""
    APPROVED = "approved"
    REFUSED = "refused"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Consent:
    """A member's decisions about agreements, and the check of every request against them.

    Nothing is remembered between two requests: a decision counts from the moment it is made.

    Attributes:
        home: The member's folder; it must have joined a federation.
        now: The clock.
    """

    home: MemberHome
    now: Callable[[], datetime] = field(default=_now, compare=False)

    @property
    def store(self) -> DecisionStore:
        """Where agreements and decisions lie."""
        return DecisionStore(self.home.consent)

    def admit(self, question: str, request: Flat, flower_run: int) -> Agreement:
        """Return the agreement that a request is part of; whoever gets no error may answer.

        Args:
            question: Flower's message type, like ``query.statistics``.
            request: The request's fields.
            flower_run: Flower's number of the run, for the member's own log.

        Raises:
            ConsentPending: Nobody has decided about the agreement.
            ApprovalUsed: Its approval was for one other run.
            ConsentRefused: The owner refused it.
            OtherSoftware: It is for other software than is installed here.
            OtherContract: It is for another contract than the member holds.
            NotAsAgreed: The request differs from it, or it is expired, unknown or another federation's.
            BadAgreement: It cannot be read, or was not signed by the association.
            MemberHomeError: The member's own settings cannot be read.
        """
        try:
            return self._roll_call(request) if question == ROLL_CALL else self._request(question, request)
        except FederatedError as error:
            error.add_note(f"request {question[:100]!r} of Flower run {flower_run}")
            raise

    def standing(self, stored: Stored) -> Standing:
        """Say where an agreement stands, the approval of the one it was found like included."""
        decision = self._binding(stored)
        if decision is None or (decision.spent and decision.waiting):
            return Standing.PENDING
        return Standing.APPROVED if decision.approved else Standing.REFUSED

    def resolve(self, prefix: str) -> Stored:
        """Return the stored agreement whose hash begins with these digits.

        Raises:
            UnknownAgreement: There is none, or more than one, or fewer than `FEWEST_DIGITS` digits were given.
        """
        digits = prefix.strip().lower()
        if len(digits) < FEWEST_DIGITS:
            raise UnknownAgreement(
                f"{len(digits)} digits do not name an agreement: give at least {FEWEST_DIGITS} of its hash, "
                "as `pumasi-member review` shows it. 협약 번호를 8자리 이상 입력하십시오."
            )
        found = [one for one in self.store.all() if one.sha256.startswith(digits)]
        if len(found) != 1:
            raise UnknownAgreement(
                f"{len(found)} stored agreements begin with {digits!r}, and one is needed. "
                "`pumasi-member review` lists them. 그 번호로 시작하는 협약이 정확히 하나여야 합니다."
            )
        return found[0]

    def approve(self, sha256: str, term: Term) -> Decision:
        """Approve an agreement, for one run or for like ones too.

        Raises:
            UnknownAgreement: It is not stored.
            BadAgreement: Its signature does not hold.
            NotAsAgreed: It is expired.
        """
        stored = self.resolve(sha256)
        self.verified(stored.signed)
        if stored.agreement.expired(self.now()):
            raise NotAsAgreed(
                f"this agreement ended on {stored.agreement.expires}: ask the association for a new one. "
                "기한이 지난 협약입니다. 조합에 새 협약을 요청하십시오."
            )
        with self.store.lock():
            current = self.store.read(stored.sha256) or stored
            runs = () if current.decision is None else current.decision.runs
            decision = Decision(approved=True, when=self._when(), term=term, runs=runs)
            self.store.decide(stored.sha256, decision)
        return decision

    def refuse(self, sha256: str, reason: str) -> Decision:
        """Refuse an agreement, or withdraw an approval: from the next request on, also in the middle of a run.

        Args:
            sha256: The agreement's hash, or its first digits.
            reason: Why, for the association to read: one line, at most `MOST_REASON` characters.

        Raises:
            UnknownAgreement: It is not stored.
            UnfitReason: The reason is empty, too long, or cannot be printed.
        """
        said = reason.strip()
        if not 1 <= len(said) <= MOST_REASON or not said.isprintable():
            raise UnfitReason(
                f"a reason is one line of 1 to {MOST_REASON} printable characters, got {len(said)}. "
                f"이유는 {MOST_REASON}자까지 한 줄로 적으십시오."
            )
        stored = self.resolve(sha256)
        decision = Decision(approved=False, when=self._when(), reason=said)
        with self.store.lock():
            self.store.decide(stored.sha256, decision)
        return decision

    def verified(self, signed: SignedAgreement) -> Agreement:
        """Return what an agreement says, after a look at its signature.

        Raises:
            BadAgreement: It cannot be read, or was not signed by the association that this member joined.
            MemberHomeError: The member's kit cannot be read.
        """
        return _verify(signed, self._kit().signing_key)

    def _roll_call(self, request: Flat) -> Agreement:
        called = read_roll_call(request)
        agreement = self.verified(called.signed)
        self._check(agreement)
        self._check_contract(agreement, called.contract)
        with self.store.lock():
            return self._decided(self._stored(text_digest(called.signed.text), called.signed), called.run, use=False)

    def _request(self, question: str, request: Flat) -> Agreement:
        stored = self._named(request)
        self.verified(stored.signed)
        self._check(stored.agreement)
        check_request(stored.agreement, self._contract(stored.agreement), question, request)
        run = run_of(request, "assignment.run_id")
        with self.store.lock():
            return self._decided(self.store.read(stored.sha256) or stored, run, use=True)

    def _stored(self, sha256: str, signed: SignedAgreement) -> Stored:
        """Return the agreement as it is stored; store it first if it is new, and decide at once if a like one did."""
        stored = self.store.read(sha256)
        if stored is None:
            self.store.keep(sha256, signed)
            stored = self.store.read(sha256)
        if stored is None:
            raise BadAgreement("the agreement cannot be read back")
        if self._binding(stored) is not None:
            return stored
        like = self._like_approved(stored)
        if like is None:
            return stored
        decision = Decision(approved=True, when=self._when(), term=Term.ALWAYS, by=like.sha256)
        self.store.decide(sha256, decision)
        return replace(stored, decision=decision)

    def _like_approved(self, new: Stored) -> Stored | None:
        """Find the owner's newest word on agreements like this one; it counts only if it is "always"."""
        own = [
            (one.decision.when, one)
            for one in self.store.all()
            if one.decision is not None
            and not one.decision.by
            and (one.decision.term is Term.ALWAYS or not one.decision.approved)
            and one.sha256 != new.sha256
            and new.agreement.like(one.agreement)
        ]
        if not own:
            return None
        _, newest = max(own, key=lambda found: found[0])
        return newest if newest.decision is not None and newest.decision.approved else None

    def _binding(self, stored: Stored) -> Decision | None:
        """Return the decision that counts; one that followed from another counts as long as that one does."""
        decision = stored.decision
        if decision is None or not decision.by:
            return decision
        source = self.store.read(decision.by)
        told = None if source is None else source.decision
        stands = told is not None and told.approved and told.term is Term.ALWAYS and not told.by
        return decision if stands else None

    def _decided(self, stored: Stored, run: str, *, use: bool) -> Agreement:
        """Return the agreement if it is approved for this run. Called with the store locked.

        Args:
            stored: The agreement.
            run: The run that asks.
            use: Whether the request uses an approval for once: a roll call only asks for it.
        """
        decision = self._binding(stored)
        if decision is None:
            raise ConsentPending(f"nobody has decided about agreement {stored.sha256} yet: pumasi-member review")
        if not decision.approved:
            raise ConsentRefused(decision.reason)
        if decision.term is Term.ALWAYS or run in decision.runs:
            return stored.agreement
        if decision.spent:
            if decision.waiting != run:
                self.store.decide(stored.sha256, replace(decision, waiting=run))
            raise ApprovalUsed(f"agreement {stored.sha256} was approved for run {decision.runs[-1]}, not for {run}")
        if use:
            self.store.decide(stored.sha256, replace(decision, runs=(*decision.runs, run), spent=True))
        return stored.agreement

    def _named(self, request: Flat) -> Stored:
        try:
            stored = self.store.read(text_of(request, "assignment.agreement"))
        except ValueError as error:
            raise NotAsAgreed("the request names no agreement") from error
        if stored is None:
            raise NotAsAgreed("the request names an agreement that this member never received")
        return stored

    def _kit(self) -> Kit:
        """Return the member's kit, checked against the key that it trusts."""
        try:
            kit = current_kit(self.home)
        except (BadKit, OSError) as error:
            raise MemberHomeError(f"the kit in {self.home.federation} cannot be used. {JOIN}") from error
        if kit is None:
            raise MemberHomeError(f"there is no kit in {self.home.federation}, so nothing can be agreed. {JOIN}")
        return kit

    def _check(self, agreement: Agreement) -> None:
        """Check what may change between two requests: the software, the federation, the time."""
        installed = _installed()
        if (agreement.pumasi, agreement.bundle_sha256) != installed:
            raise OtherSoftware(
                f"the agreement is for Pumasi {agreement.pumasi} ({agreement.bundle_sha256}), "
                f"installed is {' '.join(installed)}"
            )
        if agreement.federation != self._kit().federation:
            raise NotAsAgreed(f"the agreement is for federation {agreement.federation!r}, which is not this member's")
        if not agreement.issued_by(self.now() + _SKEW):
            raise NotAsAgreed(f"the agreement begins on {agreement.issued}, which has not come yet")
        if agreement.expired(self.now()):
            raise NotAsAgreed(f"the agreement ended on {agreement.expires}")

    def _contract(self, agreement: Agreement) -> Contract:
        """Return the contract that the member holds now, if the agreement is for it."""
        held = self.home.contract()
        if held.sha256 != agreement.contract_sha256:
            raise OtherContract(f"the agreement is for another contract file than {held.reference}, which is held here")
        return held

    def _check_contract(self, agreement: Agreement, named: str) -> None:
        held = self.home.contract()
        if (agreement.contract, agreement.contract_sha256) != (held.reference, held.sha256):
            raise OtherContract(f"the agreement is for {agreement.contract}, this member holds {held.reference}")
        if named != agreement.contract:
            raise NotAsAgreed("the roll call names another contract than its agreement")
        if agreement.replies != reply_schemas(held, agreement.trees):
            raise NotAsAgreed("the agreement lets replies hold other fields than this version of Pumasi sends")

    def _when(self) -> str:
        return self.now().astimezone(UTC).isoformat(timespec="microseconds")


@cache
def _installed() -> tuple[str, str]:
    """Return version and bundle hash of the Pumasi that this process runs; an upgrade takes a new process."""
    return version("pumasi"), bundle_sha256()


@lru_cache(maxsize=_REMEMBERED)
def _verify(signed: SignedAgreement, key: str) -> Agreement:
    """Verify a signature once per process: the same text, signature and key give the same answer."""
    return verify_agreement(signed, parse_public_ed25519(key))
