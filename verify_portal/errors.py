"""Failures of the portal itself. What a file or code is like is a verdict, never an error."""


class PortalError(Exception):
    """Root of everything this room raises."""


class ExaminationFailed(PortalError):
    """The bounded process gave no result; `cause` names why: timeout, memory, crash."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"examination failed: {cause}")
        self.cause = cause


class ExaminersBusy(PortalError):
    """Too many files wait already; taking one more would make everybody wait for nothing."""
