"""The seal inside the QR code: key facts that a scanner checks with no network.

A CWT (RFC 8392) in COSE_Sign1 (RFC 9052) signed with Ed25519, as base64url without padding, short
enough for a URL's fragment. Claim 7 (CWT ID) is the code; the facts stand, in the order of
`SealClaims`, in one array under a claim of private use, which saves their names. The copy's place
in the status lists ends it as two numbers: the address is the portal's, which the QR has already.
Seals from before there were such lists end without.
"""

import base64
import binascii
import io
import re
from datetime import date
from typing import Any, Final

import cbor2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.code import parse_code
from registry.errors import ForgedSeal, MalformedCode, MalformedSeal
from registry.status_list import Place

_COSE_SIGN1: Final = 18
_ALGORITHM: Final = 1
_EDDSA: Final = -8
_CWT_ID: Final = 7
_FACTS: Final = -65537
_PROTECTED: Final = cbor2.dumps({_ALGORITHM: _EDDSA}, canonical=True)
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{1,4096}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class SealClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What the QR says by itself; `certified_on` is the local date, YYYY-MM-DD."""

    code: str
    document_type: str
    holder_name: str
    unit_name: str
    book: str
    number: int
    page_count: int
    certified_on: str
    place: Place | None = None


_NAMES: Final = SealClaims.__struct_fields__[1:-1]


def make_seal(key: Ed25519PrivateKey, claims: SealClaims) -> str:
    """The seal's text. Raises MalformedCode when the claims' code is none."""
    facts = [getattr(claims, name) for name in _NAMES]
    if claims.place is not None:
        facts += [claims.place.list, claims.place.index]
    symbols = parse_code(claims.code).replace("-", "").encode("ascii")
    payload = cbor2.dumps({_CWT_ID: symbols, _FACTS: facts}, canonical=True)
    signature = key.sign(_to_be_signed(payload))
    message = cbor2.CBORTag(_COSE_SIGN1, [_PROTECTED, {}, payload, signature])
    return base64.urlsafe_b64encode(cbor2.dumps(message)).rstrip(b"=").decode("ascii")


def open_seal(public_key: Ed25519PublicKey, text: str) -> SealClaims:
    """The claims of a genuine seal; raises MalformedSeal for anything else, which is ForgedSeal
    where only the signature does not hold.

    A genuine seal pasted on another page is still genuine: compare its facts with the page.
    """
    payload, signature = _parts(text)
    try:
        public_key.verify(signature, _to_be_signed(payload))
    except InvalidSignature:
        raise ForgedSeal("the seal's signature does not hold") from None
    return _claims(payload)


def _to_be_signed(payload: bytes) -> bytes:
    """Sig_structure of RFC 9052, section 4.4, with no external data."""
    return cbor2.dumps(["Signature1", _PROTECTED, b"", payload])


def _parts(text: str) -> tuple[bytes, bytes]:
    if not _TEXT.fullmatch(text):
        raise MalformedSeal("the seal is no base64url, or too long")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        message = _whole(raw)
    except (binascii.Error, ValueError, cbor2.CBORDecodeError):
        raise MalformedSeal("the seal is no CBOR in base64url") from None
    match message:
        # The pattern {} would match any mapping.
        case cbor2.CBORTag(tag=18, value=[protected, others, bytes(payload), bytes(signature)]) if (
            protected == _PROTECTED and others == {}
        ):
            return payload, signature
    raise MalformedSeal("the seal is no COSE_Sign1 with Ed25519")


def _whole(raw: bytes) -> Any:
    """One CBOR item and nothing after it, where a second reader might see something else."""
    stream = io.BytesIO(raw)
    item = cbor2.load(stream)
    if stream.read(1):
        raise ValueError("bytes follow the item")
    return item


def _claims(payload: bytes) -> SealClaims:
    try:
        content: dict[int, Any] = _whole(payload)
        code = parse_code(content[_CWT_ID].decode("ascii"))
        facts = content[_FACTS]
        told = dict(zip(_NAMES, facts[: len(_NAMES)], strict=True))
        if numbers := facts[len(_NAMES) :]:
            told["place"] = dict(zip(("list", "index"), numbers, strict=True))
        claims = msgspec.convert({"code": code, **told}, SealClaims)
        if _DAY.fullmatch(claims.certified_on):
            date.fromisoformat(claims.certified_on)
            return claims
    except (MalformedCode, cbor2.CBORDecodeError, LookupError, ValueError, TypeError) as error:
        raise MalformedSeal("the seal's claims are malformed") from error
    except AttributeError:
        raise MalformedSeal("the seal's claims are malformed") from None
    raise MalformedSeal("the seal's day is none")
