"""Commitments as MLflow's dataset inputs: what a run was trained on, without a way to the rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from models.registry.mlflow_import import SOURCE_TYPE, import_mlflow
from models.registry.model_folder import typed_inputs

if TYPE_CHECKING:
    from types import ModuleType

    from data_contracts.contract import Contract
    from models.run_record import Commitment, RunRecord

_DIGEST_DIGITS = 12  # enough to tell commitments apart in a list; the whole value stands in the source


def dataset_inputs(record: RunRecord, contract: Contract | None) -> list[Any]:
    """Make one MLflow dataset input per commitment.

    Args:
        record: Its commitments.
        contract: When given, each dataset shows its columns.
    """
    entities = import_mlflow().entities
    context = entities.InputTag("mlflow.data.context", "training")
    return [entities.DatasetInput(_dataset(entities, item, contract), [context]) for item in record.commitments]


def _dataset(entities: ModuleType, commitment: Commitment, contract: Contract | None) -> Any:
    source = {"commitment": commitment.value, "contract": commitment.contract, "member": commitment.member_label}
    columns = [] if contract is None else typed_inputs(contract)
    colspec = [{"type": kind, "name": name, "required": True} for kind, name in columns]
    return entities.Dataset(
        name=f"{commitment.contract} {commitment.member_label}",
        digest=commitment.value[:_DIGEST_DIGITS],
        source_type=SOURCE_TYPE,
        source=json.dumps(source, ensure_ascii=False),
        schema=json.dumps({"mlflow_colspec": colspec}) if colspec else None,
        profile=None if commitment.rows is None else json.dumps({"num_rows": commitment.rows}),
    )
