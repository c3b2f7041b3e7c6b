"""What the publisher says to the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Self

import asyncpg

from registry.chain import Head
from registry.log.checkpoint import Checkpoint
from registry.log.tiles import Tile
from registry.store import mapping
from registry.store.durable import settle
from registry.store.reading import Reading


class Publishing(Reading):
    """Inside one transaction of `registry_publisher`, alone among all publishers."""

    @classmethod
    async def in_turn(cls, connection: "asyncpg.pool.PoolConnectionProxy") -> Self:
        await connection.execute("SELECT registry.lock_publishing()")
        return cls(connection)

    async def settle(self) -> None:
        """What was read here may be shown to others once the transaction is committed."""
        await settle(self._connection)

    async def head(self) -> Head:
        row = await self._connection.fetchrow("SELECT size, entry_hash FROM registry.head")
        return Head(row["size"], row["entry_hash"])

    async def newest_row(self) -> tuple[int, bytes, str] | None:
        """Size, root and note of the newest checkpoint, as its columns say."""
        row = await self._connection.fetchrow(
            "SELECT size, root_hash, note FROM registry.checkpoint ORDER BY size DESC LIMIT 1"
        )
        return row and (row["size"], row["root_hash"], row["note"])

    async def entry_hash_at(self, index: int) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT entry_hash FROM registry.entry WHERE index = $1", index
        )
        return found

    async def insert_tiles(self, tiles: Sequence[Tile]) -> None:
        """In the order in which they became full; the database refuses any other."""
        await self._connection.executemany(
            "INSERT INTO registry.tile (level, index, hashes, root_hash) VALUES ($1, $2, $3, $4)",
            [(tile.level, tile.index, tile.hashes, tile.root_hash) for tile in tiles],
        )

    async def map_head(self) -> mapping.MapHead:
        return await mapping.map_head(self._connection)

    async def newest_pages(self, names: Collection[str]) -> dict[str, bytes]:
        """The map's pages as they were last signed for; what is not there is left out."""
        return await mapping.newest_pages(self._connection, names)

    async def put_pages(
        self, contents: Mapping[str, bytes], size: int, note: str | None = None
    ) -> None:
        """The map's pages that the log of `size` changes; with what vouches for them, unless a
        checkpoint of this size does, which is stored in the same transaction.
        """
        published = await self.published_size()
        await mapping.put_pages(
            self._connection, contents, size=size, published=published, note=note
        )

    async def insert_checkpoint(self, checkpoint: Checkpoint, signed_at: datetime) -> None:
        await self._connection.execute(
            "INSERT INTO registry.checkpoint (size, root_hash, note, signed_at) "
            "VALUES ($1, $2, $3, $4)",
            checkpoint.size,
            checkpoint.root_hash,
            checkpoint.note,
            signed_at,
        )

    async def insert_publication(self, size: int, published_at: datetime) -> None:
        await self._connection.execute(
            "INSERT INTO registry.publication (size, published_at) VALUES ($1, $2)",
            size,
            published_at,
        )
