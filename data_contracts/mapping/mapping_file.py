"""The file in which a member keeps a mapping: a small YAML that a person reads, corrects and uses again."""

from pathlib import Path

from data_contracts.contract import Contract
from data_contracts.errors import ContractUnreadable, MappingUnreadable
from data_contracts.mapping.differences import differences
from data_contracts.mapping.file_fields import mapping_of
from data_contracts.mapping.file_text import mapping_text
from data_contracts.mapping.types import Mapping
from data_contracts.strict_yaml import read_mapping as read_yaml

__all__ = ["differences", "read_mapping", "write_mapping"]

_MAX_BYTES = 50_000_000  # a sheet of 16,384 columns whose headers are whole sentences


def write_mapping(path: Path, mapping: Mapping, contract: Contract) -> None:
    """Write a mapping, whole or not at all; only its owner may read it.

    Args:
        path: the file; one that is there is replaced.
        mapping: what to keep. What `read_mapping` returns equals it, but for the reasons, which become comments.
        contract: its contract, which explains the columns in the comments.

    Raises:
        OSError: if the file cannot be written; then what was there is still there.
    """
    from data_contracts.versions.files import replace_file  # noqa: PLC0415  # brings the libraries for versions

    replace_file(path, mapping_text(mapping, contract).encode("utf-8"), path.parent)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        MappingUnreadable: if the file cannot be opened, is not UTF-8 or not YAML, or holds a key or a value that a
            mapping does not have. The text names the file and the place, never a value.
    """
    try:
        return mapping_of(read_yaml(_read(path), what="mapping file"))
    except (MappingUnreadable, ContractUnreadable) as error:
        raise MappingUnreadable(f"{path.name}: {error}") from None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise MappingUnreadable(f"cannot be opened ({reason}); check the path and who may read it") from None
    if len(data) > _MAX_BYTES:
        raise MappingUnreadable(f"at most {_MAX_BYTES} bytes are read; this is no mapping file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingUnreadable(
            f"not UTF-8 (byte {error.start + 1}); in Notepad: File > Save As > Encoding: UTF-8"
        ) from None
