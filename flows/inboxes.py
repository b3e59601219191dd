"""Files that a command makes for members: laid into their folders, but never in the place of what is their own.

A command may be run again, and its members may have become somebody's by then. So what lies there has to be what the
command puts there: the same file, and as the dataset what was made of that file the first time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from data_contracts.versions import DatasetVersion, list_versions
from federated.disk import whole_file
from federated.member.home import MemberHome
from flows.errors import MemberHasData


def lay_out(members: Path, make: Callable[[Path], Sequence[Path]]) -> tuple[Path, ...]:
    """Make files for members and lay them into the members' folders, all of them or none.

    Args:
        members: The folder of the members.
        make: Writes the files below a folder that is given to it, as ``<member>/inbox/<file>``.

    Returns:
        The files in the members' folders.

    Raises:
        MemberHasData: A member's folder holds something else; nothing was changed.
    """
    with TemporaryDirectory() as staging:
        made = {members / file.relative_to(staging): file.read_bytes() for file in make(Path(staging))}
    _refuse_to_replace(_held_beside(path, content) for path, content in made.items())
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as partial:
            partial.write_bytes(content)
    return tuple(made)


def check_sources(sources: Mapping[Path, str]) -> None:
    """Check that each member has no dataset yet, or one from a file of that name.

    Args:
        sources: A member's folder -> the name of the file that it shall get.

    Raises:
        MemberHasData: One has a dataset from another file; nothing was changed.
    """
    newest = {home: list_versions(MemberHome(home).data)[-1:] for home in sources}
    _refuse_to_replace(
        _named(home, version) for home, found in newest.items() for version in found if version.source != sources[home]
    )


def _held_beside(path: Path, content: bytes) -> str:
    """Return what a member holds that is not what the command puts there; nothing if it is, or nothing is there."""
    home, there = path.parents[1], path.is_file()
    if there and path.read_bytes() != content:
        return f"{home.name} ({path.name} with other rows)"
    saved = list_versions(MemberHome(home).data)
    first = next((version for version in saved if version.source == path.name), None)
    return "" if not saved or (there and first == saved[-1]) else _named(home, saved[-1])


def _named(home: Path, version: DatasetVersion) -> str:
    return f"{home.name} ({version.source or 'from an unnamed file'}, {version.rows} rows)"


def _refuse_to_replace(held: Iterable[str]) -> None:
    if found := "; ".join(one for one in held if one):
        raise MemberHasData(
            f"members hold other data than this command would put there: {found}. Nothing of a member's own is "
            "replaced, and nothing was changed. Choose another home, like: export PUMASI_HOME=$HOME/pumasi-trial"
        )
