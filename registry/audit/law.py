"""What may be said of a copy after what, and that a year is closed once (pure)."""

from collections.abc import Callable, Iterable

from registry.audit.report import Findings
from registry.entry import Closed, CopyEntry, StatusChange
from registry.errors import IllegalTransition, UnknownCopy
from registry.status import status_of

#: The entries of one code with their indexes, oldest first.
History = list[tuple[int, CopyEntry]]
#: In words, where an entry stands.
Place = Callable[[int], str]


def judge_history(
    history: History,
    history_of: Callable[[bytes], History],
    place: Place,
    findings: Findings,
) -> None:
    """Name the first entry of one code that may not follow the ones before it.

    `history_of` knows the entries of other codes, those that take this one's place.
    """
    past: list[CopyEntry] = []
    for index, entry in history:
        past.append(entry)
        try:
            status_of(past)
        except (IllegalTransition, UnknownCopy) as error:
            findings.add("status", place(index), "kind", "a lawful change", error)
            return
        successor = entry.successor if isinstance(entry, StatusChange) else None
        if successor is not None and not _in_force(history_of(successor), index):
            findings.add("status", place(index), "successor", "a copy in force", successor)


def _in_force(history: History, before: int) -> bool:
    try:
        return status_of(entry for index, entry in history if index < before).verdict == "valid"
    except (IllegalTransition, UnknownCopy):
        return False


def judge_closings(
    closings: Iterable[tuple[int, Closed]], place: Place, findings: Findings
) -> None:
    """`closings` with their entries' indexes, in order."""
    closed: set[tuple[str, int]] = set()
    for index, closing in closings:
        book = (closing.unit_code, closing.year)
        if book in closed:
            findings.add("duplicate", place(index), "year", "closed once", closing.year)
        closed.add(book)
