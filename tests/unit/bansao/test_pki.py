"""The demo's keys: made once, private, and whole again after a crash in between."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from bansao.pki import DemoOfficer, ensure_demo_pki

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AN = DemoOfficer(username="an", full_name="Nguyễn Văn An", title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH")
BINH = DemoOfficer(username="binh", full_name="Trần Thị Bình", title="CHỦ TỊCH")
UNIT = "Ủy ban nhân dân phường Ba Đình"


def make(home: Path, *officers: DemoOfficer, now: datetime = NOW) -> None:
    ensure_demo_pki(home / "secrets", home / "trust", officers, UNIT, lambda: now)


def contents(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*.p*")}


def opened(home: Path, signer: str) -> x509.Certificate:
    secrets = home / "secrets"
    passphrase = (secrets / f"{signer}.pass").read_bytes().strip()
    _, certificate, chain = pkcs12.load_key_and_certificates(
        (secrets / f"{signer}.p12").read_bytes(), passphrase
    )
    assert certificate is not None
    assert len(chain) == 2
    return certificate


@pytest.mark.parametrize("signer", ["officer_an", "seal", "tsa"])
def test_every_signer_chains_to_the_published_root(tmp_path: Path, signer: str) -> None:
    make(tmp_path, AN)

    trust = tmp_path / "trust"
    root = x509.load_pem_x509_certificate((trust / "root.pem").read_bytes())
    issuing = x509.load_pem_x509_certificate((trust / "issuing.pem").read_bytes())
    opened(tmp_path, signer).verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)


def test_names_say_who_signs_and_that_the_authority_is_a_demo(tmp_path: Path) -> None:
    make(tmp_path, AN)

    officer = opened(tmp_path, "officer_an")
    assert officer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "Nguyễn Văn An"
    assert "demo" in officer.issuer.rfc4514_string().lower()


def test_a_second_start_changes_no_key(tmp_path: Path) -> None:
    make(tmp_path, AN)
    before = contents(tmp_path)

    make(tmp_path, AN, now=NOW + timedelta(days=40))

    assert contents(tmp_path) == before


def test_an_officer_added_later_leaves_the_others_alone(tmp_path: Path) -> None:
    make(tmp_path, AN)
    before = contents(tmp_path)

    make(tmp_path, AN, BINH)

    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before
    opened(tmp_path, "officer_binh")


def test_a_crash_between_passphrase_and_key_is_mended(tmp_path: Path) -> None:
    make(tmp_path, AN)
    (tmp_path / "secrets" / "seal.pass").write_text("of a key that was never written")

    make(tmp_path, AN)

    opened(tmp_path, "seal")


def test_a_signer_is_renewed_before_its_end(tmp_path: Path) -> None:
    make(tmp_path, AN)
    first = opened(tmp_path, "tsa")

    make(tmp_path, AN, now=first.not_valid_after_utc - timedelta(days=7))

    assert opened(tmp_path, "tsa").not_valid_after_utc > first.not_valid_after_utc


def test_only_the_owner_reads_private_files(tmp_path: Path) -> None:
    make(tmp_path, AN)

    secrets = tmp_path / "secrets"
    assert secrets.stat().st_mode & 0o077 == 0
    exposed = [p.name for p in secrets.rglob("*") if p.is_file() and p.stat().st_mode & 0o077]
    assert exposed == []


def test_a_user_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a user name"):
        make(tmp_path, DemoOfficer(username="../an", full_name="A", title=""))
