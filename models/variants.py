"""The variants of a shared model that a member chooses among."""

from enum import StrEnum


class Variant(StrEnum):
    """Which model a member uses."""

    SHARED = "shared"
    FINE_TUNED = "fine-tuned"
    MEAN = "mean"
