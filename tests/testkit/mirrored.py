"""What a mirrored tree is made of, without a database."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from registry.log.tiles import WIDTH
from registry.log.tree import joined_root


class LeavesOnly:
    """A fake store, and its reading: knows leaf hashes and what follows from them.

    Each tile is told a turn of the event loop later, so that rounds get into each other's way;
    `told` are those of each question. What a test puts into `instead` is told in place of a tile,
    nothing in place of None.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self.instead: dict[int, bytes | None] = {}
        self.told: list[list[int]] = []

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["LeavesOnly"]:
        yield self

    async def bundle_roots(self, size: int, first: int = 0) -> list[bytes]:
        return [joined_root(self._tile(number)) for number in range(first, size // WIDTH)]

    async def partial_tile(self, _level: int, index: int, size: int) -> list[bytes]:
        return list(self._leaves[index * WIDTH : size])

    async def full_tiles_of_leaves(self, indexes: Collection[int]) -> dict[int, bytes]:
        self.told.append(sorted(indexes))
        told = {}
        for index in indexes:
            await asyncio.sleep(0)
            hashes = self.instead.get(index, self._tile(index))
            if hashes is not None:
                told[index] = hashes
        return told

    def _tile(self, number: int) -> bytes:
        return b"".join(self._leaves[number * WIDTH : (number + 1) * WIDTH])
