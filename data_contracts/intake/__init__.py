"""A file as a factory has it, or a query of its database -> a table of text cells, each guess with its reason.

Nothing here knows a contract: what a column means is found out by `data_contracts.mapping`.
"""

from data_contracts.intake.query import read_query
from data_contracts.intake.read import read_source

__all__ = ["read_query", "read_source"]
