"""A map from each code hash to what the log holds about it, with one root to commit to.

A binary prefix tree over the bits of the key, the most significant first. What stands at a place
follows from the codes below it alone: nothing, the one record there is, or the hash of both halves.
So a set of records has one root, in whatever order they came, and there is one way down for each
key: its end shows either the key's record or that there is none.
"""

import base64
import hashlib
import struct
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.log.checkpoint import Checkpoint
from registry.log.note import NoteRefused, decode64
from registry.log.tree import HASH_BYTES

KEY_BYTES = 32
KEY_BITS = 8 * KEY_BYTES
RECORD_BYTES = 48
#: What an empty place is hashed as, and the root of an empty map. No leaf or node has this hash.
EMPTY = bytes(HASH_BYTES)

_RECORD = struct.Struct(">32sQQ")
_EXTENSION = "bansao/code-map@v1 "

_ONE_OR_NONE = frozenset({0, RECORD_BYTES})
_sha256 = hashlib.sha256

#: What stands at a place, told apart by its length: nothing, one record, or a node's hash.
Item = bytes


class MapBroken(Exception):
    """Stored pieces of the map contradict each other, or what they are asked to take up."""


@dataclass(frozen=True, slots=True)
class Record:
    """`count` entries are about this code hash; `latest` is the index of the last of them."""

    code_hash: bytes
    count: int
    latest: int

    def packed(self) -> bytes:
        return _RECORD.pack(self.code_hash, self.count, self.latest)


def unpacked(record: bytes) -> Record:
    return Record(*_RECORD.unpack(record))


def record_of(item: Item) -> Record | None:
    """What a way may end with: one record, or nothing."""
    return unpacked(item) if item else None


def bit_at(key: bytes, depth: int) -> int:
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def leaf_hash(record: bytes) -> bytes:
    """The prefixes here differ from those of the log's leaves (0), nodes (1) and links (2)."""
    return _sha256(b"\x03" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return _sha256(b"\x04" + left + right).digest()


def item_hash(item: Item) -> bytes:
    """What the place is hashed as in the node above it."""
    return leaf_hash(item) if len(item) == RECORD_BYTES else item or EMPTY


def join(left: Item, right: Item) -> Item:
    """What stands above two halves: a record that is alone stands for itself."""
    if len(left) != HASH_BYTES or len(right) != HASH_BYTES:
        if len(left) + len(right) in _ONE_OR_NONE:
            return left or right
        left, right = item_hash(left), item_hash(right)
    return node_hash(left, right)


def subtree(records: Sequence[bytes], depth: int = 0) -> Item:
    """What stands above records, sorted and of different keys, that share their first bits."""
    if len(records) < 2:
        return records[0] if records else b""
    keys = [int.from_bytes(record[:KEY_BYTES], "big") for record in records]
    leaves = [leaf_hash(record) for record in records]

    def over(low: int, high: int, shared: int, bit: int) -> bytes:
        if high - low < 2:
            return leaves[low] if high > low else EMPTY
        bound = shared | bit
        middle = bisect_left(keys, bound, low, high)
        left = over(low, middle, shared, bit >> 1)
        return node_hash(left, over(middle, high, bound, bit >> 1))

    below = KEY_BITS - depth
    return over(0, len(keys), keys[0] >> below << below, 1 << below - 1)


def halves_at(records: Sequence[bytes], depth: int) -> int:
    """Where the records begin whose bit is set."""
    return bisect_left(records, 1, key=lambda record: bit_at(record, depth))


def map_root(records: Mapping[bytes, tuple[int, int]]) -> bytes:
    """The root over count and latest index by code hash."""
    packed = sorted(_RECORD.pack(key, *value) for key, value in records.items())
    return item_hash(subtree(packed))


def extension_line(root: bytes) -> str:
    """The line of a checkpoint that commits to the map of exactly its size."""
    return _EXTENSION + base64.b64encode(root).decode("ascii")


def committed_root(checkpoint: Checkpoint) -> bytes | None:
    """The map's root as the checkpoint commits to it; None when it does not.

    Raises NoteRefused for a malformed or a second such line.
    """
    lines = [line for line in checkpoint.extensions if line.startswith(_EXTENSION)]
    if not lines:
        return None
    root = decode64(lines[0].removeprefix(_EXTENSION))
    if len(lines) > 1 or len(root) != HASH_BYTES:
        raise NoteRefused("a checkpoint's line about the map is malformed")
    return root
