"""What a signer's certificate may do to the cost of a signature: nothing."""

import hashlib
import time
from datetime import UTC, datetime, timedelta

from asn1crypto import cms
from asn1crypto import x509 as der
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.sign.timestamps import TimeStamper

from intake.certify.keys import CachedKeySigner

DIGEST = hashlib.sha256(b"a page").digest()
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
AUTHORITY = ed25519.Ed25519PrivateKey.generate()  # whose signatures are all of one length
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def signer(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, padded: int) -> CachedKeySigner:
    """With a certificate that is this many bytes longer than it must be."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Trần Thị Hà")])
    filling = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999"), bytes(padded))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(filling, critical=False)
        .sign(AUTHORITY, None)
    )
    encoded = der.Certificate.load(certificate.public_bytes(Encoding.DER))
    return CachedKeySigner(key, encoded, [encoded])


class FakeStamper(TimeStamper):
    """Tests only: the token is whatever was signed first, read from bytes as a real one is."""

    def __init__(self, token: bytes) -> None:
        super().__init__()
        self._token = token

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._token)


async def test_no_length_of_a_certificate_makes_signing_dear() -> None:
    """asn1crypto takes some lengths for another thing, and some levels then thousands of times."""
    token = (await signer(EC, 0).async_sign(DIGEST, "sha256")).dump()

    async def cost(signing: CachedKeySigner) -> float:
        stamper = FakeStamper(token)
        begun = time.process_time()
        (await signing.async_sign(DIGEST, "sha256", timestamper=stamper)).dump()
        return time.process_time() - begun

    costs = [await cost(signer(EC, padded)) for padded in range(256)]
    assert max(costs) < 30 * sorted(costs)[128]


async def test_what_is_written_down_once_is_what_was_signed() -> None:
    signed = await signer(RSA, 100).async_sign(DIGEST, "sha256")
    read = cms.ContentInfo.load(signed.dump(), strict=True)
    assert read.dump(force=True) == signed.dump()
    (info,) = read["content"]["signer_infos"]
    attributes = {one["type"].native: one["values"][0].native for one in info["signed_attrs"]}
    assert attributes["message_digest"] == DIGEST
    told = info["signed_attrs"].untag().dump()
    RSA.public_key().verify(info["signature"].native, told, padding.PKCS1v15(), hashes.SHA256())
