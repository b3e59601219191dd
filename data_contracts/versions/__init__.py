"""Versions of a member's dataset, kept by DVC in the member's own folder, and what is said about them outside.

The folder holds ``<contract id>.parquet`` (the newest rows), DVC's cache with every older version, ``versions.jsonl``
(one line per version) and ``salt.bin``. It is a DVC repository without source control and without a remote: nothing
is sent anywhere unless the member itself asks for a backup, to a place of its own (`backup`). Outside, a version
appears as its `commitment` only: it tells whether the rows were the same as at another time, and nothing about the rows
to whoever does not hold the salt.

A save that is cut short (full disk, power, kill) costs nothing that was saved before. New bytes go to the cache first
and are recorded last; what is recorded can therefore always be read, from the file or, should the file hold bytes that
were never recorded, from the cache. One process at a time may save to a folder.
"""

from data_contracts.commitments import commitment, member_salt
from data_contracts.versions.record import DatasetVersion, find_version, latest_version, list_versions
from data_contracts.versions.store import make_current, read_version, save_version, verify_version

__all__ = [
    "DatasetVersion",
    "commitment",
    "find_version",
    "latest_version",
    "list_versions",
    "make_current",
    "member_salt",
    "read_version",
    "save_version",
    "verify_version",
]
