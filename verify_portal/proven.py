"""What the database says of a copy, checked as a stranger would.

A copy counts as found once its issue and every change of its status are proven to stand in the tree
of a checkpoint with the log's signature, under the policy that everyone else uses.
"""

import asyncio
import hmac
from collections.abc import Collection, Sequence

from registry.errors import ChainBroken
from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.note import NoteRefused
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.log.tree import leaf_hash
from registry.lookup import Found
from registry.mirroring import fetch, follow
from registry.proving import inclusion_proof
from registry.store import Store


class Proofs:
    """Looks entries up in a mirror of the newest tree, which costs a hundredth of a proof file."""

    def __init__(self, policy: Policy, mirror: TreeMirror | None = None) -> None:
        self._policy = policy
        self._mirror = mirror or TreeMirror()
        self._moving = asyncio.Lock()

    async def refuted(self, store: Store, copies: Sequence[Found]) -> Collection[Found]:
        """Those of the copies that are not proven; all were found at one checkpoint.

        Raises RegistryUnavailable.
        """
        if not copies:
            return ()
        leaves = dict(leaf for copy in copies for leaf in copy.leaves)
        async with self._moving:
            if await self._mirrors(store, copies[0].checkpoint, leaves):
                wrong = {at for at, leaf in leaves.items() if not self._mirror.holds(at, leaf)}
            else:
                wrong = {at for at in leaves if not await self._alone(store, at, leaves[at])}
        return [copy for copy in copies if any(at in wrong for at, _ in copy.leaves)]

    def newest_with(self, copy: Found) -> Checkpoint | None:
        """The newest tree's checkpoint, if it is known at once that it holds the copy's entries."""
        try:
            known = all(self._mirror.holds(index, leaf) for index, leaf in copy.leaves)
        except KeyError:
            return None
        return self._mirror.checkpoint if known else None

    async def _mirrors(
        self, store: Store, checkpoint: Checkpoint, indexes: Collection[int]
    ) -> bool:
        """Whether these entries can be looked up in the tree of this checkpoint."""
        mirrored = self._mirror.checkpoint
        try:
            if mirrored is None or mirrored.size < checkpoint.size:
                await follow(store, self._mirror, self._policy.open_checkpoint(checkpoint.note))
            elif (mirrored.size, mirrored.root_hash) != (checkpoint.size, checkpoint.root_hash):
                return False  # a replica behind the newest tree
            await fetch(store, self._mirror, indexes)
        except (ProofRefused, NoteRefused):
            return False  # each entry by its own proof shows which of them can be trusted
        return True

    async def _alone(self, store: Store, index: int, leaf: bytes) -> bool:
        try:
            proof = check_proof(await inclusion_proof(store, index), self._policy)
        except (ProofRefused, ChainBroken):
            return False
        return proof.index == index and hmac.compare_digest(leaf_hash(proof.body), leaf)
