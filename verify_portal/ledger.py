"""The portal's way to the registry: found copies come with a proof that has been checked here.

The database is not believed. A copy counts as found once the inclusion proofs of its issue and of
every change of its status hold, with the log's signature, under the public key that everyone else
uses; otherwise there is no answer.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

from registry.entry import Entry, body
from registry.errors import NotYetPublished, RegistryUnavailable, UnknownCopy
from registry.log.checkpoint import Checkpoint
from registry.log.policy import Policy, policy_of_log
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.log.tiles import TilePath
from registry.lookup import (
    Found,
    entry_bundle,
    find_by_code,
    find_by_digest,
    inclusion_proof,
    latest_checkpoint,
    tile,
)
from registry.settings import Settings as RegistrySettings
from registry.store import Store
from verify_portal.errors import UnprovenEntry

READER: Final = "registry_reader"
_PATIENCE_SECONDS: Final = 5.0


class Ledger:
    """Connects when first asked, and again after an outage; `close()` it at the end."""

    def __init__(self, url: str, *, policy: Policy) -> None:
        self._url = url
        self._policy = policy
        self._store: Store | None = None
        self._connecting = asyncio.Lock()

    @classmethod
    def from_settings(cls, settings: RegistrySettings) -> Self:
        """As the role that may only read, trusting the log key in the trust directory."""
        return cls(settings.role_url(READER), policy=policy_of_log(settings.log_vkey()))

    async def checkpoint(self) -> Checkpoint:
        """The newest one; raises NothingPublished, RegistryUnavailable."""
        async with self._soon() as store:
            return await latest_checkpoint(store)

    async def lags(self, checkpoint: Checkpoint) -> bool:
        """Whether the book holds an entry that this checkpoint does not cover."""
        async with self._soon() as store:
            try:
                await inclusion_proof(store, checkpoint.size)
            except NotYetPublished:
                return True
            except UnknownCopy:
                return False
        return False  # a newer checkpoint has come meanwhile

    async def by_code(self, code: str) -> Found | None:
        """Raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""
        async with self._soon() as store:
            return await self._proven(store, await find_by_code(store, code))

    async def by_digest(self, pdf_digest: bytes) -> Found | None:
        """Raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""
        async with self._soon() as store:
            return await self._proven(store, await find_by_digest(store, pdf_digest))

    async def proof(self, index: int) -> str:
        """The C2SP tlog-proof file of an entry; raises UnknownCopy, NotYetPublished and kin."""
        async with self._soon() as store:
            return await inclusion_proof(store, index)

    async def tile(self, path: TilePath) -> bytes | None:
        """What C2SP tlog-tiles serves at a path; None where no checkpoint has it."""
        async with self._soon() as store:
            if path.level is None:
                return await entry_bundle(store, path.index, path.width)
            return await tile(store, path.level, path.index, path.width)

    async def close(self) -> None:
        """Give the connections back."""
        store, self._store = self._store, None
        if store is not None:
            await store.close()

    @asynccontextmanager
    async def _soon(self) -> AsyncIterator[Store]:
        """A visitor is told of an outage rather than kept waiting for its end."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                yield await self._connected()
        except TimeoutError:
            raise RegistryUnavailable("the registry did not answer in time") from None

    async def _connected(self) -> Store:
        async with self._connecting:
            if self._store is None:
                self._store = await Store.connect(self._url)
            return self._store

    async def _proven(self, store: Store, found: Found | None) -> Found | None:
        if found is None:
            return None
        await self._prove(store, found.index, found.entry)
        for index, change in found.changes:
            await self._prove(store, index, change)
        return found

    async def _prove(self, store: Store, index: int, entry: Entry) -> None:
        try:
            proof = check_proof(await inclusion_proof(store, index), self._policy)
        except ProofRefused as refusal:
            raise UnprovenEntry(index) from refusal
        if proof.index != index or not hmac.compare_digest(proof.body, body(entry)):
            raise UnprovenEntry(index)
