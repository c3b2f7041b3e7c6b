"""Keeping a mirrored tree at what the database holds: what it gives is believed when it fits."""

from collections.abc import Iterable

from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.proof import ProofRefused
from registry.log.tiles import WIDTH
from registry.store import Store


async def follow(store: Store, mirror: TreeMirror, checkpoint: Checkpoint) -> None:
    """Bring the mirror to this checkpoint, which is no smaller than the one it is at.

    Raises ProofRefused when the stored hashes do not make its root, RegistryUnavailable.
    """
    async with store.reading() as reading:
        roots = await reading.bundle_roots(checkpoint.size, mirror.full_tiles)
        tail = await reading.partial_tile(0, checkpoint.size // WIDTH, checkpoint.size)
    mirror.advance(checkpoint, roots, tail)


async def fetch(store: Store, mirror: TreeMirror, indexes: Iterable[int]) -> None:
    """Have the mirror hold what it needs to look these entries up; errors as `follow`."""
    lacking = mirror.lacking(indexes)
    if not lacking:
        return
    async with store.reading() as reading:
        tiles = await reading.full_tiles_of_leaves(lacking)
    for tile in lacking:
        if tile not in tiles:
            raise ProofRefused(f"tile {tile} is not stored")
        mirror.keep(tile, tiles[tile])
