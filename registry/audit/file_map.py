"""The map of codes built anew from a log's files, beside the root that its checkpoint has."""

from collections.abc import Sequence

import numpy as np

from registry.audit.file_codes import Issues
from registry.audit.map_root import item_over
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
    rows = codes.firsts([change.code_hash for _, change in changes])
    np.add.at(count, rows, np.uint64(1))
    np.maximum.at(latest, rows, np.array([index for index, _ in changes], np.uint64))
    # Moved by the word, which numpy does several times quicker than by the byte.
    packed = np.empty((len(codes.order), RECORD_BYTES // 8), np.uint64)
    packed[:, : KEY_BYTES // 8] = codes.hashes.view(np.uint64).take(codes.order, axis=0)
    for place, numbers in enumerate((count, latest), KEY_BYTES // 8):
        packed[:, place] = numbers[codes.order].astype(">u8").view(np.uint64)
    return packed.tobytes()
