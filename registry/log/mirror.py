"""The tree of one checkpoint as a reader keeps it, so that an entry is proven by looking it up.

Held are the hash over each full tile of leaves and the leaves behind the last of them: together
they make the root, so whatever agrees with them is in the signed tree. The leaves of full tiles
are held as far as they were asked for.
"""

import hmac
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

from registry.log.checkpoint import Checkpoint
from registry.log.proof import ProofRefused
from registry.log.tiles import HEIGHT, TILE_BYTES, WIDTH
from registry.log.tree import HASH_BYTES, CompactRange, joined_root

#: 32 MB: the leaves of a log of a million entries.
MOST_TILES: Final = 4096


class TreeMirror:
    """Made of a checkpoint whose signatures somebody has checked; grows with the log."""

    def __init__(self, most_tiles: int = MOST_TILES) -> None:
        self.checkpoint: Checkpoint | None = None
        self._roots: list[bytes] = []
        self._tail: list[bytes] = []
        self._above = CompactRange()
        self._tiles: OrderedDict[int, bytes] = OrderedDict()
        self._most_tiles = most_tiles

    @property
    def full_tiles(self) -> int:
        """How many tiles are known by their hash; `advance` takes the next ones."""
        return len(self._roots)

    def advance(
        self, checkpoint: Checkpoint, roots: Sequence[bytes], tail: Sequence[bytes]
    ) -> None:
        """Follow the log: `roots` over its next full tiles, and all leaf hashes behind the last.

        Raises ProofRefused, and stays as it was, unless all of it makes the checkpoint's root.
        """
        above = self._above.copy()
        for root in roots:
            above.append(root, HEIGHT)
        whole = above.copy()
        for leaf in tail:
            whole.append(leaf)
        hashes = (*roots, *tail)
        odd = len(tail) >= WIDTH or any(len(value) != HASH_BYTES for value in hashes)
        if odd or whole.size != checkpoint.size:
            raise ProofRefused("the hashes are not those of a tree of this size")
        if not hmac.compare_digest(whole.root(), checkpoint.root_hash):
            raise ProofRefused("the hashes lead to another root")
        self._roots += roots
        self._tail = list(tail)
        self._above = above
        self.checkpoint = checkpoint

    def lacking(self, indexes: Iterable[int]) -> set[int]:
        """The full tiles that `keep` must bring before these entries can be looked up."""
        wanted = {index // WIDTH for index in indexes}
        return {tile for tile in wanted if tile < len(self._roots) and tile not in self._tiles}

    def keep(self, tile: int, hashes: bytes) -> None:
        """The leaves of a full tile; raises ProofRefused for any but the right ones."""
        if len(hashes) != TILE_BYTES or not hmac.compare_digest(
            joined_root(hashes), self._roots[tile]
        ):
            raise ProofRefused(f"tile {tile} is another one than the tree's")
        self._tiles[tile] = hashes
        if len(self._tiles) > self._most_tiles:
            self._tiles.popitem(last=False)

    def holds(self, index: int, leaf: bytes) -> bool:
        """Whether entry `index` of the checkpoint's tree has this leaf hash.

        Raises KeyError while the entry's tile is lacking.
        """
        tile, place = divmod(index, WIDTH)
        if tile < len(self._roots):
            hashes = self._tiles[tile]
            self._tiles.move_to_end(tile)
            return hmac.compare_digest(hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES], leaf)
        here = tile == len(self._roots) and place < len(self._tail)
        return here and hmac.compare_digest(self._tail[place], leaf)
