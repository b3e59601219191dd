"""A ClientApp that misbehaves on demand: the question says how. Loaded by the worker tests, never by the product."""

import os
import signal
import time
from pathlib import Path

from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Error, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp

app = ClientApp()


def said(message: Message, **values: str | int | bool) -> Message:
    return Message(RecordDict({"message": ConfigRecord(dict(values))}), reply_to=message)


@app.query("who")
def who(message: Message, _: Context) -> Message:
    return said(message, pid=os.getpid(), uid=os.getuid(), heard=str(message.content["message"]["word"]))


@app.query("read")
def read(message: Message, context: Context) -> Message:
    try:
        (Path(str(context.node_config["member-home"])) / str(message.content["message"]["word"])).read_bytes()
    except PermissionError:
        return said(message, readable=False)
    return said(message, readable=True)


@app.query("rights")
def rights(message: Message, _: Context) -> Message:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return said(message, effective=next(line.split()[1] for line in status if line.startswith("CapEff")))


@app.query("environment")
def environment(message: Message, _: Context) -> Message:
    return said(message, names=" ".join(os.environ))


@app.query("die")
def die(_message: Message, _context: Context) -> Message:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


@app.query("hang")
def hang(_message: Message, _context: Context) -> Message:
    time.sleep(600)
    raise AssertionError


@app.query("devour")
def devour(message: Message, _: Context) -> Message:
    return said(message, size=len(bytearray(64 * 1024**3)))


@app.query("raise")
def raise_cell(_message: Message, _context: Context) -> Message:
    raise ValueError("cell value 17.3")


@app.query("own_words")
def own_words(message: Message, _: Context) -> Message:
    return Message(Error(code=110, reason="row 3: 17.3"), reply_to=message)


@app.query("metric")
def metric(message: Message, _: Context) -> Message:
    hidden = MetricRecord({"hidden": [1.0, 2.0]})
    return Message(RecordDict({"message": ConfigRecord({"rows": 1}), "metrics": hidden}), reply_to=message)


@app.query("array")
def array(message: Message, _: Context) -> Message:
    import numpy as np  # noqa: PLC0415

    record = ArrayRecord({"rows": Array(np.zeros(3))})
    return Message(RecordDict({"message": ConfigRecord({"rows": 1}), "arrays": record}), reply_to=message)
