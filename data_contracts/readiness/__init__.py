"""The readiness report: can this file train, what must be corrected, and what else should its factory know?

`readiness` finds it out; `data_contracts.readiness.page.render_page` writes it as one page.
"""

from data_contracts.readiness.report import readiness
from data_contracts.readiness.types import Readiness, Verdict

__all__ = ["Readiness", "Verdict", "readiness"]
