"""One checkpoint extends another: proved to ourselves as a witness would, from what we serve."""

from registry.errors import ChainBroken
from registry.log.checkpoint import Checkpoint
from registry.log.proof import ProofRefused, consistency_ranges, verify_consistency
from registry.log.tiles import range_hash, tiles_for
from registry.store.reading import Reading


async def verify_extension(reading: Reading, earlier: Checkpoint, checkpoint: Checkpoint) -> None:
    """Raises ChainBroken unless the tree of `checkpoint` begins with the earlier one, which is not
    the larger of the two.
    """
    if earlier.size == 0:
        return
    ranges = consistency_ranges(earlier.size, checkpoint.size)
    served = await reading.tiles(tiles_for(ranges), checkpoint.size)
    try:
        proof = [range_hash(served, *one) for one in ranges]
        verify_consistency(
            earlier.size, checkpoint.size, proof, earlier.root_hash, checkpoint.root_hash
        )
    except (KeyError, ProofRefused):
        raise ChainBroken(
            f"checkpoint {checkpoint.size}: not an extension of checkpoint {earlier.size}"
        ) from None
