"""What an append says to the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import asyncpg

from registry.batch import BookLine, ChangeRow, CopyRow
from registry.chain import Head, Link
from registry.entry import Entry
from registry.store.binary import change_rows, copy_rows, entry_rows, issues
from registry.store.durable import settle
from registry.store.rows import COLUMNS, LINK_COLUMNS, link_of

_ENTRY_COLUMNS: Final = (*LINK_COLUMNS.split(", "), *(name for name, _ in COLUMNS))


class Turn(NamedTuple):
    """Where the book ends when an append's turn has come; `last_at` is None in an empty one."""

    head: Head
    last_at: datetime | None


class Writing:
    """Inside one READ COMMITTED transaction of `registry_writer`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection
        self._wrote = False

    async def settle(self) -> None:
        """Whoever is told what was read here may rely on it as on what was written."""
        if not self._wrote:
            await settle(self._connection)

    async def begin(self) -> Turn:
        """Wait for the turn to append, which lasts until the transaction ends."""
        row = await self._connection.fetchrow("SELECT * FROM registry.begin_append()")
        return Turn(Head(row["size"], row["entry_hash"]), row["last_at"])

    async def stored(
        self, code_hashes: Sequence[bytes], pdf_digests: Sequence[bytes]
    ) -> list[Link]:
        """Every entry of these codes, and the entries that name these PDFs, oldest first."""
        rows = await self._connection.fetch(
            f"SELECT {LINK_COLUMNS} FROM registry.entry "  # noqa: S608 - our own names
            "WHERE code_hash = ANY($1) "
            f"UNION SELECT {LINK_COLUMNS} FROM registry.entry "
            "WHERE pdf_digest = ANY($2) ORDER BY index",
            code_hashes,
            pdf_digests,
        )
        return [link_of(row) for row in rows]

    async def closings(self, years: Sequence[tuple[str, int]]) -> list[Link]:
        """The entries that closed these units' years."""
        rows = await self._connection.fetch(
            f"SELECT {LINK_COLUMNS} "  # noqa: S608 - our own names
            "FROM unnest($1::text[], $2::integer[]) AS w (unit_code, year) "
            "JOIN registry.entry USING (unit_code, year) ORDER BY index",
            *_transposed(years, 2),
        )
        return [link_of(row) for row in rows]

    async def lines(self, wanted: Sequence[BookLine]) -> Mapping[BookLine, bool]:
        """The reserved ones among these lines, and whether each is void."""
        rows = await self._connection.fetch(
            "SELECT n.unit_code, n.book, n.number, v.number IS NOT NULL AS void "
            "FROM unnest($1::text[], $2::text[], $3::integer[]) AS w (unit_code, book, number) "
            "JOIN registry.book_number n USING (unit_code, book, number) "
            "LEFT JOIN registry.book_void v USING (unit_code, book, number)",
            *_transposed(wanted, 3),
        )
        return {BookLine(row[0], row[1], row[2]): row[3] for row in rows}

    async def entry_hash_at(self, index: int) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT entry_hash FROM registry.entry WHERE index = $1", index
        )
        return found

    async def insert(
        self,
        rows: Sequence[tuple[Link, Entry]],
        copies: Sequence[CopyRow],
        changes: Sequence[ChangeRow],
    ) -> None:
        """Each table in one statement, which its trigger checks as a whole.

        By COPY: it costs the server two thirds of an INSERT of arrays.
        """
        self._wrote = True
        if changes:  # first: the entries' trigger looks for them
            await self._copy("change", ChangeRow._fields, change_rows(changes))
        await self._copy("entry", _ENTRY_COLUMNS, entry_rows(rows))
        if copies:
            await self._copy("copy", CopyRow.__struct_fields__, copy_rows(copies))

    async def insert_at_once(
        self, rows: Sequence[tuple[Link, Entry]], copies: Sequence[CopyRow]
    ) -> None:
        """Turn, issues and copies in one statement, for what is a transaction by itself.

        Raises HeadMoved when the book does not end where the rows begin.
        """
        self._wrote = True
        first, entry = rows[0]
        await self._connection.execute(
            "SELECT registry.append_issues($1, $2, $3)",
            first.index,
            entry.occurred_at,
            issues(rows, copies, await self._connection.issue_type()),
        )

    async def _copy(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        await self._connection.copy_to_table(
            table,
            schema_name="registry",
            columns=columns,
            source=memoryview(rows),  # the driver takes bytes for a path
            format="binary",
        )


def _transposed(rows: Iterable[Sequence[object]], width: int) -> list[list[object]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]
