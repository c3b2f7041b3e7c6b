"""The map of codes built anew from a log's files, beside the root that its checkpoint has."""

from collections.abc import Iterable

import numpy as np

from registry.audit.file_codes import Issues
from registry.audit.hashing import Bytes
from registry.audit.layout import Integers
from registry.audit.map_root import item_over
from registry.audit.report import Findings
from registry.entry import StatusChange
from registry.log.checkpoint import Checkpoint
from registry.log.code_map import KEY_BYTES, RECORD_BYTES, committed_root, item_hash
from registry.log.note import NoteRefused


def judge_committed(
    checkpoint: Checkpoint,
    issued: Integers,
    codes: Bytes,
    changes: Iterable[tuple[int, StatusChange]],
    findings: Findings,
) -> None:
    """`issued` are the indexes of issuing entries, in any order, `codes` their code hashes. For a
    log that is in order otherwise: each change is of a code that was issued before.
    """
    try:
        root = committed_root(checkpoint)
    except NoteRefused as refusal:
        findings.add("map", "checkpoint", "map", "a root", refusal)
        return
    if root is not None:
        order = np.argsort(issued)
        records = _records(issued[order], codes[order], changes)
        rebuilt = item_hash(item_over(records, 0))
        findings.compare("map", "checkpoint", "map", rebuilt, root)


def _records(issued: Integers, codes: Bytes, changes: Iterable[tuple[int, StatusChange]]) -> bytes:
    """Sorted, one after the other; `issued` ascend."""
    count, latest = np.ones(len(issued), ">u8"), issued.astype(">u8")
    places = Issues(issued, codes)
    for index, change in changes:
        row = np.searchsorted(issued, places.first(change.code_hash) or 0)
        count[row] += 1
        latest[row] = max(int(latest[row]), index)
    packed = np.empty((len(issued), RECORD_BYTES), np.uint8)
    packed[:, :KEY_BYTES] = codes
    packed[:, KEY_BYTES : KEY_BYTES + 8] = count.view(np.uint8).reshape(-1, 8)
    packed[:, KEY_BYTES + 8 :] = latest.view(np.uint8).reshape(-1, 8)
    words = np.ascontiguousarray(codes).view(">u8")
    return packed[np.lexsort(words.T[::-1])].tobytes()
