"""Flower's SuperLink as the association runs it: on loopback, TLS, node keys, an executor of our own, no reporting.

Its state is in memory: members are registered again from the association's own list whenever it is started (see
`tests/benchmarks/superlink_state.py` for what stock SQLite state costs).

Started by `pumasi federation` as ``python -m federated.runtime.superlink`` followed by `superlink_options`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data_contracts.telemetry import OPT_OUT

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class SuperLinkFiles:
    """The files that the SuperLink needs.

    Attributes:
        ca: Certificate of the federation's authority.
        certificate: The SuperLink's own, for 127.0.0.1.
        key: Its key.
        secret: The secret shared with the executor.
    """

    ca: Path
    certificate: Path
    key: Path
    secret: Path


def superlink_options(files: SuperLinkFiles, port: int) -> list[str]:
    """Return the options of the SuperLink's command line.

    Args:
        files: Its files.
        port: TCP port on 127.0.0.1.
    """
    return [
        *("--host", LOOPBACK, "--port", str(port)),
        *("--ssl-ca-certfile", str(files.ca), "--ssl-certfile", str(files.certificate)),
        *("--ssl-keyfile", str(files.key), "--enable-supernode-auth"),
        *("--isolation", "process", "--superexec-auth-secret-file", str(files.secret)),
        "--disable-runtime-dependency-installation",
    ]


def flower_environment(environment: Mapping[str, str], flwr_home: Path) -> dict[str, str]:
    """Return an environment for a process that runs Flower for the association.

    Flower's own variables are dropped: one that opens another port or reports home must not come along by accident.
    Web proxies are dropped as well: everything these processes talk to is on loopback.

    Args:
        environment: The environment to start from.
        flwr_home: Where Flower unpacks bundles.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith("FLWR_") and not name.upper().endswith("_PROXY")
    }
    return {
        **kept,
        **OPT_OUT,
        "FLWR_HOME": str(flwr_home),
        "FLWR_DISABLE_RUNTIME_DEPENDENCY_INSTALLATION": "1",
        "PYTHONUNBUFFERED": "1",
    }


def main() -> None:
    """Run Flower's SuperLink with the options of this process's command line."""
    from flwr.superlink.cli import flower_superlink  # noqa: PLC0415  (its imports are for this process alone)

    flower_superlink()


if __name__ == "__main__":
    main()
