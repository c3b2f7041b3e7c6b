"""The portal's way to the registry: found copies come with a proof that has been checked here.

The database is not believed. A copy counts as found once the inclusion proofs of its issue and of
every change of its status hold, with the log's signature, under the public key that everyone else
uses; otherwise there is no answer.

Reads go to a replica when there is one. It is believed in what it knows, as long as the primary has
said a moment ago that nothing newer is published; what it does not know, only the primary denies.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Final, Literal, Self, TypeVar

import msgspec
import structlog

from registry.entry import Entry, body
from registry.errors import NotYetPublished, RegistryError, RegistryUnavailable, UnknownCopy
from registry.log.checkpoint import Checkpoint
from registry.log.policy import Policy, public_policy
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
    time_stamp,
)
from registry.settings import Settings as RegistrySettings
from registry.store import Store
from verify_portal.database import Database, Replica
from verify_portal.errors import UnprovenEntry
from verify_portal.freshness import (
    CONFIRM_SECONDS,
    MOST_LAG_SECONDS,
    Floor,
    Monotonic,
)

_log = structlog.get_logger()

READER: Final = "registry_reader"
_PATIENCE_SECONDS: Final = 5.0
_CONFIRMATION_PATIENCE_SECONDS: Final = 0.25

Server = Literal["primary", "replica"]
T = TypeVar("T")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Which server answers a hit now. `entries_behind` counts what is published and not on the
    replica, `seconds_behind` for how long; None while the replica does not answer.
    """

    reads: Server
    entries_behind: int | None = None
    seconds_behind: float | None = None


class Ledger:
    """Connects when first asked, and again after an outage; `close()` it at the end."""

    def __init__(
        self,
        url: str,
        *,
        policy: Policy,
        replica_url: str | None = None,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._policy = policy
        self._primary = Database(url, patience=_PATIENCE_SECONDS, primary=True)
        self._replica = Replica(replica_url) if replica_url else None
        self._floor = Floor(monotonic)
        self._confirming: asyncio.Task[None] | None = None
        #: Lookups by the server that answered them.
        self.answered: dict[Server, int] = {"primary": 0, "replica": 0}

    @classmethod
    def from_settings(cls, settings: RegistrySettings, replica_url: str | None = None) -> Self:
        """As the role that may only read, trusting what the policy trusts."""
        if replica_url is not None:
            replica = msgspec.structs.replace(settings, database_url=replica_url)
            replica_url = replica.role_url(READER)
        return cls(settings.role_url(READER), policy=settings.policy(), replica_url=replica_url)

    async def checkpoint(self) -> Checkpoint:
        """The newest one; raises NothingPublished, RegistryUnavailable.

        The primary's, so that whoever follows the log sees it only grow, whichever process answers
        him; the replica's while the primary is away, unless this process has told a newer one.
        """
        try:
            return await self._newest()
        except RegistryUnavailable:
            found = await self._on_replica(latest_checkpoint)
            if found is None or not self._floor.reached_by(found):
                raise
            return found

    async def moment(self) -> Checkpoint:
        """A checkpoint published by now, at most about a second older than the newest one.

        What the primary does not find afterwards was certainly not in it.
        """
        await self._confirm()
        return self._floor.checkpoint or await self._newest()

    async def lags(self, checkpoint: Checkpoint) -> bool:
        """Whether the book holds an entry that this checkpoint does not cover."""

        async def ask(store: Store) -> bool:
            try:
                await inclusion_proof(store, checkpoint.size)
            except NotYetPublished:
                return True
            except UnknownCopy:
                return False
            return False  # a newer checkpoint has come meanwhile

        return await self._primary.ask(ask)

    async def by_code(self, code: str) -> Found | None:
        """Raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""
        return await self._find(lambda store: find_by_code(store, code))

    async def by_digest(self, pdf_digest: bytes) -> Found | None:
        """Raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""
        return await self._find(lambda store: find_by_digest(store, pdf_digest))

    async def proof(self, index: int) -> str:
        """The C2SP tlog-proof file of an entry; raises UnknownCopy, NotYetPublished and kin."""
        return await self._anywhere(lambda store: inclusion_proof(store, index))

    async def tile(self, path: TilePath) -> bytes | None:
        """What C2SP tlog-tiles serves at a path; None where no checkpoint has it."""

        async def ask(store: Store) -> bytes | None:
            if path.level is None:
                return await entry_bundle(store, path.index, path.width)
            return await tile(store, path.level, path.index, path.width)

        return await self._anywhere(ask)

    async def time_stamp(self, size: int) -> bytes | None:
        """The RFC 3161 token of a published checkpoint; None without one."""
        return await self._anywhere(lambda store: time_stamp(store, size))

    @property
    def public_policy(self) -> str:
        """The policy's text for visitors."""
        return public_policy(self._policy)

    async def standing(self) -> Standing:
        """Who answers now. Asks the replica, and looks whether it has all that is published."""
        newest = await self._on_replica(latest_checkpoint)
        await self._confirm()
        if newest is None:
            return Standing(reads="primary")
        floor = self._floor.checkpoint or newest
        return Standing(
            reads="replica" if self._floor.covers(newest) else "primary",
            entries_behind=max(floor.size - newest.size, 0),
            seconds_behind=self._floor.seconds_behind(newest),
        )

    async def close(self) -> None:
        """Give the connections back."""
        if self._confirming is not None:
            self._confirming.cancel()
            await asyncio.wait({self._confirming})
        if self._replica is not None:
            await self._replica.close()
        await self._primary.close()

    async def _find(self, find: Callable[[Store], Awaitable[Found | None]]) -> Found | None:
        async def proven(store: Store) -> Found | None:
            return await self._proven(store, await find(store))

        found = await self._on_replica(proven)
        if found is not None and (_is_final(found) or await self._is_recent(found.checkpoint)):
            self.answered["replica"] += 1
            return found
        found = await self._primary.ask(proven)
        self.answered["primary"] += 1
        return found

    async def _anywhere(self, act: Callable[[Store], Awaitable[T]]) -> T:
        """What never changes once it is there: whoever has it may answer."""
        found = await self._on_replica(act)
        return await self._primary.ask(act) if found is None else found

    async def _on_replica(self, act: Callable[[Store], Awaitable[T]]) -> T | None:
        return await self._replica.ask(act) if self._replica is not None else None

    async def _is_recent(self, checkpoint: Checkpoint) -> bool:
        await self._confirm()
        return self._floor.covers(checkpoint)

    async def _confirm(self) -> None:
        """Ask the primary for its newest checkpoint when that was long ago, one caller for all.

        Nobody waits long for it as long as its last word may still be taken.
        """
        age = self._floor.age
        if age < CONFIRM_SECONDS:
            return
        if self._confirming is None:
            self._confirming = asyncio.create_task(self._learn(), name="primary's checkpoint")
        patience = _CONFIRMATION_PATIENCE_SECONDS if age < MOST_LAG_SECONDS else None
        await asyncio.wait({self._confirming}, timeout=patience)

    async def _learn(self) -> None:
        try:
            await self._newest()
        except RegistryError as failure:
            _log.warning("the primary tells no checkpoint", code=failure.code)
        finally:
            self._confirming = None

    async def _newest(self) -> Checkpoint:
        asked_at = self._floor.now()
        checkpoint = await self._primary.ask(latest_checkpoint)
        if not self._floor.learn(checkpoint, asked_at):
            _log.critical("the log went back", size=checkpoint.size)
        return checkpoint

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


def _is_final(found: Found) -> bool:
    """Nothing follows a revocation: once true, it needs no confirmation."""
    return found.status.verdict == "revoked"
