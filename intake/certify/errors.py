"""What can go wrong between an officer's order and an issued copy. Nothing here names a person."""

from intake.errors import IntakeError


class CertificationFailed(IntakeError):
    """Root of this station's failures: the dossier stays `certifying`, and calling again resumes.

    The codes are keys of `certify.ftl`.
    """

    code = "error-certification-failed"


class NotOrdered(CertificationFailed):
    """No decision to certify stands in the dossier."""

    code = "error-not-ordered"


class MayNotCertify(CertificationFailed):
    """The officer may not certify for this unit now; `values["why"]` is the refusal's code.

    No retry heals it. The dossier keeps its code and number until what is missing was entered, such
    as a delegation or a new certificate; then `try again` goes on.
    """

    code = "error-may-not-certify"


class NothingToCertify(CertificationFailed):
    """The dossier holds no page image."""

    code = "error-nothing-to-certify"


class UnreadablePage(CertificationFailed):
    """A page's bytes are not an image that can be laid out; `values["page"]` counts from 1."""

    code = "error-unreadable-page"


class TimeStampUnavailable(CertificationFailed):
    """The time-stamp service cannot be reached or answers with something else."""

    code = "error-time-stamp-unavailable"


class TimeStampRefused(CertificationFailed):
    """The time-stamp service answered with a PKIFailureInfo (RFC 3161 §2.4.2)."""

    code = "error-time-stamp-refused"


class SigningKeyUnusable(CertificationFailed):
    """A signer's PKCS#12 file or its passphrase is missing or wrong; `values["signer"]`."""

    code = "error-signing-key-unusable"


class NoSpaceLeft(CertificationFailed):
    """The disk cannot take the signed copy."""

    code = "error-no-space-left"


class RegistryNotReached(CertificationFailed):
    """The registry did not acknowledge; whether it kept the copy shows on the next call."""

    code = "error-registry-not-reached"


class IntakeNotReached(CertificationFailed):
    """The intake database went away."""

    code = "error-intake-not-reached"


class CheckpointLate(CertificationFailed):
    """The copy is registered, yet no checkpoint covered it within the time allowed."""

    code = "error-checkpoint-late"
