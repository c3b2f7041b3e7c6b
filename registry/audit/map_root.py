"""What stands over many records of the map of codes, hashed many at once."""

import numpy as np
import numpy.typing as npt

from registry.audit.hashing import hash_rows
from registry.audit.matrix import Bytes
from registry.log.code_map import KEY_BITS, KEY_BYTES, RECORD_BYTES, Item
from registry.log.tree import HASH_BYTES

_LEAF, _NODE = 3, 4
_Depths = npt.NDArray[np.int64]


def item_over(records: bytes, depth: int) -> Item:
    """As `registry.log.code_map.subtree`, of records that stand one after the other."""
    rows = np.frombuffer(records, np.uint8).reshape(-1, RECORD_BYTES)
    if len(rows) < 2:
        return rows.tobytes()
    keys = rows[:, :KEY_BYTES]
    shared = _shared_bits(keys)
    nodes = _Nodes(hash_rows(_prefixed(_LEAF, rows)).copy(), keys, shared)
    for level in range(int(shared.max()), depth - 1, -1):
        nodes.rise(level)
    return bytes(nodes.hashes[0])


class _Nodes:
    """Neighbouring subtrees of one depth; `shared` bits are those of neighbours' keys."""

    def __init__(self, leaves: Bytes, keys: Bytes, shared: _Depths) -> None:
        self.hashes = leaves
        self._keys = keys
        self._shared = shared
        self._single = np.ones(len(leaves), np.bool_)

    def rise(self, depth: int) -> None:
        """To the subtrees that begin at `depth`, whose halves these are."""
        left = np.flatnonzero(self._shared == depth)
        kept = np.ones(len(self.hashes), np.bool_)
        kept[left + 1] = False
        alone = ~self._single & kept
        alone[left] = False
        lonely = np.flatnonzero(alone)
        nodes = np.zeros((len(left) + len(lonely), 1 + 2 * HASH_BYTES), np.uint8)
        nodes[:, 0] = _NODE
        nodes[: len(left), 1 : 1 + HASH_BYTES] = self.hashes[left]
        nodes[: len(left), 1 + HASH_BYTES :] = self.hashes[left + 1]
        bits = self._keys[lonely, depth >> 3] >> (7 - (depth & 7)) & 1
        for side in (0, 1):  # beside an empty place, which hashes as zeros
            mine = np.flatnonzero(bits == side)
            start = 1 + HASH_BYTES * side
            nodes[len(left) + mine, start : start + HASH_BYTES] = self.hashes[lonely[mine]]
        self.hashes[np.concatenate([left, lonely])] = hash_rows(nodes)
        self._single[left] = False
        self._shared = self._shared[self._shared != depth]
        self.hashes, self._keys = self.hashes[kept], self._keys[kept]
        self._single = self._single[kept]


def _shared_bits(keys: Bytes) -> _Depths:
    """How many bits each key shares with the next one."""
    words = np.ascontiguousarray(keys).view(">u4").astype(np.uint32)
    differing = words[1:] ^ words[:-1]
    first = (differing != 0).argmax(axis=1)
    # Exact, since a double holds every number of 32 bits.
    _, length = np.frexp(differing[np.arange(len(first)), first].astype(np.float64))
    shared: _Depths = np.minimum(32 * first + 32 - length, KEY_BITS).astype(np.int64)
    return shared


def _prefixed(prefix: int, rows: Bytes) -> Bytes:
    whole = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    whole[:, 0] = prefix
    whole[:, 1:] = rows
    return whole
