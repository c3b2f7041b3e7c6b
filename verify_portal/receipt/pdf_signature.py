"""The portal's own signature on a PDF receipt (PAdES baseline B-B), and what one is worth.

Both run in a process of their own: pyHanko takes a tenth of a second of it, and reads any file.
"""

import asyncio
import hashlib
import io
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from registry.der import settle
from verify_portal.receipt.container import is_as_written

_FIELD: Final = "Portal"


class DocumentSignature(msgspec.Struct, frozen=True, kw_only=True):
    """`certificates`: SHA-256 in hexadecimal of each that comes with it, the signer's first.

    `trusted`: the chain led to the anchor at the time asked for. `exact`: its container holds
    nothing that could be spelled in another way.
    """

    certificates: tuple[str, ...]
    signer: str
    trusted: bool
    intact: bool
    covers_entire_file: bool
    exact: bool


class _Signer(SimpleSigner):
    async def async_sign(self, *arguments: Any, **options: Any) -> Any:
        """As pyHanko's, in a time that does not hang on how long a certificate happens to be."""
        signed = await super().async_sign(*arguments, **options)
        settle(signed)
        return signed


@cache
def signer_of(pkcs12: bytes, passphrase: bytes) -> SimpleSigner:
    """Opened once a process."""
    signer: SimpleSigner = _Signer.load_pkcs12_data(pkcs12, [], passphrase)
    return signer


def sign_document(pdf: bytes, signer: SimpleSigner) -> bytes:
    """With an invisible signature that permits no change."""
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signing = PdfSigner(metadata, signer=signer).async_sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf))
    )
    signed = asyncio.run(signing)
    assert isinstance(signed, io.BytesIO)  # noqa: S101 - pyHanko writes to memory when given no output
    return signed.getvalue()


def document_signature(content: bytes, anchor_pem: bytes, at: datetime) -> DocumentSignature | None:
    """The one signature of a receipt, its chain judged as of `at`; None when it has none or more.

    A file that cannot be read raises whatever pyHanko raises.
    """
    signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if len(signatures) != 1:
        return None
    _, _, der = pem.unarmor(anchor_pem)
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der)],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
    )
    signature = signatures[0]
    status = asyncio.run(async_validate_pdf_signature(signature, context))
    certificate, signed_data = status.signing_cert, signature.signed_data
    own = _fingerprint(certificate)
    others = {_fingerprint(one.chosen) for one in signed_data["certificates"]} - {own}
    return DocumentSignature(
        certificates=(own, *sorted(others)),
        signer=str(certificate.subject.native.get("common_name", "")),
        trusted=bool(status.trusted),
        intact=bool(status.intact and status.valid),
        covers_entire_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        exact=is_as_written(content, signature.byte_range, signed_data, certificate),
    )


def _fingerprint(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.dump()).hexdigest()
