"""The tree over one stretch of entries, and what can be read off it (pure).

A stretch is the 65,536 leaves under one hash of a tile of level 2, or the ragged rest at the end.
"""

from collections.abc import Callable, Iterator
from typing import Final

from registry.log.tiles import HEIGHT, TILE_BYTES, WIDTH, Tile
from registry.log.tree import HASH_BYTES, complete_subtrees, fold, node_hash

STRETCH: Final = WIDTH * WIDTH
#: Levels of full tiles inside of it.
LEVELS_INSIDE: Final = 2

#: From neighbouring hashes, joined, to the hashes of the nodes above them, joined.
HashPairs = Callable[[bytes], bytes]


def hash_pairs(hashes: bytes) -> bytes:
    pairs = (hashes[at : at + 2 * HASH_BYTES] for at in range(0, len(hashes), 2 * HASH_BYTES))
    return b"".join(node_hash(pair[:HASH_BYTES], pair[HASH_BYTES:]) for pair in pairs)


class Subtree:
    """Over `leaves`, joined hashes of at most STRETCH entries from `start`, a multiple of it."""

    def __init__(self, start: int, leaves: bytes, pairs: HashPairs = hash_pairs) -> None:
        self.start = start
        self.size = len(leaves) // HASH_BYTES
        self._heights = [leaves]
        while len(below := self._heights[-1]) >= 2 * HASH_BYTES:
            even = len(below) - len(below) % (2 * HASH_BYTES)
            self._heights.append(pairs(below[:even]))

    def root(self, size: int) -> bytes:
        """The hash over its first `size` leaves, at least one."""
        return fold([self.node(*node) for node in complete_subtrees(0, size)])

    def tiles(self) -> Iterator[Tile]:
        """The full tiles inside of it."""
        for level in range(LEVELS_INSIDE):
            hashes, roots = self._at(HEIGHT * level), self._at(HEIGHT * (level + 1))
            first = self.start >> HEIGHT * (level + 1)
            for at in range(len(roots) // HASH_BYTES):
                yield Tile(
                    level,
                    first + at,
                    hashes[at * TILE_BYTES : (at + 1) * TILE_BYTES],
                    roots[at * HASH_BYTES : (at + 1) * HASH_BYTES],
                )

    def _at(self, height: int) -> bytes:
        return self._heights[height] if height < len(self._heights) else b""

    def node(self, height: int, position: int) -> bytes:
        """A complete subtree's hash; positions count from its own start."""
        return self._heights[height][position * HASH_BYTES : (position + 1) * HASH_BYTES]


def span(level: int) -> int:
    """How many entries a full tile covers."""
    return WIDTH << HEIGHT * level
