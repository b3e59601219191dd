"""How many bytes go through a federation's door, each way: what the kernel counts for the members' TCP connections."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field

_COUNT = re.compile(r"\b(bytes_acked|bytes_received):(\d+)")
_OWNER = re.compile(r"pid=(\d+)")


@dataclass(frozen=True)
class Traffic:
    """Bytes of one process so far, TLS and HTTP included, as its connections to the door have counted them."""

    up: int = 0
    down: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.up + other.up, self.down + other.down)

    def __sub__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.up - other.up, self.down - other.down)


@dataclass
class DoorCounter:
    """Adds up the connections that end at one port; look often, for what a closed connection counted is gone.

    Attributes:
        port: the door's TCP port on 127.0.0.1.
    """

    port: int
    _seen: dict[str, tuple[int, Traffic]] = field(default_factory=dict)

    @staticmethod
    def possible() -> bool:
        """Tell whether this machine has ``ss`` (Debian: iproute2)."""
        return shutil.which("ss") is not None

    def look(self) -> dict[int, Traffic]:
        """Return process id -> its traffic through the door so far."""
        command = ["ss", "-tniHOp", "dst", f"127.0.0.1:{self.port}"]
        for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
            owner, counts = _OWNER.search(line), {name: int(value) for name, value in _COUNT.findall(line)}
            if owner:
                here = line.split()[3]  # the member's end: its port names the connection
                traffic = Traffic(counts.get("bytes_acked", 0), counts.get("bytes_received", 0))
                self._seen[f"{owner[1]} {here}"] = (int(owner[1]), traffic)
        found: dict[int, Traffic] = {}
        for pid, traffic in self._seen.values():
            found[pid] = found.get(pid, Traffic()) + traffic
        return found
