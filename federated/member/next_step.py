"""The command to type next, as it stands: with everything that was said to the one before it."""

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from federated.member.home import MemberHome
from federated.member.mappings import Query
from federated.member.where import HOME, members_here
from federated.names import check_name
from federated.plain import plain_text

__all__ = ["DATABASE", "YOUR_ID", "NextStep"]

DATABASE = "PUMASI_DATABASE"
"""Variable of the environment that holds a database's address."""
YOUR_ID = "YOUR-ID"
"""Stands where nobody has said yet who the member is."""
_ADDRESS = "ADDRESS"
_MOST = 2000  # characters of a path or a query
_IN_ONE_LINE = str.maketrans("\r\n\t", "   ")


@dataclass(frozen=True)
class NextStep:
    """What was said about a file, which the next command about it needs as well.

    Attributes:
        source: The file, or the query of a database.
        contract: The contract that was named.
        mapping: The mapping file that was named, or written where no command looks for one by itself.
        member: The member's id, if it was said.
        home: The member's folder, if it was said.
        sheet: The sheet of a workbook, for `map` alone.
        output: Where the mapping is to be written, for `map` alone.
    """

    source: Path | Query
    contract: str | None = None
    mapping: Path | None = None
    member: str | None = None
    home: Path | None = None
    sheet: str | None = None
    output: Path | None = None

    def command(self, name: str) -> str:
        """Return the command as a shell takes it.

        Args:
            name: Which one, such as ``map`` or ``data add``.
        """
        options: dict[str, str | Path | None] = {
            "--contract": self.contract,
            "--mapping": self.mapping,
            "--member": self.member,
            "--home": self.home,
        }
        if name == "map":
            options |= {"--sheet": self.sheet, "--output": self.output}
        said = [f"{option} {_quoted(value)}" for option, value in options.items() if value is not None]
        return " ".join(["pumasi-member", name, *self._source(), *said])

    def for_dataset(self, *, known: bool) -> str:
        """Return the command that keeps the file; whose dataset it becomes is left to fill in if nobody knows yet.

        Args:
            known: Whether it is clear already whose folder it goes to.
        """
        place = self.home or os.environ.get(HOME)
        if not known and self.member is None:
            owner = _owner(place)
            whose = owner if owner is not None or _is_id(place) else YOUR_ID
            return replace(self, member=whose).command("data add")
        return self.command("data add")

    def _source(self) -> list[str]:
        if not isinstance(self.source, Query):
            return [_quoted(self.source)]
        # The address may hold a password: it is never shown.
        address = [] if os.environ.get(DATABASE) == self.source.url else ["--database", _ADDRESS]
        return [*address, "--query", _quoted(self.source.query)]


def _owner(folder: str | Path | None) -> str | None:
    """Return whose folder it is, where that is decided already: the one that was named, else the only one here."""
    from federated.member.join import owner_of  # noqa: PLC0415  (brings cryptography)

    folders = members_here() if not folder else (Path(folder),)
    return owner_of(MemberHome(folders[0])) if len(folders) == 1 else None


def _is_id(folder: str | Path | None) -> bool:
    """Tell whether a new folder would give its member a name that can be one."""
    if not folder:
        return False
    try:
        check_name("a member's id", Path(folder).resolve().name)
    except ValueError:
        return False
    return True


def _quoted(value: str | Path) -> str:
    """Quote a word for a shell, in one line and without anything that moves a terminal's cursor."""
    return shlex.quote(plain_text(str(value).translate(_IN_ONE_LINE), _MOST))
