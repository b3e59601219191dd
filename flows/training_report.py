"""What a finished training came to: what the person, the program, Prefect's pages and the demo are told from."""

from dataclasses import dataclass
from pathlib import Path

from federated.job import Delivered
from models.promotion import Verdict
from models.registry import RegisteredVersion
from models.run_record import RunRecord


@dataclass(frozen=True)
class TrainingReport:
    """What a finished training came to.

    Attributes:
        record: Everything the association may know of the run, with the verdict.
        verdict: What the gates said.
        version: The registered version.
        mlflow_run_id: The run in MLflow.
        page: Its page while `pumasi ui` serves it.
        delivered: Who took the model home, when it was promoted and delivered; else None.
        warnings: What did not work after the verdict, one sentence each; the verdict stands.
        folder: The run's folder.
        seconds: Wall time of the flow.
    """

    record: RunRecord
    verdict: Verdict
    version: RegisteredVersion
    mlflow_run_id: str
    page: str
    delivered: Delivered | None
    warnings: tuple[str, ...]
    folder: Path
    seconds: float
