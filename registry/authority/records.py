"""What was entered about authority, each for its time (pure)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec

from registry.clock import HANOI

Kind = Literal["ward", "commune", "branch"]
Office = Literal["chairman", "deputy", "staff"]
Act = Literal["certify", "decide"]
Prefix = Literal["KT.", "TUQ."]
EndKind = Literal["ended", "revoked", "replaced"]


class Term(msgspec.Struct, frozen=True):
    """From `begins` on, until `until` as it was planned or `ended` as it came, whichever is first.

    Half-open: at its end it no longer holds.
    """

    begins: datetime
    until: datetime | None = None
    ended: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        return min((end for end in (self.until, self.ended) if end is not None), default=None)

    def covers(self, at: datetime) -> bool:
        return self.begins <= at and not self.over(at)

    def over(self, at: datetime) -> bool:
        return self.ends is not None and self.ends <= at

    def bounds(self) -> Iterator[datetime]:
        yield self.begins
        if self.ends is not None:
            yield self.ends


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A ward's or commune's committee, or a branch of the service centre; `id` is the row's."""

    id: int
    code: str
    name: str
    kind: Kind
    term: Term


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    officer: str
    full_name: str


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """`title` is what is printed of the office."""

    id: int
    officer: str
    unit_code: str
    office: Office
    title: str
    term: Term


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """`position` is the chairman's who gives it, `officer` who receives it."""

    id: int
    position: int
    officer: str
    instrument: str
    dated: date
    scope: frozenset[Act]
    prefix: Prefix
    term: Term


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """Of an officer, or of the seal of a unit: one of both is None. Its term's `until` is where
    X.509 ends it, `ended` when it was revoked or replaced.
    """

    fingerprint: bytes
    officer: str | None
    unit_code: str | None
    term: Term


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """Rows in the order in which they were entered; enough of them for the question asked."""

    units: tuple[Unit, ...] = ()
    officers: tuple[Officer, ...] = ()
    positions: tuple[Position, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    certificates: tuple[Certificate, ...] = ()

    def bounds(self) -> list[datetime]:
        """The times at which an answer may change, in order; between two of them none does."""
        timed = (self.units, self.positions, self.delegations, self.certificates)
        terms = [one.term for table in timed for one in table]
        return sorted({bound for term in terms for bound in term.bounds()})

    def about(
        self, unit_code: str, *, officers: Sequence[str] = (), fingerprints: Sequence[bytes] = ()
    ) -> "Records":
        """What answers for one unit, these officers and these certificates, of a city's records."""
        certificates = tuple(one for one in self.certificates if one.fingerprint in fingerprints)
        owners = {*officers, *(one.officer for one in certificates)}
        return Records(
            units=tuple(one for one in self.units if one.code == unit_code),
            officers=tuple(one for one in self.officers if one.officer in owners),
            positions=tuple(
                one for one in self.positions if one.unit_code == unit_code or one.officer in owners
            ),
            delegations=tuple(one for one in self.delegations if one.officer in owners),
            certificates=certificates,
        )


def hanoi_midnight(day: date) -> datetime:
    """Where a day begins in Hanoi."""
    return datetime.combine(day, time(), HANOI)


def day_after(day: date) -> datetime:
    """Where a day ends in Hanoi."""
    return hanoi_midnight(day + timedelta(days=1))
