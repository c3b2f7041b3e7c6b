"""What the database says of a copy, checked as a stranger would.

A copy counts as found once the inclusion proofs of its issue and of every change of its status
hold, with the log's signature, under the policy that everyone else uses.
"""

import hmac

from registry.entry import Entry, body
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.lookup import Found, inclusion_proof
from registry.store import Store
from verify_portal.errors import UnprovenEntry


async def proven(store: Store, found: Found, policy: Policy) -> Found:
    """The same copy; raises UnprovenEntry, and what `inclusion_proof` raises."""
    await _prove(store, found.index, found.entry, policy)
    for index, change in found.changes:
        await _prove(store, index, change, policy)
    return found


async def _prove(store: Store, index: int, entry: Entry, policy: Policy) -> None:
    try:
        proof = check_proof(await inclusion_proof(store, index), policy)
    except ProofRefused as refusal:
        raise UnprovenEntry(index) from refusal
    if proof.index != index or not hmac.compare_digest(proof.body, body(entry)):
        raise UnprovenEntry(index)
