"""The one way in which a portal's signature stands in a PDF.

A PAdES signature does not reach its own container: certificates beside the signer's, version
numbers and spellings of the same could be changed unseen. So the container is written anew from
what is signed and what is named elsewhere, and must be what stands there.
"""

from collections.abc import Sequence
from typing import Any

from asn1crypto import cms, x509

from registry.der import settle


def is_as_written(content: bytes, byte_range: Sequence[int], signed_data: Any, signer: Any) -> bool:
    """Whether the gap in `byte_range` holds nothing but the container of this signature.

    `signed_data` (asn1crypto) is the one read from it, `signer` the certificate (asn1crypto) that
    it names. Its certificates are for the caller to compare with those he expects.
    """
    begin, end = byte_range[0] + byte_range[1], byte_range[2]
    shown = _written(signed_data, signer).hex().upper().encode("ascii")
    return content[begin:end] == b"<" + shown.ljust(end - begin - 2, b"0") + b">"


def _written(signed_data: Any, signer: x509.Certificate) -> bytes:
    info = signed_data["signer_infos"][0]
    issued_by = {"issuer": signer.issuer, "serial_number": signer.serial_number}
    anew = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", issued_by),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": info["signed_attrs"],
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": info["signature"].native,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": signed_data["certificates"],
            "signer_infos": [anew],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": content})
    settle(whole)
    return bytes(whole.dump())
