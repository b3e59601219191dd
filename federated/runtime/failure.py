"""Why a ServerApp ended without an outcome: its own words, through a file, to the process that waits for it.

Flower carries the text of an exception but not its class; the flow tells a run with too few members from one that
broke.
"""

import json
from pathlib import Path

from federated import errors
from federated.disk import whole_file
from federated.errors import FederatedError, RunFailed

FAILURE = "failure.json"


def write_failure(folder: Path, error: Exception) -> None:
    """Leave an error in a run's folder."""
    with whole_file(folder / FAILURE) as partial:
        partial.write_text(json.dumps({"kind": type(error).__name__, "text": str(error)}), encoding="utf-8")


def read_failure(folder: Path) -> FederatedError | None:
    """Return the error that was left in a run's folder, or None.

    An error that is not one of `federated.errors` is told by a `RunFailed` that names its class.
    """
    path = folder / FAILURE
    if not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    kind = getattr(errors, told["kind"], None)
    if isinstance(kind, type) and issubclass(kind, FederatedError):
        return kind(told["text"])
    return RunFailed(f"the ServerApp ended with {told['kind']}: {told['text']}")
