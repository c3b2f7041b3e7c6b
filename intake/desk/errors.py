"""What may go wrong at the desk."""

from intake.errors import IntakeError


class LoginRefused(IntakeError):
    """User name or password is wrong; which of the two is not told."""

    code = "error-login-refused"


class LoginThrottled(IntakeError):
    """Too many wrong passwords lately; `minutes` until the next try."""

    code = "error-login-throttled"


class NotLoggedIn(IntakeError):
    """No session, or one that has expired."""

    code = "error-not-logged-in"


class ReasonMissing(IntakeError):
    """A refusal is given in writing (NĐ 23/2015 art. 22): ground and reason are both needed."""

    code = "error-reason-missing"


class FactsMissing(IntakeError):
    """The copy would not say what it is a copy of, or whose."""

    code = "error-facts-missing"


class ComparisonMissing(IntakeError):
    """The officer has not confirmed the comparison with the original (TT 01/2020 art. 11)."""

    code = "error-comparison-missing"
