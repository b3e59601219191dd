"""The association's only reader of the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from flows.errors import HomeNotWritable, NoMembers

HOME = "PUMASI_HOME"
NGINX = "PUMASI_NGINX"
UI_PORT = 5000
"""Where `pumasi ui` serves MLflow unless told otherwise."""


@dataclass(frozen=True)
class Settings:
    """Where the association keeps its state.

    Attributes:
        home: The folder of all state: ``mlflow.db``, ``artifacts/``, ``members/<id>/``, ``runs/<run id>/``,
            ``federation/``, ``prefect/``, ``downloads/``.
        nginx: nginx's program, or None to look for it.
    """

    home: Path
    nginx: Path | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read ``PUMASI_HOME``, without which the state lives in ``./.pumasi``, and ``PUMASI_NGINX``."""
        nginx = os.environ.get(NGINX)
        return cls(Path(os.environ.get(HOME) or ".pumasi").resolve(), Path(nginx) if nginx else None)

    @property
    def members(self) -> Path:
        """The folder of the members that live on this machine."""
        return self.home / "members"

    @property
    def runs(self) -> Path:
        """The folder of the runs."""
        return self.home / "runs"

    @property
    def prefect(self) -> Path:
        """The folder of Prefect's database."""
        return self.home / "prefect"

    @property
    def federation(self) -> Path:
        """The folder of the federation's doors, keys and members."""
        return self.home / "federation"

    @property
    def authority(self) -> Path:
        """The folder of the federation's own keys."""
        return self.federation / "authority"

    @property
    def agreements(self) -> Path:
        """The folder of the agreements that were signed."""
        return self.federation / "agreements"

    @property
    def sandbox(self) -> Path:
        """The file that says which nodes of a sandbox run on this machine."""
        return self.home / "sandbox.json"

    @property
    def downloads(self) -> Path:
        """The folder of fetched public data."""
        return self.home / "downloads"

    def ready(self) -> "Settings":
        """Make the home folder and check that it can be written to, before anything expensive starts.

        Raises:
            HomeNotWritable: It cannot.
        """
        probe = self.home / f".writable-{os.getpid()}"
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise HomeNotWritable(
                f"{self.home} cannot be written to ({error.strerror}). "
                f"Point {HOME} to a folder that you may write to, like: export {HOME}=$HOME/pumasi"
            ) from error
        return self

    def member_homes(self) -> tuple[Path, ...]:
        """Return the folders of the members on this machine, sorted by name.

        Raises:
            NoMembers: There is none.
        """
        homes = tuple(sorted(path.parent for path in self.members.glob("*/member.yaml")))
        if not homes:
            raise NoMembers(
                f"no member's folder lies under {self.members}. Run `pumasi demo` for five of them with real data, "
                "or make one with: pumasi-member data add FILE --contract print-defect --member factory-1"
            )
        return homes
