"""The worker: answers one run's requests with the ClientApp and ends. It holds no key, no connection, no other run."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

from federated.member.frames import Answered, Asked, HungUp, read_frame, send_frame

if TYPE_CHECKING:
    from flwr.clientapp import ClientApp


def serve(channel: socket.socket, app: "ClientApp") -> None:
    """Answer requests, one after the other, until the agent hangs up.

    Whatever the app raises stays in the member's own log; the agent is told a sentence.

    Raises:
        BadFrame: The agent speaks another language.
    """
    while True:
        try:
            asked = read_frame(channel, Asked)
        except HungUp:
            return
        send_frame(channel, answer(asked, app))


def answer(asked: Asked, app: "ClientApp") -> Answered:
    """Call the app and return what it says, or a refusal."""
    from federated.client_app import MEMBER_HOME  # noqa: PLC0415  (pandas, torch: only in the worker, never in the agent)
    from federated.member.refusals import note_in_own_log, refusal_code, refusal_sentence  # noqa: PLC0415
    from federated.runtime.app_call import AppRefused, call_app  # noqa: PLC0415

    config = {MEMBER_HOME: asked.home}
    try:
        record = call_app(
            app, asked.record, question=asked.question, run_id=asked.run, node_id=asked.node, node_config=config
        )
        return Answered(record)
    except AppRefused as refused:
        return Answered(b"", refused.code, refused.reason)
    except Exception as error:  # noqa: BLE001  (whatever it is, the run goes on without this answer, and says so)
        note_in_own_log(Path(asked.home), error)
        return Answered(b"", refusal_code(error), refusal_sentence(error))
