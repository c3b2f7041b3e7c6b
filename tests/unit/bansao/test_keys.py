"""The installation's keys are made once and never replaced in silence."""

from pathlib import Path

import pytest

from bansao.errors import OriginChanged, SecretLost
from bansao.keys import ensure_keys
from registry.log.note import parse_verifier, sign_note, verifier_line
from registry.settings import Settings

ORIGIN = "bansao.localhost/log"


def content(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_a_second_start_keeps_them(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    first = content(tmp_path)
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    assert content(tmp_path) == first
    assert set(first) == {
        "log_key.pem",
        "qr_seal_key.pem",
        "status_list_key.pem",
        "receipt_key.pem",
        "session_key",
        "log.vkey",
        "qr_seal.vkey.pem",
        "status_list.vkey.pem",
        "receipt.vkey.pem",
    }


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "secrets").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_registry_signs_what_the_published_key_verifies(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    settings = Settings.from_env(
        {"BANSAO_DATA": str(tmp_path), "BANSAO_DATABASE_URL": "postgresql://127.0.0.1/bansao"}
    )
    published = (tmp_path / "trust" / "log.vkey").read_text().strip()
    assert parse_verifier(published).name == ORIGIN
    assert verifier_line(ORIGIN, settings.log_key().public_key()) == published
    assert ORIGIN in sign_note("a checkpoint\n", ORIGIN, settings.log_key())


def test_another_origin_is_refused(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    with pytest.raises(OriginChanged, match="a log keeps its name"):
        ensure_keys(tmp_path / "secrets", tmp_path / "trust", "other.example/log")


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    (tmp_path / "secrets" / "log_key.pem").unlink()
    with pytest.raises(SecretLost, match="backup"):
        ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
