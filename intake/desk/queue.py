"""When a dossier is due (pure).

A copy is given on the same day, or on the next working day when the dossier was received after
15:00 (NĐ 23/2015 art. 7). Hours are Hanoi's. Public holidays are not known here, only weekends.
"""

from datetime import date, datetime, time, timedelta

import msgspec

from intake.dossier import Dossier
from registry.clock import HANOI

CUT_OFF = time(15)
DAY_ENDS = time(17)
SATURDAY = 5


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier in the queue: minutes since it was received, and when it is due."""

    dossier: Dossier
    minutes: int
    due_at: datetime
    late: bool
    due_today: bool


def due(received_at: datetime) -> datetime:
    """The end of the working day on which the result is owed."""
    local = received_at.astimezone(HANOI)
    day = local.date()
    if not _is_working(day) or local.time() > CUT_OFF:
        day = _next_working(day)
    return datetime.combine(day, DAY_ENDS, HANOI)


def waiting_since(dossier: Dossier, now: datetime) -> Waiting:
    """How a received dossier stands at this moment."""
    received = dossier.received_at or dossier.updated_at
    due_at = due(received)
    return Waiting(
        dossier=dossier,
        minutes=max(0, int((now - received).total_seconds() // 60)),
        due_at=due_at,
        late=now > due_at,
        due_today=due_at.date() == now.astimezone(HANOI).date(),
    )


def _is_working(day: date) -> bool:
    return day.weekday() < SATURDAY


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    while not _is_working(day):
        day += timedelta(days=1)
    return day
