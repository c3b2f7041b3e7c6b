"""Merkle trees for tests: small ones from real tiles, and huge ones that nobody has to store."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from registry.log.proof import consistency_ranges, inclusion_ranges
from registry.log.tiles import TileBuilder, TileName, range_hash, split_hashes, width_at
from registry.log.tree import EMPTY_ROOT, complete_subtrees, fold, leaf_hash, node_hash


class Tree:
    """Proofs of every size up to `size`, made from ranges of leaves as the log makes them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._range = cache(self._range_hash)

    def leaf(self, index: int) -> bytes:
        return self._range(index, index + 1)

    def root(self, size: int) -> bytes:
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return [self._range(*one) for one in inclusion_ranges(index, size)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        return [self._range(*one) for one in consistency_ranges(old, new)]

    def _range_hash(self, start: int, end: int) -> bytes:
        raise NotImplementedError


class TiledTree(Tree):
    """The tree over the given bodies, kept as tiles only."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        super().__init__(len(bodies))
        self._tiles = tiles_over(bodies)

    def _range_hash(self, start: int, end: int) -> bytes:
        return range_hash(self._tiles, start, end)


class VastTree(Tree):
    """A tree of any size whose leaves are all alike but for a few: sizes that no disk holds."""

    def __init__(self, size: int, marked: Mapping[int, bytes]) -> None:
        super().__init__(size)
        self._marked = {index: leaf_hash(body) for index, body in marked.items()}
        self._alike = [leaf_hash(b"alike")]
        for _ in range(size.bit_length()):
            self._alike.append(node_hash(self._alike[-1], self._alike[-1]))

    def _range_hash(self, start: int, end: int) -> bytes:
        return fold([self._node(*node) for node in complete_subtrees(start, end)])

    def _node(self, height: int, position: int) -> bytes:
        if not any(index >> height == position for index in self._marked):
            return self._alike[height]
        if height == 0:
            return self._marked[position]
        return node_hash(
            self._node(height - 1, 2 * position), self._node(height - 1, 2 * position + 1)
        )


def tiles_over(bodies: Sequence[bytes]) -> dict[TileName, list[bytes]]:
    """Every tile of the tree over these bodies, full and partial."""
    builder, tiles = TileBuilder(), {}
    levels: dict[int, list[bytes]] = {0: [leaf_hash(body) for body in bodies]}
    for leaf in levels[0]:
        for tile in builder.append(leaf):
            tiles[tile.level, tile.index] = split_hashes(tile.hashes)
            levels.setdefault(tile.level + 1, []).append(tile.root_hash)
    for level, hashes in levels.items():
        index = len(hashes) // 256
        if width := width_at(level, index, len(bodies)):
            tiles[level, index] = hashes[-width:]
    return tiles


def size_pairs(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring sizes, and the smallest with the largest."""
    return [*pairwise(sizes), (sizes[0], sizes[-1])]
