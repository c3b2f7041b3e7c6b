"""Signing keys: opened once per process, then kept as key objects.

pyHanko's own signer parses the private key anew for every signature, which costs more than signing.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509 as der
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from intake.certify.errors import SigningKeyUnusable
from registry.der import settle

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class CachedKeySigner(Signer):
    """Signs with a key that was opened once; RSA (PKCS #1 v1.5) and ECDSA."""

    def __init__(self, key: _Key, certificate: Any, chain: list[Any]) -> None:
        certificates = SimpleCertificateStore.from_certs(chain)  # type: ignore[no-untyped-call]
        super().__init__(signing_cert=certificate, cert_registry=certificates, embed_roots=True)
        self._key = key
        self._certificate = certificate

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate's DER form."""
        return hashlib.sha256(self._certificate.dump()).digest()

    @property
    def not_before(self) -> datetime:
        """From when on the certificate is valid."""
        moment: datetime = self._certificate.not_valid_before
        return moment

    @property
    def not_after(self) -> datetime:
        """Until when the certificate is valid, this second included."""
        moment: datetime = self._certificate.not_valid_after
        return moment

    @property
    def common_name(self) -> str:
        """Whom the certificate names."""
        return str(self._certificate.subject.native["common_name"])

    async def async_sign(self, *arguments: Any, **options: Any) -> Any:
        """As pyHanko's, in a time that does not hang on how long a certificate happens to be."""
        signed = await super().async_sign(*arguments, **options)
        settle(signed)
        return signed

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """A raw signature; a dry run only tells pyHanko how much room to leave."""
        if dry_run:
            return bytes(self._longest_signature())
        digest = _HASHES[digest_algorithm.lower()]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))

    def _longest_signature(self) -> int:
        size = (self._key.key_size + 7) // 8
        # DER of two integers, each with a possible leading zero, plus the headers.
        return size if isinstance(self._key, rsa.RSAPrivateKey) else 2 * (size + 3) + 3


class KeyRing:
    """The PKCS#12 signers of one secrets directory, each opened on first use."""

    def __init__(self, secrets: Path) -> None:
        self._secrets = secrets
        self._opened: dict[str, CachedKeySigner] = {}

    def signer(self, name: str) -> CachedKeySigner:
        """`officer_<username>` or `seal`; SigningKeyUnusable when its files do not open."""
        if name not in self._opened:
            self._opened[name] = _open(self._secrets, name)
        return self._opened[name]

    def forget(self, name: str) -> None:
        """Open the files anew on next use: they may have been replaced."""
        self._opened.pop(name, None)


def _open(secrets: Path, name: str) -> CachedKeySigner:
    if Path(name).name != name:
        raise SigningKeyUnusable(signer=name)
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(
            (secrets / f"{name}.p12").read_bytes(), (secrets / f"{name}.pass").read_bytes().strip()
        )
    except (OSError, ValueError) as error:
        raise SigningKeyUnusable(signer=name) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
        raise SigningKeyUnusable(signer=name)
    own, *above = (
        der.Certificate.load(one.public_bytes(Encoding.DER)) for one in (certificate, *chain)
    )
    return CachedKeySigner(key, own, above)
