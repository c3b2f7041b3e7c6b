"""The installation's own keys: for checkpoints, seals in QR codes, status lists and receipts."""

import os
import secrets as randomness
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from bansao.errors import OriginChanged, SecretLost
from registry.log.note import verifier_line


def ensure_keys(secrets: Path, trust: Path, origin: str) -> None:
    """Make the missing keys and publish their public halves; keep what is there.

    `secrets` gets `log_key.pem`, `qr_seal_key.pem`, `status_list_key.pem`, `receipt_key.pem`,
    `session_key`; `trust` gets `log.vkey` (a C2SP verifier key line), and `NAME.vkey.pem` for
    `qr_seal`, `status_list` and `receipt`. A public key whose private one is gone, or a log of
    another name, is refused: a new key would disown every proof given so far.
    """
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    trust.mkdir(mode=0o755, parents=True, exist_ok=True)
    log_key = _private_key(secrets / "log_key.pem", trust / "log.vkey")
    vkey = verifier_line(origin, log_key.public_key())
    published = trust / "log.vkey"
    if published.exists() and published.read_text("utf-8").strip() != vkey:
        raise OriginChanged(
            f"{published} names another log or key than BANSAO_ORIGIN={origin} and log_key.pem: "
            "a log keeps its name and key; set them back, or start a new BANSAO_DATA"
        )
    _write_once(published, vkey.encode() + b"\n", mode=0o644)
    for name in ("qr_seal", "status_list", "receipt"):
        published = trust / f"{name}.vkey.pem"
        key = _private_key(secrets / f"{name}_key.pem", published)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        _write_once(published, public, mode=0o644)
    _write_once(secrets / "session_key", randomness.token_hex(32).encode(), mode=0o600)


def _private_key(path: Path, published: Path) -> Ed25519PrivateKey:
    if not path.exists():
        if published.exists():
            raise SecretLost(
                f"{path} is missing, the key of {published}: restore it from your backup"
            )
        new = Ed25519PrivateKey.generate()
        pem = new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_once(path, pem, mode=0o600)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SecretLost(f"{path} holds no Ed25519 key: restore it from your backup")
    return key


def _write_once(path: Path, content: bytes, *, mode: int) -> None:
    """Durable, whole or not at all, and never over what another process has just written."""
    if path.exists():
        return
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
