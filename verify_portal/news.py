"""What the primary says about its publications, so that what is remembered is never out of date.

A publication is announced when it is committed (LISTEN); the connection is tried four times a
second besides, since one that died without a word announces nothing. While the last word is older
than `MOST_SILENCE_SECONDS` there is no news, and nothing may be remembered.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

import structlog

from registry.errors import RegistryError, RegistryUnavailable
from registry.store import Store
from verify_portal.database import Database
from verify_portal.freshness import Monotonic

_log = structlog.get_logger()

#: A revocation may not be missed for longer than a second.
MOST_SILENCE_SECONDS: Final = 1.0
_BEAT_SECONDS: Final = 0.25
_REST_SECONDS: Final = 0.5
#: Changed copies that are kept in mind; beyond that, all that is remembered goes.
_MOST_CHANGES: Final = 50_000


class News:
    """Pure but for `follow`; sizes are those of published checkpoints."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._said_at = float("-inf")
        self._size: int | None = None
        self._horizon = 0
        self._changes: dict[bytes, int] = {}

    @property
    def size(self) -> int | None:
        """Of the newest publication; None while nobody knows."""
        silent = self._monotonic() - self._said_at
        return self._size if silent < MOST_SILENCE_SECONDS else None

    def holds(self, code_hash: bytes, size: int) -> bool:
        """Whether what was true of a copy at `size` is true at the newest publication."""
        newest = self.size
        if newest is None or not self._horizon <= size <= newest:
            return False
        return self._changes.get(code_hash, 0) <= size

    def learn(self, size: int, changed: Iterable[bytes], said_at: float) -> None:
        """A word of the primary to a question asked at `said_at`: its newest publication, and the
        copies whose status changed since the one before.
        """
        if self._size is None or size < self._size or len(self._changes) > _MOST_CHANGES:
            self._changes.clear()
            self._horizon = size
        else:
            self._changes.update(dict.fromkeys(changed, size))
        self._size, self._said_at = size, said_at

    def forget(self) -> None:
        """Changes may have been missed."""
        self._size, self._said_at = None, float("-inf")

    async def follow(self, primary: Database) -> None:
        """Until cancelled; comes back by itself after an outage."""
        while True:
            try:
                await primary.hold(self._listen)
            except RegistryError as failure:
                _log.warning("nobody tells of publications", code=failure.code)
            finally:
                self.forget()
            await asyncio.sleep(_REST_SECONDS)

    async def _listen(self, store: Store) -> None:
        async with store.listening() as primary:
            while True:
                said_at = self._monotonic()
                try:
                    async with asyncio.timeout(MOST_SILENCE_SECONDS):
                        size = await primary.published_size()
                        known = size if self._size is None else self._size
                        changed = await primary.changed(known, size) if known < size else ()
                except TimeoutError:
                    raise RegistryUnavailable("the primary fell silent") from None
                self.learn(size, changed, said_at)
                await primary.rung(_BEAT_SECONDS)
