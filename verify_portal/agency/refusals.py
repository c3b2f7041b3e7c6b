"""Why somebody is not shown more than the public may see."""

from typing import Literal

from verify_portal.errors import PortalError

#: `unknown` to whoever does not hold a genuine key; the others tell its holder what is wrong.
Standing = Literal["good", "unknown", "ended", "expired", "beyond-scope"]
KeyFault = Literal["missing", "mistyped", "unknown", "ended", "expired", "beyond-scope"]


class KeyRefused(PortalError):
    """The key opens nothing, or not this."""

    def __init__(self, fault: KeyFault) -> None:
        super().__init__(f"agency key refused: {fault}")
        self.fault = fault


class NotShown(PortalError):
    """What was shown of the paper opens nothing: one refusal, whatever does not fit."""


class TooManyTries(PortalError):
    """Names were tried too often; `seconds` until one may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many tries")
        self.seconds = seconds


class PdfNotKept(PortalError):
    """No file of this copy lies here; `erased` says that it was erased with its person."""

    def __init__(self, *, erased: bool) -> None:
        super().__init__("no file of this copy is kept here")
        self.erased = erased


class PdfUnreadable(PortalError):
    """The file should be here, and is not, or is not the registered one: somebody must look."""
