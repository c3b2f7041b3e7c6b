"""Passwords: kept as files, told to the server only as a verifier."""

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from schema.errors import SecretMissing
from schema.roles import LOGIN_ROLES, role_password, scram_verifier


def test_a_password_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = role_password(tmp_path / "secrets", "registry_reader")
    assert role_password(tmp_path / "secrets", "registry_reader") == first
    passwords = {role_password(tmp_path / "secrets", role) for role in LOGIN_ROLES}
    assert len(passwords) == len(LOGIN_ROLES)
    for file in (tmp_path / "secrets").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file where the directory should be")
    with pytest.raises(SecretMissing, match=r"secrets/db_intake_app|secrets"):
        role_password(tmp_path / "secrets", "intake_app")


def test_the_verifier_is_the_one_of_rfc_7677() -> None:
    """The RFC's example exchange (user "user", password "pencil"): proof and server signature."""
    salt = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    verifier = scram_verifier("pencil", salt)
    kind, parameters, keys = verifier.split("$")
    stored_key, server_key = (base64.b64decode(key) for key in keys.split(":"))
    assert kind == "SCRAM-SHA-256"
    assert parameters == "4096:W22ZaJ0SNY7soEsUEjb6gQ=="
    message = (
        b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    )
    proof = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    client_signature = hmac.digest(stored_key, message, "sha256")
    client_key = bytes(a ^ b for a, b in zip(proof, client_signature, strict=True))
    assert hashlib.sha256(client_key).digest() == stored_key
    signature = hmac.digest(server_key, message, "sha256")
    assert base64.b64encode(signature) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
