"""What the audit asks of entries and the authority data together, a whole table at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from registry.store.authority import Authority


class Signing(NamedTuple):
    """The copies of a unit that one pair of certificates signed: when the first, when the last."""

    unit_code: str
    signer: bytes
    seal: bytes
    first: datetime
    last: datetime


class Allowed(NamedTuple):
    """A time at which a pair of certificates could certify for a unit; half-open."""

    unit_code: str
    signer: bytes
    seal: bytes
    begins: datetime
    ends: datetime | None


class StrayCopy(NamedTuple):
    """A copy that was certified at none of the times allowed."""

    entry_index: int
    unit_code: str
    signer: bytes
    seal: bytes
    certified_at: datetime


class Decisions(NamedTuple):
    """Entries that one officer decided for a unit on one day; no unit where no copy is known."""

    unit_code: str | None
    decided_by: str
    day: date
    indexes: list[int]


# Before the first unit was entered nobody was asked.
_SINCE: Final = "(SELECT min(entered_at) FROM registry.unit)"
_ISSUED: Final = f"kind = 'issued' AND occurred_at >= {_SINCE}"

_SIGNINGS: Final = f"""
SELECT unit_code, signer_fingerprint, seal_fingerprint, min(certified_at), max(certified_at)
FROM registry.entry WHERE {_ISSUED} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 - our own names

_STRAYS: Final = f"""
WITH allowed AS (
    SELECT * FROM unnest($4::text[], $5::bytea[], $6::bytea[], $7::timestamptz[], $8::timestamptz[])
        AS a (unit_code, signer, seal, begins, ends))
SELECT e.index, e.unit_code, e.signer_fingerprint, e.seal_fingerprint, e.certified_at
FROM (SELECT * FROM registry.entry WHERE {_ISSUED}) e
JOIN unnest($1::text[], $2::bytea[], $3::bytea[]) AS doubted (unit_code, signer, seal)
    ON (e.unit_code, e.signer_fingerprint, e.seal_fingerprint)
        = (doubted.unit_code, doubted.signer, doubted.seal)
WHERE NOT EXISTS (
    SELECT FROM allowed a
    WHERE (a.unit_code, a.signer, a.seal) = (doubted.unit_code, doubted.signer, doubted.seal)
      AND e.certified_at >= a.begins AND (a.ends IS NULL OR e.certified_at < a.ends))
ORDER BY e.index LIMIT $9
"""  # noqa: S608 - our own names

# A closing bears no day of its own: it is decided on the day of its entry, in Hanoi.
_DECISIONS: Final = f"""
SELECT coalesce(e.unit_code, i.unit_code), c.decided_by,
    coalesce(e.decided_on, (e.occurred_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
    array_agg(e.index ORDER BY e.index)
FROM registry.change c JOIN registry.entry e ON e.index = c.entry_index
LEFT JOIN registry.entry i ON i.code_hash = e.code_hash AND i.kind = 'issued'
WHERE e.occurred_at >= {_SINCE}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 - our own names


class Judging(Authority):
    """Inside the audit's transaction; a scan of the entries takes as long as it takes."""

    async def signings(self) -> list[Signing]:
        rows = await self._connection.fetch(_SIGNINGS, timeout=None)
        return [Signing(*row) for row in rows]

    async def strays(
        self, doubted: Sequence[Signing], allowed: Sequence[Allowed], most: int
    ) -> list[StrayCopy]:
        """The copies of `doubted` that were certified outside what is allowed, `most` of them."""
        pairs = [[one[place] for one in doubted] for place in range(3)]
        times = [[one[place] for one in allowed] for place in range(len(Allowed._fields))]
        rows = await self._connection.fetch(_STRAYS, *pairs, *times, most, timeout=None)
        return [StrayCopy(*row) for row in rows]

    async def decisions(self) -> list[Decisions]:
        rows = await self._connection.fetch(_DECISIONS, timeout=None)
        return [Decisions(*row) for row in rows]
