"""Who agrees to a plan: three groups that are never mixed up, and a next step that can be typed as it stands."""

from federated.job import Declined, Proposed
from federated.screening import Refusal, Refused
from flows.propose_plan import Answer, as_json, as_text, make_proposal

HASH = "0123456789ab" + "0" * 52
PENDING = Refused("carver", Refusal.CONSENT_PENDING, "nobody at the member has decided about this agreement yet")
NO = Refused("bellows", Refusal.CONSENT_REFUSED, "the member refused this agreement: records are being corrected")
OTHER = Refused("anvil", Refusal.OTHER_SOFTWARE, "this member has installed another version of Pumasi")


def heard(agreed: tuple[str, ...], *declined: Refused) -> Proposed:
    return Proposed(agreed, tuple(Declined("roll call", one) for one in declined))


def test_every_member_is_in_one_of_three_groups_with_its_reason() -> None:
    text = as_text(make_proposal(HASH, heard(("drum", "etch"), PENDING, NO, OTHER)), "my-plan.yaml")

    lines = text.splitlines()
    assert lines[:5] == [
        "agreed    drum",
        "agreed    etch",
        f"not yet   carver: {PENDING.detail}",
        f"no        anvil: {OTHER.detail}",
        f"no        bellows: {NO.detail}",
    ]
    assert lines[5].startswith("2 agree to 0123456789ab. Next: ")
    assert len(lines) == 6


def test_the_next_step_names_the_very_plan_and_training_only_where_somebody_agrees() -> None:
    def step(proposed: Proposed) -> str:
        return as_text(make_proposal(HASH, proposed), "my-plan.yaml").rpartition("Next: ")[2]

    assert step(heard(("drum",))) == "pumasi train my-plan.yaml --runtime federation"
    assert step(heard(("drum",), NO)) == "pumasi train my-plan.yaml --runtime federation"
    assert "pumasi train" not in step(heard((), PENDING))
    assert "pumasi propose my-plan.yaml" in step(heard((), PENDING))
    assert step(heard((), NO)) == "change the plan, or speak with the members"
    for text in (step(heard(("drum",), PENDING)), step(heard((), PENDING))):
        assert "PLAN" not in text


def test_a_plan_with_a_blank_in_its_name_can_be_pasted() -> None:
    text = as_text(make_proposal(HASH, heard(("drum",))), "우리 plan.yaml")

    assert text.endswith("Next: pumasi train '우리 plan.yaml' --runtime federation")


def test_programs_get_member_state_and_reason_flat() -> None:
    plain = as_json(make_proposal(HASH, heard(("drum",), PENDING, NO)))

    assert plain == {
        "agreement": HASH,
        "agreed": ("drum",),
        "declined": (
            {"member": "bellows", "state": Answer.NO, "reason": NO.detail},
            {"member": "carver", "state": Answer.NOT_YET, "reason": PENDING.detail},
        ),
    }
