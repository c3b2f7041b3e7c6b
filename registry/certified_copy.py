"""A certified copy as the registry takes it over, and the receipt it gives."""

import hashlib
import hmac
from datetime import datetime
from typing import Final

import msgspec
import rfc8785

COMMITMENT_DOMAIN: Final = b"bansao facts v1\n"
SALT_BYTES: Final = 32
_SORTED: Final = msgspec.json.Encoder(order="sorted")
_UNSAFE_INTEGER: Final = 2**53  # JSON's numbers are doubles: RFC 8785 refuses what they round


class Facts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the copy says, personal data included: kept beside the log, never in it.

    `certified_on` is the local date, `YYYY-MM-DD`; `fields` are the document's own fields by name.
    """

    document_type: str
    title: str
    holder_name: str
    page_count: int
    unit_name: str
    signer_name: str
    signer_title: str
    certified_on: str
    fields: dict[str, str] = {}


class CertifiedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A signed PDF about to be registered.

    Digests, salt and fingerprints have 32 bytes; a fingerprint is the SHA-256 of a certificate's
    DER form. `book` and `number` must have been reserved (registry.book) before signing.
    """

    code: str
    pdf_digest: bytes
    facts: Facts
    salt: bytes
    signer_fingerprint: bytes
    seal_fingerprint: bytes
    unit_code: str
    book: str
    number: int
    certified_at: datetime


class Receipt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Proof towards the caller that one entry stands in the book, durably.

    `index` counts from 0. `pdf_digest` is the copy's, for a change of status too.
    """

    index: int
    leaf_hash: bytes
    entry_hash: bytes
    pdf_digest: bytes
    registered_at: datetime


def canonical_facts(facts: Facts) -> bytes:
    """The RFC 8785 form of the facts: what is committed to, and stored as it stands.

    Raises ValueError for texts that are not Unicode and whole numbers beyond 2^53.
    """
    # RFC 8785 sorts names by UTF-16 units, msgspec by code points: the same below U+10000.
    names = "".join(facts.fields)
    if (not names.isascii() and max(names) > "\uffff") or facts.page_count >= _UNSAFE_INTEGER:
        return rfc8785.dumps(msgspec.to_builtins(facts))
    return _SORTED.encode(facts)


def committed(canonical: bytes, salt: bytes) -> bytes:
    """SHA-256 over domain, salt and canonical facts; hides them as long as the salt is secret."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a commitment needs a salt of 32 bytes")
    return hashlib.sha256(COMMITMENT_DOMAIN + salt + canonical).digest()


def commitment(facts: Facts, salt: bytes) -> bytes:
    """The commitment to facts that are not in their canonical form yet."""
    return committed(canonical_facts(facts), salt)


def opens(expected: bytes, stored: bytes, salt: bytes) -> bool:
    """Whether facts, as they are stored, and salt are the ones that were committed to."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(expected, committed(stored, salt))
