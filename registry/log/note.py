"""C2SP signed-note: text signed by named Ed25519 keys.

A verifier key line reads `name+keyid+base64(algorithm || public key)`, keyid in 8 hex digits: the
form of Go's golang.org/x/mod/sumdb/note, which every client of such logs understands. This file
knows the algorithm byte 0x01, a plain Ed25519 signature; cosignatures have their own.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = 1
ED25519_BYTES = 32
_DASH = "\u2014"
_MAX_NOTE_CHARACTERS = 1_000_000
_MAX_SIGNATURES = 100
# Half a surrogate pair has no UTF-8 form, and a note is UTF-8.
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]+")


class NoteRefused(Exception):
    """A note is malformed, or no trusted key signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """One trusted key; name and key id together identify it."""

    name: str
    key_id: bytes
    public_key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose it claims to be, and its bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A verifier key line taken apart; `raw` is the public key in its algorithm's encoding."""

    name: str
    key_id: bytes
    algorithm: int
    raw: bytes


def published_key(name: str, algorithm: int, raw: bytes) -> PublishedKey:
    """The key id is four bytes that tell keys of one name apart; no protection against forgery."""
    _refuse_name(name)
    content = name.encode() + b"\n" + bytes([algorithm]) + raw
    return PublishedKey(name, hashlib.sha256(content).digest()[:4], algorithm, raw)


def key_line(key: PublishedKey) -> str:
    """The key as its owner publishes it."""
    encoded = base64.b64encode(bytes([key.algorithm]) + key.raw).decode("ascii")
    return f"{key.name}+{key.key_id.hex()}+{encoded}"


def parse_key_line(line: str) -> PublishedKey:
    """Raises NoteRefused for a broken form or for a key id that is not this key's."""
    name, _, rest = line.strip(" \t\r\n").partition("+")
    claimed, _, encoded = rest.partition("+")
    raw = decode64(encoded)
    if not raw:
        raise NoteRefused("not a verifier key")
    key = published_key(name, raw[0], raw[1:])
    if claimed != key.key_id.hex():
        raise NoteRefused("the key id is not this key's")
    return key


def verifier_line(name: str, public_key: Ed25519PublicKey) -> str:
    """The key as it is published."""
    return key_line(published_key(name, _ED25519, public_key.public_bytes_raw()))


def parse_verifier(line: str) -> Verifier:
    """Raises NoteRefused for anything but a well-formed Ed25519 verifier key line."""
    key = parse_key_line(line)
    if key.algorithm != _ED25519 or len(key.raw) != ED25519_BYTES:
        raise NoteRefused("not an Ed25519 verifier key")
    return Verifier(key.name, key.key_id, Ed25519PublicKey.from_public_bytes(key.raw))


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note with one signature. `text` ends in a newline."""
    public_key = published_key(name, _ED25519, key.public_key().public_bytes_raw())
    if not text.endswith("\n") or _FORBIDDEN.search(text):
        raise NoteRefused("a note's text ends in a newline and holds no control characters")
    signature = Signature(name, public_key.key_id, key.sign(text.encode()))
    return f"{text}\n{signature_line(signature)}"


def signature_line(signature: Signature) -> str:
    """One signature as a line of a note, newline included."""
    encoded = base64.b64encode(signature.key_id + signature.signature).decode("ascii")
    return f"{_DASH} {signature.name} {encoded}\n"


def split_note(note: str) -> tuple[str, list[Signature]]:
    """Text and signature lines, unverified. Raises NoteRefused when the form is broken."""
    if len(note) > _MAX_NOTE_CHARACTERS or not note.endswith("\n"):
        raise NoteRefused("not a note")
    if _FORBIDDEN.search(note):
        raise NoteRefused("a note holds no control characters")
    head, separator, tail = note[:-1].rpartition("\n\n")
    if not separator or not tail:
        raise NoteRefused("the note has no signatures")
    text, lines = head + "\n", tail.split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise NoteRefused("the note has too many signatures")
    return text, [_parse_signature(line) for line in lines]


def only_signed_by(note: str, verifiers: Sequence[Verifier]) -> str:
    """The note without the signature lines of other keys, which anybody may have added."""
    text, signatures = split_note(note)
    trusted = {(verifier.name, verifier.key_id) for verifier in verifiers}
    kept = [one for one in signatures if (one.name, one.key_id) in trusted]
    return text + "\n" + "".join(signature_line(one) for one in kept)


def open_note(note: str, verifiers: Sequence[Verifier]) -> str:
    """The text, once a trusted key's signature holds; unknown keys are ignored.

    Raises NoteRefused when no trusted key signed it or when a trusted key's signature is wrong.
    """
    text, signatures = split_note(note)
    trusted = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed = False
    for signature in signatures:
        verifier = trusted.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        try:
            verifier.public_key.verify(signature.signature, text.encode())
        except InvalidSignature:
            raise NoteRefused("a trusted key's signature does not hold") from None
        signed = True
    if not signed:
        raise NoteRefused("no trusted key signed the note")
    return text


def decode64(text: str) -> bytes:
    """Standard base64 in its one canonical spelling; anything else is refused."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused("not base64") from None
    if not hmac.compare_digest(base64.b64encode(raw), text.encode()):
        raise NoteRefused("not base64 in canonical form")
    return raw


def _parse_signature(line: str) -> Signature:
    match line.split(" "):
        case [dash, name, encoded] if dash == _DASH:
            _refuse_name(name)
            raw = decode64(encoded)
        case _:
            raise NoteRefused("a signature line is malformed")
    if len(raw) < 5:
        raise NoteRefused("a signature is too short")
    return Signature(name, raw[:4], raw[4:])


def _refuse_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise NoteRefused("a key name is empty, or holds a space, a plus or no character at all")
