"""Watching a run until it ends."""

from collections.abc import Callable
from pathlib import Path

from federated.events import Event
from federated.runtime.running import Runtime
from flows.interrupts import stop_if_interrupted

POLL_SECONDS = 0.05


def follow(runtime: Runtime, folder: Path, note: Callable[[Event], None]) -> None:
    """Start the ServerApp on a run folder and hand over its events until it ends; whatever stops us stops it.

    Args:
        runtime: Where the apps run.
        folder: The run's folder with the job in it.
        note: Told of each event.
    """
    started = runtime.start(folder)
    try:
        ended = False
        while not ended:
            stop_if_interrupted()
            events, ended = started.new_events(POLL_SECONDS)
            for event in events:
                note(event)
    except BaseException:
        started.stop()
        raise
