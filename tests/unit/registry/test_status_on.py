"""Status on a past day, against a history made by hand.

One copy: issued on 2 March 2026, suspended by a decision of the 9th that was entered on the 11th,
reinstated on the 20th, superseded on 1 April at a minute past midnight in Hanoi, erased in May,
revoked in June.
"""

from datetime import UTC, date, datetime

import msgspec
import pytest

from registry.entry import ChangeKind, CopyEntry, StatusChange
from registry.status import status_on
from tests.unit.registry.test_entry import ISSUED


def change(kind: ChangeKind, entered: str, decided_on: str) -> StatusChange:
    return StatusChange(
        code_hash=ISSUED.code_hash,
        occurred_at=datetime.fromisoformat(entered).astimezone(UTC),
        kind=kind,
        decision=f"{kind}/QĐ-UBND",
        decided_on=date.fromisoformat(decided_on),
        successor=b"\x02" * 32 if kind == "superseded" else None,
    )


HISTORY: list[CopyEntry] = [
    msgspec.structs.replace(ISSUED, occurred_at=datetime(2026, 3, 2, 4, 0, tzinfo=UTC)),
    change("suspended", "2026-03-11T15:00:00+07:00", "2026-03-09"),
    change("reinstated", "2026-03-20T09:00:00+07:00", "2026-03-20"),
    change("superseded", "2026-04-01T00:01:00+07:00", "2026-03-31"),
    change("erased", "2026-05-04T08:00:00+07:00", "2026-05-03"),
    change("revoked", "2026-06-01T08:00:00+07:00", "2026-06-01"),
]


@pytest.mark.parametrize(
    ("day", "verdict", "decision"),
    [
        ("2026-03-02", "valid", ""),
        ("2026-03-08", "valid", ""),
        # Decided, and not entered yet: nobody could know.
        ("2026-03-09", "valid", ""),
        ("2026-03-10", "valid", ""),
        ("2026-03-11", "suspended", "suspended/QĐ-UBND"),
        ("2026-03-19", "suspended", "suspended/QĐ-UBND"),
        ("2026-03-20", "valid", "reinstated/QĐ-UBND"),
        # 00:01 of 1 April in Hanoi is still March in UTC.
        ("2026-03-31", "valid", "reinstated/QĐ-UBND"),
        ("2026-04-01", "superseded", "superseded/QĐ-UBND"),
        ("2026-05-04", "superseded", "superseded/QĐ-UBND"),
        ("2026-05-31", "superseded", "superseded/QĐ-UBND"),
        ("2026-06-01", "revoked", "revoked/QĐ-UBND"),
        ("9999-12-31", "revoked", "revoked/QĐ-UBND"),
    ],
)
def test_what_had_effect_at_the_end_of_the_day(day: str, verdict: str, decision: str) -> None:
    status = status_on(HISTORY, date.fromisoformat(day))
    assert status is not None
    assert (status.verdict, status.decision) == (verdict, decision)
    assert status.erased == (day >= "2026-05-04")
    assert (status.successor is not None) == (verdict == "superseded")


@pytest.mark.parametrize("day", ["0001-01-01", "2026-03-01"])
def test_before_it_was_issued_there_is_nothing_to_say(day: str) -> None:
    assert status_on(HISTORY, date.fromisoformat(day)) is None
