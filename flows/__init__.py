"""When it happens: the association's flows and its command line.

As in `federated`, the libraries' telemetry is switched off before any of them is imported.
"""

from data_contracts.telemetry import switch_off_telemetry

switch_off_telemetry()
