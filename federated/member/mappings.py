"""Which of the mappings that a member confirmed before fits a file, and where a new one is kept.

A mapping is looked for in this order:

1. the one that was named (``--mapping FILE``);
2. ``<file name>.mapping.yaml`` beside the file, if it is for exactly these headers;
3. in the member's ``mappings/``, one for exactly these headers: that of the file's own name first, then the newest;
4. as a base, the one in ``mappings/`` that shares most headers with the file: what it says about columns that are
   there counts as known, the rest is found out.

One that lies beside its file is never passed over in silence: where it does not fit as it stands it is a candidate
for 3 and 4, and the reason is said.

The first two, and one of the file's own name, also say how the file is read. Of any other only what the file itself
leaves in doubt is taken over, or all of it where the file would have other headers without: this month's export may be
in another encoding than last month's, and longer. Which sheet it lies in is asked again where that is in doubt.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from data_contracts.errors import IntakeError, MappingMismatch, TableNotFound
from federated.member.error_words import in_both_languages
from federated.member.home import MemberHome
from federated.member.mapping_folder import SUFFIX, is_for, keep_mapping, kept_mappings, may_be_of

if TYPE_CHECKING:
    from data_contracts.contract import Contract
    from data_contracts.intake.settings import FileSettings
    from data_contracts.intake.table import SourceTable
    from data_contracts.mapping.types import Mapping

    _Kept = tuple[tuple[Path, Mapping], ...]

__all__ = ["SUFFIX", "Query", "Source", "keep_mapping", "kept_mappings", "read_with_mapping"]

_MOST_READINGS = 3  # of one file
_UNSEEN = frozenset({"padded", "filled"})
"""Settings that change cells, but no header."""
_OF_THIS_FILE = frozenset({"sheet", "last"})
"""Settings that another file's mapping cannot answer for."""


@dataclass(frozen=True)
class Query:
    """Records of a database instead of a file.

    Attributes:
        url: the database's address as SQLAlchemy writes it; it may hold a password and is never shown.
        query: one query that only reads.
    """

    url: str
    query: str

    def __repr__(self) -> str:
        """Show nothing of the address."""
        return "Query(...)"


@dataclass(frozen=True)
class Source:
    """A file as it was read, with what is known about it.

    Attributes:
        table: the file.
        known: the mapping that fits it or serves as a base, or None.
        found: the file the mapping lies in, or None.
        note: why the mapping beside the file is not followed as it stands; empty where it is, or where there is none.
    """

    table: "SourceTable"
    known: "Mapping | None" = None
    found: Path | None = None
    note: str = ""


def read_with_mapping(
    file: Path | Query, contract: "Contract", home: MemberHome | None, *, named: Path | None = None
) -> Source:
    """Read a file or a query, and find the mapping for it.

    Args:
        file: the file, or the query.
        contract: the contract; mappings for other trades are left aside.
        home: the member's folder, if there is one.
        named: a mapping file that somebody named.

    Raises:
        IntakeError: if the file cannot be read.
        MappingUnreadable: if a mapping file is none; the text names it.
        TableNotFound: if the named mapping file is not there.
    """
    if named is not None:
        return _by_named(file, named)
    kept = kept_mappings(home, contract.id)
    beside = None if isinstance(file, Query) else _beside(file)
    if beside is None or isinstance(file, Query):
        return _by_kept(file, kept)
    try:
        return _by_beside(file, contract, *beside)
    except (IntakeError, MappingMismatch) as error:
        note = f"{beside[0]} is not followed as it stands: {in_both_languages(error)}"
    fitting = (beside, *kept) if is_for(beside[1], contract.id) else kept
    return replace(_by_kept(file, fitting), note=note)


def _by_kept(file: Path | Query, kept: "_Kept") -> Source:
    """Read a file by one of the mappings there are for its trade, the likeliest first."""
    source = None if isinstance(file, Query) else _by_own_name(file, kept)
    if source is not None:
        return source
    table = read_table(file)
    alike = _alike(file, table, kept)
    if alike is not None:
        return alike
    base = max(kept, key=lambda entry: len(set(entry[1].headers) & set(_headers(table))), default=None)
    if base is None:
        return Source(table)
    from data_contracts.intake.settings import FileSettings  # noqa: PLC0415

    return Source(table, replace(base[1], file=FileSettings()), base[0])


def _by_named(file: Path | Query, named: Path) -> Source:
    from data_contracts.mapping.mapping_file import read_mapping  # noqa: PLC0415

    if not named.is_file():
        raise TableNotFound(
            f"there is no mapping file {named}; make one with: pumasi-member map FILE. "
            "그런 매핑 파일이 없습니다. 위 명령으로 만드십시오."
        )
    mapping = read_mapping(named)
    return Source(read_table(file, mapping.file), mapping, named)


def _beside(file: Path) -> tuple[Path, "Mapping"] | None:
    """Return the mapping that lies beside a file, or None."""
    from data_contracts.mapping.mapping_file import read_mapping  # noqa: PLC0415

    path = file.parent / f"{file.name}{SUFFIX}"
    return (path, read_mapping(path)) if path.is_file() else None


def _by_beside(file: Path, contract: "Contract", path: Path, mapping: "Mapping") -> Source:
    """Read a file by the mapping beside it.

    Raises:
        MappingMismatch: It is for another contract or other headers.
        IntakeError: The file cannot be read as it says.
    """
    if not is_for(mapping, contract.id):
        raise MappingMismatch(f"it is for {mapping.contract}, and this is checked against {contract.reference}")
    table = read_table(file, mapping.file)
    if _headers(table) != mapping.headers:
        raise MappingMismatch("read as it says, the file has other headers than the mapping lists")
    return Source(table, mapping, path)


def _by_own_name(file: Path, kept: "_Kept") -> Source | None:
    """Read a file by a mapping that was kept under its name, if its headers then are the mapping's."""
    own: list[tuple[Path, Mapping, FileSettings]] = []
    for path, mapping in kept:
        if may_be_of(path, file.name):  # another file may have the name by now: its encoding is its own
            own += [
                (path, mapping, replace(mapping.file, encoding=None, delimiter=None)),
                (path, mapping, mapping.file),
            ]
    for path, mapping, settings in own:
        table = _read_again(file, settings)
        if table is not None and _headers(table) == mapping.headers:
            return Source(table, mapping, path)
    return None


def _alike(file: Path | Query, table: "SourceTable", kept: "_Kept") -> Source | None:
    """Find a mapping for the same headers, at first as the file was read, then as the mapping says to read it."""
    for path, mapping in kept:
        if mapping.headers == _headers(table):
            settings = _in_doubt(table, mapping)
            again = None if isinstance(file, Query) or settings == table.settings else _read_again(file, settings)
            fits = again is not None and _headers(again) == mapping.headers
            return _of_another(again if again is not None and fits else table, mapping, path)
    if isinstance(file, Query):
        return None
    for path, mapping, settings in _otherwise(table, kept):
        again = _read_again(file, settings)
        if again is not None and _headers(again) == mapping.headers:
            return _of_another(again, mapping, path)
    return None


def _of_another(table: "SourceTable", mapping: "Mapping", path: Path) -> Source:
    """Take over another file's mapping, but for what it cannot answer: that is asked about where it is in doubt."""
    return Source(table, replace(mapping, file=replace(mapping.file, sheet=None, last=None)), path)


def _otherwise(table: "SourceTable", kept: "_Kept") -> Iterator[tuple[Path, "Mapping", "FileSettings"]]:
    """Yield the mappings that read a file in another way than it was read; at most so many that it stays quick."""
    tried: set[FileSettings] = set()
    for path, mapping in kept:
        settings = replace(mapping.file, sheet=None, last=None)
        said = [getattr(settings, one.name) for one in fields(settings)]
        found = [getattr(table.settings, one.name) for one in fields(settings)]
        differs = any(value not in (None, there) for value, there in zip(said, found, strict=True))
        if differs and settings not in tried and len(tried) < _MOST_READINGS - 1:
            tried.add(settings)
            yield path, mapping, settings


def _in_doubt(table: "SourceTable", mapping: "Mapping") -> "FileSettings":
    """Return the settings a file was read with; those that were guessed without certainty are the mapping's."""
    doubtful = ({guess.setting for guess in table.guesses if not guess.certain} | _UNSEEN) - _OF_THIS_FILE
    said = {one.name: getattr(mapping.file, one.name) for one in fields(mapping.file) if one.name in doubtful}
    return replace(table.settings, **{name: value for name, value in said.items() if value is not None})


def read_table(file: Path | Query, settings: "FileSettings | None" = None) -> "SourceTable":
    """Read a file or ask a query.

    Args:
        file: the file, or the query.
        settings: what is said about it; None if nothing is.

    Raises:
        IntakeError: if it cannot be read, or not as is said.
    """
    from data_contracts import intake  # noqa: PLC0415
    from data_contracts.intake.settings import FileSettings  # noqa: PLC0415

    said = settings or FileSettings()
    return intake.read_query(file.url, file.query, said) if isinstance(file, Query) else intake.read_source(file, said)


def _read_again(file: Path, settings: "FileSettings") -> "SourceTable | None":
    """Read a file with settings of a mapping that may not be for it: None if that is impossible."""
    try:
        return read_table(file, settings)
    except IntakeError:
        return None


def _headers(table: "SourceTable") -> tuple[str, ...]:
    return tuple(header.text for header in table.headers)
