"""The portal's way to the registry: found copies come with a proof that has been checked here.

The database is not believed: what is not proven is no answer. `copies.py` finds copies; what is
published about the log itself is read here.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Final, Self, TypeVar

import msgspec

from registry.errors import NotYetPublished, RegistryUnavailable, UnknownCopy
from registry.log.checkpoint import Checkpoint
from registry.log.policy import Policy, public_policy
from registry.log.tiles import TilePath
from registry.proving import (
    ProvenHistory,
    entry_bundle,
    inclusion_proof,
    latest_checkpoint,
    map_proof,
    proven_history,
    tile,
    time_stamp,
)
from registry.revocations import ListedUnit, RevokedPage, revoked, units_with_revocations
from registry.settings import Settings as RegistrySettings
from registry.store import Store
from registry.store.listing import SignedList
from verify_portal.attested import Attesting
from verify_portal.copies import Copies, Server
from verify_portal.database import Database, Replica
from verify_portal.freshness import Monotonic
from verify_portal.primarys_word import PrimarysWord

READER: Final = "registry_reader"
_PATIENCE_SECONDS: Final = 5.0
#: A replica that takes longer gains nobody anything: the primary is asked instead.
_REPLICA_PATIENCE_SECONDS: Final = 1.0

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
        portal_url: str = "",
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._policy = policy
        self.attesting = Attesting(policy, portal_url)
        self._primary = Database(url, patience=_PATIENCE_SECONDS, primary=True)
        self._replica: Replica | None = None
        if replica_url is not None:
            patience = _REPLICA_PATIENCE_SECONDS
            self._replica = Replica(Database(replica_url, patience=patience, primary=False))
        self._word = PrimarysWord(self._primary, monotonic)
        self.copies = Copies(self._primary, self._replica, self._word, policy, monotonic)

    @classmethod
    def from_settings(cls, settings: RegistrySettings, replica_url: str | None = None) -> Self:
        """As the role that may only read, trusting what the policy trusts."""
        if replica_url is not None:
            replica = msgspec.structs.replace(settings, database_url=replica_url)
            replica_url = replica.role_url(READER)
        return cls(
            settings.role_url(READER),
            policy=settings.policy(),
            replica_url=replica_url,
            portal_url=settings.portal_url,
        )

    async def checkpoint(self) -> Checkpoint:
        """The newest one; raises NothingPublished, RegistryUnavailable.

        The primary's, so that whoever follows the log sees it only grow, whichever process answers
        him; the replica's while the primary is away, unless this process has told a newer one.
        """
        try:
            return await self._word.newest()
        except RegistryUnavailable:
            found = await self._on_replica(latest_checkpoint)
            if found is None or not self._word.floor.reached_by(found):
                raise
            return found

    async def moment(self) -> Checkpoint:
        """A checkpoint published by now, at most about a second older than the newest one.

        What the primary does not find afterwards was certainly not in it.
        """
        await self._word.refresh()
        return self._word.floor.checkpoint or await self._word.newest()

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

    async def proof(self, index: int) -> str:
        """The C2SP tlog-proof file of an entry; raises UnknownCopy, NotYetPublished and kin."""
        return await self._anywhere(lambda store: inclusion_proof(store, index))

    async def map_proof(self, code_hash: bytes) -> str:
        """What the newest checkpoint's log holds about a code, as a file with its proof; raises
        AbsenceNotProvable, NothingPublished and kin.
        """
        return await self._newest(lambda store: map_proof(store, code_hash))

    async def proven_history(self, code_hash: bytes) -> ProvenHistory:
        """Every entry about a code, at one checkpoint; raises AbsenceNotProvable and kin.

        Only the primary's: a receipt says what was so, and an older state would be signed for good.
        """
        return await self._primary.ask(lambda store: proven_history(store, code_hash))

    async def tile(self, path: TilePath) -> bytes | None:
        """What C2SP tlog-tiles serves at a path; None where no checkpoint has it."""

        async def ask(store: Store) -> bytes | None:
            if path.level is None:
                return await entry_bundle(store, path.index, path.width)
            return await tile(store, path.level, path.index, path.width)

        return await self._anywhere(ask)

    async def status_list(self, number: int, by: datetime | None = None) -> SignedList | None:
        """The newest signed one, or the newest by then. The primary's while it answers: an older
        one from a replica would be genuine and hide what was decided since.
        """

        async def ask(store: Store) -> SignedList | None:
            async with store.listing() as listing:
                return await listing.signed_list(number, by)

        return await self._newest(ask)

    async def list_numbers(self) -> list[int]:
        """Of the status lists that there are."""

        async def ask(store: Store) -> list[int]:
            async with store.listing() as listing:
                return await listing.list_numbers()

        return await self._newest(ask)

    async def revoked(
        self, *, unit_code: str | None, month: date | None, before: int | None, most: int
    ) -> RevokedPage:
        """A page of the published revocations; raises RegistryUnavailable and kin."""
        return await self._newest(
            lambda store: revoked(store, unit_code=unit_code, month=month, before=before, most=most)
        )

    async def units_with_revocations(self) -> list[ListedUnit]:
        return await self._newest(units_with_revocations)

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
        if newest is None:
            return Standing(reads="primary")
        reads: Server = "replica" if await self._word.covers(newest) else "primary"
        return Standing(
            reads=reads,
            entries_behind=self._word.floor.entries_behind(newest),
            seconds_behind=self._word.floor.seconds_behind(newest),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self.copies.close()
        await self._word.close()
        if self._replica is not None:
            await self._replica.close()
        await self._primary.close()

    async def _anywhere(self, act: Callable[[Store], Awaitable[T]]) -> T:
        """What never changes once it is there: whoever has it may answer."""
        found = await self._on_replica(act)
        return await self._primary.ask(act) if found is None else found

    async def _newest(self, act: Callable[[Store], Awaitable[T]]) -> T:
        """What tells its own age: the primary's, or the replica's while that is away."""
        try:
            return await self._primary.ask(act)
        except RegistryUnavailable:
            found = await self._on_replica(act)
            if found is None:
                raise
            return found

    async def _on_replica(self, act: Callable[[Store], Awaitable[T]]) -> T | None:
        return await self._replica.ask(act) if self._replica is not None else None
