"""One question for everybody who asks within a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from verify_portal.freshness import Monotonic

T = TypeVar("T")


class ForAMoment(Generic[T]):
    """What `ask` says, or has said so many `seconds` ago; a failure is told to all as well."""

    def __init__(
        self, ask: Callable[[], Awaitable[T]], *, seconds: float, monotonic: Monotonic
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._monotonic = monotonic
        self._answer: asyncio.Task[T] | None = None
        self._ends_at = float("inf")

    async def get(self) -> T:
        if self._answer is None or self._monotonic() >= self._ends_at:
            self._ends_at = float("inf")
            self._answer = asyncio.create_task(self._asked())
        return await asyncio.shield(self._answer)

    async def close(self) -> None:
        if self._answer is not None:
            self._answer.cancel()
            await asyncio.wait({self._answer})

    async def _asked(self) -> T:
        try:
            return await self._ask()
        finally:
            self._ends_at = self._monotonic() + self._seconds
