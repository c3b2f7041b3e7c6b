"""The map of codes built anew from a log's files, beside the root that its checkpoint has."""

from collections.abc import Sequence

import numpy as np

from registry.audit.file_codes import Issues
from registry.audit.map_root import item_over
from registry.audit.matrix import Bytes, Integers
from registry.audit.report import Findings
from registry.entry import StatusChange
from registry.log.checkpoint import Checkpoint
from registry.log.code_map import KEY_BYTES, RECORD_BYTES, committed_root, item_hash
from registry.log.note import NoteRefused


def judge_committed(
    checkpoint: Checkpoint,
    codes: Issues,
    changes: Sequence[tuple[int, StatusChange]],
    findings: Findings,
) -> None:
    """For a log that is in order otherwise: each change is of a code that was issued before."""
    try:
        root = committed_root(checkpoint)
    except NoteRefused as refusal:
        findings.add("map", "checkpoint", "map", "a root", refusal)
        return
    if root is not None:
        rebuilt = item_hash(item_over(_records(codes, changes), 0))
        findings.compare("map", "checkpoint", "map", rebuilt, root)


def _records(codes: Issues, changes: Sequence[tuple[int, StatusChange]]) -> bytes:
    """Sorted, one after the other."""
    count, latest = np.ones(len(codes.indexes), np.uint64), codes.indexes.astype(np.uint64)
    order = np.argsort(codes.indexes)
    firsts = codes.firsts([change.code_hash for _, change in changes])
    rows = order[np.searchsorted(codes.indexes, [one or 0 for one in firsts], sorter=order)]
    np.add.at(count, rows, np.uint64(1))
    np.maximum.at(latest, rows, np.array([index for index, _ in changes], np.uint64))
    packed = np.empty((len(order), RECORD_BYTES), np.uint8)
    packed[:, :KEY_BYTES] = codes.hashes
    for at, numbers in ((KEY_BYTES, count), (KEY_BYTES + 8, latest)):
        packed[:, at : at + 8] = numbers.astype(">u8").view(np.uint8).reshape(-1, 8)
    return packed[_sorted(codes.hashes)].tobytes()


def _sorted(hashes: Bytes) -> Integers:
    """The order of hashes by their bytes."""
    words = np.ascontiguousarray(hashes).view(">u8").astype(np.uint64)
    order = np.argsort(words[:, 0])
    begun = words[order, 0]
    if (begun[1:] == begun[:-1]).any():  # the first eight bytes do not tell all of them apart
        return np.lexsort(words.T[::-1])
    return order
