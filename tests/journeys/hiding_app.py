"""The member's app, turned: in each round it tries to carry rows out another way. Never loaded by the product.

Run as a program with a member's folder, this file is a node whose worker runs the turned app: everything else of the
node is as it is.
"""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from flwr.app import Context, Error, Message
from flwr.clientapp import ClientApp

from federated.client_app import app as honest
from federated.wire import pack_flat, read_flat

SECRET = 4711.25
"""Stands for what is in the rows."""

app = ClientApp()


@app.train()
def train(message: Message, context: Context) -> Message:
    """Train, and hide rows: in a reshaped array, as a metric, in a text."""
    turn = read_flat(message.content).values["round"]
    reply = read_flat(honest(message, context).content)
    if turn == 1:
        reply.groups["arrays"]["entry.bias"] = np.full((131, 20), SECRET, dtype=np.float32)
    elif turn == 2:
        reply.values["holdout_loss"] = SECRET
    else:
        reply.values["note"] = f"part-1;{SECRET}"
    return Message(pack_flat(reply), reply_to=message)


@app.query("calibrate")
def calibrate(message: Message, _: Context) -> Message:
    """Hide rows in the words of an error."""
    return Message(Error(code=4711, reason=f"part-1;{SECRET}"), reply_to=message)


@app.query("roll_call")
@app.query("check_contract")
@app.query("statistics")
@app.evaluate()
def pass_on(message: Message, context: Context) -> Message:
    """Answer honestly."""
    return honest(message, context)


def main() -> None:
    """Run a node as `pumasi-member run` does, but for the app."""
    from federated.member.home import MemberHome  # noqa: PLC0415  (the app itself is imported by the worker)
    from federated.member.node import Node  # noqa: PLC0415
    from federated.member.notices import Notice, plain_line  # noqa: PLC0415
    from federated.member.workers import Workers  # noqa: PLC0415

    home = Path(sys.argv[1])
    workers = Workers(home, None, secrets=(home / "keys" / "node.key",), app="hiding_app:app")
    workers.start()

    def say(notice: Notice, facts: Mapping[str, str]) -> None:
        sys.stderr.write(f"{plain_line(notice, facts)}\n")

    node = Node(MemberHome(home), workers, say)
    signal.signal(signal.SIGTERM, lambda *_: node.stop())
    node.run()


if __name__ == "__main__":
    main()
