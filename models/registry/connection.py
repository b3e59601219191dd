"""The way to one MLflow store: opened once, behind a lock, with its errors in our words and its chatter hushed."""

from __future__ import annotations

import logging
import re
import threading
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from models.registry.errors import (
    RegistryError,
    TrackingLockedError,
    TrackingOutdatedError,
    TrackingUnavailableError,
)
from models.registry.mlflow_import import import_mlflow

if TYPE_CHECKING:
    from collections.abc import Iterator


class Connection:
    """One store, reached through MLflow's client alone. Making one costs nothing; the first use opens the store.

    Attributes:
        uri: MLflow's tracking and registry address.

    Args:
        uri: As above.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._lock = threading.Lock()
        self._opened: Any = None
        self._preparing: threading.Thread | None = None

    @property
    def over_http(self) -> bool:
        """Whether the store is reached through a tracking server."""
        return self.uri.startswith("http")

    def prepare(self) -> None:
        """Open the store in the background; a failure is left to the first real call."""
        self._preparing = threading.Thread(target=self._prepare_quietly, name="pumasi-registry", daemon=True)
        self._preparing.start()

    def settle(self) -> None:
        """Wait until what `prepare` began has ended."""
        if self._preparing is not None:
            self._preparing.join()

    def _prepare_quietly(self) -> None:
        with suppress(RegistryError):
            self.client()

    def client(self) -> Any:
        """Return the one MLflow client, opened under a lock so that `prepare` and a caller share it.

        Raises:
            TrackingUnavailableError: If the store cannot be opened (with its more exact subclasses).
        """
        with self._lock:
            if self._opened is None:
                with self.telling("open the tracking store"):
                    client = import_mlflow().MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
                    client.search_registered_models(max_results=1)
                    self._opened = client
            return self._opened

    @contextmanager
    def telling(self, doing: str) -> Iterator[None]:
        """Keep MLflow's and Alembic's chatter away and turn their errors into ours.

        Args:
            doing: What the block does, as in "could not ...".

        Raises:
            TrackingUnavailableError: If the block fails in the store (with its more exact subclasses).
        """
        import_mlflow()
        with _quiet():
            try:
                yield
            except store_errors() as error:
                raise in_our_words(error, doing, self.uri) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Hush MLflow and Alembic inside the block: what they log as errors, we raise."""
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@cache
def store_errors() -> tuple[type[Exception], ...]:
    """What a store raises: MLflow's own error; while it is opened also the database's, the disk's, a missing driver."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - comes with mlflow

    return (import_mlflow().exceptions.MlflowException, SQLAlchemyError, OSError, ImportError)


def is_missing(error: Exception) -> bool:
    """Whether MLflow says by this error that what was asked for is not there."""
    return getattr(error, "error_code", "") in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}


def in_our_words(error: Exception, doing: str, uri: str) -> TrackingUnavailableError:
    """Say what failed, where, why and what to do; passwords in the address are never shown."""
    where = re.sub(r"//[^/@]*@", "//***@", uri)
    text = str(error)
    if "database is locked" in text:
        return TrackingLockedError(
            f"Could not {doing}: another process holds {where} for more than 20 s. Nothing was changed. Wait for the "
            "other run or `pumasi` command to end, then try again; for several users at once, use a Postgres store."
        )
    if "out-of-date database schema" in text or "Can't locate revision" in text:
        return TrackingOutdatedError(
            f"Could not {doing}: {where} was written by another MLflow release. Make a copy of it, then run "
            f"`python -m mlflow db upgrade {where}`, or use the MLflow release that wrote it."
        )
    reason = text.splitlines()[0] if text else type(error).__name__
    return TrackingUnavailableError(
        f"Could not {doing} in {where}: {reason} Check the address; a disk must have space "
        "and be writable, a server must run."
    )
