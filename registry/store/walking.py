"""What the audit reads: everything, in order, at one moment."""

from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import asyncpg

from registry.chain import Head, Link
from registry.store.rows import COLUMNS, LINK_COLUMNS, link_of

_PAGE: Final = 2048
_AFTER_LINK: Final = 5
_AFTER_COLUMNS: Final = _AFTER_LINK + len(COLUMNS)


class EntryRow(NamedTuple):
    """One entry with its columns and, when it has any, what stands beside it."""

    link: Link
    columns: tuple[Any, ...]
    copy_code_hash: bytes | None
    facts: str | None
    salt: bytes | None


class CheckpointRow(NamedTuple):
    size: int
    root_hash: bytes
    note: str


class TileRow(NamedTuple):
    hashes: bytes
    root_hash: bytes


class BookFault(NamedTuple):
    """A line of the book that contradicts another table; `expected` and `found` are words."""

    unit_code: str
    book: str
    number: int
    expected: str
    found: str


class Walking:
    """Inside one REPEATABLE READ, READ ONLY transaction of any role that reads the registry."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def head(self) -> Head | None:
        row = await self._connection.fetchrow("SELECT size, entry_hash FROM registry.head")
        return row and Head(row["size"], row["entry_hash"])

    async def count_entries(self) -> int:
        count: int = await self._connection.fetchval("SELECT count(*) FROM registry.entry")
        return count

    async def entries(self) -> AsyncIterator[EntryRow]:
        columns = ", ".join(f"e.{name}" for name, _ in COLUMNS)
        links = ", ".join(f"e.{name}" for name in LINK_COLUMNS.split(", "))
        async for row in self._connection.cursor(
            f"SELECT {links}, {columns}, c.code_hash, c.facts, c.salt "  # noqa: S608
            "FROM registry.entry e LEFT JOIN registry.copy c ON c.entry_index = e.index "
            "ORDER BY e.index",
            prefetch=_PAGE,
            timeout=None,
        ):
            beside = row[_AFTER_COLUMNS:]
            yield EntryRow(link_of(row), tuple(row[_AFTER_LINK:_AFTER_COLUMNS]), *beside)

    async def checkpoints(self) -> list[CheckpointRow]:
        rows = await self._connection.fetch(
            "SELECT size, root_hash, note FROM registry.checkpoint ORDER BY size"
        )
        return [CheckpointRow(*row) for row in rows]

    async def tile(self, level: int, index: int) -> TileRow | None:
        row = await self._connection.fetchrow(
            "SELECT hashes, root_hash FROM registry.tile WHERE level = $1 AND index = $2",
            level,
            index,
        )
        return row and TileRow(*row)

    async def count_tiles(self) -> int:
        count: int = await self._connection.fetchval("SELECT count(*) FROM registry.tile")
        return count

    async def changed_codes(self) -> list[bytes]:
        rows = await self._connection.fetch(
            "SELECT DISTINCT code_hash FROM registry.entry WHERE kind <> 'issued'"
        )
        return [row[0] for row in rows]

    async def erased_codes(self) -> set[bytes]:
        rows = await self._connection.fetch(
            "SELECT code_hash FROM registry.entry WHERE kind = 'erased'"
        )
        return {row[0] for row in rows}

    async def bodies_of(self, code_hash: bytes) -> list[tuple[int, bytes]]:
        rows = await self._connection.fetch(
            "SELECT index, body FROM registry.entry WHERE code_hash = $1 ORDER BY index", code_hash
        )
        return [(row[0], row[1]) for row in rows]

    async def stray_copies(self) -> list[int]:
        """Copies beside no issuing entry."""
        rows = await self._connection.fetch(
            "SELECT c.entry_index FROM registry.copy c LEFT JOIN registry.entry e "
            "ON e.index = c.entry_index AND e.kind = 'issued' WHERE e.index IS NULL "
            "ORDER BY c.entry_index"
        )
        return [row[0] for row in rows]

    async def issued_twice(self) -> list[tuple[str, bytes, int]]:
        """Code hashes and PDF digests that more than one issuing entry carries."""
        found = []
        for column in ("code_hash", "pdf_digest"):
            rows = await self._connection.fetch(
                f"SELECT {column}, max(index) FROM registry.entry WHERE kind = 'issued' "  # noqa: S608
                f"GROUP BY {column} HAVING count(*) > 1",
                timeout=None,
            )
            found += [(column, row[0], row[1]) for row in rows]
        return found

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
