"""Hearing of publications as they are committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

from registry.store.hashes import Hashes

if TYPE_CHECKING:
    import asyncpg

CHANNEL: Final = "registry_published"


class Listening(Hashes):
    """One held connection to a primary: a standby hears nothing."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        super().__init__(connection)
        self._rung = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def on(cls, connection: "asyncpg.pool.PoolConnectionProxy") -> AsyncIterator[Self]:
        """From here on nothing is missed: what was published before can be asked for."""
        listening = cls(connection)
        await connection.add_listener(CHANNEL, listening._ring)
        connection.add_termination_listener(listening._ring)
        try:
            yield listening
        finally:
            # Who listened is not given back: to stop listening is a question, and a caller that is
            # cancelled in the middle of another one could not ask it.
            connection.remove_termination_listener(listening._ring)
            connection.terminate()

    async def rung(self, seconds: float) -> None:
        """Wait for the next publication, the connection's end, or so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()

    async def changed(self, start: int, end: int) -> list[bytes]:
        """The code hashes of copies whose status entries [start, end) change."""
        rows = await self._connection.fetch(
            "SELECT DISTINCT code_hash FROM registry.entry "
            "WHERE index >= $1 AND index < $2 AND kind <> 'issued' AND code_hash IS NOT NULL",
            start,
            end,
        )
        return [row["code_hash"] for row in rows]

    def _ring(self, *_: object) -> None:
        self._rung.set()
