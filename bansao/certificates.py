"""X.509 profiles of the demo's authorities, signers and time-stamp service (RFC 5280, RFC 3161)."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: What a certificate is for. A `ca` issues CAs and signers below it, an `issuer` only signers.
Purpose = Literal["ca", "issuer", "signature", "time-stamp"]

_COUNTRY = "VN"
_DEMO = "Bản Sao demo, không có giá trị pháp lý"
#: X.520's upper bounds; a longer name is cut, since a certificate would be refused for it.
_LONGEST_COMMON_NAME = 64
_PATH_LENGTH: dict[Purpose, int] = {"ca": 1, "issuer": 0}
# Clocks of neighbouring machines differ; a certificate that is not valid yet helps nobody.
_BACKDATED = timedelta(hours=1)


class Authority(msgspec.Struct, frozen=True):
    """A certificate with the key that signs on its behalf."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def distinguished_name(
    common_name: str, *, organisation: str = _DEMO, title: str | None = None
) -> x509.Name:
    """Country, organisation, title where there is one, common name; each cut to 64 characters."""
    parts = [
        (NameOID.COUNTRY_NAME, _COUNTRY),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.TITLE, title),
        (NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name(
        [x509.NameAttribute(oid, _fitted(text)) for oid, text in parts if text is not None]
    )


def certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    purpose: Purpose,
    *,
    issuer: Authority | None,
    own_key: ec.EllipticCurvePrivateKey | None = None,
    now: datetime,
    life: timedelta,
) -> x509.Certificate:
    """A signed certificate; with `issuer` None it is self-signed by `own_key`."""
    signer = own_key if issuer is None else issuer.key
    if signer is None:
        raise ValueError("a self-signed certificate needs its own private key")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + life)
        .add_extension(_basic_constraints(purpose), critical=True)
        .add_extension(_key_usage(purpose), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(_authority_key_identifier(signer), critical=False)
    )
    if purpose == "time-stamp":
        # RFC 3161 §2.3: this one purpose, and critical.
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
    return builder.sign(signer, hashes.SHA256())


def revocation_list(
    issuer: Authority, *, now: datetime, life: timedelta
) -> x509.CertificateRevocationList:
    """A CRL with nothing on it: the demo revokes copies, never signers."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - _BACKDATED)
        .next_update(now + life)
        # RFC 5280 §5.2.3 wants a number that only grows; seconds do.
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(_authority_key_identifier(issuer.key), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )


def _basic_constraints(purpose: Purpose) -> x509.BasicConstraints:
    return x509.BasicConstraints(ca=purpose in _PATH_LENGTH, path_length=_PATH_LENGTH.get(purpose))


def _key_usage(purpose: Purpose) -> x509.KeyUsage:
    issues = purpose in _PATH_LENGTH
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=purpose == "signature",
        key_cert_sign=issues,
        crl_sign=issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key_identifier(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _fitted(text: str) -> str:
    return text[:_LONGEST_COMMON_NAME].strip()
