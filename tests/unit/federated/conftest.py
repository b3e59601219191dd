"""Who a process is to Flower, known anew for each test: one must not live on what another left behind."""

import pytest
from flwr.common.constant import SUPERLINK_NODE_ID
from flwr.supercore.task_identity import TaskIdentity


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a process that Flower has not started: it can make no message."""
    for name in ("_task_id", "_run_id", "_node_id"):
        monkeypatch.setattr(TaskIdentity, name, None)


@pytest.fixture
def server(nobody: None) -> None:  # noqa: ARG001  (asked for its order)
    """Be the ServerApp of run 1."""
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 1, 1, SUPERLINK_NODE_ID
