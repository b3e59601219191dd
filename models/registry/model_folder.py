"""The MLflow model around a package folder: typed inputs and outputs, environment files, no pickle, no code."""

from __future__ import annotations

import platform
import shutil
from importlib import metadata
from typing import TYPE_CHECKING, Any

import yaml

from data_contracts.contract import Kind
from models.registry.mlflow_import import import_mlflow

if TYPE_CHECKING:
    from pathlib import Path

    from data_contracts.contract import Column, Contract

MODEL_FOLDER = "package"
"""Name of the package folder below `data/` inside the logged model."""

_OUTPUTS = (("score", "double"), ("predicted", "string"), ("defect", "boolean"), ("reasons", "string"))


def write_model_folder(
    package: Path, target: Path, *, contract: Contract, model_id: str | None = None, mlflow_run_id: str | None = None
) -> None:
    """Write an MLflow model around a package folder: a copy of it and four YAML or text files, no pickle, no code.

    Args:
        package: The package folder.
        target: Folder to make.
        contract: Its feature columns are the model's typed inputs.
        model_id: MLflow's identifier of the logged model.
        mlflow_run_id: MLflow's identifier of the run that made it.
    """
    mlflow = import_mlflow()
    shutil.copytree(package, target / "data" / MODEL_FOLDER)
    _write_environment(target, mlflow.__version__)
    model = mlflow.models.Model(
        artifact_path="model", run_id=mlflow_run_id, signature=_signature(contract), model_id=model_id
    )
    mlflow.pyfunc.add_to_model(
        model,
        loader_module="models.serving",
        data=f"data/{MODEL_FOLDER}",
        conda_env="conda.yaml",
        python_env="python_env.yaml",
    )
    model.save(str(target / "MLmodel"))


def _write_environment(target: Path, mlflow_version: str) -> None:
    """Say what the model needs. By hand, because MLflow's own way scans every installed package for it (0.9 s)."""
    requirements = [f"mlflow=={mlflow_version}", f"pumasi=={pumasi_version()}"]
    python = platform.python_version()
    dependencies = [f"python={python}", "pip", {"pip": requirements}]
    environment = {"name": "pumasi", "channels": ["conda-forge"], "dependencies": dependencies}
    (target / "conda.yaml").write_text(yaml.safe_dump(environment, sort_keys=False), encoding="utf-8")
    virtual = {"python": python, "build_dependencies": ["pip"], "dependencies": ["-r requirements.txt"]}
    (target / "python_env.yaml").write_text(yaml.safe_dump(virtual, sort_keys=False), encoding="utf-8")
    (target / "requirements.txt").write_text("\n".join(requirements) + "\n", encoding="utf-8")


def pumasi_version() -> str:
    """Version of the installed Pumasi; "0+source" when it runs from an uninstalled source tree."""
    try:
        return metadata.version("pumasi")
    except metadata.PackageNotFoundError:
        return "0+source"


def _signature(contract: Contract) -> Any:
    mlflow = import_mlflow()
    column = mlflow.types.ColSpec
    inputs = [column(kind, name) for kind, name in typed_inputs(contract)]
    outputs = [column(kind, name) for name, kind in _OUTPUTS]
    return mlflow.models.ModelSignature(mlflow.types.Schema(inputs), mlflow.types.Schema(outputs))


def typed_inputs(contract: Contract) -> list[tuple[str, str]]:
    """MLflow's type and the name of each feature column, in the contract's order."""
    return [(_input_type(feature), feature.name) for feature in contract.features]


def _input_type(column: Column) -> str:
    """An integer that may be missing is a double: MLflow's integers know no missing value."""
    if not column.is_numeric:
        return "string"
    return "long" if column.kind is Kind.INTEGER and column.required else "double"
