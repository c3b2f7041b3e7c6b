"""The signed statement of a log's size and root (C2SP tlog-checkpoint)."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.log.note import NoteRefused, Verifier, decode64, open_note, sign_note, split_note
from registry.log.tree import EMPTY_ROOT, HASH_BYTES

MAX_SIZE = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`note` is the signed note that carries the other fields; `root_hash` has 32 bytes."""

    origin: str
    size: int
    root_hash: bytes
    note: str
    extensions: tuple[str, ...] = ()


def sign_checkpoint(
    origin: str,
    size: int,
    root_hash: bytes,
    key: Ed25519PrivateKey,
    extensions: Sequence[str] = (),
) -> Checkpoint:
    """A log may do this once for a size: two roots for one size are proof of fraud."""
    root = base64.b64encode(root_hash).decode("ascii")
    lines = [origin, str(size), root, *extensions]
    return parse_checkpoint(sign_note("".join(f"{line}\n" for line in lines), origin, key))


def parse_checkpoint(note: str) -> Checkpoint:
    """What a note says, its signatures not checked; raises NoteRefused for a broken form."""
    text, _ = split_note(note)
    return read_checkpoint(text, note)


def open_checkpoint(note: str, origin: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """What a note says, once a trusted key's signature holds and it is about this log."""
    checkpoint = read_checkpoint(open_note(note, verifiers), note)
    if checkpoint.origin != origin:
        raise NoteRefused("the checkpoint is of another log")
    return checkpoint


def read_checkpoint(text: str, note: str) -> Checkpoint:
    """What `note`'s text says. Lines after the third are extensions, signed but not understood."""
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteRefused("a checkpoint has three or more lines, none of them empty")
    origin, size, root, *extensions = lines
    root_hash = decode64(root)
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE or len(root_hash) != HASH_BYTES:
        raise NoteRefused("a checkpoint's size or root is malformed")
    if size == "0" and root_hash != EMPTY_ROOT:
        raise NoteRefused("the root of an empty tree is wrong")
    return Checkpoint(origin, int(size), root_hash, note, tuple(extensions))
