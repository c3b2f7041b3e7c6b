"""What others say of signed checkpoints: witnesses their lines, an authority its time stamps."""

from collections.abc import Sequence
from datetime import datetime

from registry.store.reading import Reading


class Attesting(Reading):
    """Single statements of `registry_publisher`. Each may be repeated: what is there stays."""

    async def newest_size(self) -> int:
        """The newest checkpoint's, published or not; -1 before the first one."""
        size: int = await self._connection.fetchval(
            "SELECT coalesce(max(size), -1) FROM registry.checkpoint"
        )
        return size

    async def has_signed(self, size: int) -> bool:
        """Whether there is a checkpoint of this size, published or not."""
        signed: bool = await self._connection.fetchval(
            "SELECT EXISTS (SELECT FROM registry.checkpoint WHERE size = $1)", size
        )
        return signed

    async def cosigned_sizes(
        self, keys: Sequence[tuple[str, bytes]]
    ) -> dict[tuple[str, bytes], int]:
        """The size that each of these keys (name, id) cosigned last, if any."""
        rows = await self._connection.fetch(
            "SELECT k.name, k.key_id, (SELECT max(c.size) FROM registry.cosignature c "
            "WHERE c.name = k.name AND c.key_id = k.key_id) AS size "
            "FROM unnest($1::text[], $2::bytea[]) AS k (name, key_id)",
            [name for name, _ in keys],
            [key_id for _, key_id in keys],
        )
        return {
            (row["name"], row["key_id"]): row["size"] for row in rows if row["size"] is not None
        }

    async def add_cosignature(
        self, size: int, name: str, key_id: bytes, line: str, obtained_at: datetime
    ) -> None:
        await self._connection.execute(
            "INSERT INTO registry.cosignature (size, name, key_id, line, obtained_at) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            size,
            name,
            key_id,
            line,
            obtained_at,
        )

    async def unstamped(self, after: int, most: int) -> list[tuple[int, str]]:
        """Size and signed note of checkpoints larger than `after` without a token, oldest first."""
        rows = await self._connection.fetch(
            "SELECT c.size, c.note FROM registry.checkpoint c "
            "LEFT JOIN registry.checkpoint_time t USING (size) "
            "WHERE c.size > $1 AND t.size IS NULL ORDER BY c.size LIMIT $2",
            after,
            most,
        )
        return [(row["size"], row["note"]) for row in rows]

    async def add_time_stamp(self, size: int, token: bytes, obtained_at: datetime) -> None:
        await self._connection.execute(
            "INSERT INTO registry.checkpoint_time (size, token, obtained_at) "
            "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            size,
            token,
            obtained_at,
        )
