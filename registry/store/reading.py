"""What lookups ask the database. Bodies are read, never columns: bodies are what is proved."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final, NamedTuple

import asyncpg

from registry.chain import Link
from registry.log.tiles import WIDTH, TileName, split_hashes, width_at
from registry.store.rows import LINK_COLUMNS, link_of

#: The newest published checkpoint: the note that the log signed, then every cosignature that has
#: come by now. A note takes more signatures after it was made; what they sign stays the same.
_NEWEST_NOTE: Final = """
SELECT c.note || coalesce(
    (SELECT string_agg(s.line, '' ORDER BY s.name, s.key_id)
     FROM registry.cosignature s WHERE s.size = c.size), '') AS note
FROM registry.checkpoint c WHERE c.size = (SELECT max(p.size) FROM registry.publication p)
"""


class CopyHistory(NamedTuple):
    """A code's entries by index, oldest first, its facts as JSON text and their salt, at one
    moment; `note` is the newest published checkpoint's.
    """

    bodies: list[tuple[int, bytes]]
    facts: str | None
    salt: bytes | None
    note: str | None


class Reading:
    """Any role's reads, over one connection."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def newest_note(self) -> str | None:
        """Of the newest published checkpoint, with its cosignatures."""
        note: str | None = await self._connection.fetchval(_NEWEST_NOTE)
        return note

    async def history(self, code_hash: bytes) -> CopyHistory:
        """One statement, so that entries and checkpoint are of one moment."""
        rows = await self._connection.fetch(
            "SELECT c.note, e.index, e.body, f.facts, f.salt FROM (SELECT 1) AS always "  # noqa: S608
            f"LEFT JOIN ({_NEWEST_NOTE}) c ON true "
            "LEFT JOIN registry.entry e ON e.code_hash = $1 "
            "LEFT JOIN registry.copy f ON f.entry_index = e.index ORDER BY e.index",
            code_hash,
        )
        found = [row for row in rows if row["index"] is not None]
        return CopyHistory(
            bodies=[(row["index"], row["body"]) for row in found],
            facts=found[0]["facts"] if found else None,
            salt=found[0]["salt"] if found else None,
            note=rows[0]["note"],
        )

    async def code_hash_of(self, pdf_digest: bytes) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT code_hash FROM registry.entry WHERE pdf_digest = $1 AND kind = 'issued'",
            pdf_digest,
        )
        return found

    async def body(self, index: int) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT body FROM registry.entry WHERE index = $1", index
        )
        return found

    async def bodies(self, start: int, end: int) -> list[bytes]:
        rows = await self._connection.fetch(
            "SELECT body FROM registry.entry WHERE index >= $1 AND index < $2 ORDER BY index",
            start,
            end,
        )
        return [row["body"] for row in rows]

    async def links(self, start: int, end: int) -> AsyncIterator[Link]:
        """Rows [start, end) in order, a page at a time."""
        page = 2048
        for begin in range(start, end, page):
            rows = await self._connection.fetch(
                f"SELECT {LINK_COLUMNS} FROM registry.entry "  # noqa: S608
                "WHERE index >= $1 AND index < $2 ORDER BY index",
                begin,
                min(begin + page, end),
            )
            for row in rows:
                yield link_of(row)

    async def tiles(self, names: Iterable[TileName], size: int) -> dict[TileName, list[bytes]]:
        """The tiles of the tree of `size`, full or partial; a missing one is left out."""
        full = [name for name in names if width_at(*name, size) == WIDTH]
        found = await self._full_tiles(full)
        for level, index in set(names) - set(full):
            if hashes := await self.partial_tile(level, index, size):
                found[level, index] = hashes
        return found

    async def partial_tile(self, level: int, index: int, size: int) -> list[bytes]:
        """A partial tile from what lies below it: leaf hashes, or roots of full tiles."""
        first = index * WIDTH
        end = first + width_at(level, index, size)
        if level == 0:
            sql = "SELECT leaf_hash FROM registry.entry WHERE index >= $1 AND index < $2 "
            rows = await self._connection.fetch(sql + "ORDER BY index", first, end)
        else:
            sql = "SELECT root_hash FROM registry.tile WHERE index >= $1 AND index < $2 "
            rows = await self._connection.fetch(
                sql + "AND level = $3 ORDER BY index", first, end, level - 1
            )
        return [row[0] for row in rows]

    async def _full_tiles(self, names: Sequence[TileName]) -> dict[TileName, list[bytes]]:
        if not names:
            return {}
        rows = await self._connection.fetch(
            "SELECT level, index, hashes FROM registry.tile JOIN "
            "unnest($1::integer[], $2::bigint[]) AS wanted (level, index) USING (level, index)",
            [level for level, _ in names],
            [index for _, index in names],
        )
        return {(row["level"], row["index"]): split_hashes(row["hashes"]) for row in rows}
