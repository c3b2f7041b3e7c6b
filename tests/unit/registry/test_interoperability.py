"""Our proofs before verifiers that others wrote: sigstore's, pymerkle's and tlog-scales's.

pymerkle's consistency proofs are not RFC 9162's (they go down to one leaf), so they are left out.
The peers written in Go, and the reading of a running portal, are in tests/peers (`make peers`).
"""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pymerkle import InmemoryTree
from pymerkle.hasher import MerkleHasher
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore.errors import VerificationError

from registry.log.proof import verify_consistency, verify_inclusion
from registry.log.tree import EMPTY_ROOT
from tests.testkit.trees import TiledTree, Tree, VastTree, size_pairs

BODIES = [b'{"entry":%d}' % at for at in range(300)]
SMALL = TiledTree(BODIES)
LARGE_SIZES = [65_535, 65_536, 65_537, 10_000_019, 2**32, 2**40 + 12_345, 2**62 + 1, 2**63 - 1]
MARKED = {0: b"first", 65_535: b"edge", 9_999_999: b"middle", 2**63 - 2: b"last"}
VAST = VastTree(2**63 - 1, MARKED)
TLOG_SCALES = "tlog-scales (a third party's RFC 9162 verifier) is not installed"


@pytest.fixture(scope="module")
def theirs() -> InmemoryTree:
    """The same leaves in pymerkle's tree, which shares no code with ours."""
    tree = InmemoryTree(algorithm="sha256")
    for body in BODIES:
        tree.append_entry(body)
    return tree


def test_roots_of_every_size(theirs: InmemoryTree) -> None:
    assert MerkleHasher("sha256").hash_empty() == EMPTY_ROOT
    assert [SMALL.root(size) for size in range(301)] == [theirs.get_root(s) for s in range(301)]


def test_sigstore_accepts_every_inclusion_proof() -> None:
    for size in range(1, 301):
        for index in range(size):
            proof = SMALL.inclusion(index, size)
            sigstore_inclusion(BODIES[index], index, size, proof, SMALL.root(size))
            verify_inclusion(index, size, SMALL.leaf(index), proof, SMALL.root(size))


def test_pymerkle_makes_the_inclusion_proofs_that_we_make(theirs: InmemoryTree) -> None:
    for size in range(1, 301):
        for index in range(size):
            proof = theirs.prove_inclusion(index + 1, size)
            assert proof.path[1:] == SMALL.inclusion(index, size)


def test_tlog_scales_accepts_every_consistency_and_inclusion_proof() -> None:
    theirs = pytest.importorskip("tlog_scales.tlog", reason=TLOG_SCALES)
    for new in range(301):
        for old in range(1, new + 1):
            proof = SMALL.consistency(old, new)
            verify_consistency(old, new, proof, SMALL.root(old), SMALL.root(new))
            theirs.ConsistencyProof(old, new, proof).check(SMALL.root(old), SMALL.root(new))
            inclusion = SMALL.inclusion(old - 1, new)
            theirs.InclusionProof(old - 1, new, inclusion).check(
                SMALL.leaf(old - 1), SMALL.root(new)
            )
        theirs.ConsistencyProof(0, new, []).check(EMPTY_ROOT, SMALL.root(new))


@pytest.mark.parametrize("size", LARGE_SIZES)
def test_inclusion_in_trees_that_no_disk_holds(size: int) -> None:
    for index, body in MARKED.items():
        if index < size:
            proof = VAST.inclusion(index, size)
            sigstore_inclusion(body, index, size, proof, VAST.root(size))
            verify_inclusion(index, size, VAST.leaf(index), proof, VAST.root(size))


@pytest.mark.parametrize(("old", "new"), size_pairs(LARGE_SIZES))
def test_consistency_of_trees_that_no_disk_holds(old: int, new: int) -> None:
    proof = VAST.consistency(old, new)
    verify_consistency(old, new, proof, VAST.root(old), VAST.root(new))
    theirs = pytest.importorskip("tlog_scales.tlog", reason=TLOG_SCALES)
    theirs.ConsistencyProof(old, new, proof).check(VAST.root(old), VAST.root(new))


@pytest.mark.parametrize("tree", [SMALL, VAST])
def test_what_we_refuse_they_refuse(tree: Tree) -> None:
    """That they accept ours would mean little if they accepted anything."""
    proof, root = tree.inclusion(0, 300), tree.root(300)
    body = BODIES[0] if tree is SMALL else MARKED[0]
    for spoilt in (proof[:-1], [*proof, root], proof[::-1]):
        with pytest.raises(VerificationError):
            sigstore_inclusion(body, 0, 300, spoilt, root)


def sigstore_inclusion(body: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> None:
    """Sigstore's verifier asks a transparency log entry for four fields and the body."""
    said = SimpleNamespace(log_index=index, tree_size=size, hashes=proof, root_hash=root)
    entry = SimpleNamespace(inclusion_proof=said, canonicalized_body=body)
    verify: Callable[[SimpleNamespace], None] = verify_merkle_inclusion
    verify(SimpleNamespace(_inner=entry))
