"""What the life of copies must come to, in plain Python: neither hashes nor a database.

The machine of `test_copy_life.py` does each thing here and in the real registry, and compares.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import permutations
from typing import Final, NamedTuple
from uuid import UUID

from registry.certified_copy import CertifiedCopy, Receipt
from registry.errors import IllegalSuccessor, IllegalTransition, RegistryError

#: From a verdict, by an appender's method, to the next one.
CHANGES: Final = {
    "valid": {"suspend": "suspended", "supersede": "superseded", "revoke": "revoked"},
    "suspended": {"reinstate": "valid", "revoke": "revoked"},
    "superseded": {"revoke": "revoked"},
    "revoked": {},
}
ACTS: Final = ("suspend", "reinstate", "supersede", "revoke", "erase")

#: What a call came to, or would: a receipt, or the kind of its refusal. None stands for a new one.
Expected = Receipt | type[RegistryError] | None


class Event(NamedTuple):
    """From this entry on, entered on this day in Hanoi, a copy is worth this."""

    index: int
    day: date
    verdict: str
    decision: str
    successor: "LivingCopy | None"


class Line:
    """A number of a unit's year and how it has ended; `year` is Hanoi's."""

    def __init__(self, unit_code: str, year: int, number: int, book: str, original: UUID) -> None:
        self.unit_code = unit_code
        self.year = year
        self.number = number
        self.book = book
        self.original = original
        self.void = False
        self.copies = 0

    @property
    def open(self) -> bool:
        return not self.void and not self.copies


class LivingCopy:
    """An issued copy. `erased_at` is the index of the entry that erased it."""

    def __init__(self, copy: CertifiedCopy, line: Line, receipt: Receipt, day: date) -> None:
        self.copy = copy
        self.line = line
        self.receipt = receipt
        self.events = [Event(receipt.index, day, "valid", "", None)]
        self.erased_at: int | None = None
        self._latest: tuple[Asked, Receipt] | None = None

    @property
    def verdict(self) -> str:
        return self.events[-1].verdict

    def event_in(self, size: int) -> Event | None:
        """The last one that a tree of this size holds."""
        return _last(event for event in self.events if event.index < size)

    def event_on(self, day: date, size: int) -> Event | None:
        """The last one that was entered by the end of the day, in a tree of this size."""
        return _last(event for event in self.events if event.day <= day and event.index < size)

    def entries_in(self, size: int) -> list[int]:
        """The indexes of its entries, oldest first."""
        erased = [] if self.erased_at is None else [self.erased_at]
        return sorted(at for at in [*erased, *(one.index for one in self.events)] if at < size)

    def expected(self, asked: "Asked") -> Expected:
        """What asking for a change comes to now."""
        if self._latest is not None and self._latest[0] == asked:
            return self._latest[1]
        if asked.act == "erase":
            return None if self.erased_at is None else IllegalTransition
        if asked.act not in CHANGES[self.verdict]:
            return IllegalTransition
        if asked.successor is not None and asked.successor.verdict != "valid":
            return IllegalSuccessor
        return None

    def change(self, asked: "Asked", receipt: Receipt, day: date) -> None:
        if asked.act == "erase":
            self.erased_at = receipt.index
        else:
            verdict = CHANGES[self.verdict][asked.act]
            event = Event(receipt.index, day, verdict, asked.decision, asked.successor)
            self.events.append(event)
        self._latest = (asked, receipt)

    def fits(self, asked: Sequence["Asked"], outcomes: Sequence[object], day: date) -> bool:
        """Whether the calls, made at once, came to what they would have in some order; they have
        happened then.
        """
        both = list(zip(asked, outcomes, strict=True))
        return any(self._fits(order, day) for order in permutations(both))

    def _fits(self, order: Iterable[tuple["Asked", object]], day: date) -> bool:
        with self._tried() as keep:
            for asked, outcome in order:
                expected = self.expected(asked)
                if not agrees(expected, outcome):
                    return False
                if expected is None and isinstance(outcome, Receipt):
                    if self._latest is not None and outcome.index < self._latest[1].index:
                        return False  # the log has them the other way round
                    self.change(asked, outcome, day)
            keep.append(True)
        return True

    @contextmanager
    def _tried(self) -> Iterator[list[bool]]:
        before = (list(self.events), self.erased_at, self._latest)
        keep: list[bool] = []
        yield keep
        if not keep:
            self.events, self.erased_at, self._latest = before


class Asked(NamedTuple):
    """A change that somebody asks for; equal ones are the same change."""

    act: str
    decision: str
    decided_on: date
    successor: LivingCopy | None = None


class Book:
    """The numbers of one unit and year."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.closing: Receipt | None = None

    @property
    def open(self) -> bool:
        return any(line.open for line in self.lines)


def agrees(expected: Expected, outcome: object) -> bool:
    if expected is None:
        return isinstance(outcome, Receipt)
    if isinstance(expected, Receipt):
        return outcome == expected
    return isinstance(outcome, expected)


def _last(events: Iterable[Event]) -> Event | None:
    return max(events, key=lambda event: event.index, default=None)
