"""Finding copies: from memory, else together with everybody else's questions, with their proof.

Reads go to a replica when there is one. It is believed in what it knows, as long as the primary has
said a moment ago that nothing newer is published; what it does not know, only the primary denies.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Literal, TypeVar

import msgspec

from registry.code import code_hash
from registry.errors import NotYetPublished, RegistryError
from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.policy import Policy
from registry.lookup import Found, code_hashes_of, find_all, find_by_digest
from registry.store import Store
from verify_portal.database import Database, Replica
from verify_portal.errors import UnprovenEntry
from verify_portal.freshness import Monotonic
from verify_portal.gathered import Gathered
from verify_portal.memory import Memory, Remembered
from verify_portal.news import News
from verify_portal.primarys_word import PrimarysWord
from verify_portal.proven import Proofs

Server = Literal["primary", "replica"]
T = TypeVar("T")
Outcome = Found | RegistryError | UnprovenEntry

#: Tiles that are kept of the newest tree: 32 MB, the leaves of a million entries.
MOST_TILES: Final = 4096
#: Tiles that are kept for `find_at`: 4 MB. Two batches hardly ever want the same ones.
MOST_TILES_AT: Final = 512


class Copies:
    """`close()` it before its databases."""

    def __init__(
        self,
        primary: Database,
        replica: Replica | None,
        word: PrimarysWord,
        policy: Policy,
        monotonic: Monotonic,
    ) -> None:
        self._primary = primary
        self._replica = replica
        self._word = word
        self._proofs = Proofs(policy, TreeMirror(MOST_TILES))
        # A tree of its own: the newest would move on between two parts of a long question.
        self._proofs_at = Proofs(policy, TreeMirror(MOST_TILES_AT))
        self._news = News(monotonic)
        self._memory = Memory(self._news)
        self._gathered = Gathered(self._find_all)
        self._following: asyncio.Task[None] | None = None
        #: Lookups by the server that answered them.
        self.answered: dict[Server, int] = {"primary": 0, "replica": 0}

    def listen(self) -> None:
        """Hear of publications from now on; until then nothing is remembered."""
        if self._following is None:
            following = self._news.follow(self._primary)
            self._following = asyncio.create_task(following, name="news of publications")

    def recall(self, hashed: bytes) -> Remembered | None:
        """The copy as it is at the newest publication, if that is known without asking anybody."""
        remembered = self._memory.recall(hashed)
        if remembered is None or remembered.found.checkpoint.size == self._news.size:
            return remembered
        newest = self._proofs.newest_with(remembered.found)
        if newest is None or newest.size != self._news.size:
            return None
        found = msgspec.structs.replace(remembered.found, checkpoint=newest)
        return self._memory.keep(hashed, found)

    async def by_code(self, code: str) -> Found | None:
        """Raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""
        hashed = code_hash(code)
        if remembered := self.recall(hashed):
            return remembered.found
        outcome = await self._gathered.find(hashed)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def by_digest(self, pdf_digest: bytes) -> Found | None:
        """Raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""

        async def ask(store: Store) -> Found | None:
            found = await find_by_digest(store, pdf_digest)
            if found is not None and await self._proofs.refuted(store, [found]):
                raise UnprovenEntry(found.index)
            return found

        found = await self._on_replica(ask)
        if found is not None and await self._may_be_told(found):
            self.answered["replica"] += 1
            return found
        found = await self._primary.ask(ask)
        self.answered["primary"] += 1
        return found

    async def find_at(
        self, checkpoint: Checkpoint, code_hashes: Sequence[bytes]
    ) -> Mapping[bytes, Outcome]:
        """The copies as they were at a published checkpoint; in place of one that cannot be told,
        why. Ask about one checkpoint at a time.
        """
        return await self._ask(code_hashes, checkpoint)

    async def code_hashes_of(
        self, pdf_digests: Sequence[bytes]
    ) -> dict[bytes, bytes | RegistryError]:
        """By digest, where to look for these files, or why that cannot be told."""
        known: dict[bytes, bytes | RegistryError] = {}
        known |= await self._on_replica(lambda store: code_hashes_of(store, pdf_digests)) or {}
        if rest := [digest for digest in pdf_digests if digest not in known]:
            try:
                known |= await self._primary.ask(lambda store: code_hashes_of(store, rest))
            except RegistryError as outage:
                known |= dict.fromkeys(rest, outage)
        return known

    async def close(self) -> None:
        """Whoever waits for an answer gets none."""
        await self._gathered.close()
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait({self._following})

    async def _find_all(self, code_hashes: Sequence[bytes]) -> Mapping[bytes, Outcome]:
        """The copies of one round; they are remembered."""
        told = await self._ask(code_hashes)
        for hashed, outcome in told.items():
            if isinstance(outcome, Found):
                self._memory.keep(hashed, outcome)
        return told

    async def _ask(
        self, code_hashes: Sequence[bytes], at: Checkpoint | None = None
    ) -> dict[bytes, Outcome]:
        """From whoever may tell them."""
        told = await self._from_replica(code_hashes, at)
        self.answered["replica"] += len(told)
        if rest := [hashed for hashed in code_hashes if hashed not in told]:
            try:
                told |= await self._primary.ask(lambda store: self._proven(store, rest, at))
            except RegistryError as outage:
                # What the replica has told stands.
                return told | dict.fromkeys(rest, outage)
            self.answered["primary"] += len(rest)
        return told

    async def _from_replica(
        self, code_hashes: Sequence[bytes], at: Checkpoint | None
    ) -> dict[bytes, Outcome]:
        async def ask(store: Store) -> list[tuple[bytes, Found]]:
            return _copies_among(await self._proven(store, code_hashes, at))

        known = await self._on_replica(ask) or ()
        return {hashed: found for hashed, found in known if await self._may_be_told(found)}

    async def _proven(
        self, store: Store, code_hashes: Sequence[bytes], at: Checkpoint | None
    ) -> dict[bytes, Outcome]:
        proofs = self._proofs if at is None else self._proofs_at
        outcomes: dict[bytes, Outcome] = dict((await find_all(store, code_hashes, at)).outcomes)
        copies = {hashed: found for hashed, found in outcomes.items() if isinstance(found, Found)}
        refuted = await proofs.refuted(store, list(copies.values()))
        failures = {found.index: UnprovenEntry(found.index) for found in refuted}
        for hashed, found in copies.items():
            outcomes[hashed] = failures.get(found.index, found)
        return outcomes

    async def _may_be_told(self, found: Found) -> bool:
        """Of a replica's copies: nothing follows a revocation, the rest has to be recent."""
        return found.status.verdict == "revoked" or await self._word.covers(found.checkpoint)

    async def _on_replica(self, act: Callable[[Store], Awaitable[T | None]]) -> T | None:
        return await self._replica.ask(act) if self._replica is not None else None


def _copies_among(outcomes: Mapping[bytes, Outcome]) -> list[tuple[bytes, Found]]:
    """What a replica knows; raises what shows that it contradicts the log."""
    copies = []
    for hashed, outcome in outcomes.items():
        if isinstance(outcome, Found):
            copies.append((hashed, outcome))
        elif not isinstance(outcome, NotYetPublished):
            raise outcome
    return copies
