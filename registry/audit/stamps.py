"""Time stamps of checkpoints (RFC 3161): each token is over the note that the log signed (pure).

Which authority to believe is for whoever relies on a token. Here the newest one's signature is held
against the certificates inside it; one signature costs what thousands of entries do.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from cryptography.x509 import load_der_x509_certificate
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from registry.audit.report import Findings
from registry.store.walking import TimeStampRow

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_SEQUENCE: Final = 0x30
#: PKIStatusInfo "granted": what stands before a token in the response that carried it.
_GRANTED: Final = bytes.fromhex("3003020100")


def judge_time_stamps(
    rows: Iterable[TimeStampRow], notes: Mapping[int, str], newest: int, findings: Findings
) -> None:
    """`notes` are the signed ones by size; `newest` is the greatest size of all."""
    for row in rows:
        note = notes.get(row.size)
        if note is None:
            where = _place(row)
            findings.add("time stamp", where, "size", "a signed checkpoint", "none")
        else:
            judge_time_stamp(row, note, findings, closely=row.size == newest)


def judge_time_stamp(row: TimeStampRow, note: str, findings: Findings, *, closely: bool) -> None:
    """That the token is over the note; `closely`: and its signature holds."""
    digest = hashlib.sha256(note.encode()).digest()
    try:
        response = decode_timestamp_response(_response(row.token))
    except ValueError:
        findings.add("time stamp", _place(row), "token", "an RFC 3161 token", "something else")
        return
    imprint = response.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != digest:
        findings.add("time stamp", _place(row), "token", digest, imprint.message)
    elif closely and not _holds(response, digest):
        expected = "a signature by the certificates in it"
        findings.add("time stamp", _place(row), "token", expected, "one that does not hold")


def _place(row: TimeStampRow) -> str:
    return f"time stamp of checkpoint {row.size}"


def _holds(response: TimeStampResponse, digest: bytes) -> bool:
    try:
        inside = [load_der_x509_certificate(one) for one in response.signed_data.certificates]
        return VerifierBuilder(roots=inside).build().verify(response, digest)
    except (ValueError, VerificationError):
        return False


def _response(token: bytes) -> bytes:
    """The response (DER) in which an authority sends a token."""
    content = _GRANTED + token
    length = len(content).to_bytes(4, "big").lstrip(b"\0") or b"\0"
    return bytes([_SEQUENCE, 0x80 | len(length)]) + length + content
