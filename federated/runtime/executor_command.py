"""How the executor is called: apart from it, because importing the executor imports torch's neighbours."""

from pathlib import Path


def executor_options(address: str, ca: Path, secret: Path, runs: Path, ready: Path) -> list[str]:
    """Return the options of ``python -m federated.runtime.executor``.

    Args:
        address: Where the SuperLink listens, ``127.0.0.1:PORT``.
        ca: Certificate that signed the SuperLink's.
        secret: File with the secret that only the executor and the SuperLink know.
        runs: The folder of the runs.
        ready: File in which the executor leaves its process id when it is warm.
    """
    paths = {"--ca": ca, "--secret": secret, "--runs": runs, "--ready": ready}
    return ["--address", address, *(word for name, path in paths.items() for word in (name, str(path)))]
