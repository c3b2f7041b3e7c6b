"""The Merkle tree of RFC 6962, section 2.1, over SHA-256.

A node (height, position) is the complete subtree over leaves
`[position << height, (position + 1) << height)`; only such nodes are ever stored, since they
never change. Everything else at the tree's ragged right edge is folded from them.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int]

# Copying a begun hash costs three quarters of beginning one.
_NODE = hashlib.sha256(b"\x01")
_pairs = struct.Struct("64s").iter_unpack


def leaf_hash(body: bytes) -> bytes:
    """The prefix keeps leaves and inner nodes apart, so that neither passes for the other."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^k neighbouring nodes of one height."""
    if not hashes or len(hashes) & (len(hashes) - 1):
        raise ValueError("a complete subtree has a power of two of leaves")
    return joined_root(b"".join(hashes))


def joined_root(level: bytes) -> bytes:
    """As `perfect_root`, over hashes that stand one after the other."""
    while len(level) > HASH_BYTES:
        above = []
        for (pair,) in _pairs(level):
            hashed = _NODE.copy()
            hashed.update(pair)
            above.append(hashed.digest())
        level = b"".join(above)
    return level


def fold(nodes: Sequence[bytes]) -> bytes:
    """The hash of a range from its complete subtrees, left to right (RFC 6962 joins rightwards)."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


def complete_subtrees(start: int, end: int) -> list[Node]:
    """The fewest nodes that tile leaves [start, end), left to right; start must be aligned.

    That holds for every range that RFC 6962's recursion reaches.
    """
    nodes = []
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        nodes.append((height, start >> height))
        start += 1 << height
    return nodes


class CompactRange:
    """The leaves [0, size) as at most log2(size) complete subtrees: enough to grow and be rooted.

    >>> CompactRange().root() == EMPTY_ROOT
    True
    """

    def __init__(self) -> None:
        self._nodes: list[tuple[int, bytes]] = []
        self.size = 0

    def append(self, value: bytes, height: int = 0) -> None:
        """Add the next complete subtree; nothing lower may stand to its left."""
        if self._nodes and self._nodes[-1][0] < height:
            raise ValueError("a subtree cannot follow a lower one")
        self.size += 1 << height
        while self._nodes and self._nodes[-1][0] == height:
            value = node_hash(self._nodes.pop()[1], value)
            height += 1
        self._nodes.append((height, value))

    def copy(self) -> "CompactRange":
        """One that grows on its own from here."""
        twin = CompactRange()
        twin._nodes, twin.size = self._nodes.copy(), self.size
        return twin

    def root(self) -> bytes:
        return fold([value for _, value in self._nodes])


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The tree's root over all leaf hashes in order."""
    whole = CompactRange()
    for leaf in leaf_hashes:
        whole.append(leaf)
    return whole.root()
