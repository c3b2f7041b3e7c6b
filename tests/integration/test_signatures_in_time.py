"""A signature is judged as of the time that a trusted service stamped on it."""

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from msgspec.structs import replace
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper

from bansao.pki import DemoOfficer, ensure_demo_pki, signer_certificate
from bansao.tsa import running_tsa
from intake.certify.time_stamps import HttpTimeStamper
from registry.clock import utc_now
from registry.code import new_code
from tests.testkit.issued import SigningHouse, signing_house
from verify_portal.answer import SignatureFinding
from verify_portal.file.signature import examine_signatures

__all__ = ["signing_house"]

LONG_AGO = utc_now() - timedelta(days=4 * 365)  # a signer's certificate lasts three years
HOUR = timedelta(hours=1)


def long_ago() -> datetime:
    return LONG_AGO


@pytest.fixture(scope="module")
def old_house(
    tmp_path_factory: pytest.TempPathFactory, signing_house: SigningHouse
) -> SigningHouse:
    """Whose signers' certificates, and that of its time-stamp service, ended a year ago."""
    home = tmp_path_factory.mktemp("old-house")
    officer = DemoOfficer(username="ha", full_name="Trần Thị Hà", title="Phó Chủ tịch")
    ensure_demo_pki(home / "secrets", home / "trust", [officer], "UBND phường Ba Đình", long_ago)
    return replace(signing_house, secrets=home / "secrets", trust=home / "trust")


def examined(pdf: bytes, house: SigningHouse, *lists: bytes) -> tuple[SignatureFinding, ...]:
    return examine_signatures(pdf, (house.trust / "root.pem").read_bytes(), lists)


def test_certificates_may_end_after_a_stamped_signature(old_house: SigningHouse) -> None:
    with running_tsa(old_house.secrets, lambda: LONG_AGO + HOUR) as tsa_url:
        pdf = asyncio.run(replace(old_house, tsa_url=tsa_url).signed(new_code()))
    officer, seal = examined(pdf, old_house)
    for one in (officer, seal):
        assert (one.intact, one.trusted, one.timestamped) == (True, True, True)
        assert one.signed_at == (LONG_AGO + HOUR).replace(microsecond=0)


def test_a_stamp_by_a_service_of_nobody_we_trust_says_nothing(
    old_house: SigningHouse, signing_house: SigningHouse
) -> None:
    with running_tsa(signing_house.secrets, lambda: LONG_AGO + HOUR) as tsa_url:
        pdf = asyncio.run(replace(old_house, tsa_url=tsa_url).signed(new_code()))
    for one in examined(pdf, old_house):
        assert (one.intact, one.trusted, one.timestamped) == (True, False, False)


@pytest.mark.parametrize(
    ("since", "trusted", "revocation"), [(HOUR, True, "good"), (-HOUR, False, "revoked")]
)
def test_only_a_revocation_before_the_signature_counts(
    signing_house: SigningHouse, since: timedelta, trusted: bool, revocation: str
) -> None:
    pdf = asyncio.run(signing_house.signed(new_code()))
    root_list = (signing_house.trust / "root.crl").read_bytes()
    own_list = revoking(signing_house.secrets, "seal", utc_now() + since)
    officer, seal = examined(pdf, signing_house, root_list, own_list)
    assert (officer.trusted, officer.revocation) == (True, "good")
    assert (seal.intact, seal.trusted, seal.revocation) == (True, trusted, revocation)


def test_without_a_list_nobody_says_that_a_certificate_was_not_revoked(
    signing_house: SigningHouse,
) -> None:
    for one in examined(asyncio.run(signing_house.signed(new_code())), signing_house):
        assert (one.trusted, one.revocation) == (True, "unchecked")


def revoking(secrets: Path, signer: str, since: datetime) -> bytes:
    """The issuing CA's list, with one certificate on it."""
    home = secrets / "demo-ca"
    key = load_pem_private_key((home / "issuing.key").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    issuer = x509.load_pem_x509_certificate((home / "issuing.pem").read_bytes())
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(signer_certificate(secrets, signer).serial_number)
        .revocation_date(since)
        .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        .build()
    )
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(utc_now() - HOUR)
        .next_update(utc_now() + HOUR)
        .add_revoked_certificate(entry)
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


def closed(pdf: bytes, house: SigningHouse) -> bytes:
    """With a time stamp after all signatures, by this house's service."""
    stamper = PdfTimeStamper(HttpTimeStamper(house.tsa_url))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    stamped: io.BytesIO = asyncio.run(stamper.async_timestamp_pdf(writer, "sha256"))
    return stamped.getvalue()


def test_a_closing_time_stamp_covers_the_file_and_is_nobodys_signature(
    signing_house: SigningHouse,
) -> None:
    """PAdES B-LTA: then it, not the seal, covers the entire file."""
    pdf = asyncio.run(signing_house.signed(new_code()))
    officer, seal, stamp = examined(closed(pdf, signing_house), signing_house)
    assert [one.role for one in (officer, seal, stamp)] == ["other", "other", "time-stamp"]
    assert [one.covers_entire_file for one in (officer, seal, stamp)] == [False, False, True]
    assert all(one.intact and one.trusted for one in (officer, seal, stamp))
    assert stamp.timestamped


def test_a_closing_stamp_by_a_service_of_nobody_we_trust_is_no_time_stamp(
    old_house: SigningHouse, signing_house: SigningHouse
) -> None:
    pdf = asyncio.run(signing_house.signed(new_code()))
    *_, stamp = examined(closed(pdf, signing_house), old_house)
    assert (stamp.role, stamp.trusted, stamp.timestamped) == ("time-stamp", False, False)
