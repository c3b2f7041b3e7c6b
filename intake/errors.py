"""What can go wrong between a scan and its signed copy, each failure under its own name.

`code` is a key of the intake's Fluent texts and `values` are that text's variables: limits and
counts, never personal data, for errors end in logs.
"""

from collections.abc import Callable
from typing import ClassVar


class IntakeError(Exception):
    """Root of the room's errors."""

    code: ClassVar[str] = "error-intake"

    def __init__(self, **values: str | int) -> None:
        super().__init__(self.code)
        self.values = values

    def __reduce__(self) -> tuple[Callable[..., "IntakeError"], tuple[object, ...]]:
        # Errors cross the border of the bounded process, and keyword arguments do not pickle alone.
        return _restore, (type(self), self.values)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({told})" if told else self.code


def _restore(kind: type[IntakeError], values: dict[str, str | int]) -> IntakeError:
    return kind(**values)


class UnreadableScan(IntakeError):
    """The file is no scan that we can open; subclasses say why."""

    code = "error-unreadable-scan"


class EmptyFile(UnreadableScan):
    code = "error-empty-file"


class WrongType(UnreadableScan):
    """Judged by the first bytes; the file's name is never asked."""

    code = "error-wrong-type"


class DamagedFile(UnreadableScan):
    """Truncated, malformed or without pages: the right magic, but no picture comes out."""

    code = "error-damaged-file"


class PasswordProtected(UnreadableScan):
    """Locked with a password, or for the holders of certain certificates."""

    code = "error-password-protected"


class TooLarge(UnreadableScan):
    code = "error-too-large"


class TooManyPages(UnreadableScan):
    code = "error-too-many-pages"


class TooManyPixels(UnreadableScan):
    """Announced or unpacked size beyond the limits: a huge scan or a decompression bomb."""

    code = "error-too-many-pixels"


class TooFewPixels(UnreadableScan):
    """An icon or a sliver, in which no page can be seen."""

    code = "error-too-few-pixels"


class BoundedTaskFailed(IntakeError):
    """The bounded process ended without an answer; subclasses say how."""

    code = "error-bounded-task-failed"


class TaskTimeout(BoundedTaskFailed):
    code = "error-task-timeout"


class TaskMemoryExceeded(BoundedTaskFailed):
    code = "error-task-memory"


class TaskCrashed(BoundedTaskFailed):
    """The process died, by a signal or by its own exit."""

    code = "error-task-crashed"


class NoProcess(BoundedTaskFailed):
    """No bounded process can be had: our own trouble, and nothing about the file.

    `reason` is for the log.
    """

    code = "error-no-process"


class DecodeTimeout(UnreadableScan, TaskTimeout):
    code = "error-decode-timeout"


class DecodeMemoryExceeded(UnreadableScan, TaskMemoryExceeded):
    code = "error-decode-memory"


class DecodeCrashed(UnreadableScan, TaskCrashed):
    code = "error-decode-crashed"


class RecogniserFailed(IntakeError):
    """The OCR engine is missing, lacks its language data, failed or ran out of time."""

    code = "error-recogniser-failed"


class DossierNotFound(IntakeError):
    """No such dossier, or not yours: the answer is the same, so that nobody learns which exist."""

    code = "error-dossier-not-found"


class DossierErased(IntakeError):
    """The dossier's personal data and files were erased: on request, or because it was given up."""

    code = "error-dossier-erased"


class FilePurged(IntakeError):
    """The file was removed when its time was over; the dossier and its decision stay."""

    code = "error-file-purged"


class WrongState(IntakeError):
    """The act does not fit the dossier's state; `state` and `act` say which."""

    code = "error-wrong-state"


class BlobMissing(IntakeError):
    """The blob store lacks a file that the database names."""

    code = "error-blob-missing"


class BlobDamaged(IntakeError):
    """A stored file does not open under its key, or is not what its digest says."""

    code = "error-blob-damaged"
