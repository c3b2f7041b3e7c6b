"""What the portal says: one of eight verdicts, with its reasons and the checkpoint it stands on.

Pure. `verify.py` collects evidence and hands it to `verdicts.py`; these are the shapes they share,
and the JSON form of `Answer` is the contract of the API.
"""

import itertools
import unicodedata
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from registry.certified_copy import Facts
from registry.entry import Kind
from registry.status import Verdict as StatusVerdict
from verify_portal.file.changes import Changes

Verdict = Literal[
    "valid", "superseded", "suspended", "revoked", "altered", "unknown", "malformed", "unavailable"
]
Asked = Literal["code", "digest", "file", "photo"]
#: `content` is a file or its SHA-256, compared bit for bit; `code` is the code alone, whatever it
#: stands on; `nothing` when the question could not be answered.
Verified = Literal["code", "content", "nothing"]
Outcome = Literal["passed", "failed", "warned", "skipped"]
CheckName = Literal["address", "code", "log", "proof", "status", "seal", "content", "signatures"]

VERDICTS: Final[tuple[Verdict, ...]] = (
    "valid",
    "superseded",
    "suspended",
    "revoked",
    "altered",
    "unknown",
    "malformed",
    "unavailable",
)


class Cosigned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A witness, by its name in this portal's policy, and when it saw the checkpoint."""

    witness: str
    at: datetime


class CheckpointSeen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The signed state of the log behind an answer; `root` in base64, as in the note.

    `note` is the whole signed checkpoint (C2SP tlog-checkpoint), for who wants to check it;
    `cosigned` whose signatures in it we have checked. `commits_to_codes` says that it commits to
    what the log holds about every code, so that absence can be proven.
    """

    origin: str
    size: int
    root: str
    note: str = ""
    commits_to_codes: bool = False
    cosigned: tuple[Cosigned, ...] = ()


class PublicFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What anyone may know of a copy: nothing that identifies its holder."""

    document_type: str
    unit: str
    certified_on: str
    page_count: int
    holder: str


class SealedFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the seal in a QR code says, to be compared with the paper that it was read on.

    `certified_on` is the local date, YYYY-MM-DD; `number` the certification number in `book`.
    """

    document_type: str
    holder_name: str
    unit_name: str
    book: str
    number: int
    page_count: int
    certified_on: str


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The published decision that ended or paused a copy (TT 01/2020 art. 7)."""

    number: str
    decided_on: str | None
    reason: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One step in a copy's life: entry `index` of the log, entered at `entered_at`.

    `successor` is the code hash (hexadecimal) of the copy that takes its place: who holds that
    copy's code can compare; the code itself is not public.
    """

    kind: Kind
    index: int
    entered_at: datetime
    decision: Decision | None = None
    successor: str | None = None


class OnDay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What had effect at the end of a local day, by what had been entered by then.

    `verdict` is null when the copy had not been registered yet. It never speaks of any later day.
    """

    day: date
    verdict: StatusVerdict | None
    decision: Decision | None = None


class ListPlace(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a copy stands in the status lists; `idx` and `uri` as a referenced token says it
    (draft-ietf-oauth-status-list, section 6). Lists are numbered from 0.
    """

    list: int
    idx: int
    uri: str = ""


class SignatureFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One signature of a submitted file, as pyHanko and our own coverage rule see it.

    `fingerprint` is the SHA-256 of the signer's certificate in hexadecimal; `coverage` and
    `changes` are pyHanko's levels in lower case; `problem` names what kept it from being read.
    `signer`, `organisation` and `issuer` are what the certificate says: checked only if `trusted`.
    `trusted` and `revocation` are as of `signed_at` where `timestamped`, else of now.
    """

    field: str
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    role: Literal["officer", "seal", "time-stamp", "other"] = "other"
    fingerprint: str = ""
    trusted: bool = False
    revocation: Literal["good", "revoked", "unchecked"] = "unchecked"
    intact: bool = False
    covers_entire_file: bool = False
    coverage: str = "unclear"
    changes: str = "unknown"
    signed_at: datetime | None = None
    timestamped: bool = False
    problem: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One reason. `detail` refines the outcome's wording, `values` fill it in."""

    number: int = 0
    name: CheckName
    outcome: Outcome
    detail: str = ""
    values: dict[str, str | int] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The answer to one question.

    `verified` is what the verdict speaks of: only `valid` with `verified: "content"` says that a
    file is the certified copy. `valid` with `"code"` leaves open what the code was printed on.
    `sha256` is in hexadecimal, of the file that was asked about or submitted.
    `sealed` is what a genuine seal in the QR code says: compare it with the paper, since a seal can
    be copied onto another one.
    `verdict` is of now, also where `on_day` answers for an earlier day. `copy` is null where no
    facts may or can be shown; `index` is the entry's place in the log; `history` begins with the
    issue; `mistake_at` counts from 0 in the code's 18 characters; `retry_after` is in seconds.
    """

    verdict: Verdict
    asked: Asked
    verified: Verified = "nothing"
    code: str | None = None
    sha256: str | None = None
    checkpoint: CheckpointSeen | None = None
    checked_at: datetime
    copy: PublicFacts | None = None
    sealed: SealedFacts | None = None
    facts_erased: bool = False
    index: int | None = None
    decision: Decision | None = None
    since: datetime | None = None
    history: tuple[Change, ...] = ()
    on_day: OnDay | None = None
    status_list: ListPlace | None = None
    checks: tuple[Check, ...] = ()
    signatures: tuple[SignatureFinding, ...] = ()
    changes: Changes | None = None
    mistake_at: int | None = None
    retry_after: int | None = None


def mask_name(name: str) -> str:
    """`Nguyễn Văn An` becomes `N*** V** A*`: first letters, and never more than three stars."""
    words = unicodedata.normalize("NFC", name).split()
    return " ".join([word[0] + ("***"[: len(word) - 1] or "*") for word in words])


def public_facts(facts: Facts) -> PublicFacts:
    """The part of a copy's facts that a bare code opens."""
    return PublicFacts(
        document_type=facts.document_type,
        unit=facts.unit_name,
        certified_on=facts.certified_on,
        page_count=facts.page_count,
        holder=mask_name(facts.holder_name),
    )


def numbered(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The same checks, counted from 1."""
    return tuple(map(_numbered, checks, itertools.count(1)))


def _numbered(check: Check, number: int) -> Check:
    return check if check.number == number else msgspec.structs.replace(check, number=number)
