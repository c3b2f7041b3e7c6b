"""The primary's word about its newest checkpoint: asked by one for all, taken for a moment."""

import asyncio
from typing import Final

import structlog

from registry.errors import ChainBroken, RegistryError
from registry.log.checkpoint import Checkpoint
from registry.proving import latest_checkpoint
from verify_portal.database import Database
from verify_portal.freshness import CONFIRM_SECONDS, MOST_LAG_SECONDS, Floor, Monotonic

_log = structlog.get_logger()

#: How long a visitor waits for a newer word while the last one may still be taken.
_PATIENCE_SECONDS: Final = 0.25


class PrimarysWord:
    """Keeps `floor` recent while it is asked for; `close()` it at the end."""

    def __init__(self, primary: Database, monotonic: Monotonic) -> None:
        self._primary = primary
        self._asking: asyncio.Task[None] | None = None
        self.floor = Floor(monotonic)

    async def newest(self) -> Checkpoint:
        """Asked now; raises NothingPublished, RegistryUnavailable."""
        asked_at = self.floor.now()
        checkpoint = await self._primary.ask(latest_checkpoint)
        if not self.floor.learn(checkpoint, asked_at):
            _log.critical("the log went back", size=checkpoint.size)
        return checkpoint

    async def covers(self, checkpoint: Checkpoint) -> bool:
        """Whether a replica's answer at `checkpoint` may be given."""
        await self.refresh()
        return self.floor.covers(checkpoint)

    async def refresh(self) -> None:
        """Ask again when the last word is old; what the primary does not answer is left at that."""
        age = self.floor.age
        if age < CONFIRM_SECONDS:
            return
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="the primary's checkpoint")
        patience = _PATIENCE_SECONDS if age < MOST_LAG_SECONDS else None
        await asyncio.wait({self._asking}, timeout=patience)

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _ask(self) -> None:
        try:
            await self.newest()
        except ChainBroken:
            _log.critical("the primary's checkpoint is malformed", exc_info=True)
        except RegistryError as failure:
            _log.warning("the primary tells no checkpoint", code=failure.code)
        finally:
            self._asking = None
