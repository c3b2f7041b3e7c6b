"""Each year of each unit's book as a whole: its volumes, its moments, its end."""

from registry.audit.report import Findings
from registry.store.walking import Walking


async def judge_years(walking: Walking, findings: Findings) -> None:
    """Volumes follow each other under the form's name, numbers were taken within their year, and
    none is open in a year that is closed.
    """
    for fault in await walking.year_faults():
        where = f"book of {fault.year}, unit {fault.unit_code}"
        findings.add("book", where, fault.field, fault.expected, fault.found)
