"""What an issued copy is worth, now or on a past day, by its entries; which changes are lawful."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from registry.clock import HANOI
from registry.entry import ChangeKind, CopyEntry, StatusChange
from registry.errors import IllegalTransition, UnknownCopy

Verdict = Literal["valid", "suspended", "revoked", "superseded"]

#: The same table stands in schema/sql/0001_registry.sql, which enforces it once more.
_ALLOWED: Final[dict[Verdict, dict[ChangeKind, Verdict]]] = {
    "valid": {"suspended": "suspended", "revoked": "revoked", "superseded": "superseded"},
    "suspended": {"reinstated": "valid", "revoked": "revoked"},
    "superseded": {"revoked": "revoked"},
    "revoked": {},
}


class Status(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`decision`, `decided_on`, `reason` are of the entry that made the verdict; `since` its time.

    For a copy that was never touched, `since` is its registration. `successor` is the code hash of
    the copy that superseded it. `erased` says that its facts are gone on purpose.
    """

    verdict: Verdict
    since: datetime
    decision: str = ""
    decided_on: date | None = None
    reason: str = ""
    successor: bytes | None = None
    erased: bool = False


def status_of(entries: Iterable[CopyEntry]) -> Status:
    """The status after these entries of one code, oldest first.

    Raises UnknownCopy when the copy was not issued first, IllegalTransition for an unlawful step.
    """
    status: Status | None = None
    for entry in entries:
        status = following(status, entry)
    if status is None:
        raise _unknown()
    return status


def following(status: Status | None, entry: CopyEntry) -> Status:
    """The status after one more entry, None before the first one; raises as `status_of`."""
    if isinstance(entry, StatusChange):
        if status is None:
            raise _unknown()
        return after(status, entry)
    if status is not None:
        raise IllegalTransition("a copy is issued once")
    return Status(verdict="valid", since=entry.occurred_at)


def status_on(entries: Iterable[CopyEntry], day: date) -> Status | None:
    """What had legal effect at the end of that day in Hanoi, as far as it was entered by then.

    `entries` are those of one code, oldest first. None when the copy was not issued yet. A decision
    of an earlier date has no effect before it is entered: nobody could have known of it.
    """
    known = [one for one in entries if one.occurred_at.astimezone(HANOI).date() <= day]
    return status_of(known) if known else None


def after(status: Status, change: StatusChange) -> Status:
    """The status that a change leads to; raises IllegalTransition.

    Erasure takes the facts and leaves the verdict alone.
    """
    if change.kind == "erased":
        if status.erased:
            raise _illegal("the copy's facts are erased already", status)
        return msgspec.structs.replace(status, erased=True)
    verdict = _ALLOWED[status.verdict].get(change.kind)
    if verdict is None:
        by = f" by {status.decision} of {status.decided_on}" if status.decided_on else ""
        told = f"a copy that is {status.verdict}{by} cannot be {change.kind}"
        raise _illegal(told, status)
    return Status(
        verdict=verdict,
        since=change.occurred_at,
        decision=change.decision,
        decided_on=change.decided_on,
        reason=change.reason,
        successor=change.successor,
        erased=status.erased,
    )


def _unknown() -> UnknownCopy:
    return UnknownCopy("no copy with this code was issued")


def _illegal(message: str, status: Status) -> IllegalTransition:
    return IllegalTransition(
        message,
        verdict=status.verdict,
        decision=status.decision,
        decided_on=status.decided_on,
    )
