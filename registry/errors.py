"""What can go wrong in the book. Every message is free of personal data: codes never appear."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

CodeFault = Literal["length", "alphabet", "character", "swapped", "several", "ambiguous"]


#: So many numbers of a book are named in a message.
_SHOWN: Final = 20


class RegistryError(Exception):
    """Root of this room's failures; `code` is a stable key for callers and translations."""

    code = "registry-failed"


class MalformedCode(RegistryError):
    """Typed text is no verification code; the check symbols say what is probably wrong.

    `hint` is `length`, `alphabet` (a letter that codes never hold), `character` (one wrong
    character at `position`), `swapped` (`position` and the next one changed places), `several`, or
    `ambiguous` (a text with more than one code, or what looks like one).
    `position` counts from 0 in the 18 characters without hyphens.
    """

    code = "malformed-code"

    def __init__(self, hint: CodeFault, position: int | None = None) -> None:
        self.hint: CodeFault = hint
        self.position = position
        at = "" if position is None else f" at character {position + 1}"
        super().__init__(f"not a verification code: {hint}{at}")


class MalformedEntry(RegistryError):
    """A log body is not the canonical form of any entry this version knows."""

    code = "malformed-entry"


class MalformedSeal(RegistryError):
    """A QR seal cannot be read, or was not made by this authority."""

    code = "malformed-seal"


class ForgedSeal(MalformedSeal):
    """A QR seal is well-formed, and no known key has signed it."""

    code = "forged-seal"


class SealKeyNotInUse(MalformedSeal):
    """A QR seal is signed by a key of ours that sealed nothing on the day that the seal names."""

    code = "seal-key-not-in-use"


class MalformedStatusList(RegistryError):
    """A status list cannot be read, or its signature does not hold."""

    code = "malformed-status-list"


class BlobUnreadable(RegistryError):
    """A stored file does not open under its key, or is not what its digest says."""

    code = "blob-unreadable"


class DuplicateCopy(RegistryError):
    """The code, the PDF or the book line is already registered with other content."""

    code = "duplicate-copy"


class UnknownCopy(RegistryError):
    """No copy with this code is registered."""

    code = "unknown-copy"


class NotYetPublished(RegistryError):
    """The copy is registered but the newest checkpoint does not cover it yet: ask again soon."""

    code = "not-yet-published"


class NothingPublished(RegistryError):
    """The log has no checkpoint yet, so no answer can be proved."""

    code = "nothing-published"


class UnknownCheckpoint(RegistryError):
    """The log never signed a checkpoint of this size."""

    code = "unknown-checkpoint"


class AbsenceNotProvable(RegistryError):
    """The newest checkpoint commits to no map of codes: the log is older and still catching up."""

    code = "absence-not-provable"


class IllegalTransition(RegistryError):
    """The copy's present status does not allow this change, e.g. a second revocation.

    `verdict` is that status, with the decision that made it, where it is known.
    """

    code = "illegal-transition"

    def __init__(
        self,
        message: str,
        *,
        verdict: str | None = None,
        decision: str = "",
        decided_on: date | None = None,
    ) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.decision = decision
        self.decided_on = decided_on


class IllegalSuccessor(RegistryError):
    """The copy that is to take another's place is that one itself, was never issued, or is not in
    force.
    """

    code = "illegal-successor"


class BookClosed(RegistryError):
    """The unit's book of this year is closed, and this is not what closed it."""

    code = "book-closed"


class ClosingRefused(RegistryError):
    """The book does not hold what its closing says: a number is open still, or counts differ."""

    code = "closing-refused"


class YearNotOver(ClosingRefused):
    """A book is closed when its local year has ended, not before."""

    code = "year-not-over"


class NumbersOpen(ClosingRefused):
    """Some `numbers` of the year are neither issued nor void yet."""

    code = "numbers-open"

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        shown = ", ".join(map(str, numbers[:_SHOWN]))
        more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
        super().__init__(f"neither issued nor void: {shown}{more}")


class UnknownReservation(RegistryError):
    """No number was reserved for this original."""

    code = "unknown-reservation"


class NumberVoid(RegistryError):
    """The original's number was voided; it can neither be issued nor handed out again."""

    code = "number-void"


class NumberIssued(RegistryError):
    """The original's number stands in an issued copy and cannot be voided any more."""

    code = "number-issued"


class NumberOutOfTurn(RegistryError):
    """The number or volume is not the next one, or not of its book's year: somebody wrote past the
    book's lock.
    """

    code = "number-out-of-turn"


class EntryRefused(RegistryError):
    """The database refused the act for a reason that callers cannot mend; its log says which."""

    code = "entry-refused"


class HeadMoved(RegistryError):
    """Somebody appended between reading the head and writing: the lock discipline was broken."""

    code = "head-moved"


class ChainBroken(RegistryError):
    """Stored entries contradict their hashes or an earlier checkpoint: nothing may be signed."""

    code = "chain-broken"


class RegistryUnavailable(RegistryError):
    """The database cannot be reached; whether the last act was kept is not known. Retry it."""

    code = "registry-unavailable"


class WitnessMemoryLost(RegistryError):
    """A witness's key and its memory do not belong together: it could sign a fork unawares."""

    code = "witness-memory-lost"


class WitnessUnable(RegistryError):
    """A witness cannot keep what it is about to say, so it says nothing. Retry it."""

    code = "witness-unable"


class LogUnreachable(RegistryError):
    """A log's files cannot be read or written now, whatever they hold. Retry it."""

    code = "log-unreachable"


class LogMalformed(RegistryError):
    """A log's files were answered, and are not what any log serves."""

    code = "log-malformed"


class LogFileMissing(LogMalformed):
    """The place answers, and does not hold a file that the log must have."""

    code = "log-file-missing"


class TimeStampUnavailable(RegistryError):
    """The time-stamp authority gave no token that holds; the message says why."""

    code = "time-stamp-unavailable"


class ExportRefused(RegistryError):
    """The target of an export holds what this registry's log does not continue."""

    code = "export-refused"
