"""Inclusion and consistency proofs (RFC 6962, sections 2.1.1-2; checked as RFC 9162 section 2.1).

Making one is pure addressing: the functions name the leaf ranges whose hashes form the proof, and
whoever holds the tree folds them. Checking one needs nothing but the proof.
"""

import hmac
from collections.abc import Sequence

from registry.log.tree import EMPTY_ROOT, HASH_BYTES, node_hash

Range = tuple[int, int]


class ProofRefused(Exception):
    """The proof does not show what it is said to show."""


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove leaf `index` in a tree of `size`, the sibling first."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in this tree")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `old` leaves begins the tree of `new`."""
    if not 0 < old <= new:
        raise ValueError("consistency runs from a smaller, not empty tree to a larger one")
    start, end, ranges = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises ProofRefused unless the proof leads from the leaf hash to the root, with no rest."""
    if not 0 <= index < size:
        raise ProofRefused("the index is outside the tree")
    _refuse_odd_hashes([leaf, root, *proof])
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofRefused("the proof is too long")
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofRefused("the proof is too short")
    if not hmac.compare_digest(computed, root):
        raise ProofRefused("the proof leads to another root")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raises ProofRefused unless the proof shows the new tree to begin with the old one."""
    if not 0 <= old <= new:
        raise ProofRefused("the sizes run backwards")
    _refuse_odd_hashes([old_root, new_root, *proof])
    if old in {0, new}:
        _verify_trivial(old, new, proof, old_root, new_root)
        return
    # A power of two is a node of the new tree, so the proof leaves its hash out.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    first, second = _consistency_roots(old, new, path)
    if not (hmac.compare_digest(first, old_root) and hmac.compare_digest(second, new_root)):
        raise ProofRefused("the proof leads to other roots")


def proven_beginning(old: int, new: int, proof: Sequence[bytes], new_root: bytes) -> bytes:
    """The root over the new tree's first `old` leaves, as its consistency proof shows it.

    Raises ProofRefused when the proof does not lead to the new root. For a power of two no proof
    shows it, since that hash is left out.
    """
    if not 0 < old < new or not old & (old - 1):
        raise ProofRefused("a proof between these sizes does not show the smaller root")
    _refuse_odd_hashes([new_root, *proof])
    first, second = _consistency_roots(old, new, proof)
    if not hmac.compare_digest(second, new_root):
        raise ProofRefused("the proof leads to another root")
    return first


def _consistency_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of both trees to which the path leads, for 0 < old < new."""
    if not path:
        raise ProofRefused("the proof is too short")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofRefused("the proof is too long")
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofRefused("the proof is too short")
    return first, second


def _verify_trivial(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    if proof:
        raise ProofRefused("the proof is too long")
    if old == 0 and not hmac.compare_digest(old_root, EMPTY_ROOT):
        raise ProofRefused("the root of an empty tree is wrong")
    if old == new and not hmac.compare_digest(old_root, new_root):
        raise ProofRefused("two roots for one size")


def _refuse_odd_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofRefused("a hash does not have 32 bytes")
