"""Places in the status lists: taken once, never given back."""

import asyncpg

from registry.status_list import Place
from registry.store.durable import settle


class Placing:
    """Inside one READ COMMITTED transaction of `registry_writer`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def settle(self) -> None:
        """What was read or written here is printed next."""
        await settle(self._connection)

    async def place_of(self, code_hash: bytes) -> Place | None:
        row = await self._connection.fetchrow(
            "SELECT list, index FROM registry.status_index WHERE code_hash = $1", code_hash
        )
        return row and Place(row["list"], row["index"])

    async def newest_list(self) -> int:
        number: int = await self._connection.fetchval(
            "SELECT coalesce(max(list), 0) FROM registry.status_index"
        )
        return number

    async def take(self, code_hash: bytes, place: Place) -> bool:
        """False when the place is taken, or the code has one by now."""
        taken: bool | None = await self._connection.fetchval(
            "INSERT INTO registry.status_index (code_hash, list, index) VALUES ($1, $2, $3) "
            "ON CONFLICT DO NOTHING RETURNING true",
            code_hash,
            place.list,
            place.index,
        )
        return bool(taken)
