"""What a citizen at the kiosk can put right."""

from intake.errors import IntakeError


class ConsentMissing(IntakeError):
    """Biometric data are sensitive (Law 91/2025): without express consent nothing is taken."""

    code = "error-consent-missing"


class UnknownUnit(IntakeError):
    """The kiosk names a unit that is not enrolled."""

    code = "error-unknown-unit"


class WeakToken(IntakeError):
    """A dossier's token is not 43 characters of base64url, that is 256 bits."""

    code = "error-weak-token"


class UploadDamaged(IntakeError):
    """What arrived has another digest than what was sent."""

    code = "error-upload-damaged"


class TooManyScans(IntakeError):
    code = "error-too-many-scans"


class DossierIncomplete(IntakeError):
    """`missing` is the role of the first file that is still to come."""

    code = "error-dossier-incomplete"


class InvalidEmail(IntakeError):
    code = "error-invalid-email"


class CopyNotReady(IntakeError):
    """The copy is asked for before it was issued."""

    code = "error-copy-not-ready"


class TooManyRequests(IntakeError):
    code = "error-too-many-requests"
