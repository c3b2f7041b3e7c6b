"""Why somebody may not certify or decide. Nothing here holds a person's name.

`values` are for the words that a person reads; times among them are Hanoi's, as `dd/mm/yyyy HH:MM`.
"""

from datetime import datetime

from registry.clock import HANOI
from registry.errors import RegistryError


class NotAuthorised(RegistryError):
    """Root of the refusals: who asks may not do this, for this unit, at this time."""

    code = "not-authorised"

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.values = values


class UnknownUnit(NotAuthorised):
    """No unit of this code existed then."""

    code = "unknown-unit"


class UnknownOfficer(NotAuthorised):
    """Nobody of this id was ever entered."""

    code = "unknown-officer"


class OtherUnit(NotAuthorised):
    """The officer holds an office, but in another unit."""

    code = "other-unit"


class OutOfOffice(NotAuthorised):
    """The officer held no office then."""

    code = "out-of-office"


class NoChairman(NotAuthorised):
    """The unit had no chairman on that day, and nobody was named."""

    code = "no-chairman"


class NotDelegated(NotAuthorised):
    """The officer is not the chairman, and no delegation covers the act."""

    code = "not-delegated"


class DelegationExpired(NotAuthorised):
    """The officer's delegation has ended, by its own date, by decision or with the chairman."""

    code = "delegation-expired"


class UnknownCertificate(NotAuthorised):
    """The certificate was never entered as an officer's."""

    code = "unknown-certificate"


class UnknownSeal(NotAuthorised):
    """The certificate was never entered as a unit's seal."""

    code = "unknown-seal"


class CertificateOfAnother(NotAuthorised):
    """The certificate is another officer's than who asks."""

    code = "certificate-of-another"


class SealOfAnotherUnit(NotAuthorised):
    """The seal is another unit's."""

    code = "seal-of-another-unit"


class CertificateExpired(NotAuthorised):
    """The certificate is not valid any more, or not yet."""

    code = "certificate-expired"


class CertificateRevoked(NotAuthorised):
    """The certificate was revoked or replaced."""

    code = "certificate-revoked"


class AuthorityConflict(RegistryError):
    """What is to be entered contradicts what stands; the message says what."""

    code = "authority-conflict"


def local(instant: datetime) -> str:
    """A time for people."""
    return instant.astimezone(HANOI).strftime("%d/%m/%Y %H:%M")
