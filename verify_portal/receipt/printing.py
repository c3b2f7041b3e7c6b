"""Has PDF receipts made in a process of their own, and keeps count of who waits.

Not in the processes that read strangers' files: the portal's key is in this one.
"""

import hashlib
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import Certificate

from registry.log.policy import Policy
from registry.settings import SettingsIncomplete
from verify_portal.errors import ExaminationFailed, ExaminersDown
from verify_portal.file.bounded import Bounds, Examiner
from verify_portal.receipt.document import document
from verify_portal.receipt.statement import Statement

#: One after the other: a page costs about a tenth of a second, and lookups share the cores.
_BOUNDS: Final = Bounds(processes=1, waiting=8, processor_seconds=10, seconds=20.0)


class Printer:
    """`certificates` are SHA-256 in hexadecimal: of the portal's own, then of those above it."""

    def __init__(self, pkcs12_file: bytes, passphrase: bytes, policy: Policy) -> None:
        key, own, above = pkcs12.load_key_and_certificates(pkcs12_file, passphrase)
        if own is None or not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SettingsIncomplete("portal.p12 holds no elliptic curve key with its certificate")
        self.certificates = (_fingerprint(own), *sorted(map(_fingerprint, above)))
        self._identity = (pkcs12_file, passphrase)
        self._policy = policy
        self._process = Examiner(_BOUNDS)

    @classmethod
    def open(cls, secrets: Path, policy: Policy) -> Self | None:
        """By `portal.p12` and `portal.pass`; None without them. Raises SettingsIncomplete."""
        if not (secrets / "portal.p12").exists():
            return None
        try:
            passphrase = (secrets / "portal.pass").read_bytes().strip()
            return cls((secrets / "portal.p12").read_bytes(), passphrase, policy)
        except (OSError, ValueError):
            raise SettingsIncomplete("portal.p12 does not open with portal.pass") from None

    async def print(self, statement: Statement, receipt: bytes) -> bytes:
        """The signed PDF of a statement; `receipt` is its JSON form. Raises ExaminersBusy,
        ExaminersDown.
        """
        witnesses = tuple(self._policy.cosigned_by(statement.checkpoint))
        try:
            return await self._process.run(document, statement, witnesses, receipt, *self._identity)
        except ExaminationFailed as failure:
            # Nothing of a stranger's is in it: what stopped the process is ours to look at.
            raise ExaminersDown("a receipt was not printed") from failure

    def close(self) -> None:
        self._process.close()


def _fingerprint(certificate: Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
