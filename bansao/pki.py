"""The demo's own public key infrastructure, made once: root → issuing CA → all signers.

It exists so that signing and validating are real on a bare machine. Its certificates say that they
are a demo's: they lend nothing any legal force. All keys are P-256: a signature costs a fraction of
an RSA-3072 one, and poppler, pyHanko and RFC 3161 clients take it.
"""

import fcntl
import os
import re
import secrets as randomness
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from bansao.certificates import (
    Authority,
    Purpose,
    certificate,
    distinguished_name,
    revocation_list,
)
from registry.clock import Clock

_CA_LIFE = timedelta(days=20 * 365)
_SIGNER_LIFE = timedelta(days=3 * 365)
_RENEWED_BEFORE_END = timedelta(days=30)
_CRL_LIFE = timedelta(days=30)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class DemoOfficer(msgspec.Struct, frozen=True, kw_only=True):
    """A person who signs in the demo; the files are `officer_<username>.p12` and `.pass`."""

    username: str
    full_name: str
    title: str


class _Signer(msgspec.Struct, frozen=True):
    file: str
    name: x509.Name
    purpose: Purpose = "signature"


def ensure_demo_pki(
    secrets: Path, trust: Path, officers: Sequence[DemoOfficer], unit_name: str, clock: Clock
) -> None:
    """Make what is missing and keep what is there: for every start, also of two processes at once.

    Private files (0600) go to `secrets`: `demo-ca/` with both authorities' keys, and for each of
    `officer_<username>`, `seal`, `portal` and `tsa` a PKCS#12 file (passphrase in `.pass`).
    `trust` receives `root.pem`, `issuing.pem`, `root.crl` and `issuing.crl`. A signer whose files
    do not belong together, do not chain to this root or soon expire gets new ones.
    """
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    trust.mkdir(mode=0o755, parents=True, exist_ok=True)
    now = clock()
    with _alone(secrets / ".demo-pki.lock"):
        home = secrets / "demo-ca"
        if not home.is_dir():
            _make_authorities(home, now)
        root, issuing = _load(home, "root"), _load(home, "issuing")
        _publish(trust, root, issuing, now)
        for signer in _signers(officers, unit_name):
            if not _is_usable(secrets, signer, issuing, now):
                _issue(secrets, signer, issuing, [issuing.certificate, root.certificate], now)


def signer_certificate(secrets: Path, name: str) -> x509.Certificate:
    """The certificate in a signer's PKCS#12 file, such as `officer_<username>` or `seal`.

    Raises OSError or ValueError when its files are missing or do not belong together.
    """
    _, found, _ = pkcs12.load_key_and_certificates(
        (secrets / f"{name}.p12").read_bytes(), (secrets / f"{name}.pass").read_bytes().strip()
    )
    if found is None:
        raise ValueError(f"{name}.p12 holds no certificate of its own")
    return found


def _signers(officers: Sequence[DemoOfficer], unit_name: str) -> Iterator[_Signer]:
    for officer in officers:
        if not _USERNAME.fullmatch(officer.username):
            raise ValueError(f"not a user name: {officer.username!r}")
        name = distinguished_name(
            officer.full_name, organisation=unit_name, title=" ".join(officer.title.split())
        )
        yield _Signer(f"officer_{officer.username}", name)
    yield _Signer("seal", distinguished_name(unit_name, organisation=unit_name))
    yield _Signer("portal", distinguished_name("Cổng kiểm tra Bản Sao", organisation=unit_name))
    yield _Signer("tsa", distinguished_name("Bản Sao Demo TSA"), "time-stamp")


def _make_authorities(home: Path, now: datetime) -> None:
    """Both appear in one rename: a crash in between leaves nothing that would be taken up."""
    workplace = Path(tempfile.mkdtemp(prefix=".demo-ca-", dir=home.parent))
    try:
        root_key, issuing_key = _new_key(), _new_key()
        root_certificate = certificate(
            distinguished_name("Bản Sao Demo Root CA"),
            root_key.public_key(),
            "ca",
            issuer=None,
            own_key=root_key,
            now=now,
            life=_CA_LIFE,
        )
        issuing_certificate = certificate(
            distinguished_name("Bản Sao Demo Issuing CA"),
            issuing_key.public_key(),
            "issuer",
            issuer=Authority(root_certificate, root_key),
            now=now,
            life=_CA_LIFE,
        )
        _store(workplace, "root", Authority(root_certificate, root_key))
        _store(workplace, "issuing", Authority(issuing_certificate, issuing_key))
        workplace.rename(home)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _store(directory: Path, name: str, authority: Authority) -> None:
    key = authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(directory / f"{name}.key", key, mode=0o600)
    _write(directory / f"{name}.pem", authority.certificate.public_bytes(Encoding.PEM), mode=0o600)


def _load(directory: Path, name: str) -> Authority:
    key = load_pem_private_key((directory / f"{name}.key").read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{name}.key is not an elliptic curve key")
    return Authority(x509.load_pem_x509_certificate((directory / f"{name}.pem").read_bytes()), key)


def _publish(trust: Path, root: Authority, issuing: Authority, now: datetime) -> None:
    for name, authority in (("root", root), ("issuing", issuing)):
        public = authority.certificate.public_bytes(Encoding.PEM)
        target = trust / f"{name}.pem"
        if not target.is_file() or target.read_bytes() != public:
            _write(target, public, mode=0o644)
        crl = revocation_list(authority, now=now, life=_CRL_LIFE)
        _write(trust / f"{name}.crl", crl.public_bytes(Encoding.DER), mode=0o644)


def _is_usable(secrets: Path, signer: _Signer, issuing: Authority, now: datetime) -> bool:
    try:
        found = signer_certificate(secrets, signer.file)
        found.verify_directly_issued_by(issuing.certificate)
    except (OSError, ValueError, InvalidSignature):
        return False
    return found.subject == signer.name and now < found.not_valid_after_utc - _RENEWED_BEFORE_END


def _issue(
    secrets: Path, signer: _Signer, issuing: Authority, chain: list[x509.Certificate], now: datetime
) -> None:
    key = _new_key()
    own = certificate(
        signer.name, key.public_key(), signer.purpose, issuer=issuing, now=now, life=_SIGNER_LIFE
    )
    passphrase = randomness.token_urlsafe(32).encode()
    sealed = pkcs12.serialize_key_and_certificates(
        signer.file.encode(), key, own, chain, BestAvailableEncryption(passphrase)
    )
    # A crash between the two leaves a pair that does not open, which the next call replaces.
    _write(secrets / f"{signer.file}.pass", passphrase + b"\n", mode=0o600)
    _write(secrets / f"{signer.file}.p12", sealed, mode=0o600)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Durable and whole or not at all; the mode holds before the first byte is written."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("a") as file:
        lock.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
