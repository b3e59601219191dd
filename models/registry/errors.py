"""What can go wrong between Pumasi and MLflow, one class per cause."""


class RegistryError(RuntimeError):
    """Tracking or the registry could not do what was asked."""


class TrackingUnavailableError(RegistryError):
    """The store cannot be opened or answers with an error."""


class TrackingLockedError(TrackingUnavailableError):
    """Another process holds the SQLite file longer than we wait (20 s)."""


class TrackingOutdatedError(TrackingUnavailableError):
    """The store was written by another MLflow release and must be migrated by hand, after a backup."""


class UnknownVersionError(RegistryError):
    """No such registered version."""


class UnregistrableError(RegistryError):
    """The package does not belong to the run it is registered for."""


class AlteredVersionError(RegistryError):
    """The stored weights are not the ones that were registered."""


class RowsStayAtMemberError(RegistryError):
    """Somebody tried to load the rows behind a dataset input."""
