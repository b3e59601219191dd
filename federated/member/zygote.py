"""The process that workers are forked from: it has imported everything once, and holds nothing worth taking.

It is a fresh interpreter, started by the node before the node opens key or connection (`python -m
federated.member.zygote`), gives up what it can give up, imports the app with all its libraries, takes one optimiser
step so that nothing heavy is left to be imported, and waits. On order it forks one worker, and ends the one before.
"""

import gc
import json
import os
import pwd
import signal
import socket
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from federated.member.confinement import (
    Account,
    become,
    die_with_parent,
    drop_capabilities,
    gain_no_rights,
    leave_network,
    limit_memory,
)
from federated.member.orders import DONE, FORK, Orders, Readiness
from federated.member.worker import serve
from federated.runtime.bundle import bundle_sha256

if TYPE_CHECKING:
    from flwr.clientapp import ClientApp


WORKER_IMPORTS = ("federated.client_app", "federated.member.refusals", "federated.runtime.app_call")
"""What a worker imports when it answers; as another user it may not be able to read it any more."""


def main() -> None:
    """Confine, import, say so, and fork on order until the agent hangs up.

    The imports come before the change of user: the installation may be one that only its owner can read.
    """
    orders, control = Orders(**json.loads(sys.argv[1])), socket.socket(fileno=int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the agent decides
    try:
        network, bundle = not leave_network(), bundle_sha256()
        gain_no_rights()
        app = _load(orders.app)
        _warm_up()
        if orders.user is not None:
            become(Account.named(orders.user))
        drop_capabilities()
        die_with_parent()
        _check_folder(orders)
    except Exception as error:  # said to the agent, which ends with it
        _say(control, Readiness(f"{type(error).__name__}: {error}"))
        raise SystemExit(1) from error
    gc.collect()
    gc.freeze()
    readable = any(os.access(path, os.R_OK) for path in orders.secrets)
    _say(control, Readiness("", _user(), network, readable, bundle))
    _wait_for_orders(control, app, orders.memory)


def _wait_for_orders(control: socket.socket, app: "ClientApp", memory: int) -> None:
    worker = 0
    while True:
        order, sockets, *_ = socket.recv_fds(control, 1, 1)
        worker = _end(worker)
        if not order:
            return
        if order == FORK:
            worker = _fork(control, socket.socket(fileno=sockets[0]), app, memory)
        control.sendall(DONE)


def _fork(control: socket.socket, channel: socket.socket, app: "ClientApp", memory: int) -> int:
    worker = os.fork()
    if worker:
        channel.close()
        return worker
    status = 1
    try:
        control.close()
        die_with_parent()
        limit_memory(memory)
        serve(channel, app)
        status = 0
    finally:  # never return into the zygote's loop, whatever happened
        sys.stderr.flush()
        os._exit(status)


def _end(worker: int) -> int:
    """Kill the worker and wait for it; its number cannot be another process's, because nobody else waits for it."""
    if worker:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    return 0


def _load(reference: str) -> "ClientApp":
    module, _, name = reference.partition(":")
    return cast("ClientApp", getattr(import_module(module), name))


def _warm_up() -> None:
    from federated.member.warm_up import warm_up  # noqa: PLC0415  (torch: it must not be imported with this module)

    for name in WORKER_IMPORTS:
        import_module(name)
    warm_up()


def _check_folder(orders: Orders) -> None:
    if not os.access(orders.home, os.R_OK | os.X_OK):
        raise PermissionError(f"the user {_user()} cannot open {orders.home}: allow it with chmod o+rx on each folder")
    os.chdir(orders.home)


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _say(control: socket.socket, readiness: Readiness) -> None:
    control.sendall(json.dumps(asdict(readiness)).encode() + b"\n")


if __name__ == "__main__":
    Path("/proc/self/comm").write_text("pumasi-worker", encoding="ascii")
    main()
