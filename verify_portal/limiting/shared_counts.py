"""What all workers and hosts count together, in one small table (`portal.owed`).

Each question of ours is one statement of its own. Nothing in it is worth keeping: the table is not
logged, and nobody waits for a disk.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Final, Self

import asyncpg

from verify_portal.errors import CountsUnavailable

ROLE: Final = "portal_limiter"
_SESSION: Final = {"application_name": "bansao portal limits", "synchronous_commit": "off"}
_CONNECT_SECONDS: Final = 5.0
_STATEMENT_SECONDS: Final = 2.0
# In the order of the keys, so that two workers never wait for each other's rows in a circle.
_ADD: Final = """
INSERT INTO portal.owed AS known (key, until)
SELECT key, now() + make_interval(secs => seconds)
FROM unnest($1::bytea[], $2::float8[]) AS spent (key, seconds)
ORDER BY key
ON CONFLICT (key) DO UPDATE
SET until = greatest(known.until, now()) + (excluded.until - now())
RETURNING key, extract(epoch FROM until - now())::float8 AS seconds
"""
_FORGET: Final = """
DELETE FROM portal.owed WHERE key IN (
    SELECT key FROM portal.owed WHERE until < now() LIMIT 10000 FOR UPDATE SKIP LOCKED
)
"""


class SharedCounts:
    """One held connection. Raises CountsUnavailable; then open another one."""

    def __init__(self, connection: "asyncpg.Connection") -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> Self:
        """`url` is the primary's, for ROLE."""
        with _translated():
            return cls(
                await asyncpg.connect(
                    url,
                    timeout=_CONNECT_SECONDS,
                    command_timeout=_STATEMENT_SECONDS,
                    server_settings=_SESSION,
                    target_session_attrs="primary",
                )
            )

    async def add(self, spent: Mapping[bytes, float]) -> dict[bytes, float]:
        """Adds seconds of debt to each key; gives what all together owe then."""
        with _translated():
            rows = await self._connection.fetch(_ADD, list(spent), list(spent.values()))
        return {row["key"]: row["seconds"] for row in rows}

    async def forget_paid(self) -> None:
        """Drops rows that say nothing any more."""
        with _translated():
            await self._connection.execute(_FORGET)

    def close(self) -> None:
        """At once: nothing is on its way that matters."""
        self._connection.terminate()


#: TimeoutError is an OSError; the last is a connection that ended in the middle of a message.
_OUTAGES: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _OUTAGES as failure:
        raise CountsUnavailable(type(failure).__name__) from failure
