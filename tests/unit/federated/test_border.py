"""The member's side of the border: what it refuses to be asked, and what it never says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from federated.errors import AskedTwice, BadMessage, DatasetChanged, MemberHomeError, OtherContract, TooFewToTrain
from federated.fields import build, flatten
from federated.member.home import MemberHome, MemberProfile
from federated.member.refusals import UNKNOWN, note_in_own_log, refusal_sentence
from federated.member.work import MemberWork
from federated.messages import (
    Assignment,
    Calibrate,
    CheckContract,
    DescribeRecords,
    Evaluate,
    Present,
    TakeHome,
    TrainRound,
)
from federated.names import check_name
from models.errors import ModelsError
from models.prediction import initial_weights
from models.preprocessing import Preprocessing, fit_preprocessing
from models.weights import Weights
from tests.cooperative import Cooperative, parts


@pytest.fixture
def member(tmp_path: Path) -> tuple[MemberWork, Assignment, Cooperative]:
    """One member, and what a run asks of it."""
    cooperative = Cooperative(tmp_path)
    home = cooperative.add("anvil")
    _, job = cooperative.job("first")
    return MemberWork(home), job.assignment, cooperative


def preprocessing_of(work: MemberWork, assignment: Assignment, cooperative: Cooperative) -> Preprocessing:
    statistics = work.describe(DescribeRecords(assignment)).statistics
    return fit_preprocessing(cooperative.contract, statistics, bins=4)


def drawn(preprocessing: Preprocessing, assignment: Assignment, *, seed: int = 1) -> Weights:
    assert assignment.network is not None
    return initial_weights(preprocessing, assignment.network, seed=seed)


def evaluation(work: MemberWork, assignment: Assignment, cooperative: Cooperative, *, seed: int = 1) -> Evaluate:
    preprocessing = preprocessing_of(work, assignment, cooperative)
    arrays = drawn(preprocessing, assignment, seed=seed).arrays
    return Evaluate(arrays, {}, assignment, preprocessing.to_json(), 1.0, 0.95)


@pytest.mark.parametrize("name", ["../../elsewhere", "/elsewhere", "a/b", "", ".", "..", "a" * 65, "공장", "a\nb"])
def test_a_name_that_could_leave_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        check_name("a run's id", name)
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        MemberHome(tmp_path).run(name)
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        MemberHome(tmp_path).model(name)
    with pytest.raises(MemberHomeError):
        MemberProfile(name, "tiny@1.0.0")


def test_a_request_with_such_a_name_does_not_even_become_a_message(
    member: tuple[MemberWork, Assignment, Cooperative],
) -> None:
    _, assignment, _ = member
    flat = flatten(DescribeRecords(assignment))
    flat.values["assignment.run_id"] = "../../../elsewhere"

    with pytest.raises(BadMessage, match="run's id"):
        build(DescribeRecords, flat)


def test_an_answered_evaluation_is_not_answered_for_another_model(
    member: tuple[MemberWork, Assignment, Cooperative],
) -> None:
    work, assignment, cooperative = member
    request = evaluation(work, assignment, cooperative)
    first = work.evaluate(request)

    again = work.evaluate(request)
    other = drawn(preprocessing_of(work, assignment, cooperative), assignment, seed=2)

    assert first.comparison is not None
    assert again.comparison is not None
    assert again.comparison.shared.loss_sum == first.comparison.shared.loss_sum
    with pytest.raises(AskedTwice):
        work.evaluate(replace(request, arrays=other.arrays))


def test_a_round_is_trained_once_and_not_beyond_what_was_agreed(
    member: tuple[MemberWork, Assignment, Cooperative],
) -> None:
    work, assignment, cooperative = member
    preprocessing = preprocessing_of(work, assignment, cooperative)
    arrays = drawn(preprocessing, assignment).arrays
    work.train(TrainRound(arrays, assignment, preprocessing.to_json(), 1))

    with pytest.raises(AskedTwice):
        work.train(TrainRound({n: a + 1 for n, a in arrays.items()}, assignment, preprocessing.to_json(), 1))
    with pytest.raises(ValueError, match="round must be from 1 to 3"):
        TrainRound(arrays, assignment, preprocessing.to_json(), 4)


def test_a_run_keeps_to_one_preprocessing(member: tuple[MemberWork, Assignment, Cooperative]) -> None:
    work, assignment, cooperative = member
    preprocessing = preprocessing_of(work, assignment, cooperative)
    arrays = drawn(preprocessing, assignment).arrays
    moved = replace(preprocessing, scales=tuple(2 * scale for scale in preprocessing.scales))
    work.train(TrainRound(arrays, assignment, preprocessing.to_json(), 1))

    with pytest.raises(AskedTwice, match="another preprocessing"):
        work.train(TrainRound(arrays, assignment, moved.to_json(), 2))
    with pytest.raises(AskedTwice, match="another preprocessing"):
        work.calibrate(Calibrate(arrays, assignment, moved.to_json()))
    work.train(TrainRound(arrays, assignment, preprocessing.to_json(), 2))


def test_every_request_for_another_contract_is_refused(member: tuple[MemberWork, Assignment, Cooperative]) -> None:
    work, assignment, cooperative = member
    request = evaluation(work, assignment, cooperative)
    foreign = replace(assignment, contract_sha256="f" * 64, run_id="foreign")

    with pytest.raises(OtherContract):
        work.check_contract(CheckContract(foreign))
    with pytest.raises(OtherContract):
        work.describe(DescribeRecords(foreign))
    with pytest.raises(OtherContract):
        work.evaluate(replace(request, assignment=foreign))


def test_weights_that_do_not_fit_never_replace_the_model_that_works(
    member: tuple[MemberWork, Assignment, Cooperative],
) -> None:
    work, assignment, cooperative = member
    request = evaluation(work, assignment, cooperative)
    empty = TakeHome({}, assignment, "tiny-model", "1", request.preprocessing, 1.0, 0.5)

    with pytest.raises(ModelsError):
        work.take_home(empty)

    assert not work.home.model("tiny-model").exists()


@pytest.mark.parametrize("rows", [1, 4])
def test_no_figure_of_a_few_training_rows_leaves(tmp_path: Path, rows: int) -> None:
    cooperative = Cooperative(tmp_path)
    big = MemberWork(cooperative.add("anvil"))
    small = MemberWork(cooperative.add("bellows", parts(3, rows)))
    _, job = cooperative.job("first")
    preprocessing = preprocessing_of(big, job.assignment, cooperative)
    arrays = drawn(preprocessing, job.assignment).arrays

    with pytest.raises(TooFewToTrain):
        small.train(TrainRound(arrays, job.assignment, preprocessing.to_json(), 1))


def test_a_hold_out_with_a_single_defect_is_withheld_as_a_whole(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    frame = parts(5)
    held_out = cooperative.add("anvil", frame)
    work = MemberWork(held_out)
    _, job = cooperative.job("first")
    request = evaluation(work, job.assignment, cooperative)
    assert work.evaluate(request).comparison is not None

    defects = frame.index[frame["grade"] == "bad"]
    cooperative.add("bellows", frame.assign(grade=np.where(frame.index.isin(defects[:6]), "bad", "good")))
    few = MemberWork(MemberHome(tmp_path / "members" / "bellows"))

    assert few.evaluate(request).withheld


def test_what_an_error_says_stays_in_the_members_own_log(member: tuple[MemberWork, Assignment, Cooperative]) -> None:
    work, _, _ = member
    note_in_own_log(work.home.folder, RuntimeError("cell 123.456 of /home/kim/parts.xlsx"))

    said = refusal_sentence(RuntimeError("cell 123.456 of /home/kim/parts.xlsx"))
    log = work.home.folder / "member.log"
    assert said == UNKNOWN
    assert "123.456" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("member_id", ["", "../../x", "a\x1b[31m", "<script>"])
def test_a_member_id_that_is_no_name_is_refused_by_the_association(member_id: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        Present(member_id, "0.1.0", "tiny@1.0.0", "0" * 64, shares_metrics=False)


def test_a_run_is_about_one_version_of_the_dataset(member: tuple[MemberWork, Assignment, Cooperative]) -> None:
    """The same sums before and after one row was added would tell that row."""
    work, assignment, cooperative = member
    before = work.describe(DescribeRecords(assignment))
    assert work.describe(DescribeRecords(assignment)) == before

    cooperative.add("anvil", parts(7, rows=121))

    with pytest.raises(DatasetChanged):
        work.describe(DescribeRecords(assignment))
    assert work.describe(DescribeRecords(replace(assignment, run_id="second"))) != before
