"""A federation inside one process: Flower's own messages and apps, no network and no Ray.

The members are worked through one after the other, each in a thread of its own so that a member that hangs can be
left behind: a deadline counts the member's own working time, as it would if each had a machine of its own. A thread
cannot be killed; one that was left behind ends with the process, and its late reply is dropped.
"""

import logging
import threading
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flwr.app import Context, Error, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.common.constant import SUPERLINK_NODE_ID
from flwr.serverapp import Grid, ServerApp
from flwr.supercore.run import Run
from flwr.supercore.task_identity import TaskIdentity

from federated.errors import RunFailed, RunStopped
from federated.events import Event, EventReader
from federated.own_process import share_one_arena
from federated.runtime.bundle import RUN_FOLDER

FIRST_NODE = 1001
RUN_ID = 1
MEMBER_RAISED = 101
"""Flower error code of a reply that stands for an exception which the ClientApp let through."""


class InProcessGrid(Grid):
    """Flower's grid whose nodes are member folders on this machine.

    Args:
        client_app: The app that every member runs.
        nodes: Node id -> node config, as a real node would have it.
    """

    def __init__(self, client_app: ClientApp, nodes: Mapping[int, Mapping[str, str]]) -> None:
        self._app = client_app
        self._contexts = {
            node: Context(run_id=RUN_ID, node_id=node, node_config=dict(config), state=RecordDict(), run_config={})
            for node, config in nodes.items()
        }
        self._waiting: dict[str, Message] = {}
        self._run: Run | None = None
        self.stopping = threading.Event()

    def set_run(self, run: Run) -> None:
        """Set the run; nothing here needs it."""
        self._run = run

    @property
    def run(self) -> Run:
        """The run that was set."""
        if self._run is None:
            raise RunFailed("no run was set on the in-process grid")
        return self._run

    def create_message(
        self, content: RecordDict, message_type: str, dst_node_id: int, group_id: str, ttl: float | None = None
    ) -> Message:
        """Return a message to a node."""
        return Message(content, dst_node_id, message_type, ttl=ttl, group_id=group_id)

    def get_node_ids(self) -> list[int]:
        """Return the node ids; every member is always there."""
        return list(self._contexts)

    def push_messages(self, messages: Iterable[Message]) -> list[str]:
        """Take messages in; the work is done when the replies are pulled."""
        ids = []
        for message in messages:
            message_id = uuid.uuid4().hex
            message.metadata.__dict__["_message_id"] = message_id  # what a SuperLink does on arrival
            self._waiting[message_id] = message
            ids.append(message_id)
        return ids

    def pull_messages(self, message_ids: Iterable[str]) -> list[Message]:
        """Do the work of the given messages and return the replies."""
        return self._work(list(message_ids), timeout=None)

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> list[Message]:
        """Send messages and return the replies; a member gets `timeout` seconds of its own."""
        return self._work(self.push_messages(messages), timeout=timeout)

    def _work(self, message_ids: list[str], timeout: float | None) -> list[Message]:
        replies = []
        for message_id in message_ids:
            if self.stopping.is_set():
                raise RunStopped("the run was stopped")
            reply = self._one(self._waiting.pop(message_id), timeout)
            if reply is not None:
                replies.append(reply)
        return replies

    def _one(self, message: Message, timeout: float | None) -> Message | None:
        done: list[Message] = []
        context = self._contexts[message.metadata.dst_node_id]
        worker = threading.Thread(target=lambda: done.append(self._answer(message, context)), daemon=True)
        worker.start()
        worker.join(timeout)
        return done[0] if done else None

    def _answer(self, message: Message, context: Context) -> Message:
        try:
            return self._app(message, context)
        except Exception as error:  # as a node would: the run goes on without this member
            logging.getLogger(__name__).exception("a member's app raised")
            return Message(Error(MEMBER_RAISED, f"the member's app raised {type(error).__name__}"), reply_to=message)


@dataclass
class InProcessRun:
    """A ServerApp at work in a thread of this process.

    Attributes:
        folder: The run's folder; its events are read from there.
    """

    folder: Path
    _thread: threading.Thread
    _grid: InProcessGrid
    _failure: list[BaseException]
    _events: EventReader = field(init=False)

    def __post_init__(self) -> None:
        """Start reading events from the beginning."""
        self._events = EventReader(self.folder)

    def new_events(self, wait: float) -> tuple[list[Event], bool]:
        """Return what happened since the last call, and whether the run has ended.

        Args:
            wait: Seconds to wait at most for the run to end.

        Raises:
            Exception: Whatever ended the ServerApp, when all events before it have been returned.
        """
        self._thread.join(wait)
        ended = not self._thread.is_alive()
        events = list(self._events.new())
        if ended and self._failure and not events:
            raise self._failure[0]
        return events, ended and not self._failure

    def stop(self, wait: float = 10.0) -> None:
        """Stop the run after the member that is at work now; returns when it has stopped or `wait` seconds passed."""
        self._grid.stopping.set()
        self._thread.join(wait)


@dataclass(frozen=True)
class InProcessRuntime:
    """Runs the same ServerApp and ClientApp as a deployment, in this process.

    Attributes:
        members: The members' folders.
    """

    members: tuple[Path, ...]

    def start(self, folder: Path) -> InProcessRun:
        """Start the ServerApp on the job that lies in a run folder.

        Args:
            folder: The run's folder (see `federated.job`).
        """
        from federated.client_app import MEMBER_HOME  # noqa: PLC0415  (pandas is imported when a run starts, not before)
        from federated.client_app import app as client_app  # noqa: PLC0415
        from federated.server_app import app as server_app  # noqa: PLC0415

        share_one_arena()
        nodes = {FIRST_NODE + index: {MEMBER_HOME: str(home)} for index, home in enumerate(self.members)}
        grid = InProcessGrid(client_app, nodes)
        context = Context(
            run_id=RUN_ID, node_id=0, node_config={}, state=RecordDict(), run_config={RUN_FOLDER: str(folder)}
        )
        failure: list[BaseException] = []
        thread = threading.Thread(target=_serve, args=(server_app, grid, context, failure), daemon=True)
        identify_as_association()
        logging.getLogger("flwr").setLevel(logging.WARNING)  # our own events tell the story
        thread.start()
        return InProcessRun(folder, thread, grid, failure)


def identify_as_association() -> None:
    """Let messages made in this process come from the association, as a SuperLink would for a ServerApp."""
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 1, RUN_ID, SUPERLINK_NODE_ID


def _serve(server_app: ServerApp, grid: InProcessGrid, context: Context, failure: list[BaseException]) -> None:
    try:
        server_app(grid, context)
    except BaseException as error:  # noqa: BLE001  (re-raised by new_events in the thread that waits)
        failure.append(error)
