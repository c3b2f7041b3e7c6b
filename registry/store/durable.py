"""What a synchronous standby must have before anybody outside relies on it."""

import asyncpg


async def settle(connection: "asyncpg.pool.PoolConnectionProxy") -> None:
    """Make this transaction's COMMIT wait for the standby although nothing is written here.

    What was read may be of a COMMIT whose wait was cut short: visible, and on this server only. A
    record in the WAL is enough, since the standby takes them in order.
    """
    await connection.execute("SELECT pg_logical_emit_message(true, 'bansao', '')")
