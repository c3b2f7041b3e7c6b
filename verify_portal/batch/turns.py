"""Long work in parts, so that whoever asks for a single copy meanwhile is served."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

#: A few milliseconds of work.
_EACH_TURN: Final = 50


async def in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """The same items; others have their turn between some of them."""
    for at, item in enumerate(items):
        if at % _EACH_TURN == 0:
            await asyncio.sleep(0)
        yield item
