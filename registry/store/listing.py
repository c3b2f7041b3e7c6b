"""What the publisher of status lists, and their readers, ask the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

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

    async def newest_list(self) -> int:
        number: int = await self._connection.fetchval(
            "SELECT coalesce(max(list), 0) FROM registry.status_index"
        )
        return number

    async def place_of(self, code_hash: bytes) -> Place | None:
        row = await self._connection.fetchrow(
            "SELECT list, index FROM registry.status_index WHERE code_hash = $1", code_hash
        )
        return row and Place(row["list"], row["index"])

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
