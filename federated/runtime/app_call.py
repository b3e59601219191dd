"""One call of the ClientApp without any Flower process around it: bytes in, bytes out."""

from collections.abc import Mapping

from flwr.app import Context, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.supercore.task_identity import TaskIdentity

from federated.errors import BadMessage, FederatedError, ReplyRefused
from federated.runtime.records import record_from_bytes, record_to_bytes

_TASK = 1  # the number means nothing outside of Flower's own state


class AppRefused(FederatedError):
    """The app answered with an error.

    Args:
        code: Its code.
        reason: Its reason.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"the app answered with error {code}: {reason}")
        self.code, self.reason = code, reason


def call_app(
    app: ClientApp, record: bytes, *, question: str, run_id: int, node_id: int, node_config: Mapping[str, str]
) -> bytes:
    """Let the app answer one request and return its reply's only record, as Flower serialises it.

    Args:
        app: The app.
        record: The request's only record, as Flower serialises it.
        question: Flower's message type.
        run_id: Flower's id of the run.
        node_id: Flower's id of this node.
        node_config: What the app may know about this node.

    Raises:
        BadMessage: The request's record cannot be read.
        AppRefused: The app answered with an error.
        ReplyRefused: The app's reply is not one config record.
        Exception: Whatever the app raises.
    """
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = _TASK, run_id, node_id
    request = Message(record_from_bytes(record), dst_node_id=node_id, message_type=question)
    request.metadata.__dict__["_message_id"] = request.object_id  # what a SuperLink does on arrival
    context = Context(run_id=run_id, node_id=node_id, node_config=dict(node_config), state=RecordDict(), run_config={})
    reply = app(request, context)
    if reply.has_error():
        raise AppRefused(reply.error.code, reply.error.reason or "")
    try:
        return record_to_bytes(reply.content)
    except BadMessage as error:
        raise ReplyRefused(str(error)) from error
