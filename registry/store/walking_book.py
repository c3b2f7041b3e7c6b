"""What the audit reads of the certification book: its lines, and where its tables disagree."""

from typing import Final, NamedTuple

import asyncpg

from registry.store.book_years import YEAR_FAULTS, YearFault


class BookFault(NamedTuple):
    """A line of the book that contradicts another table; `expected` and `found` are words."""

    unit_code: str
    book: str
    number: int
    expected: str
    found: str


class BookColumns(NamedTuple):
    """The lines of one unit and year: numbers and lengths of four bytes, big-endian, joined."""

    unit_code: str | None
    year: int | None
    rows: int
    numbers: bytes
    books: bytes
    book_lengths: bytes


class WalkingBook:
    """Part of `registry.store.walking.Walking`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def book_columns(self) -> list[BookColumns]:
        """All reserved lines, by unit and year."""
        rows = await self._connection.fetch(
            "SELECT unit_code, year, count(*), string_agg(int4send(number), ''), "
            "string_agg(textsend(book), ''), string_agg(int4send(octet_length(book)), '') "
            "FROM registry.book_number GROUP BY unit_code, year",
            timeout=None,
        )
        return [BookColumns(*row) for row in rows]

    async def books(self) -> set[tuple[str, int, str]]:
        """Unit, year and name of each open volume."""
        rows = await self._connection.fetch("SELECT unit_code, year, book FROM registry.book")
        return {(row[0], row[1], row[2]) for row in rows}

    async def book_counts(self, unit_code: str, year: int) -> tuple[int, int]:
        """The last number of a unit's year, and how many are void."""
        row = await self._connection.fetchrow(
            "SELECT coalesce(max(n.number), 0), count(v.number) FROM registry.book_number n "
            "LEFT JOIN registry.book_void v USING (unit_code, book, number) "
            "WHERE n.unit_code = $1 AND n.year = $2",
            unit_code,
            year,
            timeout=None,
        )
        return row[0], row[1]

    async def any_void(self) -> bool:
        found: bool = await self._connection.fetchval(
            "SELECT EXISTS (SELECT FROM registry.book_void)"
        )
        return found

    async def year_faults(self) -> list[YearFault]:
        """Years of a unit's book that contradict themselves."""
        rows = await self._connection.fetch(YEAR_FAULTS, timeout=None)
        return [YearFault(*row) for row in rows]

    async def book_faults(self) -> list[BookFault]:
        """Gaps, and lines whose reservation, issue and voiding contradict each other."""
        rows = await self._connection.fetch(_BOOK_FAULTS, timeout=None)
        return [BookFault(*row) for row in rows]


_BOOK_FAULTS: Final = """
WITH line AS (
    SELECT unit_code, year, book, number,
           lag(number, 1, 0) OVER (PARTITION BY unit_code, year ORDER BY number) AS before
    FROM registry.book_number
)
SELECT unit_code, book, number, 'number ' || (before + 1), 'number ' || number
FROM line WHERE number <> before + 1
UNION ALL
SELECT l.unit_code, l.book, l.number, 'a book of ' || l.year, 'none'
FROM line l LEFT JOIN registry.book b USING (unit_code, year, book) WHERE b.book IS NULL
UNION ALL
SELECT e.unit_code, e.book, e.number, 'reserved', 'not reserved, issued at entry ' || e.index
FROM registry.entry e LEFT JOIN registry.book_number n USING (unit_code, book, number)
WHERE e.kind = 'issued' AND n.number IS NULL
UNION ALL
SELECT v.unit_code, v.book, v.number, 'reserved', 'not reserved, void'
FROM registry.book_void v LEFT JOIN registry.book_number n USING (unit_code, book, number)
WHERE n.number IS NULL
UNION ALL
SELECT v.unit_code, v.book, v.number, 'issued or void', 'void and issued at entry ' || e.index
FROM registry.book_void v JOIN registry.entry e USING (unit_code, book, number)
WHERE e.kind = 'issued'
ORDER BY 1, 2, 3
"""
