"""The import of mlflow: late, with its reporting off, and with our kind of dataset source made known to it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Never, Self

from data_contracts.telemetry import switch_off_telemetry
from models.registry.errors import RowsStayAtMemberError

if TYPE_CHECKING:
    from types import ModuleType

SOURCE_TYPE = "member_rows"
"""MLflow's name for a dataset source that is known by its commitment alone."""


@cache
def import_mlflow() -> ModuleType:
    """Import mlflow (1 to 3 s) when it is first needed, and teach it our kind of dataset source."""
    switch_off_telemetry()
    import mlflow  # noqa: PLC0415
    import mlflow.pyfunc  # noqa: PLC0415

    _register_member_rows()
    return mlflow


def _register_member_rows() -> None:
    from mlflow.data.dataset_source import DatasetSource  # noqa: PLC0415
    from mlflow.data.dataset_source_registry import register_dataset_source  # noqa: PLC0415

    class MemberRows(DatasetSource):
        """Rows that stay at a member: known by their commitment, not to be loaded."""

        def __init__(self, facts: dict[str, str]) -> None:
            self._facts = facts

        @staticmethod
        def _get_source_type() -> str:
            return SOURCE_TYPE

        def load(self) -> Never:
            raise RowsStayAtMemberError(
                f"The rows behind this dataset ({self._facts.get('member')}) never leave the member, so they cannot be "
                "loaded here. Ask the member to open its commitment: it proves which data version it trained on."
            )

        @staticmethod
        def _can_resolve(raw_source: object) -> bool:
            del raw_source  # nothing in the world resolves to rows that stay where they are
            return False

        @classmethod
        def _resolve(cls, raw_source: object) -> Never:
            raise NotImplementedError(f"No {type(raw_source).__name__} leads to a member's rows.")

        def to_dict(self) -> dict[str, str]:
            return self._facts

        @classmethod
        def from_dict(cls, source_dict: dict[str, str]) -> Self:
            return cls(source_dict)

    register_dataset_source(MemberRows)  # type: ignore[arg-type] # it takes the class, whatever its hint says
