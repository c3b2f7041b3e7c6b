"""The seal inside the QR code: key facts that a scanner can check with no network."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


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


def make_seal(key: Ed25519PrivateKey, claims: SealClaims) -> str:
    """A CWT (RFC 8392) in COSE_Sign1 (RFC 9052), base64url without padding, for a URL fragment."""
    raise NotImplementedError


def open_seal(public_key: Ed25519PublicKey, text: str) -> SealClaims:
    """The claims of a genuine seal; raises MalformedSeal for anything else."""
    raise NotImplementedError
