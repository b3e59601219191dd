"""What a flow needs of a runtime, whichever it is: start the ServerApp on a folder, hear from it, stop it."""

from pathlib import Path
from typing import Protocol

from federated.events import Event


class Run(Protocol):
    """A ServerApp at work."""

    def new_events(self, wait: float) -> tuple[list[Event], bool]:
        """Return what happened since the last call, and whether the run has ended.

        Args:
            wait: Seconds to wait at most.

        Raises:
            FederatedError: The run failed, was stopped or came to its deadline; every event before that has been
                returned by then.
        """

    def stop(self) -> None:
        """Stop the run. A run that has ended stays as it is."""


class Runtime(Protocol):
    """Where ServerApp and ClientApps run: in this process, or deployed."""

    def start(self, folder: Path) -> Run:
        """Start the ServerApp on the job that lies in a run folder.

        Args:
            folder: The run's folder (see `federated.job`).
        """
