"""The tree as immutable files (C2SP tlog-tiles): 256 hashes a tile, 256 entries a bundle.

Level l, tile n holds the nodes of height 8*l from position 256*n on. Full tiles never change;
partial ones belong to one tree size and are cut from what the full ones imply.
"""

import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from registry.log.tree import (
    HASH_BYTES,
    CompactRange,
    Node,
    complete_subtrees,
    fold,
    joined_root,
    perfect_root,
)

WIDTH = 256
HEIGHT = 8
TILE_BYTES = WIDTH * HASH_BYTES

TileName = tuple[int, int]

# Proofs of one log share most of their upper subtrees. What is folded is the key, so that nothing
# remembered can be out of date; these take about 10 MB.
_remembered_root = lru_cache(8192)(joined_root)

_PATH = re.compile(
    r"(?P<level>0|[1-9][0-9]?|entries)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile; `root_hash` is the node above it, which the next level's tile holds."""

    level: int
    index: int
    hashes: bytes
    root_hash: bytes


@dataclass(frozen=True, slots=True)
class TilePath:
    """A parsed address; `level` is None for a bundle of entries, `width` 256 for a full tile."""

    level: int | None
    index: int
    width: int


def tile_path(level: int | None, index: int, width: int = WIDTH) -> str:
    """The address below `tile/`, e.g. `0/x001/x234/067.p/112`."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"{'entries' if level is None else level}/{'/'.join(groups)}{suffix}"


def parse_tile_path(path: str) -> TilePath | None:
    """None for everything that is not the one spelling of an address."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    width = int(match["width"] or WIDTH)
    partial_full = match["width"] is not None and width >= WIDTH
    if partial_full or (level or 0) > 63 or tile_path(level, index, width) != path:
        return None
    return TilePath(level, index, width)


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes tile (level, index) has in a tree of `size`: 0 to 256."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def bundle(bodies: Iterable[bytes]) -> bytes:
    """Entries as the log serves them, each after its length in two bytes, big-endian."""
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)


def split_bundle(content: bytes) -> list[bytes]:
    """The entries of a bundle; raises ValueError when it ends within one or holds too many."""
    bodies: list[bytes] = []
    at, size = 0, len(content)
    while at < size and len(bodies) < WIDTH:
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        bodies.append(content[at + 2 : end])
        at = end
    if at > size:
        raise ValueError("the bundle ends inside an entry")
    if at < size:
        raise ValueError("the bundle holds too many entries")
    return bodies


def split_hashes(hashes: bytes) -> list[bytes]:
    """The whole hashes of a tile, one by one."""
    return list(struct.unpack_from(len(hashes) // HASH_BYTES * "32s", hashes))


class TileBuilder:
    """Grows a tree leaf by leaf, yielding each tile as it becomes full.

    `edge[l]` holds the hashes of level l's partial tile, which is all a log must remember.
    """

    def __init__(self, edge: Sequence[Sequence[bytes]] = ()) -> None:
        self._edge = [list(level) for level in edge]
        self.size = sum(len(level) << HEIGHT * at for at, level in enumerate(self._edge))
        self._filled = [self.size >> HEIGHT * (at + 1) for at in range(len(self._edge))]

    def append(self, leaf: bytes) -> Iterator[Tile]:
        """Must be consumed: the tiles above are filled while it runs."""
        self.size += 1
        level, value = 0, leaf
        while True:
            if level == len(self._edge):
                self._edge.append([])
                self._filled.append(0)
            hashes = self._edge[level]
            hashes.append(value)
            if len(hashes) < WIDTH:
                return
            value = perfect_root(hashes)
            yield Tile(level, self._filled[level], b"".join(hashes), value)
            self._edge[level] = []
            self._filled[level] += 1
            level += 1

    def partial_tiles(self) -> Iterator[tuple[int, int, Sequence[bytes]]]:
        """Level, index and hashes of those that the present size leaves partial."""
        for level, hashes in enumerate(self._edge):
            if hashes:
                yield level, self._filled[level], tuple(hashes)

    def root(self) -> bytes:
        whole = CompactRange()
        for level in range(len(self._edge) - 1, -1, -1):
            for value in self._edge[level]:
                whole.append(value, HEIGHT * level)
        return whole.root()


def root_over_bundles(roots: Iterable[bytes], rest: Iterable[bytes]) -> bytes:
    """The tree's root from the hash over each full bundle and the leaf hashes of the last one."""
    whole = CompactRange()
    for root in roots:
        whole.append(root, HEIGHT)
    for leaf in rest:
        whole.append(leaf)
    return whole.root()


def edge_levels(size: int) -> int:
    """How many levels of tiles a tree of `size` has."""
    return -(-size.bit_length() // HEIGHT)


def tile_of(node: Node) -> TileName:
    """The tile from which a node's hash follows."""
    height, position = node
    level, above = divmod(height, HEIGHT)
    return level, (position << above) // WIDTH


def tiles_for(ranges: Iterable[tuple[int, int]]) -> set[TileName]:
    """The tiles from which the hashes of these leaf ranges follow."""
    return {tile_of(node) for start, end in ranges for node in complete_subtrees(start, end)}


def range_hash(tiles: Mapping[TileName, Sequence[bytes]], start: int, end: int) -> bytes:
    """The hash over leaves [start, end); raises KeyError when a tile is missing."""
    return fold([_node(tiles, node) for node in complete_subtrees(start, end)])


def _node(tiles: Mapping[TileName, Sequence[bytes]], node: Node) -> bytes:
    height, position = node
    above = height % HEIGHT
    first = (position << above) % WIDTH
    hashes = tiles[tile_of(node)][first : first + (1 << above)]
    return _remembered_root(b"".join(hashes)) if len(hashes) == 1 << above else _missing(node)


def _missing(node: Node) -> bytes:
    raise KeyError(tile_of(node))
