"""One agreement for one plan: members are asked once, and anew for whatever is another plan."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data_contracts.contract import load_contract
from federated.agreement import Agreement, SignedAgreement, verify_agreement
from federated.errors import BadAgreement
from flows.agreements import VALID_DAYS, make_agreement, signed_agreement
from flows.plan import TrainingPlan, load_plan

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
CONTRACT = load_contract("print-defect")


def sign(folder: Path, plan: TrainingPlan, *, now: datetime = NOW) -> SignedAgreement:
    return signed_agreement(plan, CONTRACT, federation="busan", key=KEY, folder=folder, now=now)


def agreement(plan: TrainingPlan) -> Agreement:
    return make_agreement(plan, CONTRACT, federation="busan", now=NOW)


def test_a_plan_that_is_run_again_is_the_agreement_that_was_signed_before(tmp_path: Path) -> None:
    plan = load_plan("print-defect")

    assert sign(tmp_path, plan, now=NOW + timedelta(days=5)) == sign(tmp_path, plan)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_agreement_that_ends_within_a_day_is_replaced(tmp_path: Path) -> None:
    plan = load_plan("print-defect")
    before = sign(tmp_path, plan)

    after = sign(tmp_path, plan, now=NOW + timedelta(days=VALID_DAYS))

    assert after != before
    assert not Agreement.read(after.text).expired(NOW + timedelta(days=VALID_DAYS, hours=23))


def test_another_seed_is_another_agreement_that_is_like_the_first(tmp_path: Path) -> None:
    one, other = (
        sign(tmp_path, load_plan("print-defect")),
        sign(tmp_path, load_plan("print-defect").with_overrides(seed=7)),
    )

    first, second = Agreement.read(one.text), Agreement.read(other.text)
    assert first.differences(second) == ("seed",)
    assert second.like(first)


def test_fewer_rounds_are_covered_by_an_approval_and_more_are_not() -> None:
    plan = load_plan("print-defect")
    usual, fewer, more = (agreement(plan.with_overrides(rounds=rounds)) for rounds in (24, 3, 25))

    assert fewer.like(usual)
    assert not more.like(usual)


@pytest.mark.parametrize(
    "change",
    [
        {"network": {"width": 48}},
        {"training": {"epochs": 9}},
        {"minimums": {"count": 3}},
        {"purpose": {"ko": "다른 목적", "en": "Something else"}},
        {"bins": 60},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_else_changes_is_another_plan_that_nobody_has_approved(change: dict[str, object]) -> None:
    plan = load_plan("print-defect")
    changed = TrainingPlan.model_validate(plan.model_dump() | change)

    assert not agreement(changed).like(agreement(plan))


def test_the_signature_holds_for_the_text_and_the_key_that_made_it(tmp_path: Path) -> None:
    signed = sign(tmp_path, load_plan("print-defect"))

    assert verify_agreement(signed, KEY.public_key()).federation == "busan"
    with pytest.raises(BadAgreement):
        verify_agreement(signed, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(BadAgreement):
        verify_agreement(
            SignedAgreement(signed.text.replace('"rounds":24', '"rounds":25'), signed.signature), KEY.public_key()
        )


@pytest.mark.parametrize(("plan", "agreed", "pieces"), [("print-defect", 16, 65), ("print-defect-trees", 8, 1)])
def test_an_agreement_on_pieces_that_no_plan_can_have_is_none(plan: str, agreed: int, pieces: int) -> None:
    before, after = agreement(load_plan(plan)).text().split(f'"bins":{agreed},')

    assert Agreement.read(f'{before}"bins":2,{after}').bins == 2
    with pytest.raises(BadAgreement):
        Agreement.read(f'{before}"bins":{pieces},{after}')


def test_a_text_that_says_more_than_is_shown_is_no_agreement() -> None:
    text = agreement(load_plan("print-defect")).text()

    assert Agreement.read(text).text() == text
    for other in (text.replace("{", '{"rows":1,', 1), text.replace(",", ", ", 1), text + " "):
        with pytest.raises(BadAgreement):
            Agreement.read(other)


def test_what_another_version_of_pumasi_signed_does_not_block_training(tmp_path: Path) -> None:
    plan = load_plan("print-defect")
    text = agreement(plan).text().replace("{", '{"a_field_of_later":1,', 1)
    for name, stored in (
        ("0.json", json.dumps({"text": text, "signature": ""})),
        ("1.json", "{"),
        ("2.json", "[]"),
        ("3.json", "3"),
    ):
        (tmp_path / name).write_text(stored)

    signed = sign(tmp_path, plan)

    assert verify_agreement(signed, KEY.public_key()).federation == "busan"
    assert sign(tmp_path, plan) == signed


def test_a_restored_authority_signs_anew_what_the_lost_one_had_signed(tmp_path: Path) -> None:
    plan = load_plan("print-defect")
    sign(tmp_path, plan)
    key = Ed25519PrivateKey.generate()

    signed = signed_agreement(plan, CONTRACT, federation="busan", key=key, folder=tmp_path, now=NOW)

    assert verify_agreement(signed, key.public_key()).federation == "busan"
