"""What the signatures of a submitted PDF are worth, read inside a bounded process.

pyHanko calls some manipulated files fine (an update appended after the last signature keeps that
signature "intact"), so coverage is reported beside its bottom line and decides nothing here.
"""

import asyncio
import hashlib
import io
from typing import Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from verify_portal.answer import SignatureFinding

#: More signatures than any real copy has; a file with more is read no further.
MOST_SIGNATURES: Final = 12


def examine_signatures(content: bytes, anchor_pem: bytes) -> tuple[SignatureFinding, ...]:
    """One finding per regular signature, in the order in which they were made.

    `anchor_pem` is the only trusted root; nothing is fetched. A signature that cannot be read is a
    finding with `problem`; a file that cannot be read raises whatever pyHanko raises.
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    anchor = _certificate(anchor_pem)
    signatures = reader.embedded_regular_signatures[:MOST_SIGNATURES]
    return asyncio.run(_findings(signatures, anchor))


async def _findings(
    signatures: list[EmbeddedPdfSignature], anchor: x509.Certificate
) -> tuple[SignatureFinding, ...]:
    return tuple([await _finding(signature, anchor) for signature in signatures])


async def _finding(signature: EmbeddedPdfSignature, anchor: x509.Certificate) -> SignatureFinding:
    field = str(signature.field_name or "")
    try:
        status = await async_validate_pdf_signature(
            signature, _offline(anchor), ts_validation_context=_offline(anchor)
        )
        return _described(field, status)
    except Exception as failure:  # noqa: BLE001 - pyHanko raises many kinds on odd files; each is a fact about the file
        return SignatureFinding(field=field, problem=type(failure).__name__)


def _offline(anchor: x509.Certificate) -> ValidationContext:
    return ValidationContext(
        trust_roots=[anchor], allow_fetching=False, revocation_mode="soft-fail"
    )


def _described(field: str, status: PdfSignatureStatus) -> SignatureFinding:
    certificate = status.signing_cert
    stamp = status.timestamp_validity
    timestamped = bool(stamp and stamp.valid and stamp.trusted)
    coverage = status.coverage or SignatureCoverageLevel.UNCLEAR
    changes = status.modification_level
    subject = certificate.subject.native
    return SignatureFinding(
        field=field,
        signer=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        trusted=bool(status.trusted),
        intact=bool(status.intact and status.valid),
        covers_entire_file=coverage is SignatureCoverageLevel.ENTIRE_FILE,
        coverage=coverage.name.lower(),
        changes=changes.name.lower() if changes is not None else "unknown",
        signed_at=stamp.timestamp if stamp and timestamped else status.signer_reported_dt,
        timestamped=timestamped,
    )


def _certificate(content: bytes) -> x509.Certificate:
    _, _, der = pem.unarmor(content)
    return x509.Certificate.load(der)
