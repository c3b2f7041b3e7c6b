"""Places in the status lists: taken once, never given back."""

from registry.status_list import Place
from registry.store.durable import settle
from registry.store.reading import Reading


class Placing(Reading):
    """Inside one READ COMMITTED transaction of `registry_writer`."""

    async def settle(self) -> None:
        """What was read or written here is printed next."""
        await settle(self._connection)

    async def place_of(self, code_hash: bytes) -> Place | None:
        row = await self._connection.fetchrow(
            "SELECT list, index FROM registry.status_index WHERE code_hash = $1", code_hash
        )
        return row and Place(row["list"], row["index"])

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
