"""The signed status list, as JWT (`statuslist+jwt`) and as CWT (`statuslist+cwt`), both by EdDSA.

draft-ietf-oauth-status-list, section 5. Beside the draft's claims both carry `checkpoint`, the
state of the log that the list was computed from. `kid` is the key's JWK thumbprint (RFC 7638).
"""

import re
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

import cbor2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.errors import MalformedStatusList
from registry.jws import JwsRefused, decoded, encoded, key_id, open_compact, sign_compact
from registry.log.tree import HASH_BYTES
from registry.status_list import BITS, SignedAt, StatusList

JWT_TYPE: Final = "application/statuslist+jwt"
CWT_TYPE: Final = "application/statuslist+cwt"
_JWT_TYP: Final = "statuslist+jwt"
#: A full list of random values does not compress: 256 KiB, a third more in base64.
MOST_BYTES: Final = 1 << 20

_NUMBERED: Final = re.compile(r"\S+/(0|[1-9][0-9]{0,8})", re.ASCII)
_COSE_SIGN1: Final = 18
_ALG, _KID, _TYP, _EDDSA = 1, 4, 16, -8
_KEYS: Final = {
    "sub": 2,
    "exp": 4,
    "iat": 6,
    "ttl": 65534,
    "status_list": 65533,
    "checkpoint": "checkpoint",
}


Lst = TypeVar("Lst", str, bytes)


class _Bits(msgspec.Struct, Generic[Lst], frozen=True):
    bits: int
    lst: Lst


class _Claims(msgspec.Struct, Generic[Lst], frozen=True):
    """In JSON, `lst` is base64url and the checkpoint's root base64, as elsewhere; in CBOR bytes."""

    sub: str
    iat: int
    exp: int
    ttl: int
    status_list: _Bits[Lst]
    checkpoint: SignedAt


def sign_jwt(key: Ed25519PrivateKey, said: StatusList) -> str:
    """The compact serialisation."""
    claims = _claims(said, encoded(said.lst))
    return sign_compact(key, _JWT_TYP, msgspec.json.encode(claims))


def sign_cwt(key: Ed25519PrivateKey, said: StatusList) -> bytes:
    """A tagged COSE_Sign1 without the CWT tag, as the draft wants it."""
    protected = cbor2.dumps({_ALG: _EDDSA, _TYP: CWT_TYPE}, canonical=True)
    claims = _claims(said, said.lst)
    by_key = {
        key: msgspec.to_builtins(getattr(claims, name), builtin_types=(bytes,))
        for name, key in _KEYS.items()
    }
    payload = cbor2.dumps(by_key, canonical=True)
    signature = key.sign(_to_be_signed(protected, payload))
    kid = key_id(key.public_key()).encode("ascii")
    message = cbor2.CBORTag(_COSE_SIGN1, [protected, {_KID: kid}, payload, signature])
    return cbor2.dumps(message)


def open_token(public_key: Ed25519PublicKey, content: bytes) -> StatusList:
    """What a genuine list of either form says; raises MalformedStatusList for anything else.

    Whether it has expired is for the caller, who has a clock.
    """
    if len(content) > MOST_BYTES:
        raise MalformedStatusList("the list is too long")
    is_jwt = content.startswith(b"ey")  # a JSON object in base64url
    said = _open_jwt(public_key, content) if is_jwt else _open_cwt(public_key, content)
    if not _NUMBERED.fullmatch(said.uri):
        raise MalformedStatusList("the list's address does not end in its number")
    return said


def _claims(said: StatusList, lst: Lst) -> _Claims[Lst]:
    return _Claims(
        sub=said.uri,
        iat=int(said.issued_at.timestamp()),
        exp=int(said.expires_at.timestamp()),
        ttl=said.ttl,
        status_list=_Bits(BITS, lst),
        checkpoint=said.checkpoint,
    )


def _open_jwt(public_key: Ed25519PublicKey, content: bytes) -> StatusList:
    try:
        payload = open_compact(public_key, _JWT_TYP, content.strip())
        claims = msgspec.json.decode(payload, type=_Claims[str])
        lst = decoded(claims.status_list.lst.encode())
    except JwsRefused as refusal:
        raise MalformedStatusList(f"the list is refused: {refusal}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise MalformedStatusList("the list's claims are malformed") from None
    return _said(claims, lst)


def _open_cwt(public_key: Ed25519PublicKey, content: bytes) -> StatusList:
    try:
        match cbor2.loads(content):
            case cbor2.CBORTag(
                tag=18, value=[bytes(protected), _, bytes(payload), bytes(signature)]
            ):
                _verify(public_key, signature, _to_be_signed(protected, payload))
            case _:
                raise MalformedStatusList("the list is neither a JWT nor a COSE_Sign1")
        head, by_key = cbor2.loads(protected), cbor2.loads(payload)
        named = {name: by_key[key] for name, key in _KEYS.items()}
        claims = msgspec.convert(named, _Claims[bytes])
        kind = (head[_ALG], head[_TYP])
    except (cbor2.CBORDecodeError, LookupError, TypeError, ValueError) as error:
        raise MalformedStatusList("the list's claims are malformed") from error
    if kind != (_EDDSA, CWT_TYPE):
        raise MalformedStatusList("the CWT is no status list signed with EdDSA")
    return _said(claims, claims.status_list.lst)


def _said(claims: _Claims[str] | _Claims[bytes], lst: bytes) -> StatusList:
    if claims.status_list.bits != BITS:
        raise MalformedStatusList(f"the list does not have {BITS} bits a copy")
    if len(claims.checkpoint.root) != HASH_BYTES:
        raise MalformedStatusList("the list's checkpoint is malformed")
    try:
        times = [datetime.fromtimestamp(one, UTC) for one in (claims.iat, claims.exp)]
    except (OverflowError, OSError, ValueError):
        raise MalformedStatusList("the list's times are malformed") from None
    return StatusList(
        uri=claims.sub,
        issued_at=times[0],
        expires_at=times[1],
        ttl=claims.ttl,
        lst=lst,
        checkpoint=claims.checkpoint,
    )


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Sig_structure of RFC 9052, section 4.4, with no external data."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _verify(public_key: Ed25519PublicKey, signature: bytes, signed: bytes) -> None:
    try:
        public_key.verify(signature, signed)
    except InvalidSignature:
        raise MalformedStatusList("the list's signature does not hold") from None
