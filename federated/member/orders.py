"""What a node's agent and its zygote say to each other; neither needs the other's imports for it."""

from dataclasses import dataclass

APP = "federated.client_app:app"
"""The only app that a node's command line runs."""

FORK, END = b"f", b"e"
"""Orders of the agent: fork a worker on the socket that comes along; end the worker."""
DONE = b"d"


@dataclass(frozen=True)
class Orders:
    """How a zygote is started: one JSON argument.

    Attributes:
        app: The app's ``module:name``.
        home: The member's folder.
        user: The user that workers are, or None for the node's own.
        memory: Bytes of address space that a worker may take on top of the zygote's.
        secrets: Files that no worker needs: whether it could read one is reported.
    """

    app: str
    home: str
    user: str | None
    memory: int
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Readiness:
    """What the zygote says once, when it has imported everything.

    Attributes:
        problem: Why it cannot work; empty when it can.
        user: The user it is.
        network: Whether it reaches one.
        key_readable: Whether it could open one of the secrets, as a process of the node's own user can.
        bundle: Hash of the software that it has imported; after an upgrade it differs from the agent's.
    """

    problem: str
    user: str = ""
    network: bool = True
    key_readable: bool = True
    bundle: str = ""
