"""What the database says of a copy, checked as a stranger would.

A copy counts as found once its issue and every change of its status are proven to stand in the tree
of a checkpoint with the log's signature, under the policy that everyone else uses.
"""

import asyncio
import hmac
from collections.abc import Collection, Mapping, Sequence

from registry.errors import ChainBroken
from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.note import NoteRefused
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.log.tree import leaf_hash
from registry.lookup import Found
from registry.mirroring import follow, wrong_leaves
from registry.proving import inclusion_proof
from registry.store import Store


class Proofs:
    """Looks entries up in a mirror of the newest tree, which costs a hundredth of a proof file."""

    def __init__(self, policy: Policy, mirror: TreeMirror) -> None:
        self._policy = policy
        self._mirror = mirror
        self._moving = asyncio.Lock()

    async def refuted(self, store: Store, copies: Sequence[Found]) -> Collection[Found]:
        """Those of the copies that are not proven; all were found at one checkpoint.

        Raises RegistryUnavailable.
        """
        if not copies:
            return ()
        leaves = dict(leaf for copy in copies for leaf in copy.leaves)
        async with self._moving:
            wrong = await self._wrong_in_mirror(store, copies[0].checkpoint, leaves)
            if wrong is None:  # each by its own proof shows which of them can be trusted
                wrong = {at for at in leaves if not await self._alone(store, at, leaves[at])}
        return [copy for copy in copies if any(at in wrong for at, _ in copy.leaves)]

    def newest_with(self, copy: Found) -> Checkpoint | None:
        """The newest tree's checkpoint, if it is known at once that it holds the copy's entries."""
        known = all(self._mirror.holds(index, leaf) for index, leaf in copy.leaves)
        return self._mirror.checkpoint if known else None

    async def _wrong_in_mirror(
        self, store: Store, checkpoint: Checkpoint, leaves: Mapping[int, bytes]
    ) -> set[int] | None:
        """The entries that are others in the tree of this checkpoint; None if that tree cannot be
        mirrored.
        """
        mirrored = self._mirror.checkpoint
        try:
            if mirrored is None or mirrored.size < checkpoint.size:
                await follow(store, self._mirror, self._policy.open_checkpoint(checkpoint.note))
            elif (mirrored.size, mirrored.root_hash) != (checkpoint.size, checkpoint.root_hash):
                return None  # a replica behind the newest tree
            return await wrong_leaves(store, self._mirror, leaves)
        except (ProofRefused, NoteRefused):
            return None

    async def _alone(self, store: Store, index: int, leaf: bytes) -> bool:
        try:
            proof = check_proof(await inclusion_proof(store, index), self._policy)
        except (ProofRefused, ChainBroken):
            return False
        return proof.index == index and hmac.compare_digest(leaf_hash(proof.body), leaf)
