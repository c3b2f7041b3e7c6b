"""What may be said of a copy after what (pure)."""

from collections.abc import Iterable

from registry.audit.report import Findings
from registry.entry import Entry
from registry.errors import IllegalTransition, UnknownCopy
from registry.status import status_of


def judge_history(history: Iterable[tuple[str, Entry]], findings: Findings) -> None:
    """Name the first entry of one code that may not follow the ones before it.

    `history`: where each entry stands, and the entry, oldest first.
    """
    past: list[Entry] = []
    for where, entry in history:
        past.append(entry)
        try:
            status_of(past)
        except (IllegalTransition, UnknownCopy) as error:
            findings.add("status", where, "kind", "a lawful change", error)
            return
