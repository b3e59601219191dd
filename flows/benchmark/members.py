"""Members that answer from memory: the benchmark's own ClientApp, since its rows are split by cases and not by keys.

Questions arrive and answers leave as Flower messages in the product's wire format; what happens in between is the
product's own `federated.local_round`.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from flwr.app import Context, Message
from flwr.clientapp import ClientApp

from federated import local_round
from federated.local_round import MemberRecords
from federated.messages import Calibrate, DescribeRecords, TrainRound
from federated.wire import pack, unpack

Request = TypeVar("Request")


def member_app(members: Mapping[int, MemberRecords]) -> ClientApp:
    """Return the app that all members run.

    Args:
        members: Flower node id -> that member's rows.
    """
    app = ClientApp()

    def answer(
        message: Message, context: Context, kind: type[Request], work: Callable[[MemberRecords, Request], object]
    ) -> Message:
        reply = work(members[context.node_id], unpack(kind, message.content))
        return Message(pack(reply), reply_to=message)

    @app.query("statistics")
    def statistics(message: Message, context: Context) -> Message:
        return answer(message, context, DescribeRecords, local_round.describe_records)

    @app.train()
    def train(message: Message, context: Context) -> Message:
        return answer(message, context, TrainRound, local_round.train_round)

    @app.query("calibrate")
    def calibrate(message: Message, context: Context) -> Message:
        return answer(message, context, Calibrate, local_round.calibrate)

    return app
