"""What may be said of a copy after what, and that a year is closed once (pure)."""

from collections.abc import Callable, Container, Iterable
from typing import NamedTuple

from registry.audit.report import Findings
from registry.entry import Closed, CopyEntry, StatusChange
from registry.errors import IllegalTransition, UnknownCopy
from registry.status import Status, following

#: In words, where an entry stands.
Place = Callable[[int], str]


class Step(NamedTuple):
    """The entry with index `at`, about a copy, filed under this code hash."""

    at: int
    code_hash: bytes
    entry: CopyEntry


def judge_steps(
    steps: Iterable[Step], judged: Container[bytes], place: Place, findings: Findings
) -> None:
    """Name the first entry of each code `judged` that may not follow the ones before it, and each
    that names a successor which is not in force then.

    `steps` are all entries of these codes and of their successors, in any order.
    """
    statuses: dict[bytes, Status] = {}
    unknown: set[bytes] = set()  # since an unlawful entry
    for at, code_hash, entry in sorted(steps, key=lambda step: step.at):
        if code_hash in unknown:
            continue
        told = findings if code_hash in judged else Findings()
        try:
            statuses[code_hash] = following(statuses.get(code_hash), entry)
        except (IllegalTransition, UnknownCopy) as error:
            told.add("status", place(at), "kind", "a lawful change", error)
            unknown.add(code_hash)
            statuses.pop(code_hash, None)
            continue
        successor = entry.successor if isinstance(entry, StatusChange) else None
        if successor is not None and not _in_force(statuses.get(successor)):
            told.add("status", place(at), "successor", "a copy in force", successor)


def _in_force(status: Status | None) -> bool:
    return status is not None and status.verdict == "valid"


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
