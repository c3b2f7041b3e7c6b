"""PDFs signed by strangers, whose signatures say of themselves whatever they like.

The signatures hold: nothing but what is strange about them keeps them from being shown.
"""

import asyncio
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, Final

import pikepdf
from asn1crypto import algos, cms, core, keys, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import (
    DocumentTimestamp,
    PdfByteRangeDigest,
    PdfSignedData,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registry.clock import utc_now
from tests.testkit.hostile_files import saved

_KEY: Final = ec.generate_private_key(ec.SECP256R1())
_SHA256: Final = "sha256"


def strange_signatures() -> dict[str, Callable[[], bytes]]:
    """By what is strange about them; each is made when it is called for."""
    return {
        "the last second of 9999": lambda: signed(said_at=b"D:99991231235959Z"),
        "the last hour of 9999 in the west": lambda: signed(said_at=b"D:99991231230000-12'00'"),
        "the first second of all": lambda: signed(said_at=b"D:00010101000000+14'00'"),
        "the first second without a zone": lambda: signed(said_at=b"D:00010101000000"),
        "the year 0": lambda: signed(said_at=b"D:00000101000000Z"),
        "a zone of 99 hours": lambda: signed(said_at=b"D:20260101000000+99'99'"),
        "a time that is no time": lambda: signed(said_at=b"yesterday \x00\xd8\x00"),
        "a signing time in the year 0": lambda: signed(signing_time=b"00000101000000Z"),
        "a signing time in the year 1": lambda: signed(signing_time=b"00010101000000+1400"),
        "a signing time in 9999": lambda: signed(signing_time=b"99991231235959Z"),
        "a signing time of nonsense": lambda: signed(signing_time=b"99999999999999Z"),
        "a signing time of letters": lambda: signed(signing_time=b"\xff\x00noon"),
        "a stamp in the year 0": lambda: signed(stamped_at=b"00000101000000Z"),
        "a stamp in 9999": lambda: signed(stamped_at=b"99991231235959Z"),
        "a stamp of nonsense": lambda: signed(stamped_at=b"20261399000000Z"),
        "a closing stamp in the year 0": lambda: closed(b"00000101000000Z"),
        "a closing stamp in 9999": lambda: closed(b"99991231235959Z"),
        "a closing stamp of nonsense": lambda: closed(b"20261399000000Z"),
        "half a surrogate pair for a name": lambda: signed(
            name=core.BMPString(contents=b"\xd8\x00\x00\x00\x20\x2e\x00A")
        ),
        "a name that is no UTF-8": lambda: signed(name=core.UTF8String(contents=b"\xff\xfe\xed")),
        "a name of controls": lambda: signed(name=core.UTF8String("\0\x1b[2J\u202enA\ufeff")),
        "a name of 10,000 letters": lambda: signed(name=core.UTF8String("A" * 10_000)),
        "no name": lambda: signed(name=core.UTF8String("")),
        "a field of half a surrogate pair": lambda: signed(field="Seal \ud800\0"),
    }


def signed(
    *,
    said_at: bytes | None = None,
    signing_time: bytes | None = None,
    stamped_at: bytes | None = None,
    name: Any = None,
    field: str = "Seal",
) -> bytes:
    """One page with one signature. `said_at` is its dictionary's /M; `signing_time` the attribute
    and `stamped_at` the time of a stamp on it, both as GeneralizedTime's octets.
    """
    value = PdfSignedData(generic.NameObject("/Sig"), bytes_reserved=1 << 17)
    if said_at is not None:
        value["/M"] = generic.ByteStringObject(said_at)
    signer = _signer(name)
    signer.claimed, signer.stamp = signing_time, stamped_at
    return _embedded(value, field, lambda digest: signer.async_sign(digest, _SHA256))


def closed(stamped_at: bytes) -> bytes:
    """One page with a document time stamp and nobody's signature."""
    return _embedded(DocumentTimestamp(1 << 15), "Stamp", lambda digest: _token(digest, stamped_at))


class _Stranger(SimpleSigner):
    """Signs attributes of its own choice."""

    claimed: bytes | None = None
    stamp: bytes | None = None

    async def signed_attrs(self, *args: Any, **options: Any) -> Any:
        attributes = await super().signed_attrs(*args, **options)
        if self.claimed is not None:
            claimed = cms.Time("generalized_time", core.GeneralizedTime(contents=self.claimed))
            attributes.append(cms.CMSAttribute({"type": "signing_time", "values": [claimed]}))
        return attributes

    async def unsigned_attrs(
        self, digest_algorithm: str, signature: bytes, *args: Any, **options: Any
    ) -> Any:
        if self.stamp is None:
            return None
        token = await _token(hashlib.sha256(signature).digest(), self.stamp)
        kind = "signature_time_stamp_token"
        return cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": [token]})])


def _embedded(value: PdfByteRangeDigest, field: str, seal: Callable[[bytes], Any]) -> bytes:
    """A page with `value` in a signature field; `seal` makes the container of a digest."""
    with pikepdf.new() as document:
        document.add_blank_page()
        writer = IncrementalPdfFileWriter(io.BytesIO(saved(document)))
    steps = PdfCMSEmbedder().write_cms("Field", writer)
    reference = next(steps)
    # No writer spells such a text: UTF-16 with its mark, whatever the code units are.
    spelled = b"\xfe\xff" + field.encode("utf-16-be", "surrogatepass")
    reference.get_object()["/T"] = generic.ByteStringObject(spelled)
    steps.send(SigObjSetup(sig_placeholder=value))
    prepared, written = steps.send(SigIOSetup(md_algorithm=_SHA256))
    steps.send(asyncio.run(seal(prepared.document_digest)))
    return bytes(written.getvalue())


async def _token(digest: bytes, stamped_at: bytes) -> Any:
    """An RFC 3161 token of a service that nobody trusts; `stamped_at` as GeneralizedTime."""
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": _SHA256})}
    stamped = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "2.999.1",
            "message_imprint": imprint | {"hashed_message": digest},
            "serial_number": 1,
            "gen_time": core.GeneralizedTime(contents=stamped_at),
        }
    )
    inside = {"content_type": "tst_info", "content": core.ParsableOctetString(stamped.dump())}
    return await _signer(None).async_sign_general_data(
        cms.EncapsulatedContentInfo(inside), _SHA256, detached=False
    )


def _signer(name: Any) -> _Stranger:
    """Self-signed, by this name (an ASN.1 string)."""
    key = _KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return _Stranger(
        signing_cert=_honest() if name is None else _renamed(name),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )


@cache
def _honest() -> Any:
    name = certificates.Name(
        [certificates.NameAttribute(certificates.NameOID.COMMON_NAME, "Someone Else")]
    )
    made = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_KEY.public_key())
        .serial_number(7)
        .not_valid_before(utc_now() - timedelta(days=1))
        .not_valid_after(utc_now() + timedelta(days=30))
        .sign(_KEY, hashes.SHA256())
    )
    return x509.Certificate.load(made.public_bytes(Encoding.DER))


def _renamed(name: Any) -> Any:
    """The certificate with another name, which no honest library would write; signed again."""
    certificate = _honest().copy()
    # Written octet by octet: asn1crypto reads what it builds, and stumbles.
    part = _tagged(0x30, x509.NameType("common_name").dump() + name.dump())
    renamed = x509.Name.load(_tagged(0x30, _tagged(0x31, part)))
    inner = certificate["tbs_certificate"]
    inner["subject"] = inner["issuer"] = renamed
    certificate["signature_value"] = core.OctetBitString(
        _KEY.sign(inner.dump(), ec.ECDSA(hashes.SHA256()))
    )
    return x509.Certificate.load(certificate.dump())


def _tagged(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content
