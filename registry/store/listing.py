"""What the publisher of status lists, and their readers, ask the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from registry.status_list import Place
from registry.store.reading import Reading


class ChangeRow(NamedTuple):
    """A change of status, the entry that issued its copy, and the copy's place if it has one."""

    entry_index: int
    body: bytes
    issued_index: int
    issued_body: bytes
    place: Place | None


class SignedList(NamedTuple):
    """A signed list in both forms."""

    jwt: str
    cwt: bytes
    signed_at: datetime


class RevocationRow(NamedTuple):
    """Of the published list: where it stands in the log, and what it is found by."""

    entry_index: int
    issued_index: int
    unit_code: str
    month: date


class RevokedRow(NamedTuple):
    """A listed revocation and its copy's issue; `unit_name` is the unit's newest name, if known."""

    entry_index: int
    body: bytes
    issued_index: int
    issued_body: bytes
    unit_name: str | None


_UNIT_NAME: Final = (
    "(SELECT u.name FROM registry.unit u WHERE u.code = r.unit_code "
    "ORDER BY u.valid_from DESC, u.id DESC LIMIT 1)"
)
#: Walks from one unit to the next, since there are few units and may be many revocations.
_UNITS: Final = f"""
WITH RECURSIVE r (unit_code) AS (
    SELECT min(unit_code) FROM registry.revocation
    UNION ALL
    SELECT (SELECT min(n.unit_code) FROM registry.revocation n WHERE n.unit_code > r.unit_code)
    FROM r WHERE r.unit_code IS NOT NULL)
SELECT r.unit_code, {_UNIT_NAME} AS name FROM r WHERE r.unit_code IS NOT NULL ORDER BY 1
"""  # noqa: S608 - our own names


class Listing(Reading):
    """Single statements; those that write are the publisher's and may be repeated."""

    async def changes(self, start: int, end: int, most: int) -> list[ChangeRow]:
        """The first `most` changes of status among entries [start, end)."""
        rows = await self._connection.fetch(
            "SELECT e.index, e.body, i.index AS issued_index, i.body AS issued_body, "
            "s.list, s.index AS place FROM registry.entry e "
            "JOIN registry.entry i ON i.code_hash = e.code_hash AND i.number IS NOT NULL "
            "LEFT JOIN registry.status_index s ON s.code_hash = e.code_hash "
            "WHERE e.decision IS NOT NULL AND e.index >= $1 AND e.index < $2 "
            "ORDER BY e.index LIMIT $3",
            start,
            end,
            most,
        )
        return [
            ChangeRow(
                row["index"],
                row["body"],
                row["issued_index"],
                row["issued_body"],
                None if row["list"] is None else Place(row["list"], row["place"]),
            )
            for row in rows
        ]

    async def add_list(self, number: int, size: int, signed: SignedList) -> None:
        await self._connection.execute(
            "INSERT INTO registry.status_list (list, size, signed_at, jwt, cwt) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            number,
            size,
            signed.signed_at,
            signed.jwt,
            signed.cwt,
        )

    async def signed_list(self, number: int, by: datetime | None) -> SignedList | None:
        """The newest, or the newest among those signed by then."""
        row = await self._connection.fetchrow(
            "SELECT jwt, cwt, signed_at FROM registry.status_list "
            "WHERE list = $1 AND signed_at <= coalesce($2, 'infinity'::timestamptz) "
            "ORDER BY size DESC, signed_at DESC LIMIT 1",
            number,
            by,
        )
        return row and SignedList(row["jwt"], row["cwt"], row["signed_at"])

    async def list_numbers(self) -> list[int]:
        rows = await self._connection.fetch(
            "SELECT DISTINCT list FROM registry.status_list ORDER BY list"
        )
        return [row["list"] for row in rows]

    async def revoked(
        self, unit_code: str | None, month: date | None, before: int | None, most: int
    ) -> list[RevokedRow]:
        """Newest first. Only what is asked for stands in the statement, so that an index serves."""
        asked = {"unit_code =": unit_code, "month =": month, "entry_index <": before}
        given = {clause: value for clause, value in asked.items() if value is not None}
        where = " AND ".join(f"{clause} ${at}" for at, clause in enumerate(given, start=2))
        rows = await self._connection.fetch(
            "SELECT r.entry_index, e.body, r.issued_index, i.body AS issued_body, "  # noqa: S608 - our own names
            f"{_UNIT_NAME} AS unit_name FROM (SELECT * FROM registry.revocation "
            f"{'WHERE ' * bool(given)}{where} ORDER BY entry_index DESC LIMIT $1) r "
            "JOIN registry.entry e ON e.index = r.entry_index "
            "JOIN registry.entry i ON i.index = r.issued_index ORDER BY r.entry_index DESC",
            most,
            *given.values(),
        )
        return [RevokedRow(*row) for row in rows]

    async def units_with_revocations(self) -> list[tuple[str, str | None]]:
        """Code and newest name, by code."""
        rows = await self._connection.fetch(_UNITS)
        return [(row["unit_code"], row["name"]) for row in rows]

    async def last_revocation(self) -> int:
        """Where the newest one listed stands in the log; -1 before the first."""
        index: int = await self._connection.fetchval(
            "SELECT coalesce(max(entry_index), -1) FROM registry.revocation"
        )
        return index

    async def add_revocations(self, rows: Sequence[RevocationRow]) -> None:
        """In the order of the log, all or none."""
        await self._connection.executemany(
            "INSERT INTO registry.revocation (entry_index, issued_index, unit_code, month) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            rows,
        )
