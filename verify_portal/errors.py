"""Failures of the portal itself. What a file or code is like is a verdict, never an error."""


class PortalError(Exception):
    """Root of everything this room raises."""


class ExaminationFailed(PortalError):
    """The bounded process gave no result; `cause` names why: timeout, memory, crash."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    def __str__(self) -> str:
        return f"examination failed: {self.cause}"


class ExaminersDown(PortalError):
    """No bounded process could be had, twice, or one failed at work of our own: a fact about us and
    not about a file.
    """


class ExaminersBusy(PortalError):
    """Too many files wait already; taking one more would make everybody wait for nothing."""


class TooManyAtOnce(PortalError):
    """The client has as many files under examination as one client may."""


class UnsignedCheckpoint(PortalError):
    """The newest checkpoint is not signed as this portal's policy wants it."""


class UnprovenEntry(PortalError):
    """The registry gave an entry whose proof does not hold: somebody must look, nobody may rely."""

    def __init__(self, index: int) -> None:
        super().__init__(f"entry {index} has no proof that holds")
        self.index = index


class CountsUnavailable(PortalError):
    """What others have counted cannot be had now; the message names the kind of failure only."""


class NothingToAttest(PortalError):
    """A receipt was asked for about what is no question, so that nothing was checked."""


class NotAttested(PortalError):
    """A receipt cannot be made now: a fact about us. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"no receipt can be made now; again after {retry_after} s")
        self.retry_after = retry_after


class TooMuchHeld(PortalError):
    """All clients' bodies together are as much as is held at a time: a fact about us."""


class BodyTooSlow(PortalError):
    """The client did not send the rest of its request in time."""
