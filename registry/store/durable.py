"""What the disk and a synchronous standby must have before anybody outside relies on it."""

from typing import Final

import asyncpg

from registry.errors import RegistryUnavailable

_LEAVE_A_TRACE: Final = (
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_logical_emit_message(true, 'bansao', '') END"
)


async def settle(connection: "asyncpg.pool.PoolConnectionProxy") -> None:
    """Make this transaction's COMMIT wait for disk and standby although nothing is written here.

    What was read may be of a COMMIT whose wait was cut short: visible, and on this server only. A
    record in the WAL is enough, since disk and standby take them in order. Raises
    RegistryUnavailable on a standby, which can promise nothing.
    """
    if await connection.fetchval(_LEAVE_A_TRACE) is None:
        raise RegistryUnavailable("this server is a standby")
