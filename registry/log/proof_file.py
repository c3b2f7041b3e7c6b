"""The proof a person can keep (C2SP tlog-proof): entry, inclusion proof and checkpoint in one text.

`extra` carries the entry's body, so that the file alone says what is proved. The format leaves
that line to the application; ours needs it, for without the body there is no leaf to prove.
"""

import base64
import re
from dataclasses import dataclass

from registry.log.checkpoint import Checkpoint, parse_checkpoint
from registry.log.note import NoteRefused, decode64
from registry.log.policy import Policy
from registry.log.proof import ProofRefused, verify_inclusion
from registry.log.tree import HASH_BYTES, leaf_hash

_MAGIC = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)
_MAX_HASHES = 64


@dataclass(frozen=True, slots=True)
class ProofFile:
    """`hashes` run from the leaf's sibling to the root's child."""

    body: bytes
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint


def proof_text(proof: ProofFile) -> str:
    """The file's text; its suffix should be `.tlog-proof`."""
    encoded = [base64.b64encode(value).decode("ascii") for value in (proof.body, *proof.hashes)]
    head = [_MAGIC, f"extra {encoded[0]}", f"index {proof.index}", *encoded[1:]]
    return "\n".join(head) + "\n\n" + proof.checkpoint.note


def parse_proof(text: str) -> ProofFile:
    """What the file says, nothing checked; raises ProofRefused for a broken form."""
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < 3 or lines[0] != _MAGIC or lines[1][:6] != "extra ":
        raise ProofRefused("not a proof of an entry of ours")
    index = _INDEX.fullmatch(lines[2])
    if index is None or len(lines) - 3 > _MAX_HASHES:
        raise ProofRefused("the proof's index or length is malformed")
    try:
        body, hashes = decode64(lines[1][6:]), tuple(decode64(line) for line in lines[3:])
        checkpoint = parse_checkpoint(note)
    except NoteRefused as error:
        raise ProofRefused(f"the proof is malformed: {error}") from None
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofRefused("a hash does not have 32 bytes")
    return ProofFile(body, int(index[1]), hashes, checkpoint)


def check_proof(text: str, policy: Policy) -> ProofFile:
    """Everything a verifier does offline: form, signature, origin, quorum, inclusion of `body`.

    Raises ProofRefused.
    """
    proof = parse_proof(text)
    try:
        signed = policy.open_checkpoint(proof.checkpoint.note)
    except NoteRefused as error:
        raise ProofRefused(f"the checkpoint is refused: {error}") from None
    verify_inclusion(
        proof.index, signed.size, leaf_hash(proof.body), proof.hashes, signed.root_hash
    )
    return proof
