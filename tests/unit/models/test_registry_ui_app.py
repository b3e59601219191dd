"""MLflow's Assistant stays out, and the MLflow that is installed is the one this was made for."""

import asyncio
import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest

from models.registry import ui_app
from models.registry.ui_app import APP_NAME, REFUSAL, WithoutAssistant, create_app

PREFIX = "/ajax-api/3.0/mlflow/assistant"
Messages = list[dict[str, Any]]


async def _mlflow(scope: Any, receive: Any, send: Any) -> None:
    """Stand in for MLflow's app: say that it was reached."""
    del receive
    await send({"reached": scope["type"]})


async def _nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def answer(scope: dict[str, Any]) -> Messages:
    sent: Messages = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(WithoutAssistant(_mlflow, PREFIX)(scope, _nothing, send))
    return sent


@pytest.mark.parametrize("path", [PREFIX, f"{PREFIX}/message", f"/{PREFIX}/message", f"/static{PREFIX}/message"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_assistant_is_answered_with_404_by_us(path: str, method: str) -> None:
    start, body = answer({"type": "http", "path": path, "method": method})

    assert start["status"] == 404
    assert body["body"] == REFUSAL


def test_a_websocket_to_the_assistant_is_closed() -> None:
    assert answer({"type": "websocket", "path": f"{PREFIX}/stream"}) == [{"type": "websocket.close"}]


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "http", "path": "/"},
        {"type": "http", "path": "/ajax-api/3.0/mlflow/assist"},
        {"type": "websocket", "path": "/"},
        {"type": "lifespan"},
    ],
)
def test_everything_else_reaches_mlflow(scope: dict[str, Any]) -> None:
    assert answer(scope) == [{"reached": scope["type"]}]


def test_without_a_prefix_everything_is_refused_rather_than_nothing() -> None:
    sent: Messages = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(WithoutAssistant(_mlflow, "")({"type": "http", "path": "/"}, _nothing, send))
    assert sent[0]["status"] == 404


def test_the_installed_mlflow_keeps_its_whole_assistant_below_the_path_we_refuse() -> None:
    """An MLflow upgrade that moves or spreads the Assistant fails here: look at it again before allowing it."""
    code = (
        "import ast, pathlib, mlflow.server.assistant.api as api\n"
        "from models.registry.ui_app import create_app\n"
        "server = pathlib.Path(api.__file__).parents[1]\n"
        "users = sorted(\n"
        "    str(file.relative_to(server)) for file in server.rglob('*.py')\n"
        "    if file.parent.name != 'assistant' and 'assistant_router' in file.read_text(encoding='utf-8')\n"
        ")\n"
        "print(create_app()._prefix, len(api.assistant_router.routes) > 0, users)\n"
        "print({route.path.startswith(api.assistant_router.prefix + '/') for route in api.assistant_router.routes})\n"
        "print([node.id for file in server.joinpath('assistant').glob('*.py')\n"
        "       for node in ast.walk(ast.parse(file.read_text(encoding='utf-8')))\n"
        "       if isinstance(node, ast.Name) and node.id in ('FastAPI', 'Flask', 'Blueprint')])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"{PREFIX} True ['fastapi_app.py']", "{True}", "[]"]


def test_mlflow_finds_our_app_by_its_name_while_the_command_runs_and_never_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def apps() -> dict[str, metadata.EntryPoint]:
        return {entry.name: entry for entry in metadata.entry_points(group="mlflow.app")}

    assert APP_NAME not in apps()
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, ui_app._UiFinder()])
    assert apps()[APP_NAME].load() is create_app
    assert metadata.version("pumasi") != "0"
