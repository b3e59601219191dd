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
from collections.abc import Awaitable, Callable, MutableMapping  # noqa: E402
from typing import Any  # noqa: E402

import uvicorn  # noqa: E402
from prefect.server.api.server import create_app  # noqa: E402

GRACE_SECONDS = 2
NOT_STARTED = 3

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def main() -> None:
    """Serve until standard input closes."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(_app, factory=True, log_level="error", timeout_graceful_shutdown=GRACE_SECONDS)
    server = uvicorn.Server(config)
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    gc.freeze()
    gc.enable()
    server.run(sockets=[listening])
    sys.exit(0 if server.started else NOT_STARTED)


def _app() -> Callable[[Message, Receive, Send], Awaitable[None]]:
    """Return Prefect's app, which tells our parent why it could not start: its own logging is off."""
    app = create_app()

    async def telling(scope: Message, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            if scope["type"] == "lifespan":
                first_line = (str(error).splitlines() or [""])[0]
                sys.stderr.write(f"{type(error).__name__}: {first_line}\n")
            raise

    return telling


def _stop_with_parent(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
