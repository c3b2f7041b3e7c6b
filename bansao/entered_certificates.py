"""X.509 certificates as the registry's authority data hold them."""

import hashlib

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

from registry.store.entering import Entered, Entering


async def enter_certificate(
    entering: Entering, certificate: Certificate, *, officer: str | None, by: str
) -> Entered:
    """Enter an officer's certificate, or a seal's with None."""
    return await entering.certificate(
        fingerprint_of(certificate),
        certificate.public_bytes(Encoding.DER),
        officer=officer,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        by=by,
    )


def fingerprint_of(certificate: Certificate) -> bytes:
    """SHA-256 of the certificate's DER form."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
