"""What only the association installs: where it is missing, one sentence says how to get it, before anything is made."""

from importlib.util import find_spec

from flows.errors import AssociationMissing

ASSOCIATION = ("matplotlib", "mlflow", "openpyxl", "prefect", "rich")
"""The packages of the extra ``association``, by the name that they are imported by."""


def require_association() -> None:
    """Check that the association's packages are installed.

    Raises:
        AssociationMissing: One is not.
    """
    absent = [name for name in ASSOCIATION if find_spec(name) is None]
    if absent:
        raise AssociationMissing(missing(*absent))


def missing(*packages: str) -> str:
    """Say which packages of the association are missing, and how to install them."""
    return (
        f"this is a command of the association, and {', '.join(packages)} is not installed here: a member factory's "
        "installation has pumasi-member only. In the folder of this software: "
        '.venv/bin/pip install -c constraints.txt ".[association]"'
    )
