"""Nothing is answered that the member's owner did not approve, to the letter."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federated.agreement import Agreement, sign_agreement
from federated.errors import (
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
from federated.fields import Flat, Value, flatten
from federated.member import decisions
from federated.member.consent import Consent, Standing
from federated.member.decisions import Term
from federated.member.home import MemberHome
from federated.member.refusals import CONSENT_PENDING, is_fixed_sentence, refusal_code, refusal_sentence
from federated.messages import Minimums, RollCall
from federated.reply_schemas import ScalarField, reply_schemas
from models.configs import NetworkConfig, TrainingConfig, TreesConfig
from tests.agreed import Admitted, forged
from tests.cooperative import contract_file


@pytest.fixture
def member(tmp_path: Path) -> Admitted:
    return Admitted(tmp_path)


@pytest.fixture
def approved(member: Admitted) -> Agreement:
    """An agreement approved for always."""
    return approve(member, member.agreement(), Term.ALWAYS)


def approve(member: Admitted, agreement: Agreement, term: Term) -> Agreement:
    member.receive(agreement)
    member.consent.approve(agreement.sha256(), term)
    return agreement


def standing(member: Admitted, agreement: Agreement) -> Standing:
    return member.consent.standing(member.consent.resolve(agreement.sha256()))


def test_a_new_agreement_waits_for_the_owner_and_is_admitted_once_approved(member: Admitted) -> None:
    agreement = member.agreement()

    with pytest.raises(ConsentPending) as waiting:
        member.roll_call(agreement)
    assert refusal_code(waiting.value) == 110
    assert standing(member, agreement) is Standing.PENDING
    member.consent.approve(agreement.sha256()[:8], Term.ONCE)

    assert member.roll_call(agreement) == agreement
    assert member.ask(agreement) == agreement


def test_nobody_decides_by_waiting_or_through_the_environment(
    member: Admitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = member.agreement()
    for name in ("PUMASI_APPROVE", "PUMASI_CONSENT", "PUMASI_YES", "PUMASI_MEMBER_HOME", "CI"):
        monkeypatch.setenv(name, "1")

    for _ in range(3):
        with pytest.raises(ConsentPending):
            member.roll_call(agreement)
        with pytest.raises(ConsentPending):
            member.ask(agreement)


def test_a_refusal_carries_the_members_own_reason_and_nothing_else(member: Admitted) -> None:
    agreement = member.agreement()
    member.receive(agreement)
    member.consent.refuse(agreement.sha256(), "기록을 고치는 중입니다")

    with pytest.raises(ConsentRefused) as refused:
        member.roll_call(agreement)

    assert refusal_code(refused.value) == 111
    assert refusal_sentence(refused.value) == "the member refused this agreement: 기록을 고치는 중입니다"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "two\nlines", "\x1b[31mred", "turned\u202earound"])
def test_a_reason_that_is_not_one_printable_line_is_not_taken(member: Admitted, reason: str) -> None:
    agreement = approve(member, member.agreement(), Term.ALWAYS)

    with pytest.raises(UnfitReason):
        member.consent.refuse(agreement.sha256(), reason)

    assert standing(member, agreement) is Standing.APPROVED


def test_an_approval_is_withdrawn_in_the_middle_of_a_run(member: Admitted, approved: Agreement) -> None:
    member.ask(approved, question="query.statistics")

    member.consent.refuse(approved.sha256(), "stop")

    with pytest.raises(ConsentRefused):
        member.ask(approved, question="train")


def test_an_approval_for_once_serves_one_run_to_its_end_and_no_other(member: Admitted) -> None:
    agreement = approve(member, member.agreement(), Term.ONCE)
    for question in ("query.statistics", "train", "evaluate", "query.take_home"):
        member.ask(agreement, question=question, run="first")

    with pytest.raises(ConsentPending) as waiting:
        member.roll_call(agreement, run="second")
    with pytest.raises(ConsentPending):
        member.ask(agreement, run="second")
    assert standing(member, agreement) is Standing.PENDING
    assert refusal_code(waiting.value) == CONSENT_PENDING
    assert "approved this agreement for one earlier run" in refusal_sentence(waiting.value)
    assert is_fixed_sentence(refusal_sentence(waiting.value))
    member.ask(agreement, question="query.take_home", run="first")

    member.consent.approve(agreement.sha256(), Term.ONCE)
    member.ask(agreement, run="second")
    member.ask(agreement, question="query.take_home", run="first")
    with pytest.raises(ConsentPending):
        member.ask(agreement, run="third")


def test_asking_who_is_there_does_not_use_an_approval_up(member: Admitted) -> None:
    agreement = approve(member, member.agreement(), Term.ONCE)

    member.roll_call(agreement, run="a-proposal")

    assert member.ask(agreement, run="the-training") == agreement


def test_always_covers_other_seeds_dates_and_fewer_rounds_and_says_by_which(
    member: Admitted, approved: Agreement
) -> None:
    like = replace(
        approved, seed=8, rounds=3, average_last=1, issued="2026-11-21T10:00:00+00:00", expires="2027-01-01T00:00:00Z"
    )

    assert member.roll_call(like) == like

    decision = member.consent.resolve(like.sha256()).decision
    assert decision is not None
    assert decision.by == approved.sha256()


@pytest.mark.parametrize(
    "changes",
    [
        {"rounds": 6},
        {"network": NetworkConfig(width=9)},
        {"training": TrainingConfig(epochs=2)},
        {"minimums": Minimums(count=4)},
        {"minimum_members": 3},
        {"purpose_ko": "다른 목적"},
        {"bins": 5},
    ],
)
def test_always_covers_nothing_else(member: Admitted, approved: Agreement, changes: dict[str, object]) -> None:
    with pytest.raises(ConsentPending):
        member.roll_call(replace(approved, **changes))  # type: ignore[arg-type]


def test_what_followed_from_always_ends_with_it(member: Admitted, approved: Agreement) -> None:
    like = replace(approved, seed=8)
    member.roll_call(like)

    member.consent.refuse(approved.sha256(), "no more")

    with pytest.raises(ConsentPending):
        member.ask(like)
    with pytest.raises(ConsentPending):
        member.roll_call(replace(approved, seed=9))


def test_narrowing_always_to_once_ends_what_followed_from_it(member: Admitted, approved: Agreement) -> None:
    like = replace(approved, seed=8)
    member.roll_call(like)

    member.consent.approve(approved.sha256(), Term.ONCE)

    with pytest.raises(ConsentPending):
        member.ask(like)


def test_the_newest_word_on_like_agreements_counts(member: Admitted, approved: Agreement) -> None:
    refused = replace(approved, seed=8)
    member.roll_call(refused)
    member.consent.refuse(refused.sha256(), "not today")

    with pytest.raises(ConsentPending):
        member.roll_call(replace(approved, seed=9))

    member.consent.approve(approved.sha256(), Term.ALWAYS)
    member.roll_call(replace(approved, seed=10))


def test_an_approval_once_covers_no_like_agreement(member: Admitted) -> None:
    once = approve(member, member.agreement(), Term.ONCE)

    with pytest.raises(ConsentPending):
        member.roll_call(replace(once, seed=8))


def test_a_signature_that_is_not_the_associations_is_refused_and_nothing_is_kept(member: Admitted) -> None:
    agreement = member.agreement()
    stranger = sign_agreement(agreement, Ed25519PrivateKey.generate())

    for signed in (stranger, forged(member.sign(agreement)), replace(stranger, signature="")):
        with pytest.raises(BadAgreement) as refused:
            member.roll_call(agreement, signed=signed)
        assert refusal_code(refused.value) == 113
    assert member.consent.store.all() == ()


def test_an_agreement_whose_file_was_edited_at_home_is_approved_for_nothing(
    member: Admitted, approved: Agreement
) -> None:
    file = member.consent.store.folder / approved.sha256() / decisions.AGREEMENT
    file.write_text(file.read_text().replace('"rounds":5', '"rounds":9'))

    with pytest.raises(NotAsAgreed):
        member.ask(approved)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"pumasi": "9.9.9"}, OtherSoftware),
        ({"bundle_sha256": "f" * 64}, OtherSoftware),
        ({"federation": "seoul"}, NotAsAgreed),
        ({"contract_sha256": "f" * 64}, OtherContract),
        ({"contract": "other@1.0.0"}, OtherContract),
        ({"expires": "2026-11-21T11:00:00+00:00"}, NotAsAgreed),
        ({"replies": ()}, NotAsAgreed),
    ],
)
def test_an_agreement_for_other_software_federations_contracts_or_times_is_refused_and_not_kept(
    member: Admitted, changes: dict[str, object], refusal: type[FederatedError]
) -> None:
    with pytest.raises(refusal):
        member.roll_call(member.agreement(**changes))

    assert member.consent.store.all() == ()


def test_who_holds_another_contract_by_now_answers_nothing_more_under_the_old_one(
    member: Admitted, approved: Agreement, tmp_path: Path
) -> None:
    assert member.ask(approved) == approved
    newer = contract_file(tmp_path, version="2.0.0")
    MemberHome.create(member.home.folder, replace(member.home.profile(), contract=str(newer)))

    with pytest.raises(OtherContract, match=r"tiny@2\.0\.0, which is held here"):
        member.ask(approved)


def test_an_agreement_that_lets_one_field_more_leave_is_refused(member: Admitted) -> None:
    usual = member.agreement()
    wider = replace(
        usual.replies[0], scalars=(*usual.replies[0].scalars, ScalarField("note", usual.replies[0].scalars[0].kind))
    )

    with pytest.raises(NotAsAgreed, match="other fields"):
        member.roll_call(replace(usual, replies=(wider, *usual.replies[1:])))


def test_an_agreement_ends_in_the_middle_of_a_run(member: Admitted, approved: Agreement) -> None:
    member.ask(approved)
    member.clock = member.clock.replace(year=2027)

    with pytest.raises(NotAsAgreed, match="ended on"):
        member.ask(approved)
    with pytest.raises(NotAsAgreed, match="ended on"):
        member.consent.approve(approved.sha256(), Term.ALWAYS)


def test_a_question_that_the_agreement_does_not_know_is_refused(member: Admitted, approved: Agreement) -> None:
    for question in ("query", "query.rows", "query.statistics ", "train.default", ""):
        with pytest.raises(NotAsAgreed):
            member.ask(approved, question=question)


def test_a_request_under_an_agreement_that_never_came_is_refused(member: Admitted, approved: Agreement) -> None:
    for name in (member.agreement(seed=99).sha256(), "", "../../../etc", approved.sha256().upper(), 7):
        request = member.request(approved)
        request.values["assignment.agreement"] = name
        with pytest.raises(NotAsAgreed):
            member.consent.admit("train", request, 1)


def _changed(value: Value) -> st.SearchStrategy[Value]:
    other = {
        bool: st.booleans(),
        int: st.integers() | st.booleans() | st.text(max_size=3),
        float: st.floats() | st.text(max_size=3),
        str: st.text(max_size=70) | st.integers(),
    }[type(value)]
    return other.filter(lambda new: new != value or isinstance(new, bool) != isinstance(value, bool))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.data())
def test_any_single_field_of_a_request_that_differs_is_refused(
    member: Admitted, approved: Agreement, data: st.DataObject
) -> None:
    request = member.request(approved)
    name = data.draw(st.sampled_from(sorted(set(request.values) - {"assignment.run_id"})))
    request.values[name] = data.draw(_changed(request.values[name]))

    with pytest.raises(NotAsAgreed):
        member.consent.admit("train", request, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.data())
def test_a_field_too_few_or_too_many_is_refused(member: Admitted, approved: Agreement, data: st.DataObject) -> None:
    short, long = member.request(approved), member.request(approved)
    del short.values[data.draw(st.sampled_from(sorted(short.values)))]
    extra = data.draw(st.text(min_size=1, max_size=20).filter(lambda name: f"assignment.{name}" not in long.values))
    long.values[f"assignment.{extra}"] = data.draw(st.integers() | st.text() | st.booleans())

    for request in (short, long):
        with pytest.raises(NotAsAgreed):
            member.consent.admit("train", request, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.data())
def test_an_agreement_whose_text_differs_in_one_character_is_refused(
    member: Admitted, approved: Agreement, data: st.DataObject
) -> None:
    signed = member.sign(approved)
    at = data.draw(st.integers(0, len(signed.text) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != signed.text[at]))
    text = signed.text[:at] + letter + signed.text[at + 1 :]

    with pytest.raises(BadAgreement):
        member.roll_call(approved, signed=replace(signed, text=text))


@pytest.mark.parametrize(
    "change",
    [
        {"entry.weight": np.zeros((8, 10**5), np.float32)},
        {"entry.weight": np.zeros((8, 3), np.float64)},
        {"norm.weight": np.zeros((8, 8), np.float32)},
        {"rows": np.zeros(1, np.float32)},
    ],
    ids=["wider than any preprocessing", "of another type", "of another shape", "one array more"],
)
def test_weights_that_the_agreed_network_cannot_have_are_refused_before_they_come_back(
    member: Admitted, approved: Agreement, change: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]
) -> None:
    request = member.request(approved)
    assert member.consent.admit("train", request, 1) == approved

    request.groups["arrays"].update(change)

    with pytest.raises(NotAsAgreed, match="not those of a network"):
        member.consent.admit("train", request, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": np.zeros((3, 15), np.int32)},
        {"inputs": np.zeros((2, 7), np.int32)},
        {"inputs": np.zeros((), np.int32)},
        {"inputs": np.zeros((0, 7), np.int32), "leaves": np.zeros((0, 8, 2), np.float32)},
        {"leaves": np.zeros((3, 8, 2), np.float64)},
        {"rows": np.zeros(1, np.float32)},
    ],
    ids=["deeper", "fewer of one than of the other", "a number", "none", "of another type", "one array more"],
)
def test_trees_that_were_not_agreed_are_refused(
    member: Admitted, change: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]
) -> None:
    trees = TreesConfig(depth=3)
    schemas = reply_schemas(member.contract, trees)
    grown = member.agreement(network=None, training=None, trees=trees, average_last=1, replies=schemas)
    agreement = approve(member, grown, Term.ALWAYS)
    request = member.request(agreement)
    assert member.consent.admit("train", request, 1) == agreement

    request.groups["arrays"].update(change)

    with pytest.raises(NotAsAgreed, match="not trees that were agreed"):
        member.consent.admit("train", request, 1)


def test_edges_may_not_lie_closer_than_the_agreed_pieces(member: Admitted, approved: Agreement) -> None:
    def asked(pieces: int) -> Agreement:
        request = member.request(approved)
        edges = [{"name": "heat", "edges": list(range(pieces + 1))}]
        request.values["preprocessing"] = json.dumps({"numbers": edges})
        return member.consent.admit("train", request, 1)

    assert asked(4) == approved
    with pytest.raises(NotAsAgreed, match="more than the 4 pieces"):
        asked(5)


@pytest.mark.parametrize("text", ["", "[]", '{"numbers": 3}', '{"numbers": [{}]}', "[" * 100_000])
def test_a_preprocessing_that_is_none_is_refused(member: Admitted, approved: Agreement, text: str) -> None:
    request = member.request(approved)
    request.values["preprocessing"] = text

    with pytest.raises(NotAsAgreed, match="cannot be read"):
        member.consent.admit("train", request, 1)


def test_an_agreement_on_trees_that_lets_a_network_leave_is_refused(member: Admitted) -> None:
    grown = member.agreement(network=None, training=None, trees=TreesConfig(), average_last=1)

    with pytest.raises(NotAsAgreed, match="lets replies hold other fields"):
        member.roll_call(grown)


def test_a_roll_call_with_anything_more_is_refused(member: Admitted, approved: Agreement) -> None:
    signed = member.sign(approved)
    usual = flatten(RollCall("first", approved.contract, signed.text, signed.signature))
    odd = [
        replace(usual, values={**usual.values, "extra": 1}),
        replace(usual, arrays={"extra": np.zeros(1)}),
        replace(usual, groups={"arrays": {"w": np.zeros(1)}}),
        replace(usual, values={**usual.values, "contract": "other@1.0.0"}),
        replace(usual, values={**usual.values, "run_id": "../first"}),
        replace(usual, values={**usual.values, "agreement": 5}),
        Flat(),
    ]
    assert member.consent.admit("query.roll_call", usual, 1) == approved
    for request in odd:
        with pytest.raises(NotAsAgreed):
            member.consent.admit("query.roll_call", request, 1)


def test_no_more_than_a_few_undecided_agreements_are_kept_and_decided_ones_stay(
    member: Admitted, approved: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "MOST_UNDECIDED", 3)
    for seed in range(6):
        agreement = member.agreement(rounds=6 + seed)
        with pytest.raises(ConsentPending):
            member.roll_call(agreement)
        folder = member.consent.store.folder / agreement.sha256()
        os.utime(folder / decisions.AGREEMENT, (seed, seed))

    kept = {one.agreement.rounds for one in member.consent.store.all()}
    assert kept == {approved.rounds, 9, 10, 11}


def test_agreements_approved_without_asking_do_not_pile_up(
    member: Admitted, approved: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "MOST_AUTOMATIC", 2)
    for seed in range(100, 105):
        like = replace(approved, seed=seed)
        member.roll_call(like)
        os.utime(member.consent.store.folder / like.sha256() / decisions.AGREEMENT, (seed, seed))

    assert {one.agreement.seed for one in member.consent.store.all()} == {approved.seed, 103, 104}


def test_a_hash_is_named_by_eight_digits_that_fit_one_agreement(member: Admitted, approved: Agreement) -> None:
    digest = approved.sha256()

    assert member.consent.resolve(digest[:8].upper()).sha256 == digest
    for prefix in ("", digest[:7], "0" * 64, "*" * 8, "../" * 4):
        with pytest.raises(UnknownAgreement):
            member.consent.resolve(prefix)


def test_what_is_kept_is_for_the_owner_alone(member: Admitted, approved: Agreement) -> None:
    folder = member.consent.store.folder / approved.sha256()

    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"approved": 1}', "\x00\xff", '{"approved": true, "when": 3}', '{"approved": true, "when": "x"}'],
)
def test_a_decision_that_cannot_be_read_approves_nothing(member: Admitted, approved: Agreement, content: str) -> None:
    (member.consent.store.folder / approved.sha256() / decisions.DECISION).write_text(content)

    with pytest.raises((ConsentRefused, ConsentPending)):
        member.ask(approved)


def _without_kit(member: Admitted) -> None:
    (member.home.folder / "federation" / "kit.json").unlink()


def _with_a_bad_kit(member: Admitted) -> None:
    (member.home.folder / "federation" / "kit.json").write_text("{}")


def _with_a_bad_key(member: Admitted) -> None:
    (member.home.folder / "federation" / "signing.pub").write_text("no key")


def _with_another_associations_kit(member: Admitted) -> None:
    other = Admitted(member.home.folder.parent / "other")
    kit = (other.home.folder / "federation" / "kit.json").read_text()
    (member.home.folder / "federation" / "kit.json").write_text(kit)


def _without_federation(member: Admitted) -> None:
    shutil.rmtree(member.home.folder / "federation")


@pytest.mark.parametrize(
    "damage", [_without_kit, _with_a_bad_kit, _with_another_associations_kit, _with_a_bad_key, _without_federation]
)
def test_a_member_that_has_not_joined_admits_nothing_and_names_the_next_step(
    member: Admitted, approved: Agreement, damage: Callable[[Admitted], None]
) -> None:
    damage(member)

    with pytest.raises(MemberHomeError, match="pumasi-member join KIT"):
        Consent(member.home, now=member.tick).admit("train", member.request(approved), 1)
