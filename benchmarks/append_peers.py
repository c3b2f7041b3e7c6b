"""What appends are measured beside: the same bytes without a registry, and other ways to chain."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
from pymerkle import SqliteTree

from registry.chain import GENESIS, Head, extend
from registry.entry import Issued, body
from registry.store.rows import COLUMNS, LINK_COLUMNS, columns_of, link_values

BATCH: Final = 256
_LOCK: Final = 4711
_NAMES: Final = (*LINK_COLUMNS.split(", "), *(name for name, _ in COLUMNS))
_TYPES: Final = ("bigint", *["bytea"] * 4, *(kind for _, kind in COLUMNS))
_COPY_TYPES: Final = ("bigint", "bytea", "json", "bytea")


class Rows:
    """A stretch of a book as it would be stored: entries and, beside each, facts and salt."""

    def __init__(self, entries: Sequence[Issued], facts: str, salts: Sequence[bytes]) -> None:
        links = extend(GENESIS, map(body, entries))
        self.entries = [
            (*link_values(link), *columns_of(entry))
            for link, entry in zip(links, entries, strict=True)
        ]
        self.copies = [
            (link.index, entry.code_hash, facts, salt)
            for link, entry, salt in zip(links, entries, salts, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.entries)


class Bare:
    """Two tables with the registry's columns, a primary key and nothing else."""

    def __init__(self, connection: "asyncpg.Connection") -> None:
        self._connection = connection

    async def prepare(self) -> None:
        await self._connection.execute(
            "DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; "
            "CREATE TABLE bare.entry (LIKE registry.entry, PRIMARY KEY (index)); "
            "CREATE TABLE bare.copy (LIKE registry.copy, PRIMARY KEY (entry_index))"
        )

    async def insert(self, rows: Rows) -> float:
        """Seconds for INSERTs of arrays, both tables' rows of BATCH entries a transaction."""
        entry, copy = _insert("bare.entry", _TYPES), _insert("bare.copy", _COPY_TYPES)
        batches = [
            (_columns(rows.entries[at : at + BATCH]), _columns(rows.copies[at : at + BATCH]))
            for at in range(0, len(rows), BATCH)
        ]
        begun = time.perf_counter()
        for entries, copies in batches:
            async with self._connection.transaction():
                await self._connection.execute(entry, *entries)
                await self._connection.execute(copy, *copies)
        return time.perf_counter() - begun

    async def copy(self, rows: Rows) -> float:
        """Seconds for the same by COPY."""
        begun = time.perf_counter()
        for at in range(0, len(rows), BATCH):
            async with self._connection.transaction():
                for table, some in (("entry", rows.entries), ("copy", rows.copies)):
                    await self._connection.copy_records_to_table(
                        table, schema_name="bare", records=some[at : at + BATCH]
                    )
        return time.perf_counter() - begun


class RowByRow:
    """Chaining as it is usually done: a lock, the last hash, one row, a commit."""

    def __init__(self, connections: Sequence["asyncpg.Connection"]) -> None:
        self._connections = connections

    async def run(self, rows: Rows) -> float:
        """Seconds for all rows, shared out among the connections, into Bare's tables."""
        entry = _insert("bare.entry", _TYPES)
        copy = _insert("bare.copy", _COPY_TYPES)
        waiting = iter(range(len(rows)))

        async def caller(connection: "asyncpg.Connection") -> None:
            for at in waiting:
                async with connection.transaction():
                    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
                    last = await connection.fetchrow(
                        "SELECT index, entry_hash FROM bare.entry ORDER BY index DESC LIMIT 1"
                    )
                    head = Head(last["index"] + 1, last["entry_hash"]) if last else GENESIS
                    [link] = extend(head, [rows.entries[at][1]])
                    row = (*link_values(link), *rows.entries[at][5:])
                    await connection.execute(entry, *_columns([row]))
                    await connection.execute(copy, *_columns([(link.index, *rows.copies[at][1:])]))

        begun = time.perf_counter()
        await asyncio.gather(*map(caller, self._connections))
        return time.perf_counter() - begun


def merkle_package(directory: Path, rows: Rows, *, batch: int) -> float:
    """Seconds for pymerkle's SQLite tree to take the same bytes, durably."""
    leaves = [
        b"".join((entry[1], copy[2].encode(), copy[3]))
        for entry, copy in zip(rows.entries, rows.copies, strict=True)
    ]
    with SqliteTree(str(directory / f"pymerkle-{batch}.sqlite")) as tree:
        tree.con.execute("PRAGMA synchronous=FULL")
        begun = time.perf_counter()
        if batch == 1:
            for leaf in leaves:
                tree.append_entry(leaf)
        else:
            for at in range(0, len(leaves), batch):
                tree.append_entries(leaves[at : at + batch])
        return time.perf_counter() - begun


def entry_of(number: int, digests: Sequence[bytes], book: str, unit_code: str) -> Issued:
    """An entry of the size that the benchmark's own copies have."""
    code, pdf, commitment, fingerprint = digests
    return Issued(
        code_hash=code,
        occurred_at=datetime.now(UTC),
        pdf_digest=pdf,
        commitment=commitment,
        signer_fingerprint=fingerprint,
        seal_fingerprint=fingerprint,
        unit_code=unit_code,
        book=book,
        number=number,
        certified_at=datetime.now(UTC),
    )


def _insert(table: str, types: Sequence[str]) -> str:
    arrays = ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(types, start=1))
    return f"INSERT INTO {table} SELECT * FROM unnest({arrays})"  # noqa: S608 - our own names


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
