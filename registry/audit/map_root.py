"""What stands over many records of the map of codes, hashed many at once."""

import numpy as np

from registry.audit.hashing import hash_rows
from registry.audit.matrix import Bytes, Integers
from registry.log.code_map import KEY_BITS, KEY_BYTES, RECORD_BYTES, Item
from registry.log.tree import HASH_BYTES

_LEAF, _NODE = 3, 4
_WORDS = HASH_BYTES // 8


def item_over(records: bytes, depth: int) -> Item:
    """As `registry.log.code_map.subtree`, of records that stand one after the other."""
    rows = np.frombuffer(records, np.uint8).reshape(-1, RECORD_BYTES)
    if len(rows) < 2:
        return rows.tobytes()
    keys = rows[:, :KEY_BYTES]
    shared = _shared_bits(keys)
    nodes = _Nodes(hash_rows(_prefixed(_LEAF, rows)), keys, shared)
    for level in range(int(shared.max()), depth - 1, -1):
        nodes.rise(level)
    return bytes(nodes.hashes[0])


class _Nodes:
    """Neighbouring subtrees of one depth, each known by its first key. `shared`: how many bits a
    key shares with the next one.

    A hash is a row of four words: numpy moves those several times quicker than 32 bytes.
    """

    def __init__(self, leaves: Bytes, keys: Bytes, shared: Integers) -> None:
        self.hashes = leaves.view(np.uint64).copy()
        self._keys = keys
        self._first = np.arange(len(leaves))
        self._shared = shared
        self._single = np.ones(len(leaves), np.bool_)

    def rise(self, depth: int) -> None:
        """To the subtrees that begin at `depth`, whose halves these are."""
        joining = self._shared == depth
        left = np.flatnonzero(joining)
        lone = ~self._single
        lone[left] = lone[left + 1] = False
        lonely = np.flatnonzero(lone)
        pairs = np.zeros((len(left) + len(lonely), 2, _WORDS), np.uint64)
        pairs[: len(left), 0] = self.hashes.take(left, axis=0)
        pairs[: len(left), 1] = self.hashes.take(left + 1, axis=0)
        # The other half is an empty place, which hashes as zeros.
        sides = self._keys[self._first[lonely], depth >> 3] >> (7 - (depth & 7)) & 1
        pairs[np.arange(len(left), len(pairs)), sides] = self.hashes.take(lonely, axis=0)
        nodes = _prefixed(_NODE, pairs.view(np.uint8).reshape(-1, 2 * HASH_BYTES))
        self.hashes[np.concatenate([left, lonely])] = hash_rows(nodes).view(np.uint64)
        self._single[left] = False
        if len(left):
            self._drop(left + 1)
            self._shared = self._shared[~joining]

    def _drop(self, halves: Integers) -> None:
        kept = np.delete(np.arange(len(self.hashes)), halves)
        self.hashes, self._first = self.hashes.take(kept, axis=0), self._first[kept]
        self._single = self._single[kept]


def _shared_bits(keys: Bytes) -> Integers:
    """How many bits each key shares with the next one."""
    words = np.ascontiguousarray(keys).view(">u4").astype(np.uint32)
    differing = words[1:] ^ words[:-1]
    first = (differing != 0).argmax(axis=1)
    # Exact, since a double holds every number of 32 bits.
    _, length = np.frexp(differing[np.arange(len(first)), first].astype(np.float64))
    shared: Integers = np.minimum(32 * first + 32 - length, KEY_BITS).astype(np.int64)
    return shared


def _prefixed(prefix: int, rows: Bytes) -> Bytes:
    whole = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    whole[:, 0] = prefix
    whole[:, 1:] = rows
    return whole
