"""Run a command in a network namespace of its own, and count what tried to leave it.

Run as ``unshare --user --map-root-user --net python without_network.py COMMAND ...``. The namespace has a loopback
interface and nothing else, so every datagram for elsewhere is counted by the kernel as one without a route, and every
question to a resolver on loopback as one to a closed port. Prints the two counts and the command's return code as JSON.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def bring_loopback_up() -> None:
    """Switch the loopback interface on, which a new namespace has off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        name, flags, rest = struct.unpack("16sH14s", fcntl.ioctl(control, SIOCGIFFLAGS, request))
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14s", name, flags | IFF_UP, rest))


def counter(protocol: str, name: str) -> int:
    """Read one counter of this namespace's network stack."""
    lines = [
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith(f"{protocol}:")
    ]
    names, values = lines
    return int(values[names.index(name)])


def main() -> None:
    """Run the command and report."""
    bring_loopback_up()
    done = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=False)
    report = {
        "returncode": done.returncode,
        "stdout": done.stdout,
        "stderr": done.stderr,
        "without_route": counter("Ip", "OutNoRoutes"),
        "to_closed_port": counter("Udp", "NoPorts"),
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
