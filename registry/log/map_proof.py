"""The proof of what the log holds about a code, or that it holds nothing, as a file to keep.

Beside the proof of an entry it shows whether that entry is the latest of its code; alone, that a
code is not in the log at all. It needs no database: the checkpoint's note commits to the map.
"""

import base64
import hmac
import re
from dataclasses import dataclass

from registry.log.checkpoint import MAX_SIZE, Checkpoint, parse_checkpoint
from registry.log.code_map import (
    EMPTY,
    KEY_BITS,
    Record,
    bit_at,
    committed_root,
    leaf_hash,
    node_hash,
)
from registry.log.note import NoteRefused, decode64
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.log.tree import HASH_BYTES

_MAGIC = "bansao/map-proof@v1"
_CODE = re.compile(r"code ([0-9a-f]{64})", re.ASCII)
_NUMBERS = r"([1-9][0-9]{0,18}) (0|[1-9][0-9]{0,18})"
_PRESENT = re.compile(rf"present {_NUMBERS}", re.ASCII)
_BESIDE = re.compile(rf"absent beside ([0-9a-f]{{64}}) {_NUMBERS}", re.ASCII)
_ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class MapProof:
    """`end` is the record where the code's way ends: its own, another's, or None where nothing
    stands. `hashes` run from the end's sibling to the root's child.
    """

    code_hash: bytes
    end: Record | None
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint

    @property
    def found(self) -> Record | None:
        """What the log held about the code at the checkpoint; None: no entry at all."""
        present = self.end is not None and self.end.code_hash == self.code_hash
        return self.end if present else None


def map_proof_text(proof: MapProof) -> str:
    """The file's text; its suffix should be `.map-proof`."""
    hashes = [base64.b64encode(value).decode("ascii") for value in proof.hashes]
    head = [_MAGIC, f"code {proof.code_hash.hex()}", _end_line(proof), *hashes]
    return "\n".join(head) + "\n\n" + proof.checkpoint.note


def is_map_proof(text: str) -> bool:
    """Whether a proof is of this form, by its first line."""
    return text.startswith(f"{_MAGIC}\n")


def parse_map_proof(text: str) -> MapProof:
    """What the file says, nothing checked; raises ProofRefused for a broken form."""
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < 3 or lines[0] != _MAGIC:
        raise ProofRefused("not a proof of what the log holds about a code")
    code = _CODE.fullmatch(lines[1])
    if code is None or len(lines) - 3 > KEY_BITS:
        raise ProofRefused("the proof's code or length is malformed")
    code_hash = bytes.fromhex(code[1])
    end = _end_of(lines[2], code_hash)
    try:
        hashes = tuple(decode64(line) for line in lines[3:])
        checkpoint = parse_checkpoint(note)
    except NoteRefused as error:
        raise ProofRefused(f"the proof is malformed: {error}") from None
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofRefused("a hash does not have 32 bytes")
    return MapProof(code_hash, end, hashes, checkpoint)


def check_map_proof(text: str, code_hash: bytes, policy: Policy) -> MapProof:
    """Everything a verifier does offline: form, code, signature, quorum, the way to the root.

    `found` of what is returned is then true of this code up to the checkpoint's size. Raises
    ProofRefused, also for a proof about another code, which would show another absence.
    """
    proof = parse_map_proof(text)
    if not hmac.compare_digest(proof.code_hash, code_hash):
        raise ProofRefused("the proof is about another code")
    try:
        root = committed_root(policy.open_checkpoint(proof.checkpoint.note))
    except NoteRefused as error:
        raise ProofRefused(f"the checkpoint is refused: {error}") from None
    if root is None:
        raise ProofRefused("the checkpoint does not commit to a map of codes")
    verify_way(proof, root)
    return proof


def verify_way(proof: MapProof, root: bytes) -> None:
    """Raises ProofRefused unless the code's way ends as the proof says in the map of this root."""
    depth = len(proof.hashes)
    if proof.end is None:
        computed = EMPTY
    else:
        _refuse_elsewhere(proof, proof.end, depth)
        computed = leaf_hash(proof.end.packed())
    for sibling in proof.hashes:
        depth -= 1
        left, right = (computed, sibling), (sibling, computed)
        computed = node_hash(*(right if bit_at(proof.code_hash, depth) else left))
    if not hmac.compare_digest(computed, root):
        raise ProofRefused("the proof leads to another root")


def _refuse_elsewhere(proof: MapProof, end: Record, depth: int) -> None:
    """A record ends the code's way only if it shares the bits walked; its last entry is covered."""
    if any(bit_at(end.code_hash, at) != bit_at(proof.code_hash, at) for at in range(depth)):
        raise ProofRefused("the record does not stand on the code's way")
    if not end.count <= end.latest + 1 <= proof.checkpoint.size:
        raise ProofRefused("the record counts entries that the checkpoint does not have")


def _end_line(proof: MapProof) -> str:
    end = proof.end
    if end is None:
        return _ABSENT
    if proof.found:
        return f"present {end.count} {end.latest}"
    return f"absent beside {end.code_hash.hex()} {end.count} {end.latest}"


def _end_of(line: str, code_hash: bytes) -> Record | None:
    if line == _ABSENT:
        return None
    if present := _PRESENT.fullmatch(line):
        return _record(code_hash, present[1], present[2])
    beside = _BESIDE.fullmatch(line)
    if beside is None or bytes.fromhex(beside[1]) == code_hash:
        raise ProofRefused("the proof's answer is malformed")
    return _record(bytes.fromhex(beside[1]), beside[2], beside[3])


def _record(code_hash: bytes, count: str, latest: str) -> Record:
    if int(count) > MAX_SIZE or int(latest) > MAX_SIZE:
        raise ProofRefused("the proof's answer is malformed")
    return Record(code_hash, int(count), int(latest))
