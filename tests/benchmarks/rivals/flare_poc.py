"""NVIDIA FLARE in its proof-of-concept deployment: a server and one process tree per member, with its start-up kits.

Run by ``federation.py`` with the interpreter of FLARE's own environment. ``--tuned`` shortens the waits that FLARE lets
its users set: how often the server looks whether a task is done (0.5 s), and when it tells a site to come back (2 s).
"""

import argparse
import os
import sys
import time
from pathlib import Path

TASK_CHECK_PERIOD, TASK_REQUEST_INTERVAL = 0.05, 0.1
PATIENCE = 300.0
HERE = Path(__file__).parent


def main() -> None:
    """Start server and sites, run the job once, end everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    parser.add_argument("--tuned", action="store_true")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(HOME=str(folder), NVFLARE_POC_WORKSPACE=str(folder / "poc"), PYTHONPATH=str(HERE))
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    from nvflare.recipe.poc_env import PocEnv  # noqa: PLC0415  (reads HOME when imported)
    from rival_work import stamp  # noqa: PLC0415

    deployment = PocEnv(num_clients=asked.members)
    try:
        identity = deployment.deploy(make_job(asked.members, asked.rounds, tuned=asked.tuned))
        stamp("up")
        stamp("submitted")
        deadline = time.time() + PATIENCE
        while not finished() and time.time() < deadline:
            time.sleep(0.5)
        sys.stderr.write(f"job {identity}: {deployment.get_job_status(identity)}\n")
    finally:
        deployment.stop(clean_up=False)


def make_job(members: int, rounds: int, *, tuned: bool) -> object:
    """Describe the job in FLARE's own terms."""
    from flare_rounds import StampedFedAvg  # noqa: PLC0415
    from nvflare.app_opt.pt.job_config.base_fed_job import BaseFedJob  # noqa: PLC0415
    from nvflare.job_config.script_runner import ScriptRunner  # noqa: PLC0415
    from rival_work import Network  # noqa: PLC0415

    job = BaseFedJob(initial_model=Network(), name="benchmark", min_clients=members, key_metric="validation_loss")
    waits = {"task_check_period": TASK_CHECK_PERIOD} if tuned else {}
    job.to_server(
        StampedFedAvg(num_clients=members, num_rounds=rounds, persistor_id=job.comp_ids["persistor_id"], **waits)
    )
    if tuned:
        job.to_server({"server": {"task_request_interval": TASK_REQUEST_INTERVAL}})
    for member in range(1, members + 1):
        job.to(ScriptRunner(script=str(HERE / "flare_site.py")), f"site-{member}")
    return job


def finished() -> bool:
    """Tell whether the last round was stamped."""
    path = Path(os.environ["BENCHMARK_STAMPS"])
    return path.exists() and '"final"' in path.read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
