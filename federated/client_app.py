"""Flower's ClientApp: the member's side of a run. It unpacks a request, calls the member's work, and packs the reply.

What leaves a member is what the reply types in `federated.messages` can hold, or one of the sentences in
`federated.member.refusals`. An error's own text stays in the member's log: it could quote a path or a cell.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flwr.app import Context, Error, Message
from flwr.clientapp import ClientApp

from federated.member.refusals import MEMBER_FAILED, note_in_own_log, refusal_sentence
from federated.member.work import MemberWork
from federated.messages import Calibrate, CheckContract, DescribeRecords, Evaluate, RollCall, TakeHome, TrainRound
from federated.wire import pack, unpack

MEMBER_HOME = "member-home"
"""Key of the node config that names the member's folder; only the member's own machine knows it."""

Request = TypeVar("Request")

app = ClientApp()


@app.query("roll_call")
def roll_call(message: Message, context: Context) -> Message:
    """Say who is here."""
    return _answer(message, context, RollCall, MemberWork.present)


@app.query("check_contract")
def check_contract(message: Message, context: Context) -> Message:
    """Check the dataset against the contract."""
    return _answer(message, context, CheckContract, MemberWork.check_contract)


@app.query("statistics")
def statistics(message: Message, context: Context) -> Message:
    """Send sums and counts of all rows but the hold-out."""
    return _answer(message, context, DescribeRecords, MemberWork.describe)


@app.train()
def train(message: Message, context: Context) -> Message:
    """Train for one round."""
    return _answer(message, context, TrainRound, MemberWork.train)


@app.query("calibrate")
def calibrate(message: Message, context: Context) -> Message:
    """Send loss sums per temperature."""
    return _answer(message, context, Calibrate, MemberWork.calibrate)


@app.evaluate()
def evaluate(message: Message, context: Context) -> Message:
    """Compare the models on hold-out rows."""
    return _answer(message, context, Evaluate, MemberWork.evaluate)


@app.query("take_home")
def take_home(message: Message, context: Context) -> Message:
    """Keep the promoted model."""
    return _answer(message, context, TakeHome, MemberWork.take_home)


def _answer(
    message: Message, context: Context, request: type[Request], work: Callable[[MemberWork, Request], object]
) -> Message:
    home = Path(str(context.node_config[MEMBER_HOME]))
    try:
        reply = work(MemberWork.of(home), unpack(request, message.content))
        return Message(pack(reply), reply_to=message)
    except Exception as error:  # noqa: BLE001  (whatever it is, the run goes on without this member, and says so)
        note_in_own_log(home, error)
        return Message(Error(code=MEMBER_FAILED, reason=refusal_sentence(error)), reply_to=message)
