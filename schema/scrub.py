"""Rewriting what people were deleted from, so that nothing of them stays in the server's files.

PostgreSQL leaves the bytes of a deleted row in its page until something is written over them, and
in its log until a segment of it is reused. What this does not reach: README.md.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg

from schema.errors import DatabaseUnreachable

#: Every table with personal data, and those that hold keys or digests of it.
PERSONAL: Final = (
    *("registry.copy", "registry.book_person"),
    *("intake.dossier", "intake.dossier_event", "intake.attachment", "intake.reading"),
    "intake.certification",
)
#: Whoever appends or reads waits behind the rewriting of a table; it gives way to who is at work.
_PATIENCE: Final = "10s"


def scrub(admin_url: str, tell: Callable[[str], None]) -> None:
    """Rewrite the tables one by one, each locked meanwhile, then begin a new segment of the log.

    `admin_url`: a superuser's address. Raises DatabaseUnreachable, also when a table was in use all
    the time: run it again.
    """
    asyncio.run(_scrub(admin_url, tell))


async def _scrub(admin_url: str, tell: Callable[[str], None]) -> None:
    try:
        connection = await asyncpg.connect(admin_url)
        try:
            await connection.execute(f"SET lock_timeout = '{_PATIENCE}'")
            for table in PERSONAL:
                tell(f"{table} …")
                await connection.execute(f"VACUUM (FULL) {table}")
            tell("write-ahead log …")
            # Segments from before the first CHECKPOINT's start are not needed after the second.
            for statement in ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"):
                await connection.execute(statement)
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnreachable(f"not everything was rewritten: {error}") from error
