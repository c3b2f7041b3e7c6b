"""Whether a pair of certificates could certify for a unit at one instant (pure)."""

from collections.abc import Iterator
from datetime import datetime

from registry.authority.mandates import Mandate, mandate_of
from registry.authority.records import Certificate, Records
from registry.authority.refusals import (
    CertificateExpired,
    CertificateRevoked,
    NotAuthorised,
    SealOfAnotherUnit,
    UnknownCertificate,
    UnknownSeal,
    local,
)

Period = tuple[datetime, datetime | None]


def certifying_mandate(
    records: Records, *, unit_code: str, signer: bytes, seal: bytes, at: datetime
) -> Mandate:
    """The mandate of the owner of the certificate `signer` (SHA-256 of its DER) to certify for the
    unit under its seal's certificate `seal` then; raises a NotAuthorised.
    """
    certificates = {one.fingerprint: one for one in records.certificates}
    own = certificates.get(signer)
    if own is None or own.officer is None:
        raise UnknownCertificate("the certificate is not entered as an officer's")
    mandate = mandate_of(records, officer=own.officer, unit_code=unit_code, act="certify", at=at)
    _must_hold(own, at)
    units_seal = certificates.get(seal)
    if units_seal is None or units_seal.unit_code is None:
        raise UnknownSeal("the certificate is not entered as a seal's", unit=unit_code)
    if units_seal.unit_code != unit_code:
        raise SealOfAnotherUnit(f"the seal is not of unit {unit_code}", unit=unit_code)
    _must_hold(units_seal, at)
    return mandate


def certifying_periods(
    records: Records, *, unit_code: str, signer: bytes, seal: bytes
) -> Iterator[Period]:
    """All times at which `certifying_mandate` gives a mandate: half-open, in order, apart."""
    begun: datetime | None = None
    for bound in records.bounds():
        may = _may(records, unit_code, signer, seal, bound)
        if may and begun is None:
            begun = bound
        elif not may and begun is not None:
            yield begun, bound
            begun = None
    if begun is not None:
        yield begun, None


def must_be_valid(begins: datetime, ends: datetime, at: datetime) -> None:
    """Hold X.509's own dates (both counting, RFC 5280 §4.1.2.5) against a time; raises
    CertificateExpired.
    """
    if at < begins:
        since = local(begins)
        raise CertificateExpired(f"the certificate is valid from {since} only", since=since)
    if at > ends:
        since = local(ends)
        raise CertificateExpired(f"the certificate expired on {since}", since=since)


def _must_hold(certificate: Certificate, at: datetime) -> None:
    term = certificate.term
    if term.ended is not None and term.ended <= at:
        since = local(term.ended)
        raise CertificateRevoked(f"the certificate no longer counts since {since}", since=since)
    if not term.covers(at):
        since = local(term.begins if at < term.begins else term.until or at)
        raise CertificateExpired(f"the certificate is not valid then ({since})", since=since)


def _may(records: Records, unit_code: str, signer: bytes, seal: bytes, at: datetime) -> bool:
    try:
        certifying_mandate(records, unit_code=unit_code, signer=signer, seal=seal, at=at)
    except NotAuthorised:
        return False
    return True
