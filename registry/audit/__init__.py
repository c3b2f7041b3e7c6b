"""Re-walking the whole book: everything that is stored against everything it must follow from.

Nothing that the database checks by itself is believed: a superuser can switch triggers off. Each
contradiction is named with its row and field.
"""

from registry.audit.database import audit
from registry.audit.report import MAX_FINDINGS, Finding, Progress, Report

__all__ = ["MAX_FINDINGS", "Finding", "Progress", "Report", "audit"]
