"""Entering and ending agencies' keys, and reading the trail, as the role registry_admin."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from verify_portal.agency.key import AgencyKey, Scope
from verify_portal.errors import PortalError

if TYPE_CHECKING:
    import asyncpg

_ENTER: Final = """
INSERT INTO portal.agency_key (id, hash, agency, scopes, expires_at, entered_by)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_END: Final = """
INSERT INTO portal.agency_key_end (key, reason, entered_by)
VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING key
"""
_KEYS: Final = """
SELECT k.id, k.agency, k.scopes, k.expires_at, k.entered_at, k.entered_by,
    e.entered_at AS ended_at, e.entered_by AS ended_by, e.reason
FROM portal.agency_key k LEFT JOIN portal.agency_key_end e ON e.key = k.id
ORDER BY k.entered_at, k.id
"""
_TRAIL: Final = """
SELECT a.at, a.means, a.key, k.agency, a.code_hash, a.scope
FROM portal.access a LEFT JOIN portal.agency_key k ON k.id = a.key
WHERE ($1::text IS NULL OR a.key = $1) AND ($2::bytea IS NULL OR a.code_hash = $2)
ORDER BY a.id DESC LIMIT $3
"""


class NoSuchKey(PortalError):
    """No key with this id was entered."""


class EnteredKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it stands, without anything of its secret."""

    id: str
    agency: str
    scopes: tuple[Scope, ...]
    expires_at: datetime
    entered_at: datetime
    entered_by: str
    ended_at: datetime | None
    ended_by: str | None
    reason: str | None


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Once that something personal was shown; `key` and `agency` where a key opened it."""

    at: datetime
    means: str
    key: str | None
    agency: str | None
    code_hash: bytes
    scope: Scope


class KeyBook:
    """Single statements over one connection."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def enter(
        self, key: AgencyKey, *, agency: str, scopes: Sequence[Scope], until: datetime, by: str
    ) -> None:
        """A new key, which opens the scopes from now on until then."""
        row = (key.id, key.stored, agency, list(scopes), until, by)
        await self._connection.execute(_ENTER, *row)

    async def end(self, key_id: str, *, reason: str, by: str) -> bool:
        """From now on; whether it had not ended before. Raises NoSuchKey."""
        if all(key.id != key_id for key in await self.keys()):
            raise NoSuchKey(f"no agency key {key_id} is entered: see `bansao admin key list`")
        return await self._connection.fetchval(_END, key_id, reason, by) is not None

    async def keys(self) -> list[EnteredKey]:
        """All that were ever entered, oldest first."""
        return [
            msgspec.convert(dict(row), EnteredKey) for row in await self._connection.fetch(_KEYS)
        ]

    async def trail(
        self, *, key_id: str | None = None, code_hash: bytes | None = None, most: int
    ) -> list[Access]:
        """Accesses, newest first, by one key or to one copy."""
        rows = await self._connection.fetch(_TRAIL, key_id, code_hash, most)
        return [msgspec.convert(dict(row), Access) for row in rows]
