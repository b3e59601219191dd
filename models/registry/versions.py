"""Versions of a registered model as they are read: number, fingerprint, aliases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.registry.connection import is_missing
from models.registry.errors import AlteredVersionError, UnknownVersionError
from models.registry.mlflow_import import import_mlflow

if TYPE_CHECKING:
    from models.package import ModelPackage

CANDIDATE_ALIAS = "candidate"
CHAMPION_ALIAS = "champion"


@dataclass(frozen=True)
class RegisteredVersion:
    """A version of a registered model.

    Attributes:
        name: Registered model.
        version: Number counted from 1.
        weights_sha256: Fingerprint of its weights.
        aliases: Aliases it carries, sorted.
        mlflow_run_id: MLflow's identifier of the run that made it.
        created: True if the call that returned this made the version; False if it was there before.
    """

    name: str
    version: int
    weights_sha256: str
    aliases: tuple[str, ...]
    mlflow_run_id: str
    created: bool = False


def read_version(client: Any, name: str, version: int) -> RegisteredVersion:
    """Read one version with its aliases, which MLflow tells only for single versions.

    Raises:
        UnknownVersionError: If there is no such version.
    """
    try:
        found = client.get_model_version(name, str(version))
    except import_mlflow().exceptions.MlflowException as error:
        if is_missing(error):
            raise UnknownVersionError(
                f"Model {name!r} has no version {version}. See the page Models; register it first."
            ) from error
        raise
    return RegisteredVersion(
        name=name,
        version=int(found.version),
        weights_sha256=found.tags.get("weights_sha256", ""),
        aliases=tuple(sorted(found.aliases)),
        mlflow_run_id=found.run_id or "",
    )


def champion_number(client: Any, name: str) -> int | None:
    """Number of the version that carries the alias `champion`, or None."""
    try:
        return int(client.get_model_version_by_alias(name, CHAMPION_ALIAS).version)
    except import_mlflow().exceptions.MlflowException as error:
        if is_missing(error):
            return None
        raise


def unaltered(package: ModelPackage, version: RegisteredVersion) -> ModelPackage:
    """Return the package if its weights are those that were registered.

    Raises:
        AlteredVersionError: If they are not.
    """
    got = package.weights.sha256()
    if got != version.weights_sha256:
        raise AlteredVersionError(
            f"The weights stored for version {version.version} of {version.name!r} have SHA-256 {got}, but "
            f"{version.weights_sha256 or 'none'} was registered. Do not use them; compare both with the weights in "
            f"report.md of run {version.mlflow_run_id}."
        )
    return package
