"""Where MLflow's database and files lie below the association's home folder."""

from pathlib import Path


def tracking_uri(home: Path) -> str:
    """Address of the embedded store below the association's home folder."""
    return f"sqlite:///{(home.resolve() / 'mlflow.db').as_posix()}"


def artifact_root(home: Path) -> Path:
    """Folder of the embedded store's files below the association's home folder."""
    return home.resolve() / "artifacts"
