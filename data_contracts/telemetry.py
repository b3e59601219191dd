"""No tool we build on may report home: its opt-out is set before it is imported.

Factories were promised that nothing leaves but the messages they answer; a library's usage ping would break that.
"""

import os
from types import MappingProxyType

OPT_OUT = MappingProxyType(
    {
        "DO_NOT_TRACK": "1",
        "DVC_NO_ANALYTICS": "1",
        "FLWR_DISABLE_UPDATE_CHECK": "1",
        "FLWR_TELEMETRY_ENABLED": "0",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
)
"""Environment variable -> the value that switches the tool's reporting off."""


def switch_off_telemetry() -> None:
    """Set every opt-out that the user has not set otherwise."""
    for name, value in OPT_OUT.items():
        os.environ.setdefault(name, value)
