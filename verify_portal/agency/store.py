"""Through the doors of the schema `portal`, as the role portal_agency.

Each is one statement, and so one transaction, which also writes the trail: what comes back stands
in it already.
"""

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from verify_portal.agency.key import AgencyKey, Scope
from verify_portal.agency.refusals import KeyRefused

if TYPE_CHECKING:
    import asyncpg

Means = Literal["seal", "name"]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What the database keeps beside the log, facts in their canonical JSON; whether it opens the
    commitment is to be checked.
    """

    facts: bytes
    salt: bytes


class StoredPdf(msgspec.Struct, frozen=True, kw_only=True):
    """Where a dossier's signed PDF lies in the blob store, and what opens it."""

    dossier_id: UUID
    blob_key: bytes
    pdf_digest: bytes


class Disclosing:
    """Single statements; None where there is no such copy, or nothing left of it."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def must_open(self, key: AgencyKey, scope: Scope) -> None:
        """Raises KeyRefused; tells nothing, so nothing is written."""
        sql = "SELECT portal.standing_of($1, $2, $3)"
        _must_be_good(await self._connection.fetchval(sql, key.id, key.presented, scope))

    async def facts_by_key(self, key: AgencyKey, code_hash: bytes) -> Opened | None:
        """Raises KeyRefused."""
        row = await self._by_key("facts", key, code_hash)
        return _opened(row["facts"], row["salt"])

    async def pdf_by_key(self, key: AgencyKey, code_hash: bytes) -> StoredPdf | None:
        """Raises KeyRefused."""
        row = await self._by_key("pdf", key, code_hash)
        if row["dossier_id"] is None:
            return None
        return StoredPdf(
            dossier_id=row["dossier_id"], blob_key=row["blob_key"], pdf_digest=row["pdf_digest"]
        )

    async def facts_by_paper(self, means: Means, code_hash: bytes) -> Opened | None:
        """For who has proven to hold the paper."""
        sql = "SELECT * FROM portal.facts_by_paper($1, $2)"
        row = await self._connection.fetchrow(sql, means, code_hash)
        return _opened(row["facts"], row["salt"])

    async def _by_key(self, scope: Scope, key: AgencyKey, code_hash: bytes) -> Any:
        sql = f"SELECT * FROM portal.{scope}_by_key($1, $2, $3)"  # noqa: S608 - one of two words
        row = await self._connection.fetchrow(sql, key.id, key.presented, code_hash)
        _must_be_good(row["standing"])
        return row


def _must_be_good(standing: Any) -> None:
    if standing != "good":
        raise KeyRefused(standing)


def _opened(facts: str | None, salt: bytes | None) -> Opened | None:
    if facts is None or salt is None:
        return None
    return Opened(facts=facts.encode(), salt=salt)
