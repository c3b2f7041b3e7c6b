"""RFC 3161 time stamps: what the demo's own authority answers to a request. Pure but for the key.

A request that cannot be served gets the failure that RFC 3161 §2.4.2 names for it, inside a
well-formed response, so that a client never has to guess.
"""

import hashlib
import secrets as randomness
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec
from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from registry.der import settle

#: Under ITU-T's arc for examples: the demo claims no practice statement.
POLICY = "2.999.3161.1"
#: The hash functions whose digests are stamped, with their length in bytes.
ACCEPTED_HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}
_ACCURACY_SECONDS = 1

Failure = Literal[
    "bad_alg", "bad_request", "bad_data_format", "unaccepted_policy", "unaccepted_extensions"
]


class _Refused(Exception):
    def __init__(self, failure: Failure, told: str) -> None:
        super().__init__(told)
        self.failure: Failure = failure


class _Rejection(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """A TimeStampResp without token; asn1crypto's own insists on one."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


class TimeStampAuthority(msgspec.Struct, frozen=True):
    """A stamping key with its certificate and the chain above it (asn1crypto certificates)."""

    key: ec.EllipticCurvePrivateKey
    certificate: Any
    chain: tuple[Any, ...]

    def answer(self, request: bytes, at: datetime) -> bytes:
        """A DER TimeStampResp for a DER TimeStampReq: granted, or rejected with a reason."""
        try:
            asked = _understood(request)
        except _Refused as refused:
            return _rejection(refused)
        token = self._token(asked, at)
        granted = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
        settle(granted)
        return bytes(granted.dump())

    def _token(self, asked: Any, at: datetime) -> Any:
        stamped = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": asked["message_imprint"],
                # RFC 3161 wants numbers that never repeat, also after a crash: 127 random bits.
                "serial_number": randomness.randbits(127),
                "gen_time": at.replace(microsecond=0),
                "accuracy": {"seconds": _ACCURACY_SECONDS},
                "nonce": asked["nonce"].native,
                "tsa": x509.GeneralName("directory_name", self.certificate.subject),
            }
        )
        content = stamped.dump()
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "signer_infos": [self._signer_info(content, at)],
        }
        if asked["cert_req"].native:
            signed["certificates"] = [
                cms.CertificateChoices("certificate", one)
                for one in (self.certificate, *self.chain)
            ]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _signer_info(self, content: bytes, at: datetime) -> Any:
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("signing_time", cms.Time({"utc_time": at.replace(microsecond=0)})),
                _attribute("message_digest", hashlib.sha256(content).digest()),
                _attribute("signing_certificate_v2", self._certificate_reference()),
            ]
        )
        # The attributes are signed as a plain SET OF, before they get their implicit tag.
        signature = self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        issued_by = {
            "issuer": self.certificate.issuer,
            "serial_number": self.certificate.serial_number,
        }
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier("issuer_and_serial_number", issued_by),
                "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "signed_attrs": attributes,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                "signature": signature,
            }
        )

    def _certificate_reference(self) -> Any:
        # RFC 5816: the stamp names its certificate by SHA-256; none can be put in its place.
        digest = hashlib.sha256(self.certificate.dump()).digest()
        return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": digest})]})


def load_authority(secrets: Path) -> TimeStampAuthority:
    """The authority in `secrets/tsa.p12`; OSError or ValueError when it cannot be opened."""
    key, certificate, chain = pkcs12.load_key_and_certificates(
        (secrets / "tsa.p12").read_bytes(), (secrets / "tsa.pass").read_bytes().strip()
    )
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        raise ValueError("tsa.p12 holds no elliptic curve key with its certificate")
    own, *above = (
        x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (certificate, *chain)
    )
    return TimeStampAuthority(key, own, tuple(above))


def _understood(request: bytes) -> Any:
    """The request, every field of it looked at; raises _Refused."""
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        version, imprint = asked["version"].native, asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest = imprint["hashed_message"].native
        policy, extensions = asked["req_policy"].native, asked["extensions"].native
        # asn1crypto parses a field when it is read, so these two are read here as well.
        _ = asked["nonce"].native, asked["cert_req"].native
    except (ValueError, TypeError) as error:
        raise _Refused("bad_data_format", "not a TimeStampReq") from error
    if version != "v1":
        raise _Refused("bad_request", "only version 1 is understood")
    if algorithm not in ACCEPTED_HASHES:
        raise _Refused("bad_alg", "digests of SHA-256, SHA-384 and SHA-512 are stamped")
    if len(digest) != ACCEPTED_HASHES[algorithm]:
        raise _Refused("bad_data_format", "the digest has not the length of its algorithm")
    if policy is not None and policy != POLICY:
        raise _Refused("unaccepted_policy", f"stamps are made under policy {POLICY}")
    if extensions:
        raise _Refused("unaccepted_extensions", "no extension is understood")
    return asked


def _rejection(refused: _Refused) -> bytes:
    status = {
        "status": "rejection",
        "status_string": [str(refused)],
        "fail_info": {refused.failure},
    }
    return bytes(_Rejection({"status": status}).dump())


def _attribute(kind: str, value: Any) -> Any:
    return cms.CMSAttribute({"type": kind, "values": [value]})
