"""Flower's ServerApp: the association's side of a run. It unpacks the job, calls the phases, and writes the outcome."""

from pathlib import Path

from flwr.app import Context
from flwr.serverapp import Grid, ServerApp

from federated import job as jobs
from federated.association import deliver_model, train_candidate

RUN_FOLDER = "run-folder"
"""Key of the run config that names the folder of the run (see `federated.job`)."""

app = ServerApp()


@app.main()
def main(grid: Grid, context: Context) -> None:
    """Do the errand that lies in the run folder."""
    folder = Path(str(context.run_config[RUN_FOLDER]))
    job = jobs.load(jobs.Job, folder / jobs.JOB)
    if job.task is jobs.Task.TRAIN:
        train_candidate(grid, job, folder)
    else:
        deliver_model(grid, job, folder)
