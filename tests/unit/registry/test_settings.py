"""What the registry reads from its environment."""

from pathlib import Path

import pytest

from registry.settings import Settings, SettingsIncomplete


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
