"""Proof that a log told two stories, in files that anybody can check.

`first.note` and `second.note` are checkpoints that the log signed, the smaller one first. For a
fork, `proof.txt` holds another root than the first note's, and an ordinary consistency proof from
that root to the second note's: what the log signed contradicts itself. A rollback has notes only.
"""

import base64
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from registry.log.checkpoint import Checkpoint
from registry.witness.files import sync_directory


@dataclass(frozen=True, slots=True)
class Fork:
    """`proof` leads from `root`, over the second tree's first `first.size` leaves, to its root.

    For two roots of one size, `root` is the second note's and the proof is empty.
    """

    first: Checkpoint
    second: Checkpoint
    root: bytes
    proof: tuple[bytes, ...]


def origin_hash(origin: str) -> str:
    """A log's name in addresses and file names: SHA-256 of its origin, in hex."""
    return hashlib.sha256(origin.encode()).hexdigest()


def keep_fork(directory: Path, fork: Fork) -> Path:
    """Write the evidence below `directory`; returns its own directory there."""
    root, *hashes = [base64.b64encode(value).decode("ascii") for value in (fork.root, *fork.proof)]
    lines = [f"old {fork.first.size}", f"root {root}", *hashes]
    proof = "".join(f"{line}\n" for line in lines)
    return _keep(directory, "fork", fork.first, fork.second, {"proof.txt": proof})


def keep_rollback(directory: Path, cosigned: Checkpoint, served: Checkpoint) -> Path:
    """Write down that a log served less than it had signed before."""
    return _keep(directory, "rollback", served, cosigned, {})


def _keep(
    directory: Path, kind: str, first: Checkpoint, second: Checkpoint, more: dict[str, str]
) -> Path:
    """All files or none; what lies there already is never written again."""
    files = {"first.note": first.note, "second.note": second.note, **more}
    digest = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:16]
    log = origin_hash(first.origin)[:16]
    name = f"{kind}-{log}-{first.size}-{second.size}-{digest}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = directory / name
    if final.exists():
        return final
    with tempfile.TemporaryDirectory(
        dir=directory, prefix=".draft-", ignore_cleanup_errors=True
    ) as place:
        draft = Path(place) / name
        draft.mkdir()
        for file_name, content in files.items():
            with (draft / file_name).open("xb") as file:
                file.write(content.encode())
                file.flush()
                os.fsync(file.fileno())
        sync_directory(draft)
        draft.rename(final)
    sync_directory(directory)
    return final
