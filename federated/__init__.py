"""How members learn together: the border, the round and what is written down about it.

Importing this package switches the libraries' telemetry off before any of them is imported; that is the one
piece of work done at import time, because afterwards it would be too late.
"""

from data_contracts.telemetry import switch_off_telemetry

switch_off_telemetry()
