"""Flower's own simulation: the stock app, clients in Ray actors of one core each, so two on two cores.

Run by ``side_by_side.py`` with the interpreter of its own environment, which has Ray.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
QUIET = {"FLWR_TELEMETRY_ENABLED": "0", "FLWR_DISABLE_UPDATE_CHECK": "1", "RAY_USAGE_STATS_ENABLED": "0"}


def main() -> None:
    """Run the simulation once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    asked = parser.parse_args()
    paths = os.pathsep.join((str(HERE), str(HERE / "flower_app")))
    os.environ.update(QUIET, FLWR_HOME=str(asked.folder.resolve()), PYTHONPATH=paths)
    os.environ.update({"members": str(asked.members), "num-rounds": str(asked.rounds)})
    sys.path.append(str(HERE / "flower_app"))

    from flwr.simulation import run_simulation  # noqa: PLC0415  (reads the environment when imported)
    from rival_app.client_app import app as client_app  # noqa: PLC0415
    from rival_app.server_app import app as server_app  # noqa: PLC0415
    from rival_work import stamp  # noqa: PLC0415

    stamp("up")
    stamp("submitted")
    run_simulation(
        server_app,
        client_app,
        num_supernodes=asked.members,
        backend_config={"client_resources": {"num_cpus": 1, "num_gpus": 0}},
    )


if __name__ == "__main__":
    main()
