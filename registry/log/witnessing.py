"""C2SP tlog-witness: a log asks a witness to cosign its next checkpoint, and the decision.

Pure: `judge` says what may be cosigned after what was cosigned last. Whoever calls it keeps the
answer on disk, in the same transaction as the question, before a signature leaves the house.
"""

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from registry.log.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint, parse_checkpoint
from registry.log.note import NoteRefused, Verifier, decode64, only_signed_by
from registry.log.proof import ProofRefused, verify_consistency
from registry.log.tree import EMPTY_ROOT, HASH_BYTES

MAX_HASHES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """`proof` shows the tree of `old_size` leaves to begin that of `note`, the checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str


class CheckpointRefused(Exception):
    """Not to be cosigned; `status` is what tlog-witness answers over HTTP."""

    status: ClassVar[int]


class RequestMalformed(CheckpointRefused):
    """The request has not the form of an add-checkpoint, or its sizes run backwards."""

    status = 400


class SignatureUnknown(CheckpointRefused):
    """No key that the witness trusts for this origin has signed the checkpoint."""

    status = 403


class OriginUnknown(CheckpointRefused):
    """The witness does not watch this log."""

    status = 404


class SizeConflict(CheckpointRefused):
    """The proof starts elsewhere than at the last cosigned tree, which has `cosigned` leaves."""

    status = 409

    def __init__(self, cosigned: int) -> None:
        super().__init__(f"the last cosigned checkpoint has size {cosigned}")
        self.cosigned = cosigned


class TwoRoots(CheckpointRefused):
    """The log signed two roots for one size. Both notes together prove it to anybody."""

    status = 409


class InconsistentTree(CheckpointRefused):
    """The proof does not show the new tree to begin with the cosigned one."""

    status = 422


class LogForked(CheckpointRefused):
    """The log was caught with two histories: no proof can make it consistent again."""

    status = 422


def request_text(request: AddCheckpoint) -> str:
    """The body of the HTTP request."""
    hashes = [base64.b64encode(value).decode("ascii") + "\n" for value in request.proof]
    return f"old {request.old_size}\n{''.join(hashes)}\n{request.note}"


def parse_request(text: str) -> AddCheckpoint:
    """What a request says, no signature checked; raises RequestMalformed."""
    head, separator, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if not separator or old is None or int(old[1]) > MAX_SIZE or len(lines) > MAX_HASHES:
        raise RequestMalformed("not an old size, up to 63 hashes, an empty line and a checkpoint")
    try:
        proof = tuple(decode64(line) for line in lines)
        parse_checkpoint(note)
    except NoteRefused as refusal:
        raise RequestMalformed(str(refusal)) from None
    if any(len(value) != HASH_BYTES for value in proof):
        raise RequestMalformed("a hash does not have 32 bytes")
    return AddCheckpoint(int(old[1]), proof, note)


def judge(
    seen: Checkpoint | None, request: AddCheckpoint, verifiers: Sequence[Verifier]
) -> Checkpoint:
    """The checkpoint to cosign, after `seen`, the last one cosigned for its origin.

    `verifiers` are the keys trusted for any log. Raises a CheckpointRefused.
    """
    checkpoint = signed_checkpoint(request.note, verifiers)
    if seen is not None and seen.origin != checkpoint.origin:
        raise ValueError("two logs are never consistent")
    if request.old_size > checkpoint.size:
        raise RequestMalformed("the old size is larger than the checkpoint's")
    old_size, old_root = (seen.size, seen.root_hash) if seen else (0, EMPTY_ROOT)
    if request.old_size != old_size:
        raise SizeConflict(old_size)
    if old_size == checkpoint.size and not hmac.compare_digest(old_root, checkpoint.root_hash):
        raise TwoRoots(f"{checkpoint.origin} signed two roots for size {old_size}")
    try:
        verify_consistency(old_size, checkpoint.size, request.proof, old_root, checkpoint.root_hash)
    except ProofRefused as refusal:
        raise InconsistentTree(str(refusal)) from None
    return checkpoint


def signed_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """What a trusted log says, in a note that holds that log's signatures only.

    Raises RequestMalformed, OriginUnknown, SignatureUnknown.
    """
    try:
        origin = parse_checkpoint(note).origin
    except NoteRefused as refusal:
        raise RequestMalformed(str(refusal)) from None
    trusted = [verifier for verifier in verifiers if verifier.name == origin]
    if not trusted:
        raise OriginUnknown("this witness does not watch the log of that origin")
    try:
        return open_checkpoint(only_signed_by(note, trusted), origin, trusted)
    except NoteRefused as refusal:
        raise SignatureUnknown(str(refusal)) from None
