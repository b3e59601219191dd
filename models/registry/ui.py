"""How MLflow's pages are served for one home, and the address to open them under."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from data_contracts.telemetry import OPT_OUT
from models.registry.places import artifact_root, tracking_uri

if TYPE_CHECKING:
    from models.registry.run import TrainingRun

_IMPORT_ROOT = Path(__file__).parents[2]  # the folder that holds the package `models`


def ui_command(home: Path, port: int) -> list[str]:
    """Command that serves MLflow's pages for one home, to be run with `ui_environment`.

    One worker, loopback only, only for pages that were opened under this very address, and without MLflow's Assistant
    (see `models.registry.ui_app`). No module is taken from the folder the user happens to stand in: a folder named
    `models` is no rarity there.

    Args:
        home: The association's home folder.
        port: Free TCP port on 127.0.0.1.
    """
    own = [f"{host}:{port}" for host in ("127.0.0.1", "localhost")]
    options = {
        "--backend-store-uri": tracking_uri(home),
        "--default-artifact-root": artifact_root(home).as_uri(),
        "--host": "127.0.0.1",
        "--port": str(port),
        "--workers": "1",
        "--allowed-hosts": ",".join(own),
        "--cors-allowed-origins": ",".join(f"http://{address}" for address in own),
        "--uvicorn-opts": f"--app-dir {shlex.quote(str(_IMPORT_ROOT))}",
    }
    words = [word for pair in options.items() for word in pair]
    return [sys.executable, "-P", "-m", "models.registry.ui_app", *words, "--no-serve-artifacts"]


def ui_page(port: int, run: TrainingRun | None = None) -> str:
    """Address of the pages that `ui_command` serves, opened as model training instead of MLflow's default, GenAI.

    Args:
        port: As given to `ui_command`.
        run: The run to show; None shows the list of experiments.
    """
    place = "experiments" if run is None else f"experiments/{run.experiment_id}/runs/{run.mlflow_run_id}"
    return f"http://127.0.0.1:{port}/#/{place}?workflowType=machine_learning"


def ui_environment() -> dict[str, str]:
    """This process's environment with MLflow's reporting, background jobs and gateway switched off."""
    return {
        **os.environ,
        **OPT_OUT,
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_ENABLE_AI_GATEWAY": "false",
    }
