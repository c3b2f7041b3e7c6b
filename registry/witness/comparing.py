"""Do two checkpoints of a log belong to one history? Its own tiles have to show it."""

from registry.errors import LogMalformed
from registry.log.checkpoint import Checkpoint
from registry.log.proof import ProofRefused, consistency_ranges, verify_consistency
from registry.log.tiles import range_hash, tiles_for, width_at
from registry.tile_files import TileFiles
from registry.witness.evidence import Fork

Proof = tuple[bytes, ...]


async def relation(files: TileFiles, smaller: Checkpoint, larger: Checkpoint) -> Proof | Fork:
    """The proof that the smaller tree begins the larger one, or the proof that it does not.

    The tiles are held against the larger checkpoint. Raises LogMalformed when they do not lead to
    it, which proves nothing either way, and LogUnreachable.
    """
    if smaller.size == larger.size:
        same = smaller.root_hash == larger.root_hash
        return () if same else Fork(smaller, larger, larger.root_hash, ())
    if smaller.size == 0:
        return ()
    root, proof = await _beginning(files, smaller.size, larger)
    return proof if root == smaller.root_hash else Fork(smaller, larger, root, proof)


async def _beginning(files: TileFiles, size: int, larger: Checkpoint) -> tuple[bytes, Proof]:
    """The root over the first `size` leaves of the larger tree, and its consistency proof."""
    ranges = consistency_ranges(size, larger.size)
    tiles = {
        name: await files.tile(*name, width_at(*name, larger.size))
        for name in sorted(tiles_for([(0, size), *ranges]))
    }
    root = range_hash(tiles, 0, size)
    proof = tuple(range_hash(tiles, start, end) for start, end in ranges)
    try:
        verify_consistency(size, larger.size, proof, root, larger.root_hash)
    except ProofRefused:
        raise LogMalformed(
            f"the tiles do not lead to the root of the checkpoint of size {larger.size}"
        ) from None
    return root, proof
