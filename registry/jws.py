"""Signed JSON (RFC 7515) by EdDSA (RFC 8037): compact for tokens, flattened for files. Pure.

What is opened must be exactly what would be written: no second spelling of a signed text holds.
"""

import base64
import binascii
import hashlib
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ALGORITHM: Final = "EdDSA"


class JwsRefused(Exception):
    """The text is no JWS of this type by this key; says why."""


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str
    typ: str


class _Flattened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """RFC 7515, section 7.2.2, without an unprotected header."""

    payload: str
    protected: str
    signature: str


def sign_compact(key: Ed25519PrivateKey, kind: str, payload: bytes) -> str:
    """`kind` is the header's `typ` (RFC 8725, section 3.11)."""
    signed = _signed(key, kind, payload)
    return f"{signed}.{encoded(key.sign(signed.encode('ascii')))}"


def open_compact(public_key: Ed25519PublicKey, kind: str, content: bytes) -> bytes:
    """The payload; raises JwsRefused."""
    match content.split(b"."):
        case [protected, payload, signature]:
            return _opened(public_key, kind, protected, payload, signature)
    raise JwsRefused("not three parts with a dot between")


def sign_flattened(key: Ed25519PrivateKey, kind: str, payload: bytes) -> bytes:
    """A JSON object and a newline, one spelling only."""
    protected, _, signed_payload = _signed(key, kind, payload).partition(".")
    signature = key.sign(f"{protected}.{signed_payload}".encode("ascii"))
    return _written(_Flattened(signed_payload, protected, encoded(signature)))


def open_flattened(public_key: Ed25519PublicKey, kind: str, content: bytes) -> bytes:
    """The payload of what `sign_flattened` wrote; raises JwsRefused."""
    try:
        jws = msgspec.json.decode(content, type=_Flattened)
        parts = [part.encode("ascii") for part in (jws.protected, jws.payload, jws.signature)]
    except (msgspec.MsgspecError, UnicodeError):
        raise JwsRefused("not a flattened JWS") from None
    if _written(jws) != content:
        raise JwsRefused("not spelled as it is when signed")
    return _opened(public_key, kind, *parts)


def is_flattened(content: bytes) -> bool:
    """Whether a file has the form of one, whoever signed what."""
    try:
        msgspec.json.decode(content, type=_Flattened)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True


def key_id(public_key: Ed25519PublicKey) -> str:
    """RFC 7638 thumbprint of the key as a JWK (RFC 8037)."""
    x = encoded(public_key.public_bytes_raw())
    return encoded(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())


def encoded(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decoded(text: bytes) -> bytes:
    """Of what `encoded` writes, and of nothing that only means the same; raises JwsRefused."""
    try:
        content = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise JwsRefused("not base64url") from None
    if encoded(content).encode("ascii") != text:
        raise JwsRefused("not base64url as it is written")
    return content


def _signed(key: Ed25519PrivateKey, kind: str, payload: bytes) -> str:
    header = _Header(alg=_ALGORITHM, kid=key_id(key.public_key()), typ=kind)
    return f"{encoded(msgspec.json.encode(header))}.{encoded(payload)}"


def _opened(
    public_key: Ed25519PublicKey, kind: str, protected: bytes, payload: bytes, signature: bytes
) -> bytes:
    try:
        public_key.verify(decoded(signature), protected + b"." + payload)
    except InvalidSignature:
        raise JwsRefused("the signature does not hold") from None
    try:
        head = msgspec.json.decode(decoded(protected), type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise JwsRefused("the header is malformed") from None
    if (head.alg, head.typ) != (_ALGORITHM, kind):
        raise JwsRefused(f"signed as {head.typ} with {head.alg}, not as {kind} with {_ALGORITHM}")
    return decoded(payload)


def _written(jws: _Flattened) -> bytes:
    return msgspec.json.format(msgspec.json.encode(jws), indent=1) + b"\n"
