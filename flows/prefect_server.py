"""Prefect's API on a socket that the parent already listens on, until the parent is gone.

Started by `flows.local_prefect` as ``python -m flows.prefect_server FD``. The parent holds our standard input open;
when it ends, for whatever reason, standard input closes and so do we: no server is ever left behind.
"""

import gc

gc.disable()  # importing Prefect's server makes many objects and no garbage; looking for some takes a quarter of it

import os  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402

import uvicorn  # noqa: E402
from prefect.server.api.server import create_app  # noqa: E402

GRACE_SECONDS = 2


def main() -> None:
    """Serve until standard input closes."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(create_app, factory=True, log_level="error", timeout_graceful_shutdown=GRACE_SECONDS)
    server = uvicorn.Server(config)
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    gc.freeze()
    gc.enable()
    server.run(sockets=[listening])


def _stop_with_parent(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
