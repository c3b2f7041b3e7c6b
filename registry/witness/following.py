"""Following a log over HTTP: read its checkpoint, prove it from its tiles, cosign it.

A log that serves less than it once signed may be a cache's old answer or a log set back. What the
witness remembers and the log's tiles tell which: of one history, it is stale, which
no cache stays for long: then it is a rollback; of two, it is a fork; and when nothing shows either,
it is a rollback once that has lasted for a few looks.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from registry.errors import LogFileMissing, LogMalformed, LogUnreachable, RegistryError
from registry.log.checkpoint import Checkpoint
from registry.log.note import Verifier
from registry.log.witnessing import (
    AddCheckpoint,
    CheckpointRefused,
    SizeConflict,
    signed_checkpoint,
)
from registry.tile_files import TileFiles
from registry.witness.comparing import relation
from registry.witness.evidence import Fork
from registry.witness.peers import Peer
from registry.witness.witness import Witness

_log = logging.getLogger(__name__)

#: `waiting`: not looked at yet, or in doubt for a moment. `stale`: an older checkpoint of the same
#: history. `doubtful`: signed, but its own tiles do not show it. `unable`: the witness's own fault.
State = Literal[
    "waiting",
    "cosigned",
    "stale",
    "unreachable",
    "unsigned",
    "doubtful",
    "rolled_back",
    "forked",
    "unable",
]
ALARMS: Final[frozenset[State]] = frozenset(
    {"unsigned", "doubtful", "rolled_back", "forked", "unable"}
)
#: Looks in a row before a doubt is an alarm: caches need a moment to agree.
PATIENCE: Final = 3
#: Looks in a row after which a log that is merely stale was set back, as by an old backup.
STALE_PATIENCE: Final = 60


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What the last look at a log showed; `told` says it to an operator."""

    state: State
    told: str


class Follower:
    """One log at one address. `verifiers` are its keys, `peers` other witnesses' addresses.

    It keeps its connections from look to look: `close()` it at the end.
    """

    def __init__(
        self,
        witness: Witness,
        verifiers: Sequence[Verifier],
        url: str,
        *,
        peers: Sequence[str] = (),
        patience: int = PATIENCE,
        stale_patience: int = STALE_PATIENCE,
    ) -> None:
        self.origin = verifiers[0].name
        self.sight = Sight(state="waiting", told="not looked at yet")
        self._witness = witness
        self._verifiers = verifiers
        self._url = url
        self._files: TileFiles | None = None
        self._peers = [Peer(address, self.origin, verifiers) for address in peers]
        self._patience = patience
        self._stale_patience = stale_patience
        self._doubts = 0
        self._stale = 0

    async def close(self) -> None:
        """Give the connections back."""
        if self._files is not None:
            await self._files.close()
        for peer in self._peers:
            await peer.close()

    async def look(self) -> Sight:
        """One look at the log and at every peer; raises nothing for what they do."""
        try:
            sight = await self._look_around()
            if evidence := await asyncio.to_thread(self._witness.fork, self.origin):
                sight = Sight(state="forked", told=f"it signed two histories: {evidence}")
        except RegistryError as failure:
            sight = Sight(state="unable", told=str(failure))
        self._tell(sight)
        return sight

    async def _look_around(self) -> Sight:
        try:
            if self._files is None:
                self._files = TileFiles.open(self._url)
            sight = await self._look_at_log(self._files)
            for peer in self._peers:
                await self._look_at_peer(peer, self._files)
        except LogUnreachable as failure:
            return Sight(state="unreachable", told=str(failure))
        except LogMalformed as failure:
            return self._doubt("doubtful", str(failure))
        return sight

    async def _look_at_log(self, files: TileFiles) -> Sight:
        latest = await asyncio.to_thread(self._witness.latest, self.origin)
        try:
            note = await files.checkpoint()
            served = signed_checkpoint(note, self._verifiers)
        except LogFileMissing:
            if latest is not None:
                raise
            return Sight(state="waiting", told="it has published nothing yet")
        except CheckpointRefused as refusal:
            return Sight(state="unsigned", told=str(refusal))
        if latest is None:
            return await self._cosign(AddCheckpoint(0, (), note), served)
        if served.size < latest.checkpoint.size:
            return await self._look_back(files, served, latest.checkpoint)
        return await self._look_ahead(files, served, note, latest.checkpoint)

    async def _look_ahead(
        self, files: TileFiles, served: Checkpoint, note: str, seen: Checkpoint
    ) -> Sight:
        found = await relation(files, seen, served)
        if isinstance(found, Fork):
            return await self._alarm(found)
        if served.size == seen.size:
            return self._settled("cosigned", served)
        return await self._cosign(AddCheckpoint(seen.size, found, note), served)

    async def _cosign(self, request: AddCheckpoint, served: Checkpoint) -> Sight:
        try:
            await asyncio.to_thread(self._witness.add_checkpoint, request)
        except SizeConflict:
            return self.sight  # the log itself has submitted a larger one meanwhile
        except CheckpointRefused as refusal:
            return self._doubt("doubtful", str(refusal))
        return self._settled("cosigned", served)

    async def _look_back(self, files: TileFiles, served: Checkpoint, seen: Checkpoint) -> Sight:
        """The log serves less than was cosigned."""
        known = await asyncio.to_thread(self._witness.cosigned_at, self.origin, served.size)
        try:
            found = await relation(files, served, known.checkpoint if known else seen)
        except LogMalformed as failure:
            sight = self._doubt("rolled_back", f"size {served.size} after {seen.size}: {failure}")
            if sight.state == "rolled_back" != self.sight.state:
                await asyncio.to_thread(self._witness.report_rollback, seen, served)
            return sight
        if isinstance(found, Fork):
            return await self._alarm(found)
        stale = self._stale + 1
        sight = self._settled("stale", served)
        self._stale = stale
        if stale < self._stale_patience:
            return sight
        if self.sight.state != "rolled_back":
            await asyncio.to_thread(self._witness.report_rollback, seen, served)
        return Sight(state="rolled_back", told=f"size {served.size} after {seen.size}, for long")

    async def _look_at_peer(self, peer: Peer, files: TileFiles) -> None:
        latest = await asyncio.to_thread(self._witness.latest, self.origin)
        found = await peer.look(files, latest.checkpoint if latest else None)
        if found is not None:
            await self._alarm(found)

    async def _alarm(self, fork: Fork) -> Sight:
        if await asyncio.to_thread(self._witness.fork, self.origin) is None:
            await asyncio.to_thread(self._witness.report_fork, fork)
        return Sight(state="forked", told="it signed two histories")

    def _settled(self, state: State, served: Checkpoint) -> Sight:
        self._doubts = self._stale = 0
        return Sight(state=state, told=f"it serves size {served.size}")

    def _doubt(self, state: State, told: str) -> Sight:
        self._doubts += 1
        return Sight(state=state if self._doubts >= self._patience else "waiting", told=told)

    def _tell(self, sight: Sight) -> None:
        """A change of state is said once."""
        if sight.state != self.sight.state:
            level = logging.INFO if sight.state == "cosigned" else logging.WARNING
            level = logging.ERROR if sight.state in ALARMS else level
            _log.log(level, "%s: %s: %s", self.origin, sight.state, sight.told)
        self.sight = sight


async def keep_following(follower: Follower, seconds: float) -> None:
    """Look again and again, `seconds` between two looks, until cancelled."""
    try:
        while True:
            await follower.look()
            await asyncio.sleep(seconds)
    finally:
        await follower.close()
