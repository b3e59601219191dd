"""Run in a process of its own: one file from raw to report, with seconds per step and the process's peak memory.

The mapping that was confirmed for the file lies beside it.
"""

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path


def main() -> None:
    """Measure the file named on the command line and print JSON."""
    began = time.perf_counter()
    from data_contracts.contract import load_contract  # noqa: PLC0415  (importing is part of what a member waits for)
    from data_contracts.intake import read_source  # noqa: PLC0415
    from data_contracts.mapping.mapping_file import read_mapping  # noqa: PLC0415
    from data_contracts.prepare import prepare  # noqa: PLC0415
    from data_contracts.readiness import readiness  # noqa: PLC0415
    from data_contracts.readiness.page import render_page  # noqa: PLC0415

    steps: dict[str, float] = {}

    def lap(name: str) -> None:
        steps[name] = time.perf_counter() - began - sum(steps.values())

    contract = load_contract("plating-defect")
    lap("imports")
    path = Path(sys.argv[1])
    table = read_source(path)
    lap("intake")
    known = replace(read_mapping(path.with_name(f"{path.name}.mapping.yaml")), file=table.settings)
    prepared = prepare(table, contract, known=known)
    lap("mapping and contract")
    page = render_page(readiness(prepared), "ko")
    lap("report")
    verdict = prepared.checked.verdict
    found = {
        "steps": steps,
        "seconds": sum(steps.values()),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": verdict.rows,
        "columns": len(table.headers),
        "mapped": len(prepared.mapped.frame.columns),
        "questions": len(prepared.proposal.questions),
        "accepted": verdict.accepted,
        "quarantined": verdict.quarantined_rows,
        "page_kb": len(page.encode()) / 1024,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
