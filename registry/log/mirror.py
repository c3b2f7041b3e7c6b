"""The tree of one checkpoint as a reader keeps it, so that an entry is proven by looking it up.

Held are the hash over each full tile of leaves and the leaves behind the last of them: together
they make the root, so whatever agrees with them is in the signed tree. Of the leaves of full tiles
those are held that were asked for last; the others are brought again when they are asked for.
"""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Sequence

from registry.log.checkpoint import Checkpoint
from registry.log.proof import ProofRefused
from registry.log.tiles import HEIGHT, TILE_BYTES, WIDTH
from registry.log.tree import HASH_BYTES, CompactRange, joined_root


class TreeMirror:
    """Made of a checkpoint whose signatures somebody has checked; grows with the log.

    Holds the leaves of at most `most_tiles` tiles, one or more, and some 250 bytes of every tile.
    """

    def __init__(self, most_tiles: int) -> None:
        self.checkpoint: Checkpoint | None = None
        self._roots: list[bytes] = []
        self._tail: list[bytes] = []
        self._above = CompactRange()
        self._tiles: OrderedDict[int, bytes] = OrderedDict()
        # SHA-256 over the leaves of each tile that was held once: when it comes again, this tells
        # the right leaves from others at a twentieth of what the tree's hash over them costs.
        self._seen: dict[int, bytes] = {}
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

    def holds(self, index: int, leaf: bytes) -> bool | None:
        """Whether entry `index` of the checkpoint's tree has this leaf hash.

        None while the entry's tile is lacking: nobody knows until `keep` brings it.
        """
        tile, place = divmod(index, WIDTH)
        if tile < len(self._roots):
            hashes = self._tiles.get(tile)
            if hashes is None:
                return None
            self._tiles.move_to_end(tile)
            return hmac.compare_digest(hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES], leaf)
        here = tile == len(self._roots) and place < len(self._tail)
        return here and hmac.compare_digest(self._tail[place], leaf)

    def keep(self, tile: int, hashes: bytes) -> None:
        """The leaves of a full tile, for which the one that was asked for longest ago goes: only
        until the next `keep` is it certain to be held.

        Raises ProofRefused for any but the right ones.
        """
        digest = hashlib.sha256(hashes).digest()
        if not hmac.compare_digest(digest, self._seen.get(tile, b"")):
            self._check(tile, hashes)
            self._seen[tile] = digest
        self._tiles[tile] = hashes
        if len(self._tiles) > self._most_tiles:
            self._tiles.popitem(last=False)

    def _check(self, tile: int, hashes: bytes) -> None:
        right_length = len(hashes) == TILE_BYTES
        if not right_length or not hmac.compare_digest(joined_root(hashes), self._roots[tile]):
            raise ProofRefused(f"tile {tile} is another one than the tree's")
