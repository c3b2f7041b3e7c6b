"""A copy's life as an answer tells it, against a history made by hand."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from registry.entry import StatusChange
from registry.lookup import Found
from registry.status import status_of
from registry.status_list import Place
from tests.unit.verify_portal.evidence import CODE, found
from verify_portal import verdicts
from verify_portal.answer import Decision, ListPlace

MARCH = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
SUCCESSOR = b"\x77" * 32


def lived() -> Found:
    """Issued on 22/11/2026; suspended, reinstated and superseded in March, then erased."""
    made = found()
    moments = [MARCH + timedelta(days=at) for at in (0, 4, 9, 30)]
    kinds = ("suspended", "reinstated", "superseded", "erased")
    changes = tuple(
        (
            10 + at,
            StatusChange(
                code_hash=made.entry.code_hash,
                occurred_at=moment,
                kind=kind,
                decision=f"{at}/QĐ",
                decided_on=date(2027, 2, 20),
                reason="Xem lại" if kind == "suspended" else "",
                successor=SUCCESSOR if kind == "superseded" else None,
            ),
        )
        for at, (kind, moment) in enumerate(zip(kinds, moments, strict=True))
    )
    status = status_of((made.entry, *(change for _, change in changes)))
    return msgspec.structs.replace(
        made, facts=None, status=status, changes=changes, place=Place(2, 4711)
    )


def test_the_history_begins_with_the_issue_and_names_every_decision() -> None:
    answer = verdicts.registered_code(lived(), code=CODE, asked="code", checked_at=MARCH)
    kinds = [change.kind for change in answer.history]
    assert kinds == ["issued", "suspended", "reinstated", "superseded", "erased"]
    assert answer.history[1].decision == Decision(
        number="0/QĐ", decided_on="2027-02-20", reason="Xem lại"
    )
    assert answer.history[3].successor == SUCCESSOR.hex()
    assert [change.index for change in answer.history] == [3, 10, 11, 12, 13]
    assert answer.status_list == ListPlace(list=2, idx=4711)


@pytest.mark.parametrize(
    ("day", "verdict", "decision"),
    [
        ("2026-11-21", None, None),
        ("2026-11-22", "valid", None),
        ("2027-02-20", "valid", None),  # decided then, entered later
        ("2027-03-01", "suspended", "0/QĐ"),
        ("2027-03-04", "suspended", "0/QĐ"),
        ("2027-03-05", "valid", "1/QĐ"),
        ("2027-03-10", "superseded", "2/QĐ"),
        ("2027-04-30", "superseded", "2/QĐ"),
    ],
)
def test_a_past_day_is_spoken_of_beside_the_verdict_of_now(
    day: str, verdict: str | None, decision: str | None
) -> None:
    answer = verdicts.registered_code(
        lived(), code=CODE, asked="code", checked_at=MARCH, on=date.fromisoformat(day)
    )
    assert answer.verdict == "superseded"
    assert answer.on_day is not None
    assert answer.on_day.verdict == verdict
    assert (answer.on_day.decision.number if answer.on_day.decision else None) == decision


def test_a_days_end_is_hanois() -> None:
    made = lived()
    index, suspended = made.changes[0]
    just_before = datetime(2027, 3, 1, 16, 59, 59, 999_999, tzinfo=UTC)
    for moment, verdict in (
        (just_before, "suspended"),
        (just_before + timedelta(microseconds=1), "valid"),
    ):
        change = msgspec.structs.replace(suspended, occurred_at=moment)
        answer = verdicts.registered_code(
            msgspec.structs.replace(made, changes=((index, change),)),
            code=CODE,
            asked="code",
            checked_at=MARCH,
            on=date(2027, 3, 1),
        )
        assert answer.on_day is not None
        assert answer.on_day.verdict == verdict
