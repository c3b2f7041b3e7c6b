"""What the book's numbering says to the database."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from registry.batch import BookLine
from registry.book_line import BookNumber, LineColumns, volume_name
from registry.store.durable import settle

_PERSONAL: Final = ("requester", "papers", "title", "note")
_LASTING: Final = tuple(name for name in LineColumns.__struct_fields__ if name not in _PERSONAL)


class Reserved(NamedTuple):
    """The line of an original, and whether it is void."""

    unit_code: str
    number: BookNumber
    void: bool

    @property
    def line(self) -> BookLine:
        return BookLine(self.unit_code, self.number.book, self.number.number)


class Numbering:
    """Inside one READ COMMITTED transaction of `registry_writer`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection
        self._wrote = False

    async def settle(self) -> None:
        """Whoever is told what was read here may rely on it as on what was written."""
        if not self._wrote:
            await settle(self._connection)

    async def lock_book(self, unit_code: str, year: int) -> None:
        """Wait for the turn to number, which lasts until the transaction ends."""
        await self._connection.execute("SELECT registry.lock_book($1, $2)", unit_code, year)

    async def reserved_for(self, original_id: UUID) -> Reserved | None:
        """The line of an original."""
        return await self._reserved("n.original_id = $1", original_id)

    async def reserved_as(self, unit_code: str, year: int, number: int) -> Reserved | None:
        """The line with this number."""
        condition = "n.unit_code = $1 AND n.year = $2 AND n.number = $3"
        return await self._reserved(condition, unit_code, year, number)

    async def _reserved(self, condition: str, *values: object) -> Reserved | None:
        row = await self._connection.fetchrow(
            "SELECT n.unit_code, n.book, n.number, n.reserved_at, "  # noqa: S608 - our own names
            "v.number IS NOT NULL AS void "
            "FROM registry.book_number n "
            "LEFT JOIN registry.book_void v USING (unit_code, book, number) "
            f"WHERE {condition}",
            *values,
        )
        if row is None:
            return None
        unit_code, book, number, reserved_at, void = row
        return Reserved(
            unit_code, BookNumber(book=book, number=number, reserved_at=reserved_at), void
        )

    async def newest_volume(self, unit_code: str, year: int) -> int:
        """0 before the year's first; the book's lock must be held."""
        volume: int = await self._connection.fetchval(
            "SELECT coalesce(max(volume), 0) FROM registry.book WHERE unit_code = $1 AND year = $2",
            unit_code,
            year,
        )
        return volume

    async def open_volume(self, unit_code: str, year: int, volume: int) -> str:
        """Returns its name; the book's lock must be held."""
        self._wrote = True
        book = volume_name(volume, year)
        await self._connection.execute(
            "INSERT INTO registry.book (unit_code, year, volume, book) VALUES ($1, $2, $3, $4)",
            unit_code,
            year,
            volume,
            book,
        )
        return book

    async def reserve(
        self, unit_code: str, year: int, book: str, original_id: UUID, at: datetime
    ) -> BookNumber | None:
        """The next number; the book's lock must be held. None when another year's book has given
        the original a number meanwhile.

        Time never runs back from line to line, though several machines' clocks may.
        """
        self._wrote = True
        row = await self._connection.fetchrow(
            "INSERT INTO registry.book_number "
            "(unit_code, book, number, year, original_id, reserved_at) "
            "SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, greatest(max(reserved_at), $5) "
            "FROM registry.book_number WHERE unit_code = $1 AND year = $3 "
            "ON CONFLICT (original_id) DO NOTHING RETURNING number, reserved_at",
            unit_code,
            book,
            year,
            original_id,
            at,
        )
        return row and BookNumber(book=book, number=row[0], reserved_at=row[1])

    async def fill(self, line: BookLine, columns: LineColumns) -> None:
        """Write down the form's other columns of a line that this transaction has reserved."""
        await self._insert("book_line", line, _LASTING, columns)
        await self._insert("book_person", line, _PERSONAL, columns)

    async def _insert(
        self, table: str, line: BookLine, names: tuple[str, ...], columns: LineColumns
    ) -> None:
        values = [*line, *(getattr(columns, name) for name in names)]
        places = ", ".join(f"${at}" for at in range(1, len(values) + 1))
        await self._connection.execute(
            f"INSERT INTO registry.{table} "  # noqa: S608 - our own names
            f"({', '.join((*BookLine._fields, *names))}) "
            f"VALUES ({places})",
            *values,
        )

    async def void(self, line: BookLine, reason: str) -> None:
        self._wrote = True
        await self._connection.execute(
            "INSERT INTO registry.book_void (unit_code, book, number, reason) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            *line,
            reason,
        )
