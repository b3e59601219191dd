"""MLflow's pages without MLflow's Assistant: the app that is served, and `mlflow server` taught to serve it.

The Assistant of MLflow 3.17 runs shell commands on the host for whoever reaches it from this machine, and no option
switches it off. So requests for it are answered here, before MLflow's own app sees them.

`mlflow server` serves another app than its own when an installed distribution names one in the entry-point group
"mlflow.app" and `--app-name` asks for it. Here that name exists only while this command runs, so it works from any kind
of installation, and nobody gets it by accident in a server of their own.

Run as ``python -m models.registry.ui_app OPTIONS`` with the options of `mlflow server`.
"""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping
    from os import PathLike

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

APP_NAME = "pumasi"
REFUSAL = b"MLflow's Assistant is switched off in Pumasi."

_DISTRIBUTION = "pumasi-ui"
_METADATA = {
    "METADATA": f"Metadata-Version: 2.1\nName: {_DISTRIBUTION}\nVersion: 0\n",
    "entry_points.txt": f"[mlflow.app]\n{APP_NAME} = models.registry.ui_app:create_app\n",
}


class WithoutAssistant:
    """An ASGI app that answers 404 below one path and leaves everything else to another app.

    Args:
        app: Who answers everything else.
        prefix: The path; refused wherever it begins, so that a `--static-prefix` before it changes nothing.
    """

    def __init__(self, app: App, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; `scope["path"]` is already percent-decoded, as MLflow's own router reads it."""
        if self._prefix not in scope.get("path", ""):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": REFUSAL})


def create_app() -> WithoutAssistant:
    """Wrap MLflow's app; uvicorn calls this in the server process.

    The prefix is MLflow's own: should an MLflow release lose the name, the server does not start; should the prefix
    become empty, everything is refused. Never is the Assistant served by oversight.

    Raises:
        ImportError: If this MLflow release keeps its app or its Assistant elsewhere.
    """
    from mlflow.server.assistant.api import assistant_router  # noqa: PLC0415
    from mlflow.server.fastapi_app import app  # noqa: PLC0415

    return WithoutAssistant(app, assistant_router.prefix)


class _UiDistribution(metadata.Distribution):
    """A distribution without files, for its one entry point."""

    def read_text(self, filename: str) -> str | None:
        return _METADATA.get(filename)

    def locate_file(self, path: str | PathLike[str]) -> Any:
        raise FileNotFoundError(f"{_DISTRIBUTION} has no files, so not {path} either.")


class _UiFinder(metadata.DistributionFinder):
    """Finds that distribution, and no module."""

    def find_spec(self, *_: object) -> None:
        return

    def find_distributions(
        self,
        context: metadata.DistributionFinder.Context = metadata.DistributionFinder.Context(),  # noqa: B008 - as the base has it
    ) -> Iterator[metadata.Distribution]:
        if context.name in (None, _DISTRIBUTION):
            yield _UiDistribution()


def main(options: list[str]) -> None:
    """Run `mlflow server` with our app until it is ended.

    Args:
        options: Options of `mlflow server`.
    """
    sys.meta_path.append(_UiFinder())
    from mlflow.cli import cli  # noqa: PLC0415 - it looks the apps up while it is imported

    cli(["server", "--app-name", APP_NAME, *options], prog_name="mlflow")


if __name__ == "__main__":
    main(sys.argv[1:])
