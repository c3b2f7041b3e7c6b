"""What the audit reads: everything, in order, at one moment."""

import re
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import asyncpg

from registry.chain import Head, Link
from registry.log.tiles import TileName
from registry.store import mapping
from registry.store.columns import Columns, copy_columns, entry_columns
from registry.store.judging import Judging
from registry.store.rows import COLUMNS, LINK_COLUMNS
from registry.store.walking_book import WalkingBook

_PAGE: Final = 2048
#: Checkpoints read together: a time stamp has some kilobytes.
_SIGNED: Final = 1024
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_SNAPSHOT: Final = re.compile(r"[0-9A-F]+-[0-9A-F]+-[0-9]+", re.ASCII)
_AFTER_LINK: Final = 5
_AFTER_COLUMNS: Final = _AFTER_LINK + len(COLUMNS)


class EntryRow(NamedTuple):
    """One entry with its columns and, when it has any, what stands beside it."""

    link: Link
    columns: tuple[Any, ...]
    copy_code_hash: bytes | None
    facts: str | None
    salt: bytes | None


class OtherRow(NamedTuple):
    """An entry that issues nothing: the code it is about, if any; whether it has its officers."""

    entry_index: int
    code_hash: bytes | None
    decided: bool


class CheckpointRow(NamedTuple):
    size: int
    root_hash: bytes
    note: str


class CosignatureRow(NamedTuple):
    size: int
    name: str
    key_id: bytes
    line: str


class TimeStampRow(NamedTuple):
    size: int
    token: bytes


class Signed(NamedTuple):
    """What is said of the checkpoints of the sizes [start, end); `published` are sizes."""

    start: int
    end: int
    checkpoints: list[CheckpointRow]
    cosignatures: list[CosignatureRow]
    published: list[int]
    time_stamps: list[TimeStampRow]


class Newest(NamedTuple):
    """The greatest sizes: of a checkpoint, 0 without any, and of a publication."""

    signed: int
    published: int | None


class Extent(NamedTuple):
    """The entries' rows: how many, and the greatest index (-1 without any)."""

    rows: int
    greatest: int


class TileRow(NamedTuple):
    hashes: bytes
    root_hash: bytes


class Walking(WalkingBook):
    """Inside one REPEATABLE READ, READ ONLY transaction of any role that reads the registry."""

    async def settle(self, snapshot: str | None = None) -> None:
        """To be called first: the walk takes as long as it takes, and sees the exporter's moment
        when a snapshot is named.
        """
        if snapshot is not None:
            if not _SNAPSHOT.fullmatch(snapshot):
                raise ValueError("not the name of a snapshot")
            await self._connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        await self._connection.execute(
            "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; "
            # Compiling costs more than it saves, and other cores are somebody else's.
            "SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
        )

    async def snapshot(self) -> str:
        """A name by which other connections see what this one sees, as long as it lasts."""
        name: str = await self._connection.fetchval("SELECT pg_export_snapshot()")
        return name

    async def head(self) -> Head | None:
        row = await self._connection.fetchrow("SELECT size, entry_hash FROM registry.head")
        return row and Head(row["size"], row["entry_hash"])

    def judging(self) -> Judging:
        """The authority data, and the entries beside them, of the same moment."""
        return Judging(self._connection)

    async def extent(self) -> Extent:
        row = await self._connection.fetchrow(
            "SELECT count(*), coalesce(max(index), -1) FROM registry.entry",
            timeout=None,
        )
        return Extent(*row)

    async def outside(self, end: int, most: int) -> list[int]:
        """Indexes of the rows that are not in [0, end), `most` of them."""
        rows = await self._connection.fetch(
            "SELECT index FROM registry.entry WHERE index < 0 OR index >= $1 "
            "ORDER BY index LIMIT $2",
            end,
            most,
            timeout=None,
        )
        return [row[0] for row in rows]

    async def entries(self, start: int, end: int) -> AsyncIterator[EntryRow]:
        """Rows [start, end) in order of their index."""
        async for row in self._connection.cursor(
            f"{_ENTRIES} WHERE e.index >= $1 AND e.index < $2 ORDER BY e.index",
            start,
            end,
            prefetch=_PAGE,
            timeout=None,
        ):
            yield _entry_row(row)

    async def entry_columns(self, start: int, end: int) -> Columns:
        """As `registry.store.columns.entry_columns`."""
        return await entry_columns(self._connection, start, end)

    async def copy_columns(self, start: int, end: int, domain: bytes) -> Columns:
        """As `registry.store.columns.copy_columns`."""
        return await copy_columns(self._connection, start, end, domain)

    async def entries_at(self, indexes: Sequence[int]) -> list[EntryRow]:
        rows = await self._connection.fetch(
            f"{_ENTRIES} WHERE e.index = ANY($1) ORDER BY e.index", indexes, timeout=None
        )
        return [_entry_row(row) for row in rows]

    async def entry_hash(self, index: int) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT entry_hash FROM registry.entry WHERE index = $1", index
        )
        return found

    async def newest(self) -> Newest:
        row = await self._connection.fetchrow(
            "SELECT coalesce((SELECT max(size) FROM registry.checkpoint), 0), "
            "(SELECT max(size) FROM registry.publication)"
        )
        return Newest(*row)

    async def signed(self) -> AsyncIterator[Signed]:
        """Everything about checkpoints, some of them at a time, in order: there may be as many as
        entries.
        """
        rows = await self._connection.fetch(_BOUNDS, _SIGNED, timeout=None)
        for start, end in pairwise([_LEAST, *(row[0] for row in rows), _MOST]):
            parts = [await self._connection.fetch(one, start, end) for one in _PARTS]
            checkpoints, cosignatures, published, time_stamps = parts
            yield Signed(
                start,
                end,
                [CheckpointRow(*row) for row in checkpoints],
                [CosignatureRow(*row) for row in cosignatures],
                [row[0] for row in published],
                [TimeStampRow(*row) for row in time_stamps],
            )

    async def notes_backwards(self) -> AsyncIterator[tuple[int, str]]:
        """Size and note of each checkpoint, the newest first."""
        async for row in self._connection.cursor(
            "SELECT size, note FROM registry.checkpoint ORDER BY size DESC", timeout=None
        ):
            yield row[0], row[1]

    async def tiles(self, level: int, start: int, end: int) -> dict[TileName, TileRow]:
        """The tiles [start, end) of a level."""
        rows = await self._connection.fetch(
            "SELECT index, hashes, root_hash FROM registry.tile "
            "WHERE level = $1 AND index >= $2 AND index < $3",
            level,
            start,
            end,
        )
        return {(level, row[0]): TileRow(row[1], row[2]) for row in rows}

    async def stray_tiles(self, size: int) -> list[tuple[int, int, str]]:
        """Level, index and fault of tiles that a tree of `size` does not have, or has once."""
        rows = await self._connection.fetch(
            "SELECT level, index, 'beyond the log' FROM registry.tile "
            "WHERE index < 0 OR (index + 1) * 256::numeric ^ (level + 1) > $1 "
            "UNION ALL SELECT level, index, 'stored twice' FROM registry.tile "
            "GROUP BY level, index HAVING count(*) > 1 ORDER BY 1, 2",
            size,
        )
        return [(row[0], row[1], row[2]) for row in rows]

    async def map_size(self) -> int:
        return (await mapping.map_head(self._connection)).size

    async def map_pages(self, start: str, end: str) -> dict[str, bytes]:
        """The newest pages by name, from one name to another, both included."""
        return await mapping.pages_between(self._connection, start, end)

    async def map_records(self, size: int) -> AsyncIterator[tuple[int, bytes]]:
        """By its first hexadecimal digit: each code hash of the entries [0, size), sorted, with how
        many are about it and the last one's index, eight bytes each.
        """
        async for row in self._connection.cursor(_MAP_RECORDS, size, prefetch=1, timeout=None):
            yield row[0], row[1]

    async def others(self) -> list[OtherRow]:
        """Every entry that issues nothing, in order."""
        rows = await self._connection.fetch(
            "SELECT e.index, e.code_hash, c.entry_index IS NOT NULL FROM registry.entry e "
            "LEFT JOIN registry.change c ON c.entry_index = e.index "
            "WHERE e.kind <> 'issued' ORDER BY e.index",
            timeout=None,
        )
        return [OtherRow(*row) for row in rows]

    async def stray_changes(self) -> list[int]:
        """Officers beside no entry, or beside one that issues."""
        rows = await self._connection.fetch(
            "SELECT c.entry_index FROM registry.change c LEFT JOIN registry.entry e "
            "ON e.index = c.entry_index AND e.kind <> 'issued' WHERE e.index IS NULL "
            "ORDER BY c.entry_index",
            timeout=None,
        )
        return [row[0] for row in rows]

    async def erased_codes(self) -> set[bytes]:
        rows = await self._connection.fetch(
            "SELECT code_hash FROM registry.entry WHERE kind = 'erased'", timeout=None
        )
        return {row[0] for row in rows}

    async def histories(self, code_hashes: Sequence[bytes]) -> dict[bytes, list[tuple[int, bytes]]]:
        """Index and body of every entry of some codes, oldest first."""
        rows = await self._connection.fetch(
            "SELECT code_hash, index, body FROM registry.entry WHERE code_hash = ANY($1) "
            "ORDER BY index",
            code_hashes,
            timeout=None,
        )
        found: dict[bytes, list[tuple[int, bytes]]] = {}
        for row in rows:
            found.setdefault(row[0], []).append((row[1], row[2]))
        return found

    async def stray_copies(self) -> list[int]:
        """Copies beside no issuing entry."""
        rows = await self._connection.fetch(
            "SELECT c.entry_index FROM registry.copy c LEFT JOIN registry.entry e "
            "ON e.index = c.entry_index AND e.kind = 'issued' WHERE e.index IS NULL "
            "ORDER BY c.entry_index",
            timeout=None,
        )
        return [row[0] for row in rows]

    async def any_copy_outside(self, end: int) -> bool:
        """Whether a copy stands where no entry of [0, end) is."""
        found: bool = await self._connection.fetchval(
            "SELECT EXISTS (SELECT FROM registry.copy WHERE entry_index < 0 OR entry_index >= $1)",
            end,
            timeout=None,
        )
        return found

    async def issued_twice(self) -> list[tuple[str, bytes, int]]:
        """Code hashes and PDF digests that more than one issuing entry carries."""
        found = []
        for column in ("code_hash", "pdf_digest"):
            rows = await self._connection.fetch(
                f"SELECT {column}, max(index) FROM registry.entry "  # noqa: S608 - our own names
                "WHERE kind = 'issued' "
                f"GROUP BY {column} HAVING count(*) > 1",
                timeout=None,
            )
            found += [(column, row[0], row[1]) for row in rows]
        return found


def _entry_row(row: asyncpg.Record) -> EntryRow:
    """NULLs, which only a database without its constraints holds, are what no entry says."""
    link = Link(row[0], *(value or b"" for value in row[1:_AFTER_LINK]))
    return EntryRow(link, tuple(row[_AFTER_LINK:_AFTER_COLUMNS]), *row[_AFTER_COLUMNS:])


_ENTRIES: Final = (
    "SELECT "
    + ", ".join(f"e.{name}" for name in (*LINK_COLUMNS.split(", "), *dict(COLUMNS)))
    + ", c.code_hash, c.facts, c.salt "
    "FROM registry.entry e LEFT JOIN registry.copy c ON c.entry_index = e.index"
)

_BOUNDS: Final = """
SELECT size FROM (
    SELECT size, row_number() OVER (ORDER BY size) AS row FROM registry.checkpoint
) checkpoint WHERE row % $1 = 0 ORDER BY size
"""
_PARTS: Final = tuple(
    f"SELECT {columns} FROM registry.{table} "  # noqa: S608 - our own names
    f"WHERE size >= $1 AND size < $2 ORDER BY {order}"
    for table, columns, order in (
        ("checkpoint", "size, root_hash, note", "size"),
        ("cosignature", "size, name, key_id, line", "size, name"),
        ("publication", "size", "size"),
        ("checkpoint_time", "size, token", "size"),
    )
)

_MAP_RECORDS: Final = """
SELECT record.digit, string_agg(record.packed, ''::bytea ORDER BY record.packed) FROM (
    SELECT get_byte(e.code_hash, 0) >> 4 AS digit,
           e.code_hash || int8send(count(*)) || int8send(max(e.index)) AS packed
    FROM registry.entry e WHERE e.index < $1 AND e.code_hash IS NOT NULL GROUP BY e.code_hash
) record GROUP BY record.digit ORDER BY record.digit
"""
