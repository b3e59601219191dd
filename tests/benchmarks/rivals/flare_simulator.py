"""NVIDIA FLARE's simulator: the same job as its proof-of-concept deployment, a thread per member.

``--tuned`` shortens the same two waits as there.
"""

import argparse
import os
import sys
from pathlib import Path

from flare_poc import HERE, make_job
from rival_work import stamp


def main() -> None:
    """Run the job once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    parser.add_argument("--tuned", action="store_true")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(HOME=str(folder), PYTHONPATH=str(HERE))
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    job = make_job(asked.members, asked.rounds, tuned=asked.tuned)
    stamp("up")
    stamp("submitted")
    job.simulator_run(str(folder / "workspace"), threads=asked.members)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
