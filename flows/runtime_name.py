"""The two places where a run may take place, by name; apart from the plan, so that a command line loads in no time."""

from enum import StrEnum


class RuntimeName(StrEnum):
    """Where a run takes place."""

    IN_PROCESS = "in-process"
    FEDERATION = "federation"
