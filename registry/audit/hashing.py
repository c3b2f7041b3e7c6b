"""SHA-256 of many values at once: several times quicker than one call a value."""

from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from datafusion import Expr, SessionConfig, SessionContext, col
from datafusion.functions import sha256

from registry.audit.matrix import Bytes, Offsets
from registry.log.tree import HASH_BYTES

#: An element of Arrow's binary view layout; the prefix repeats the value's first four bytes.
_VIEW: Final = np.dtype(
    [("length", "<i4"), ("prefix", "<u4"), ("buffer", "<i4"), ("offset", "<i4")]
)
#: Shorter values would stand in the view itself.
_LEAST_VIEWED: Final = 13
#: More values than ever are hashed at once come back as one batch.
_MOST_AT_ONCE: Final = 1 << 31


def hash_rows(rows: Bytes) -> Bytes:
    """Of each row of a matrix of bytes."""
    count, width = rows.shape
    return hash_values(rows.reshape(-1), np.arange(count + 1, dtype=np.int64) * width)


def hash_values(joined: Bytes, offsets: Offsets) -> Bytes:
    """Of each value: value i is `joined[offsets[i] : offsets[i + 1]]`. 32 bytes a row."""
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(joined)]
    return _hashed(pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers))


def hash_spans(joined: Bytes, starts: Offsets, lengths: Offsets) -> Bytes:
    """Of each value: value i is the `lengths[i]` bytes from `starts[i]` on. 32 bytes a row."""
    return _hashed(spans(joined, starts, lengths))


def spans(joined: Bytes, starts: Offsets, lengths: Offsets) -> pa.Array:
    """The values that `hash_spans` hashes; where they stand if none is very short."""
    if not len(starts) or lengths.min() < _LEAST_VIEWED:
        places = zip(starts, starts + lengths, strict=True)
        return pa.array([joined[at:end].tobytes() for at, end in places], pa.binary_view())
    views = np.zeros(len(starts), _VIEW)
    views["length"], views["offset"] = lengths, starts
    beginnings = np.lib.stride_tricks.sliding_window_view(joined, 4)[starts]
    views["prefix"] = beginnings.view("<u4")[:, 0]
    buffers = [None, pa.py_buffer(views), pa.py_buffer(joined)]
    return pa.Array.from_buffers(pa.binary_view(), len(starts), buffers)


def _hashed(values: pa.Array) -> Bytes:
    if not len(values):
        return np.empty((0, HASH_BYTES), np.uint8)
    context, hashes = _engine()
    (batch,) = context.from_arrow(pa.record_batch({"value": values})).select(hashes).collect()
    # 32 bytes a hash, one after the other: nothing is between them.
    return np.frombuffer(batch.column(0).buffers()[2], np.uint8).reshape(-1, HASH_BYTES)


@cache
def _engine() -> tuple[SessionContext, Expr]:
    """DataFusion, which hashes an array in one go, with this process's own thread alone."""
    config = SessionConfig().with_target_partitions(1).with_batch_size(_MOST_AT_ONCE)
    return SessionContext(config), sha256(col("value"))


def hash_pairs(hashes: bytes) -> bytes:
    """As `registry.audit.subtree.hash_pairs`."""
    pairs = np.frombuffer(hashes, np.uint8).reshape(-1, 2 * HASH_BYTES)
    nodes = np.empty((len(pairs), 1 + 2 * HASH_BYTES), np.uint8)
    nodes[:, 0] = 1
    nodes[:, 1:] = pairs
    return hash_rows(nodes).tobytes()


def hash_links(before: Bytes, leaves: Bytes) -> Bytes:
    """The entry hashes, from prev_hash and leaf_hash."""
    links = np.empty((len(leaves), 1 + 2 * HASH_BYTES), np.uint8)
    links[:, 0] = 2
    links[:, 1 : 1 + HASH_BYTES] = before
    links[:, 1 + HASH_BYTES :] = leaves
    return hash_rows(links)
