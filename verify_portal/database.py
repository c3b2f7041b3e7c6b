"""The servers that the portal reads: one that must answer, and one that spares it the work."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from registry.errors import (
    NothingPublished,
    NotYetPublished,
    RegistryError,
    RegistryUnavailable,
    UnknownCheckpoint,
    UnknownCopy,
)
from registry.store import Store
from verify_portal.errors import UnprovenEntry

_log = structlog.get_logger()

REST_SECONDS: Final = 2.0

T = TypeVar("T")


class Database:
    """One server. Connects when first asked, and again after an outage; `close()` it at the end.

    `primary`: a standby at that address is no server, since it would deny what it has not seen.
    """

    def __init__(self, url: str, *, patience: float, primary: bool) -> None:
        self._url = url
        self._patience = patience
        self._primary = primary
        self._store: Store | None = None
        self._connecting = asyncio.Lock()

    async def ask(self, act: Callable[[Store], Awaitable[T]]) -> T:
        """What `act` gives; RegistryUnavailable when that takes longer than `patience` seconds.

        A visitor is told of an outage rather than kept waiting for its end.
        """
        try:
            async with asyncio.timeout(self._patience):
                return await act(await self._connected())
        except TimeoutError:
            raise RegistryUnavailable("the registry did not answer in time") from None

    async def hold(self, act: Callable[[Store], Awaitable[T]]) -> T:
        """What `act` gives, however long it takes."""
        return await act(await self._connected())

    async def renew(self) -> None:
        """Use no present connection again: those to a host that vanished look alive."""
        if self._store is not None:
            await self._store.renew()

    async def close(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            await store.close()

    async def _connected(self) -> Store:
        async with self._connecting:
            if self._store is None:
                self._store = await Store.connect(self._url, primary=self._primary)
            return self._store


class Replica:
    """A server whose silence means nothing: whoever gets None asks the primary.

    After a failure it rests, so that no more visitors wait for it; then it is tried behind their
    backs and comes back when it answers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recovering: asyncio.Task[None] | None = None

    @property
    def rests(self) -> bool:
        return self._recovering is not None

    async def ask(self, act: Callable[[Store], Awaitable[T | None]]) -> T | None:
        """What `act` gives; None for what the replica does not know, or cannot tell."""
        if self.rests:
            return None
        try:
            return await self._database.ask(act)
        except (NothingPublished, NotYetPublished, UnknownCheckpoint, UnknownCopy):
            return None
        except RegistryUnavailable:
            _log.warning("the replica does not answer")
        except (RegistryError, UnprovenEntry):
            _log.critical("the replica contradicts the log", exc_info=True)
        self._rest()
        return None

    async def close(self) -> None:
        if self._recovering is not None:
            self._recovering.cancel()
            await asyncio.wait({self._recovering})
        await self._database.close()

    def _rest(self) -> None:
        if self._recovering is None:
            self._recovering = asyncio.create_task(self._recover(), name="replica rests")

    async def _recover(self) -> None:
        await self._database.renew()
        while True:
            await asyncio.sleep(REST_SECONDS)
            with contextlib.suppress(RegistryError):
                await self._database.ask(_answers)
                break
        self._recovering = None
        _log.info("the replica answers again")


async def _answers(store: Store) -> None:
    async with store.reading() as reading:
        await reading.newest_note()
