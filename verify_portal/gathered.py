"""Questions that come while an answer is on its way become one, the next."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
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
        self._waiting: dict[Key, list[asyncio.Future[Value | None]]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def find(self, key: Key) -> Value | None:
        """None for what the round's answer leaves out."""
        waited: asyncio.Future[Value | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(waited)
        if self._asking is None:
            self._asking = asyncio.create_task(self._rounds(), name="gathered questions")
        return await waited

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
            for waited in _who_still_waits(self._waiting.values()):
                waited.cancel()

    async def _round(self, waiting: "Mapping[Key, list[asyncio.Future[Value | None]]]") -> None:
        try:
            known = await self._ask(list(waiting))
        except Exception as failure:  # noqa: BLE001 - it is told to everybody
            for waited in _who_still_waits(waiting.values()):
                waited.set_exception(failure)
        except BaseException:
            for waited in _who_still_waits(waiting.values()):
                waited.cancel()
            raise
        else:
            for key, callers in waiting.items():
                for waited in _who_still_waits((callers,)):
                    waited.set_result(known.get(key))


def _who_still_waits(
    waiting: "Iterable[Iterable[asyncio.Future[Value | None]]]",
) -> "Iterator[asyncio.Future[Value | None]]":
    return (waited for callers in waiting for waited in callers if not waited.done())
