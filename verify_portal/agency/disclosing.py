"""What is told to who may see more than the public: found in the ledger, and opened by the doors of
schema `portal`, so that each time leaves its line in the trail.

The database is not believed here either: facts must open the commitment in the copy's entry, which
is proven, and a PDF must be the one whose digest stands there.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import structlog

from registry.blob import blob_path, unsealed
from registry.certified_copy import Facts, opens
from registry.code import code_hash
from registry.errors import BlobUnreadable
from registry.lookup import Found
from registry.store import Store
from verify_portal.agency.key import AgencyKey, Scope
from verify_portal.agency.refusals import PdfNotKept, PdfUnreadable
from verify_portal.agency.store import Disclosing, Means, Opened, StoredPdf
from verify_portal.database import Database
from verify_portal.errors import UnprovenEntry
from verify_portal.ledger import Ledger
from verify_portal.settings import Settings

ROLE: Final = "portal_agency"
_PATIENCE_SECONDS: Final = 5.0

_log = structlog.get_logger()
T = TypeVar("T")


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a copy; `salt` and `facts` open the commitment in `found`."""

    found: Found
    facts: Facts
    salt: bytes


class Disclosures:
    """Everything raises RegistryUnavailable in an outage, and the ledger's failures; `close()` it
    at the end.
    """

    def __init__(self, doors: Database, ledger: Ledger, blobs: Path) -> None:
        self._doors = doors
        self._ledger = ledger
        self._blobs = blobs

    @classmethod
    def from_settings(cls, settings: Settings, ledger: Ledger) -> "Disclosures":
        """Raises SettingsIncomplete where the role's password is missing."""
        url = settings.registry.role_url(ROLE)
        doors = Database(url, patience=_PATIENCE_SECONDS, primary=True)
        return cls(doors, ledger, settings.blobs)

    async def must_open(self, key: AgencyKey, scope: Scope) -> None:
        """Raises KeyRefused."""
        await self._through(lambda doors: doors.must_open(key, scope))

    async def facts_by_key(self, key: AgencyKey, code: str) -> Disclosed | None:
        """None where there is no such copy, or its person was erased; raises KeyRefused."""
        return await self._facts(code, lambda doors: doors.facts_by_key(key, code_hash(code)))

    async def facts_by_paper(self, means: Means, code: str) -> Disclosed | None:
        """None as above; what was shown is compared before."""
        return await self._facts(code, lambda doors: doors.facts_by_paper(means, code_hash(code)))

    async def pdf_by_key(self, key: AgencyKey, code: str) -> bytes | None:
        """The registered PDF, None where there is no such copy.

        Raises KeyRefused, PdfNotKept (a copy without a file here, or whose person was erased),
        PdfUnreadable.
        """
        found = await self._ledger.copies.by_code(code)
        if found is None:
            await self.must_open(key, "pdf")
            return None
        stored = await self._through(lambda doors: doors.pdf_by_key(key, code_hash(code)))
        if stored is None:
            raise PdfNotKept(erased=found.facts is None)
        if not hmac.compare_digest(stored.pdf_digest, found.entry.pdf_digest):
            raise UnprovenEntry(found.index)
        return await asyncio.to_thread(self._read, stored)

    async def close(self) -> None:
        await self._doors.close()

    async def _facts(
        self, code: str, ask: Callable[[Disclosing], Awaitable[Opened | None]]
    ) -> Disclosed | None:
        found = await self._ledger.copies.by_code(code)
        opened = await self._through(ask)
        if opened is None or found is None:
            return None
        if not opens(found.entry.commitment, opened.facts, opened.salt):
            raise UnprovenEntry(found.index)
        facts = msgspec.json.decode(opened.facts, type=Facts)
        return Disclosed(found=found, facts=facts, salt=opened.salt)

    async def _through(self, ask: Callable[[Disclosing], Awaitable[T]]) -> T:
        async def act(store: Store) -> T:
            async with store.statements() as connection:
                return await ask(Disclosing(connection))

        return await self._doors.ask(act)

    def _read(self, stored: StoredPdf) -> bytes:
        key, digest = stored.blob_key, stored.pdf_digest
        path = self._blobs / blob_path(stored.dossier_id, key, digest)
        try:
            return unsealed(stored.dossier_id, key, digest, path.read_bytes())
        except (OSError, BlobUnreadable) as failure:
            _log.critical("a registered PDF cannot be read", why=type(failure).__name__)
            raise PdfUnreadable from None
