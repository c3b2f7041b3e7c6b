"""Questions that come while an answer is on its way become one, the next."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST_TOGETHER: Final = 256


class Gathered(Generic[Key, Value]):
    """`ask` gets the keys of one round and gives what it knows of each; a failure is everybody's.

    A caller that is cancelled leaves the others alone.
    """

    def __init__(self, ask: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]) -> None:
        self._ask = ask
        self._waiting: dict[Key, asyncio.Future[Value | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def find(self, key: Key) -> Value | None:
        """None for what the round's answer leaves out."""
        waited = self._waiting.get(key)
        if waited is None:
            waited = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._asking is None:
            self._asking = asyncio.create_task(self._rounds(), name="gathered questions")
        return await asyncio.shield(waited)

    async def close(self) -> None:
        """Whoever waits still is cancelled."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _rounds(self) -> None:
        try:
            while self._waiting:
                keys = list(self._waiting)[:_MOST_TOGETHER]
                await self._round({key: self._waiting.pop(key) for key in keys})
        finally:
            self._asking = None
            for waited in self._waiting.values():
                waited.cancel()

    async def _round(self, waiting: Mapping[Key, "asyncio.Future[Value | None]"]) -> None:
        try:
            known = await self._ask(list(waiting))
        except BaseException as failure:
            for waited in waiting.values():
                if isinstance(failure, Exception):
                    waited.set_exception(failure)
                else:
                    waited.cancel()
            if not isinstance(failure, Exception):
                raise
            return
        for key, waited in waiting.items():
            waited.set_result(known.get(key))
