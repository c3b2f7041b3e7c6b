"""When a dossier is due: 15:00 in Hanoi and weekends decide."""

from datetime import datetime
from uuid import uuid4

import pytest

from intake.desk.queue import due, waiting_since
from intake.dossier import Dossier, State
from registry.clock import HANOI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("received", "due_at"),
    [
        ("2026-11-20 09:00", "2026-11-20 17:00"),  # Friday morning: the same day
        ("2026-11-20 15:00", "2026-11-20 17:00"),
        ("2026-11-20 15:01", "2026-11-23 17:00"),  # Friday after the cut-off: Monday
        ("2026-11-21 09:00", "2026-11-23 17:00"),  # Saturday
        ("2026-11-22 16:00", "2026-11-23 17:00"),  # Sunday afternoon: still Monday
        ("2026-11-23 23:59", "2026-11-24 17:00"),
    ],
)
def test_the_day_limit(received: str, due_at: str) -> None:
    assert due(at(received)) == at(due_at)


def test_a_dossier_becomes_late() -> None:
    dossier = Dossier(
        id=uuid4(),
        unit_code="00070",
        channel="kiosk",
        state=State.REVIEW,
        updated_at=at("2026-11-20 09:00"),
        received_at=at("2026-11-20 09:00"),
    )
    early, late = (waiting_since(dossier, at(f"2026-11-20 {hour}")) for hour in ("10:30", "17:01"))
    assert (early.minutes, early.late, early.due_today) == (90, False, True)
    assert late.late
