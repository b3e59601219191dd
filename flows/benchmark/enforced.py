"""The benchmark's rows keep their contract, every one: what is quarantined would silently change the numbers."""

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.enforce import enforce
from flows.errors import SourceUnavailable


def enforced(rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return the contract's columns with its types, all rows.

    Args:
        rows: With the contract's columns, others are left out.
        contract: What they must keep.

    Raises:
        SourceUnavailable: A row breaks the contract, so the published data are not what was recorded.
    """
    done = enforce(rows[[column.name for column in contract.columns]], contract)
    if not done.verdict.accepted or done.verdict.quarantined_rows:
        said = "; ".join(f"{finding.code} {finding.column}" for finding in done.verdict.findings[:3])
        raise SourceUnavailable(f"rows that break {contract.reference}: {done.verdict.quarantined_rows} ({said})")
    return done.accepted
