"""What the registry reads from its environment."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.log.cosignature import cosigner_line
from registry.log.note import verifier_line
from registry.log.policy import policy_of_log
from registry.settings import Settings, SettingsIncomplete

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
VKEY = verifier_line("a.example/log", _KEY)
WITNESS = cosigner_line("w.example/1", _KEY)


def test_each_role_logs_in_with_its_own_secret(tmp_path: Path) -> None:
    (tmp_path / "db_registry_reader").write_text("p@ss/word\n")
    settings = Settings.from_env(
        {
            "BANSAO_DATABASE_URL": "postgresql://somebody:else@db.example:5433/bansao?sslmode=require",
            "BANSAO_SECRETS": str(tmp_path),
        }
    )
    assert settings.role_url("registry_reader") == (
        "postgresql://registry_reader:p%40ss%2Fword@db.example:5433/bansao?sslmode=require"
    )
    with pytest.raises(SettingsIncomplete, match="db_registry_writer"):
        settings.role_url("registry_writer")


def test_directories_default_below_the_data_directory() -> None:
    settings = Settings.from_env(
        {"BANSAO_DATABASE_URL": "postgresql://db/bansao", "BANSAO_DATA": "/srv/bansao"}
    )
    assert (settings.secrets, settings.trust) == (
        Path("/srv/bansao/secrets"),
        Path("/srv/bansao/trust"),
    )
    assert settings.origin == "bansao.localhost/log"


def test_a_missing_database_address_is_said() -> None:
    with pytest.raises(SettingsIncomplete, match="BANSAO_DATABASE_URL"):
        Settings.from_env({})


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    settings = Settings.from_env(
        {"BANSAO_DATABASE_URL": "postgresql://db/bansao", "BANSAO_SECRETS": str(tmp_path)}
    )
    pem = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    log_key = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "log_key.pem").write_bytes(log_key.private_bytes(*pem))
    (tmp_path / "qr_seal_key.pem").write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(*pem)
    )
    assert settings.log_key().private_bytes_raw() == log_key.private_bytes_raw()
    with pytest.raises(SettingsIncomplete, match="qr_seal_key"):
        settings.qr_seal_key()


def _settings(trust: Path, **env: str) -> Settings:
    address = {"BANSAO_DATABASE_URL": "postgresql://db/bansao", "BANSAO_TRUST": str(trust)}
    return Settings.from_env(address | env)


def test_without_a_policy_the_logs_own_key_is_enough(tmp_path: Path) -> None:
    (tmp_path / "log.vkey").write_text(f"{VKEY}\n")
    assert _settings(tmp_path).policy() == policy_of_log(VKEY)


def test_the_trust_directorys_policy_counts_unless_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "log.vkey").write_text(f"{VKEY}\n")
    (tmp_path / "log.policy").write_text(f"log {VKEY}\nwitness W {WITNESS}\nquorum W\n")
    assert _settings(tmp_path).policy().quorum == "W"
    (tmp_path / "other").write_text(f"log {VKEY}\nquorum none\n")
    assert _settings(tmp_path, BANSAO_POLICY=str(tmp_path / "other")).policy().quorum == "none"
    assert _settings(tmp_path, BANSAO_POLICY="").policy().quorum == "W"


def test_a_policy_that_is_named_and_not_there_does_not_fall_back(tmp_path: Path) -> None:
    """A quorum that vanishes with a typing error would be worse than a process that ends."""
    (tmp_path / "log.vkey").write_text(f"{VKEY}\n")
    with pytest.raises(SettingsIncomplete, match="nowhere"):
        _settings(tmp_path, BANSAO_POLICY=str(tmp_path / "nowhere")).policy()


@pytest.mark.parametrize("text", ["", "quorum W\n", f"log {VKEY}\n", "\xff\n"])
def test_a_broken_policy_is_said_and_not_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "log.policy").write_text(text, "latin-1")
    with pytest.raises(SettingsIncomplete, match=r"log\.policy"):
        _settings(tmp_path).policy()


def test_missing_or_broken_roots_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsIncomplete, match=r"root\.pem"):
        _settings(tmp_path).tsa_roots()
    (tmp_path / "root.pem").write_bytes(b"no certificate")
    with pytest.raises(SettingsIncomplete, match="no PEM"):
        _settings(tmp_path).tsa_roots()
