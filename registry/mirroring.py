"""Keeping a mirrored tree at what the database holds: what it gives is believed when it fits."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.proof import ProofRefused
from registry.log.tiles import WIDTH
from registry.store import Store

#: Half a megabyte, and some 8 ms of hashing in which nobody else is served.
_TILES_AT_ONCE: Final = 64


async def follow(store: Store, mirror: TreeMirror, checkpoint: Checkpoint) -> None:
    """Bring the mirror to this checkpoint, which is no smaller than the one it is at.

    Raises ProofRefused when the stored hashes do not make its root, RegistryUnavailable.
    """
    async with store.reading() as reading:
        roots = await reading.bundle_roots(checkpoint.size, mirror.full_tiles)
        tail = await reading.partial_tile(0, checkpoint.size // WIDTH, checkpoint.size)
    mirror.advance(checkpoint, roots, tail)


async def wrong_leaves(store: Store, mirror: TreeMirror, leaves: Mapping[int, bytes]) -> set[int]:
    """Of these leaf hashes, by index, those that the mirrored tree does not hold.

    A tile is asked about its entries the moment it comes, and need not stay: so there may be more
    of them than the mirror keeps, and others may use it meanwhile. Errors as `follow`.
    """
    wrong = set()
    lacking: defaultdict[int, list[int]] = defaultdict(list)
    for index, leaf in leaves.items():
        right = mirror.holds(index, leaf)
        if right is None:
            lacking[index // WIDTH].append(index)
        elif not right:
            wrong.add(index)
    tiles = list(lacking)
    for start in range(0, len(tiles), _TILES_AT_ONCE):
        for tile, hashes in await _fetched(store, tiles[start : start + _TILES_AT_ONCE]):
            mirror.keep(tile, hashes)
            wrong.update(at for at in lacking[tile] if not mirror.holds(at, leaves[at]))
    return wrong


async def _fetched(store: Store, tiles: Collection[int]) -> list[tuple[int, bytes]]:
    async with store.reading() as reading:
        stored = await reading.full_tiles_of_leaves(tiles)
    if missing := sorted(set(tiles) - stored.keys()):
        raise ProofRefused(f"tiles {missing} are not stored")
    return [(tile, stored[tile]) for tile in tiles]
