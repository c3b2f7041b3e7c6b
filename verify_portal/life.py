"""A copy's life in an answer: what was decided, what held on an earlier day, where to look next.

Pure; `verdicts.py` puts it into answers.
"""

from datetime import date

from registry.entry import StatusChange
from registry.lookup import Found
from registry.status import Status, status_on
from verify_portal.answer import Change, Decision, ListPlace, OnDay


def decision_of(decided: Status | StatusChange) -> Decision | None:
    """The decision behind a status; None where nothing was decided."""
    if not decided.decision:
        return None
    day = decided.decided_on.isoformat() if decided.decided_on else None
    return Decision(number=decided.decision, decided_on=day, reason=decided.reason)


def history(found: Found) -> tuple[Change, ...]:
    """From the issue on, in the order of the log."""
    issued = Change(kind="issued", index=found.index, entered_at=found.entry.occurred_at)
    return (issued, *(_change(index, change) for index, change in found.changes))


def on_day(found: Found, day: date) -> OnDay:
    """What had effect at the end of that day in Hanoi, by what had been entered by then."""
    status = status_on((found.entry, *(change for _, change in found.changes)), day)
    if status is None:
        return OnDay(day=day, verdict=None)
    return OnDay(day=day, verdict=status.verdict, decision=decision_of(status))


def list_place(found: Found) -> ListPlace | None:
    """Without the address, which is the portal's to say (`attested.py`)."""
    place = found.place
    return None if place is None else ListPlace(list=place.list, idx=place.index)


def _change(index: int, change: StatusChange) -> Change:
    return Change(
        kind=change.kind,
        index=index,
        entered_at=change.occurred_at,
        decision=decision_of(change),
        successor=change.successor.hex() if change.successor else None,
    )
