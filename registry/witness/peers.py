"""Other witnesses' views of a log: two histories served to two witnesses are one fork.

Peers are not trusted. What they show counts because the log signed it; whether it is of our history
is shown by the log's tiles, which the witness holds against its own checkpoint.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from registry.errors import LogFileMissing, LogMalformed, LogUnreachable
from registry.log.checkpoint import Checkpoint
from registry.log.note import Verifier
from registry.log.witnessing import CheckpointRefused, signed_checkpoint
from registry.tile_files import TileFiles
from registry.witness.comparing import relation
from registry.witness.evidence import Fork, origin_hash

_PATIENCE_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class Peer:
    """One log as another witness shows it at `<address>/<SHA-256 of the origin>/checkpoint`."""

    def __init__(self, address: str, origin: str, verifiers: Sequence[Verifier]) -> None:
        self._view = f"{address.rstrip('/')}/{origin_hash(origin)}"
        self._files: TileFiles | None = None
        self._verifiers = verifiers
        # The first view that we could not compare: ahead of our tree, or without tiles.
        self._waiting: Checkpoint | None = None
        self._fault = ""

    async def close(self) -> None:
        """Give the connections back."""
        if self._files is not None:
            await self._files.close()

    async def look(self, files: TileFiles, ours: Checkpoint | None) -> Fork | None:
        """The proof of a fork, if the peer's view is of another history than ours."""
        theirs = await self._read()
        if ours is None:
            return None
        for view in (self._waiting, theirs):
            if view is not None and view.size > ours.size:
                self._waiting = self._waiting or view
            elif view is not None and (found := await self._compare(files, view, ours)):
                return found
        return None

    async def _compare(self, files: TileFiles, theirs: Checkpoint, ours: Checkpoint) -> Fork | None:
        try:
            found = await relation(files, theirs, ours)
        except (LogMalformed, LogUnreachable):
            self._waiting = self._waiting or theirs
            return None
        if self._waiting is theirs:
            self._waiting = None
        return found if isinstance(found, Fork) else None

    async def _read(self) -> Checkpoint | None:
        try:
            if self._files is None:
                self._files = TileFiles.open(self._view)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                view = signed_checkpoint(await self._files.checkpoint(), self._verifiers)
        except LogFileMissing:
            return None  # it has cosigned nothing of this log yet
        except (LogUnreachable, LogMalformed, CheckpointRefused, TimeoutError) as failure:
            self._tell(str(failure) or "no answer in time")
            return None
        self._tell("")
        return view

    def _tell(self, fault: str) -> None:
        if fault and not self._fault:
            _log.warning("the witness at %s shows nothing: %s", self._view, fault)
        self._fault = fault
