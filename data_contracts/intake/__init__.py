"""A file as a factory has it, or a query of its database -> a table of text cells, each guess with its reason.

Nothing here knows a contract: what a column means is found out by `data_contracts.mapping`.
"""

from data_contracts.intake.clean import read_table

__all__ = ["read_table"]
