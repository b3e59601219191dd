"""MLflow: training runs, dataset inputs, model versions and their aliases. The only package that imports mlflow.

Three rules make this package what it is. Nothing here is evidence (a finished run can be edited), so the run carries
the hashes that the files themselves are compared with. No pickle is ever written: a version is the package folder plus
MLflow's own YAML files, loaded through `models.serving`. And MLflow is used through its client alone, never through its
global state (active run, tracking URI), so that two runs in one process cannot mix.

Importing this package imports no mlflow; that waits for `Registry.prepare` or the first real call.

Errors::

    RegistryError
    +-- TrackingUnavailableError   the store cannot be opened or answers with an error
    |   +-- TrackingLockedError    another process holds the SQLite file
    |   +-- TrackingOutdatedError  the store was written by another MLflow release
    +-- UnknownVersionError        no such registered version
    +-- UnregistrableError         the package does not belong to the run it is registered for
    +-- RowsStayAtMemberError      somebody tried to load the rows behind a dataset input
    +-- AlteredVersionError        the stored weights are not the ones that were registered
"""

from models.registry.errors import (
    AlteredVersionError,
    RegistryError,
    RowsStayAtMemberError,
    TrackingLockedError,
    TrackingOutdatedError,
    TrackingUnavailableError,
    UnknownVersionError,
    UnregistrableError,
)
from models.registry.model_folder import MODEL_FOLDER, pumasi_version, write_model_folder
from models.registry.places import artifact_root, tracking_uri
from models.registry.run import RunStatus, TrainingRun
from models.registry.store import Registry
from models.registry.ui import ui_command, ui_environment, ui_page
from models.registry.versions import CANDIDATE_ALIAS, CHAMPION_ALIAS, RegisteredVersion

__all__ = [
    "CANDIDATE_ALIAS",
    "CHAMPION_ALIAS",
    "MODEL_FOLDER",
    "AlteredVersionError",
    "RegisteredVersion",
    "Registry",
    "RegistryError",
    "RowsStayAtMemberError",
    "RunStatus",
    "TrackingLockedError",
    "TrackingOutdatedError",
    "TrackingUnavailableError",
    "TrainingRun",
    "UnknownVersionError",
    "UnregistrableError",
    "artifact_root",
    "pumasi_version",
    "tracking_uri",
    "ui_command",
    "ui_environment",
    "ui_page",
    "write_model_folder",
]
