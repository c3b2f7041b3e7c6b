"""What the signatures of a submitted PDF are worth, read inside a bounded process.

pyHanko calls some manipulated files fine (an update appended after the last signature keeps that
signature "intact"), so coverage is reported beside its bottom line and decides nothing here.

A signature with a trusted time stamp is judged as of that time: its certificate may have expired
since, or been revoked later. Nothing is fetched: revocation lists come from the trust directory.
"""

import asyncio
import hashlib
import io
from datetime import UTC, datetime
from typing import Any, Final

from asn1crypto import crl, pem, x509
from msgspec import Struct
from msgspec.structs import replace
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from verify_portal.answer import SignatureFinding
from verify_portal.file.claimed import claimed

#: More signatures than any real copy has; a file with more is read no further.
MOST_SIGNATURES: Final = 12
#: Of a time that is claimed: where these end, another zone's date may not exist.
_YEARS: Final = range(1900, 9999)


def examine_signatures(
    content: bytes, anchor_pem: bytes, revocation_lists: tuple[bytes, ...] = ()
) -> tuple[SignatureFinding, ...]:
    """One finding per signature or document time stamp, in the order in which they were made.

    `anchor_pem` is the only trusted root, `revocation_lists` are DER. A signature that cannot be
    read is a finding with `problem`; a file that cannot be read raises whatever pyHanko raises.
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    trust = _Trust(
        anchor=_certificate(anchor_pem),
        lists=tuple(crl.CertificateList.load(one) for one in revocation_lists),
    )
    return asyncio.run(_findings(reader.embedded_signatures[:MOST_SIGNATURES], trust))


class _Trust(Struct, frozen=True, kw_only=True):
    anchor: x509.Certificate
    lists: tuple[crl.CertificateList, ...]

    def at(self, moment: datetime | None, *, listed: bool = False) -> ValidationContext:
        """For judging chains as of a moment, None being now. With `listed` every certificate below
        the root must be on somebody's list as not revoked; without, lists are not looked at, since
        ours are not those that certificates declare.
        """
        return ValidationContext(
            trust_roots=[self.anchor],
            moment=moment,
            crls=self.lists,
            revocation_mode="require" if listed else "soft-fail",
            retroactive_revinfo=True,  # a list of today tells what was revoked by then
        )


async def _findings(
    signatures: list[EmbeddedPdfSignature], trust: _Trust
) -> tuple[SignatureFinding, ...]:
    return tuple([await _finding(signature, trust) for signature in signatures])


async def _finding(signature: EmbeddedPdfSignature, trust: _Trust) -> SignatureFinding:
    try:
        if signature.sig_object_type == "/DocTimeStamp":
            return await _document_time_stamp(signature, trust)
        return await _signature(signature, trust)
    except Exception as failure:  # noqa: BLE001 - pyHanko raises many kinds on odd files; each is a fact about the file
        return SignatureFinding(field=_field(signature), problem=type(failure).__name__)


async def _signature(signature: EmbeddedPdfSignature, trust: _Trust) -> SignatureFinding:
    stamped_at = await _stamped_at(signature, trust)
    status = await _validated(signature, trust.at(stamped_at), diff=True)
    listed = await _validated(signature, trust.at(stamped_at, listed=True))
    finding = _described(signature, status)
    return replace(
        finding,
        trusted=finding.trusted and not listed.revoked,
        revocation="revoked" if listed.revoked else "good" if listed.trusted else "unchecked",
        changes=status.modification_level.name.lower() if status.modification_level else "unknown",
        signed_at=_claimed_time(stamped_at or status.signer_reported_dt),
        timestamped=stamped_at is not None,
    )


async def _stamped_at(signature: EmbeddedPdfSignature, trust: _Trust) -> datetime | None:
    """The time that a trusted service says, if it does. Of its own certificate only the end may
    have come since, not a revocation.
    """
    stamp = (await _validated(signature, trust.at(None, listed=True))).timestamp_validity
    if stamp is None or not (stamp.valid and stamp.intact) or stamp.revoked:
        return None
    then = trust.at(stamp.timestamp)
    stamp = (await _validated(signature, then)).timestamp_validity
    return stamp.timestamp if stamp and stamp.trusted else None


async def _validated(
    signature: EmbeddedPdfSignature,
    context: ValidationContext,
    *,
    diff: bool = False,
) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(signature, context, skip_diff=not diff)


async def _document_time_stamp(signature: EmbeddedPdfSignature, trust: _Trust) -> SignatureFinding:
    """It closes a file for the archive (PAdES B-LTA) and is nobody's signature."""
    status = await async_validate_pdf_timestamp(signature, trust.at(None), skip_diff=True)
    described = _described(signature, status)
    stamped_at = _claimed_time(status.timestamp)
    vouched = described.trusted and stamped_at is not None
    return replace(described, role="time-stamp", signed_at=stamped_at, timestamped=vouched)


def _described(signature: EmbeddedPdfSignature, status: Any) -> SignatureFinding:
    certificate = status.signing_cert
    coverage = status.coverage or SignatureCoverageLevel.UNCLEAR
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return SignatureFinding(
        field=_field(signature),
        signer=claimed(str(subject.get("common_name", ""))),
        organisation=claimed(str(subject.get("organization_name", ""))),
        issuer=claimed(str(issuer.get("common_name", ""))),
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        trusted=bool(status.trusted),
        intact=bool(status.intact and status.valid),
        covers_entire_file=coverage is SignatureCoverageLevel.ENTIRE_FILE,
        coverage=coverage.name.lower(),
    )


def _claimed_time(claimed: object) -> datetime | None:
    """None for a time of no use to anybody: asn1crypto's year 0 is not even a datetime. Without a
    zone it is GMT (ISO 32000-2, 7.9.4).
    """
    if not isinstance(claimed, datetime) or claimed.year not in _YEARS:
        return None
    return claimed if claimed.tzinfo else claimed.replace(tzinfo=UTC)


def _field(signature: EmbeddedPdfSignature) -> str:
    return claimed(str(signature.field_name or ""))


def _certificate(content: bytes) -> x509.Certificate:
    _, _, der = pem.unarmor(content)
    return x509.Certificate.load(der)
