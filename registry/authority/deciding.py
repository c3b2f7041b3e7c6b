"""Who may decide for a unit on a day: revoke or suspend copies, close a book (pure)."""

import contextlib
from collections.abc import Iterator
from datetime import date, datetime

from registry.authority.mandates import Mandate, chairman_at, mandate_of
from registry.authority.records import Position, Records, day_after, hanoi_midnight
from registry.authority.refusals import NoChairman, NotAuthorised


def deciding_mandate(records: Records, unit_code: str, day: date, by: str | None = None) -> Mandate:
    """The mandate of officer `by`, else of the chairman, to decide for the unit on that day.

    A decision bears a day and no hour, so an office held during any part of it serves; the latest
    counts. Raises a NotAuthorised.
    """
    if by is None:
        by = chairman_on(records, unit_code, day).officer
    *later, first = _instants_of(records, day)
    for at in later:
        with contextlib.suppress(NotAuthorised):
            return mandate_of(records, officer=by, unit_code=unit_code, act="decide", at=at)
    return mandate_of(records, officer=by, unit_code=unit_code, act="decide", at=first)


def chairman_on(records: Records, unit_code: str, day: date) -> Position:
    """Who was chairman on that day, the later one of two; raises NoChairman."""
    for at in _instants_of(records, day):
        if found := chairman_at(records, unit_code, at):
            return found
    raise NoChairman(f"unit {unit_code} had no chairman on {day}", unit=unit_code)


def _instants_of(records: Records, day: date) -> Iterator[datetime]:
    """One instant for each part of the day in which every answer stays the same, latest first."""
    begins, ends = hanoi_midnight(day), day_after(day)
    yield from reversed([bound for bound in records.bounds() if begins < bound < ends])
    yield begins
