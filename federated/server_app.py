"""Flower's ServerApp: the association's side of a run. It unpacks the job, calls the phases, and writes the outcome."""

from pathlib import Path

from flwr.app import Context
from flwr.serverapp import Grid, ServerApp

from federated import job as jobs
from federated.association import deliver_model, propose_agreement, train_candidate
from federated.job import Task
from federated.runtime.bundle import RUN_FOLDER
from federated.runtime.failure import write_failure

app = ServerApp()


@app.main()
def main(grid: Grid, context: Context) -> None:
    """Do the errand that lies in the run folder; an error is left there too, for whoever waits in another process."""
    folder = Path(str(context.run_config[RUN_FOLDER]))
    try:
        _do(grid, folder)
    except Exception as error:
        write_failure(folder, error)
        raise


def _do(grid: Grid, folder: Path) -> None:
    job = jobs.load(jobs.Job, folder / jobs.JOB)
    errands = {Task.TRAIN: train_candidate, Task.DELIVER: deliver_model, Task.PROPOSE: propose_agreement}
    errands[job.task](grid, job, folder)
