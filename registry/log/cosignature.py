"""C2SP tlog-cosignature: a witness states that a checkpoint continues all it saw of that log.

A cosignature is a line of the checkpoint's note, `time (8 bytes, big-endian) || signature`. Two
algorithms: Ed25519 (0x04) signs a header, the time and the note's text; ML-DSA-44 (0x06) signs
the witness's name, the time, origin, size and root. Both are verified, the first is made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from registry.log.checkpoint import read_checkpoint
from registry.log.note import (
    ED25519_BYTES,
    NoteRefused,
    PublishedKey,
    Signature,
    key_line,
    parse_key_line,
    published_key,
    signature_line,
    split_note,
)

CosignerKey = Ed25519PublicKey | MLDSA44PublicKey

_ED25519 = 4
_MLDSA44 = 6
_MLDSA44_BYTES = 1312
_SIGNATURE_BYTES = {_ED25519: 64, _MLDSA44: 2420}
_TIME_BYTES = 8
_MAX_TIME = 2**63 - 1
_MAX_NAME_BYTES = 255


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A trusted witness's key; name and key id together identify it."""

    name: str
    key_id: bytes
    public_key: CosignerKey


def cosigner_line(name: str, public_key: CosignerKey) -> str:
    """The key as a witness publishes it."""
    return key_line(_published(name, public_key))


def parse_cosigner(line: str) -> Cosigner:
    """Raises NoteRefused for anything but the key line of a cosigner."""
    key = parse_key_line(line)
    if key.algorithm == _ED25519 and len(key.raw) == ED25519_BYTES:
        return Cosigner(key.name, key.key_id, Ed25519PublicKey.from_public_bytes(key.raw))
    short_name = len(key.name.encode()) <= _MAX_NAME_BYTES
    if key.algorithm == _MLDSA44 and len(key.raw) == _MLDSA44_BYTES and short_name:
        return Cosigner(key.name, key.key_id, MLDSA44PublicKey.from_public_bytes(key.raw))
    raise NoteRefused("not the key of a cosigner: Ed25519 (0x04) or ML-DSA-44 (0x06)")


def cosign(note: str, name: str, key: Ed25519PrivateKey, timestamp: int) -> str:
    """The signature line to add to a checkpoint's note; `timestamp` in POSIX seconds.

    To be called for no checkpoint that is inconsistent with one that this key has cosigned.
    """
    text, _ = split_note(note)
    read_checkpoint(text, note)
    if not 0 <= timestamp <= _MAX_TIME:
        raise ValueError("not a time that a cosignature can carry")
    signature = timestamp.to_bytes(_TIME_BYTES, "big") + key.sign(_plain_message(text, timestamp))
    return signature_line(Signature(name, _published(name, key.public_key()).key_id, signature))


def valid_cosignatures(note: str, cosigners: Iterable[Cosigner]) -> dict[str, int]:
    """Key name and POSIX time of each cosigner that signed this checkpoint.

    Raises NoteRefused for a broken note and for a false signature of a known key; unknown keys
    are ignored. A time of 0, which ML-DSA-44 allows, claims no moment.
    """
    text, signatures = split_note(note)
    found = [(one.name, cosigned_at(text, signatures, one)) for one in cosigners]
    return {name: time for name, time in found if time is not None}


def cosigned_at(text: str, signatures: Sequence[Signature], cosigner: Cosigner) -> int | None:
    """The newest time at which one cosigner signed a checkpoint's text; None if it did not."""
    times = [
        _verified_time(text, one.signature, cosigner)
        for one in signatures
        if (one.name, one.key_id) == (cosigner.name, cosigner.key_id)
    ]
    return max(times, default=None)


def _verified_time(text: str, stamped: bytes, cosigner: Cosigner) -> int:
    time = int.from_bytes(stamped[:_TIME_BYTES], "big")
    public_key = cosigner.public_key
    if isinstance(public_key, Ed25519PublicKey):
        length, message = _SIGNATURE_BYTES[_ED25519], _plain_message(text, time)
    else:
        length, message = _SIGNATURE_BYTES[_MLDSA44], _subtree_message(text, time, cosigner.name)
    if len(stamped) != _TIME_BYTES + length or time > _MAX_TIME:
        raise NoteRefused("a trusted witness's cosignature is malformed")
    try:
        public_key.verify(stamped[_TIME_BYTES:], message)
    except InvalidSignature:
        raise NoteRefused("a trusted witness's cosignature does not hold") from None
    return time


def _plain_message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _subtree_message(text: str, time: int, name: str) -> bytes:
    """Says nothing of extension lines, and of a whole tree: leaves 0 up to its size."""
    checkpoint = read_checkpoint(text, "")
    origin = checkpoint.origin.encode()
    if len(origin) > _MAX_NAME_BYTES:
        raise NoteRefused("an origin of this length cannot be cosigned with ML-DSA-44")
    names = [bytes([len(one)]) + one for one in (name.encode(), origin)]
    numbers = [number.to_bytes(8, "big") for number in (time, 0, checkpoint.size)]
    parts = [b"subtree/v1\n\0", names[0], numbers[0], names[1], *numbers[1:], checkpoint.root_hash]
    return b"".join(parts)


def _published(name: str, public_key: CosignerKey) -> PublishedKey:
    algorithm = _ED25519 if isinstance(public_key, Ed25519PublicKey) else _MLDSA44
    return published_key(name, algorithm, public_key.public_bytes_raw())
