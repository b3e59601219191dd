"""Flower's ClientApp: the member's side of a run. It unpacks a request, calls the member's work, and packs the reply.

What leaves a member is what the reply types in `federated.messages` can hold. An unexpected error leaves as the name of
its class only: its text could quote a cell.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flwr.app import Context, Error, Message
from flwr.clientapp import ClientApp

from data_contracts.errors import DataContractsError
from federated.errors import FederatedError
from federated.member.work import MemberWork
from federated.messages import Calibrate, CheckContract, DescribeRecords, Evaluate, RollCall, TakeHome, TrainRound
from federated.wire import pack, unpack
from models.errors import ModelsError

MEMBER_HOME = "member-home"
"""Key of the node config that names the member's folder; only the member's own machine knows it."""

MEMBER_FAILED = 100
"""Flower error code of a reply that says why a member could not answer."""

Request = TypeVar("Request")

app = ClientApp()
_log = logging.getLogger(__name__)


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
    """Send sums and counts."""
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
    try:
        member = MemberWork.of(Path(str(context.node_config[MEMBER_HOME])))
        return Message(pack(work(member, unpack(request, message.content))), reply_to=message)
    except (FederatedError, DataContractsError, ModelsError) as error:  # our own errors never quote a cell
        reason = str(error)
    except Exception as error:  # noqa: BLE001  (the run goes on without this member, and says so)
        _log.exception("the member's work failed; only the error's class leaves the member")
        reason = f"the member's software failed with {type(error).__name__}; its own log has the details"
    return Message(Error(code=MEMBER_FAILED, reason=reason), reply_to=message)
