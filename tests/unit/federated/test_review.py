"""The owner reads what is asked, what would leave, what that could reveal and what changed; then decides."""

import json
import math
import re
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from federated.agreement import Agreement
from federated.errors import AskedTwice, BadAgreement, FederatedError, UnfitReason, UnknownAgreement
from federated.member import consent_cli
from federated.member.consent import Standing
from federated.member.decision_text import list_text
from federated.member.decisions import Term
from federated.member.egress import EgressLog
from federated.member.review import Change, Review, changes, review
from federated.member.review_text import review_text
from federated.member.review_words import CHANGED_FIELDS, QUESTIONS, size_text
from federated.member.work import MemberWork
from federated.messages import CheckContract, DescribeRecords, TakeHome
from federated.reply_schemas import ArrayField, reply_schemas
from models.configs import NetworkConfig, TrainingConfig, TreesConfig
from models.prediction import initial_weights
from models.preprocessing import fit_preprocessing
from tests.agreed import Admitted, forged
from tests.cooperative import Cooperative


@pytest.fixture
def member(tmp_path: Path) -> Admitted:
    return Admitted(tmp_path)


def look(member: Admitted, agreement: Agreement) -> Review:
    return review(member.consent, member.receive(agreement))


def run(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, env={"PUMASI_MEMBER_HOME": "", "PUMASI_HOME": "/nowhere"})


def at_home(member: Admitted) -> tuple[str, str]:
    return "--home", str(member.home.folder)


def test_the_sizes_are_those_of_the_schemas_times_the_rounds(member: Admitted) -> None:
    found = look(member, member.agreement(rounds=5, bins=4, network=NetworkConfig(width=8)))
    leaving = {one.question: one for one in found.leaving}

    # heat: 4 pieces and a missing flag, paper: 2 words; 7 x 8 + 8, norm 16, head 8 x 2 + 2
    assert leaving["train"].parameters == 98
    assert leaving["train"].times == 5
    assert leaving["train"].size == 98 * 4 + 4 * 8
    bins = next(one for one in leaving["query.statistics"].arrays if one.name == "statistics.bins")
    assert (bins.shape, bins.dtype, bins.size) == ((1, 64), "int64", 512)
    assert {one.times for one in found.leaving if one.question != "train"} == {None, 1}
    assert found.total == sum(one.size * (one.times or 1) for one in found.leaving)


def test_the_members_own_stricter_minimums_are_the_ones_shown(member: Admitted) -> None:
    profile = member.home.folder / "member.yaml"
    profile.write_text(profile.read_text().replace("count: 5", "count: 12"))

    found = look(member, member.agreement())

    assert found.minimums.count == 12
    assert "12" in review_text(found, "en")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_text_names_everything_that_would_leave(member: Admitted, language: str) -> None:
    found = look(member, member.agreement())

    text = review_text(found, language)
    named = set(re.findall(r"[\w.]+", text))
    for first, middles, last in re.findall(r"(\w+)\.\{([\w,]+)\}\.(\w+)", text):
        named |= {f"{first}.{middle}.{last}" for middle in middles.split(",")}

    for schema in found.agreement.replies:
        assert schema.question in QUESTIONS
        assert QUESTIONS[schema.question].text(language) in text
        assert {field.name for field in schema.scalars} <= named
        assert {field.name for field in schema.arrays if math.prod(field.shape)} <= named
    assert size_text(found.total, language) in text
    assert "None" not in text


def test_the_text_says_what_is_not_protected(member: Admitted) -> None:
    found = look(member, member.agreement())
    english, korean = review_text(found, "en"), review_text(found, "ko")

    for said in ("the association sees your own update", "it cannot judge", "No noise", "rebuild some of its values"):
        assert said in english
    for said in ("변경값을 따로 볼 수 있습니다", "판단하지 못합니다", "잡음을 섞지 않습니다"):
        assert said in korean


@pytest.mark.parametrize("language", ["ko", "en"])
def test_where_trees_are_grown_the_text_speaks_of_trees_and_of_their_size(member: Admitted, language: str) -> None:
    trees = TreesConfig(depth=3)
    grown = member.agreement(
        network=None, training=None, trees=trees, average_last=1, replies=reply_schemas(member.contract, trees)
    )

    found = review(member.consent, member.receive(grown))

    text = review_text(found, language)
    words = {"ko": ("결정 나무 한 그루", "갈래마다 5행 이상"), "en": ("one tree of depth 3", "over at least 5 rows")}
    assert all(word in text for word in words[language])
    assert "{count}" not in text
    (train,) = (one for one in found.leaving if one.question == "train")
    assert (train.parameters, train.times) == (0, 5)
    assert {one.name: one.shape for one in train.arrays} == {"inputs": (7,), "leaves": (8, 2)}
    assert train.size == 7 * 4 + 8 * 2 * 4 + 4 * 8


def test_the_text_is_wholly_in_one_language(member: Admitted) -> None:
    found = look(member, member.agreement(purpose_ko="불량", purpose_en="Defects"))

    assert not re.search("[가-힣]", review_text(found, "en"))
    for line in review_text(found, "ko").splitlines():
        technical = line.strip().startswith(("pumasi-member", "federation "))
        assert technical or not line.strip() or re.search("[가-힣]", line), line


def test_an_agreement_that_says_who_signed_it_was_verified_for_it(member: Admitted) -> None:
    """The text says that the signature was checked: files in the folder may have been changed since they came."""
    agreement = member.agreement()
    member.consent.store.keep(agreement.sha256(), forged(member.sign(agreement)))
    stored = member.consent.resolve(agreement.sha256())

    with pytest.raises(BadAgreement):
        review(member.consent, stored)
    assert isinstance(run(consent_cli.review, agreement.sha256(), *at_home(member)).exception, BadAgreement)


def test_what_the_review_calls_once_is_answered_once(tmp_path: Path) -> None:
    """Asked again the same, after a lost reply, the same is said; asked anything else, nothing."""
    cooperative = Cooperative(tmp_path)
    work = MemberWork(cooperative.add("anvil"))
    task = cooperative.job("first")[1].assignment
    statistics = work.describe(DescribeRecords(task)).statistics
    preprocessing = fit_preprocessing(cooperative.contract, statistics, bins=4)
    assert task.network is not None
    first, other = (initial_weights(preprocessing, task.network, seed=seed).arrays for seed in (1, 2))
    promoted = TakeHome(first, task, "tiny-model", "1", preprocessing.to_json(), 1.0, 0.5)

    assert work.check_contract(CheckContract(task)) == work.check_contract(CheckContract(task))
    assert work.take_home(promoted) == work.take_home(promoted)

    with pytest.raises(AskedTwice):
        work.check_contract(CheckContract(replace(task, seed=task.seed + 1)))
    with pytest.raises(AskedTwice):
        work.take_home(replace(promoted, arrays=other))


def test_what_changed_since_the_last_approval_is_shown_field_by_field(member: Admitted) -> None:
    before = member.agreement(rounds=5)
    member.receive(before)
    member.consent.approve(before.sha256(), Term.ONCE)
    after = replace(
        before, rounds=9, training=TrainingConfig(epochs=3), purpose_en="Another aim", issued="2026-11-21T10:00:00Z"
    )

    found = look(member, after)

    assert found.compared_with == before.sha256()
    assert set(found.changes) == {
        Change("rounds", 5, 9),
        Change("training.epochs", 1, 3),
        Change("purpose_en", before.purpose_en, "Another aim"),
    }
    assert "rounds: 5 → 9" in review_text(found, "en")
    assert "라운드 수: 5 → 9" in review_text(found, "ko")


def test_an_agreement_for_another_contract_or_refused_is_nothing_to_compare_with(member: Admitted) -> None:
    refused = member.agreement(seed=1)
    member.receive(refused)
    member.consent.refuse(refused.sha256(), "no")
    other = member.agreement(contract="other@1.0.0")
    member.receive(other)
    member.consent.approve(other.sha256(), Term.ALWAYS)

    found = look(member, member.agreement(seed=2))

    assert found.compared_with is None
    assert "all of it is new" in review_text(found, "en")


def test_a_field_more_in_a_reply_is_a_change_that_is_named(member: Admitted) -> None:
    old = member.agreement()
    wider = replace(
        old.replies[2], arrays=(*old.replies[2].arrays, ArrayField("statistics.rows_themselves", "f8", (9,)))
    )

    (change,) = changes(old, replace(old, replies=(*old.replies[:2], wider, *old.replies[3:])))

    assert change.field == "replies.RecordsDescribed.statistics.rows_themselves"
    assert change.old is None


def test_a_change_in_what_a_reply_holds_is_said_in_words_and_not_as_a_program_writes_it(member: Admitted) -> None:
    before = member.agreement()
    member.receive(before)
    member.consent.approve(before.sha256(), Term.ONCE)
    held, trees = member.home.contract(), TreesConfig(3, 0.5, 1, 0.5)
    grown = member.agreement(network=None, training=None, trees=trees, replies=reply_schemas(held, trees))

    found = look(member, grown)
    english, korean = (review_text(found, language) for language in ("en", "ko"))

    assert any(change.field.startswith("replies.") for change in found.changes)
    for text in (english, korean):
        assert not re.search(r"[{\[]'|'[}\]]|': ", text)
    assert "in the reply, RoundTrained.arrays: arrays like those of the request's arrays → " in english
    assert "대답에 담기는 RoundTrained.arrays: 요청의 arrays와 같은 표 → " in korean


def test_every_field_that_can_change_has_a_name_for_people(member: Admitted) -> None:
    usual, seen = member.agreement(), set()
    other = replace(
        usual,
        pumasi="9.0.0",
        bundle_sha256="f" * 64,
        federation="seoul",
        purpose_ko="a",
        purpose_en="b",
        model="other-model",
        contract="c@2.0.0",
        contract_sha256="e" * 64,
        seed=0,
        rounds=50,
        average_last=9,
        bins=9,
        network=NetworkConfig(9, 9),
        training=TrainingConfig(9, 9, 0.9, 9, own_classes=True),
        minimums=type(usual.minimums)(9, 99),
        minimum_members=9,
        expires="2026-12-31T00:00:00Z",
    )
    grown = replace(usual, network=None, training=None, trees=TreesConfig(1, 0.5, 1, 0.5))
    for change in (*changes(usual, other), *changes(usual, grown)):
        seen.add(change.field)
        assert change.field in CHANGED_FIELDS

    assert seen | {"secure_aggregation", "noise"} == set(CHANGED_FIELDS)


def test_what_the_association_writes_cannot_command_the_terminal(member: Admitted) -> None:
    """Such an agreement is refused when it arrives; the text does not rely on that."""
    odd = {"purpose_ko": "\x1b[2J승인됨\r\n\u202e", "purpose_en": "\x1b[2Jok\nApproved: yes"}
    with pytest.raises(BadAgreement):
        member.agreement(**odd)
    found, sly = look(member, member.agreement()), copy(member.agreement())
    for name, purpose in odd.items():
        object.__setattr__(sly, name, purpose)
    found = replace(found, stored=replace(found.stored, agreement=sly))

    for language in ("ko", "en"):
        text = review_text(found, language)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\nApproved" not in text
        assert "\x1b" not in list_text([(found.stored, Standing.PENDING, False)], language)


def test_the_commands_that_are_shown_work_as_they_are(member: Admitted) -> None:
    member.receive(member.agreement())
    digits = member.agreement().sha256()[:12]

    shown = run(consent_cli.review, digits, *at_home(member))

    assert f"pumasi-member approve {digits} --once --home {member.home.folder}" in shown.output
    assert run(consent_cli.approve, digits, "--once", *at_home(member)).exit_code == 0
    assert member.consent.standing(member.consent.resolve(digits)) is Standing.APPROVED
    assert run(consent_cli.refuse, digits, "--reason", "데이터 수정 중", *at_home(member)).exit_code == 0
    assert member.consent.standing(member.consent.resolve(digits)) is Standing.REFUSED
    assert "데이터 수정 중" in run(consent_cli.review, digits, "--lang", "ko", *at_home(member)).output


def test_an_approval_must_say_how_far_it_goes(member: Admitted) -> None:
    member.receive(member.agreement())

    result = run(consent_cli.approve, member.agreement().sha256(), "--yes", *at_home(member))

    assert result.exit_code == 2
    assert "--once or --always" in result.output
    assert member.consent.standing(member.consent.resolve(member.agreement().sha256())) is Standing.PENDING


def test_on_a_terminal_the_review_is_shown_and_the_answer_no_decides_nothing(
    member: Admitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    member.receive(member.agreement())
    digits = member.agreement().sha256()[:12]
    monkeypatch.setattr(consent_cli, "_asks", lambda: True)
    arguments = (digits, "--always", "--lang", "ko", *at_home(member))

    refused = CliRunner().invoke(consent_cli.approve, arguments, input="\n")
    assert "공장 밖으로 나가는 것" in refused.output
    assert refused.exit_code == 1
    assert member.consent.standing(member.consent.resolve(digits)) is Standing.PENDING

    assert CliRunner().invoke(consent_cli.approve, arguments, input="y\n").exit_code == 0
    assert member.consent.standing(member.consent.resolve(digits)) is Standing.APPROVED


def test_the_list_puts_what_waits_first_and_names_the_next_command(member: Admitted) -> None:
    assert "No agreement has arrived" in run(consent_cli.review, *at_home(member)).output
    first, second = member.agreement(seed=1), member.agreement(seed=2)
    member.receive(first)
    member.consent.approve(first.sha256(), Term.ONCE)
    member.receive(second)

    lines = run(consent_cli.review, *at_home(member)).output.splitlines()

    assert lines[0].startswith(second.sha256()[:12])
    assert lines[-1].endswith(f"pumasi-member review {second.sha256()[:12]} --home {member.home.folder}")


@pytest.mark.parametrize("arguments", [(), ("hash",)])
def test_programs_read_the_same_as_people(member: Admitted, arguments: tuple[str, ...]) -> None:
    agreement = member.agreement()
    member.receive(agreement)
    digits = [agreement.sha256()[:12]] if arguments else []

    said: dict[str, Any] = json.loads(run(consent_cli.review, *digits, "--json", *at_home(member)).output)

    one = said if arguments else said["agreements"][0]
    assert one["sha256"] == agreement.sha256()
    assert one["standing"] == "pending"


@pytest.mark.parametrize(
    ("command", "arguments", "refusal"),
    [
        (consent_cli.review, ["00000000"], UnknownAgreement),
        (consent_cli.approve, ["00000000", "--once"], UnknownAgreement),
        (consent_cli.refuse, ["HASH", "--reason", "x" * 201], UnfitReason),
        (consent_cli.review, ["--member", "bellows"], FederatedError),
    ],
)
def test_what_cannot_be_done_ends_in_one_sentence(
    member: Admitted, command: click.Command, arguments: list[str], refusal: type[FederatedError]
) -> None:
    agreement = member.agreement()
    member.receive(agreement)
    typed = [agreement.sha256() if one == "HASH" else one for one in arguments]

    result = run(command, *typed, *at_home(member))

    assert isinstance(result.exception, refusal)
    assert "\n" not in str(result.exception)


def test_egress_lists_a_run_verifies_the_whole_and_ends_with_1_when_it_is_broken(member: Admitted) -> None:
    log = EgressLog(member.home.egress)
    for name in ("spring", "autumn"):
        log.append(flower_run=1, run=name, question="train", kind="RoundTrained", size=1500, digest="a" * 64)

    listed = run(consent_cli.egress, "--run", "spring", *at_home(member))
    assert listed.exit_code == 0
    assert "autumn" not in listed.output
    assert "run spring: 1 messages, 1.5 kB in all" in listed.output
    assert json.loads(run(consent_cli.egress, "--json", *at_home(member)).output)["verification"]["sound"]

    file = log.folder / "log.jsonl"
    file.write_text(file.read_text().replace("1500", "1501", 1))
    for language in ("ko", "en"):
        broken = run(consent_cli.egress, "--lang", language, *at_home(member))
        assert broken.exit_code == 1
        assert "2" in broken.output.splitlines()[-1]
