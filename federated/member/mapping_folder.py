"""The mappings that a member confirmed, in its own folder: one file each, named after the file it was made for."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from federated.member.home import MemberHome
from federated.own_files import own_folder

if TYPE_CHECKING:
    from data_contracts.contract import Contract
    from data_contracts.mapping.types import Mapping

SUFFIX = ".mapping.yaml"
"""Ends the name of a mapping that lies beside its file."""

_TURN = "~"  # before the number of a second mapping for files of one name; it is in no stem
_MOST = 10_000
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def keep_mapping(
    home: MemberHome, mapping: "Mapping", contract: "Contract", name: str, *, exactly: bool = False
) -> Path | None:
    """Write a mapping into the member's folder, unless one that says the same lies there.

    Args:
        home: The member's folder.
        mapping: The mapping that was used.
        contract: Its contract.
        name: Name of the file that it was used for.
        exactly: Whether it counts what may differ between files of one kind, such as the encoding: where a person said
            it for this file.

    Returns:
        Where it was written, or None. A mapping that is there is never replaced: it may hold a person's corrections.
    """
    from data_contracts.mapping.mapping_file import write_mapping  # noqa: PLC0415

    for path, kept in kept_mappings(home, contract.id):
        same = _bare(kept) == _bare(mapping) if exactly else _of_a_kind(kept) == _of_a_kind(mapping)
        if same and (not exactly or may_be_of(path, name)):
            return None
    own_folder(home.mappings)
    turns = ("", *(f"{_TURN}{number}" for number in range(2, _MOST)))
    path = next(path for turn in turns if not (path := home.mappings / f"{_stem(name)}{turn}.yaml").exists())
    write_mapping(path, mapping, contract)
    return path


def kept_mappings(home: MemberHome | None, contract_id: str) -> tuple[tuple[Path, "Mapping"], ...]:
    """Return the member's mappings for a trade, the newest first.

    Raises:
        MappingUnreadable: A file in the folder is no mapping.
    """
    from data_contracts.mapping.mapping_file import read_mapping  # noqa: PLC0415

    if home is None or not home.mappings.is_dir():
        return ()
    paths = sorted(home.mappings.glob("*.yaml"), key=lambda path: (-path.stat().st_mtime_ns, path.name))
    found = ((path, read_mapping(path)) for path in paths)
    return tuple((path, mapping) for path, mapping in found if is_for(mapping, contract_id))


def may_be_of(path: Path, name: str) -> bool:
    """Say whether a mapping in the folder was made for a file of that name."""
    return path.stem.partition(_TURN)[0] == _stem(name)


def is_for(mapping: "Mapping", contract_id: str) -> bool:
    """Say whether a mapping is for a trade, in whatever version of its contract."""
    return mapping.contract.partition("@")[0] == contract_id


def _of_a_kind(mapping: "Mapping") -> "Mapping":
    """Return a mapping without what may differ between files that it fits."""
    settings = replace(mapping.file, encoding=None, delimiter=None, sheet=None, last=None)
    return replace(_bare(mapping), file=settings)


def _bare(mapping: "Mapping") -> "Mapping":
    """Return a mapping without its comments."""
    columns = tuple(replace(entry, reason=type(entry.reason)("", "")) for entry in mapping.columns)
    return replace(mapping, columns=columns)


def _stem(name: str) -> str:
    """Return a file's name without its ending, as the name of a file of ours."""
    return _NOT_IN_NAMES.sub("-", Path(name).stem).strip(".-") or "file"
