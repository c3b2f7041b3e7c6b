"""Entries: what the public log says. Nothing in a body is personal.

A body is RFC 8785 canonical JSON: bytes as lower-case hex, times in UTC with six decimals, dates
as YYYY-MM-DD. Every column of the entry table is a field of the body.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, Literal

import msgspec

from registry.clock import HANOI
from registry.errors import MalformedEntry

ChangeKind = Literal["suspended", "reinstated", "revoked", "superseded", "erased"]
Kind = Literal["issued", "suspended", "reinstated", "revoked", "superseded", "erased", "closed"]

VERSION: Final = 1

#: C2SP tile bundles carry the length of a body in 16 bits.
MAX_BODY_BYTES: Final = 0xFFFF

#: No book is older.
FIRST_YEAR: Final = 2000

#: The moments that have a spelling, and a day in Hanoi: of the years 1 to 9999.
FIRST_MOMENT: Final = datetime(1, 1, 1, tzinfo=UTC)
LAST_MOMENT: Final = datetime.max.replace(tzinfo=HANOI).astimezone(UTC)


class Issued(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A copy came into the world. Hashes have 32 bytes; `occurred_at` is its registration."""

    code_hash: bytes
    occurred_at: datetime
    pdf_digest: bytes
    commitment: bytes
    signer_fingerprint: bytes
    seal_fingerprint: bytes
    unit_code: str
    book: str
    number: int
    certified_at: datetime

    @property
    def kind(self) -> Kind:
        return "issued"


class StatusChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something was decided about an issued copy; the decision is public (TT 01/2020 art. 7).

    `decision` is the decision's number, `decided_on` its local date, `reason` public words that
    must not name a person. `successor` is the code hash of the copy that takes the place of one
    that is superseded; only the first such entries lack it.
    """

    code_hash: bytes
    occurred_at: datetime
    kind: ChangeKind
    decision: str
    decided_on: date
    reason: str = ""
    successor: bytes | None = None


class Closed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A unit's book of one local year was closed for ever; this is about no copy.

    `numbers` is the year's last number, `void` how many of them ended without a copy, `pdf_digest`
    the SHA-256 of the signed closing print.
    """

    occurred_at: datetime
    unit_code: str
    year: int
    numbers: int
    void: int
    pdf_digest: bytes

    @property
    def kind(self) -> Kind:
        return "closed"


#: What the entries of one code are.
CopyEntry = Issued | StatusChange
Entry = CopyEntry | Closed


class _WireIssued(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    book: str
    certified_at: str
    code_hash: str
    commitment: str
    kind: Literal["issued"]
    number: int
    occurred_at: str
    pdf_digest: str
    seal_fingerprint: str
    signer_fingerprint: str
    unit_code: str
    version: Literal[1]


class _WireChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    code_hash: str
    decided_on: str
    decision: str
    kind: ChangeKind
    occurred_at: str
    reason: str
    version: Literal[1]
    successor: str | None = None


class _WireClosed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    kind: Literal["closed"]
    numbers: int
    occurred_at: str
    pdf_digest: str
    unit_code: str
    version: Literal[1]
    void: int
    year: int


class _Peek(msgspec.Struct, frozen=True, gc=False):
    kind: Kind


_PEEK: Final = msgspec.json.Decoder(_Peek)
_ISSUED: Final = msgspec.json.Decoder(_WireIssued)
_CHANGE: Final = msgspec.json.Decoder(_WireChange)
_CLOSED: Final = msgspec.json.Decoder(_WireClosed)
_ENCODER: Final = msgspec.json.Encoder()
_TIME_BYTES: Final = len("2026-11-22T02:15:30.000000Z")


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An entry ready to be entered, but for its time: the body without it, in two pieces."""

    entry: Entry
    before: bytes
    after: bytes

    def entered_at(self, moment: datetime, instant: bytes) -> tuple[Entry, bytes]:
        """The entry as of its turn and its body; `instant` is `instant_text(moment)`, encoded.

        Raises MalformedEntry for a decision from the future.
        """
        entry = msgspec.structs.replace(self.entry, occurred_at=moment)
        if not isinstance(entry, Issued):
            _refuse_future(entry)
        return entry, self.before + instant + self.after


def draft(entry: Entry) -> Draft:
    """Does once, before its turn, what an entry's body costs.

    Raises MalformedEntry for what no log may hold.
    """
    _refuse_unsound(entry)
    try:
        prepared = Draft(entry, *_pieces(entry))
    except UnicodeEncodeError:
        raise MalformedEntry("a text is not Unicode") from None
    if len(prepared.before) + _TIME_BYTES + len(prepared.after) > MAX_BODY_BYTES:
        raise MalformedEntry("the body is longer than a tile bundle can carry")
    return prepared


def body(entry: Entry) -> bytes:
    """The canonical bytes that the log hashes. Raises MalformedEntry for what no log may hold."""
    prepared = draft(entry)
    return prepared.before + instant_text(entry.occurred_at).encode() + prepared.after


def parse_entry(encoded: bytes) -> Entry:
    """The entry of a body; raises MalformedEntry unless `encoded` is exactly its canonical form."""
    try:
        entry = _read(encoded)
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise MalformedEntry("the body is no entry of version 1") from error
    if body(entry) != encoded:
        raise MalformedEntry("the body is not in canonical form")
    return entry


def _read(encoded: bytes) -> Entry:
    kind = _PEEK.decode(encoded).kind
    if kind == "issued":
        return _from_issued(_ISSUED.decode(encoded))
    if kind == "closed":
        return _from_closed(_CLOSED.decode(encoded))
    return _from_change(_CHANGE.decode(encoded))


def _refuse_unsound(entry: Entry) -> None:
    if isinstance(entry, Issued):
        digests = len(entry.code_hash) == len(entry.pdf_digest) == len(entry.commitment) == 32
        if not digests or not len(entry.signer_fingerprint) == len(entry.seal_fingerprint) == 32:
            raise MalformedEntry("a hash does not have 32 bytes")
        if not 0 < entry.number < 2**31:
            raise MalformedEntry("a book number is positive and has 31 bits")
        _refuse_time(entry.occurred_at)
        _refuse_time(entry.certified_at)
    elif isinstance(entry, StatusChange):
        _refuse_unsound_change(entry)
    else:
        if len(entry.pdf_digest) != 32:
            raise MalformedEntry("a hash does not have 32 bytes")
        _refuse_name(entry.unit_code)
        if not 0 <= entry.void <= entry.numbers < 2**31:
            raise MalformedEntry("of a year's numbers some or all may be void, not more")
        _refuse_future(entry)


def _refuse_unsound_change(change: StatusChange) -> None:
    successor = change.successor
    if len(change.code_hash) != 32 or (successor is not None and len(successor) != 32):
        raise MalformedEntry("a hash does not have 32 bytes")
    if successor is not None and (change.kind != "superseded" or successor == change.code_hash):
        raise MalformedEntry("only a copy that is superseded has a successor, another copy")
    _refuse_name(change.decision)
    _refuse_future(change)
    if "\x00" in change.reason:
        raise MalformedEntry("a text holds U+0000, which PostgreSQL cannot")


def _refuse_name(text: str) -> None:
    if not text.strip() or "\x00" in text:
        raise MalformedEntry("unit, book and decision cannot be empty nor hold U+0000")


def _refuse_time(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise MalformedEntry("a time without a zone")
    if not FIRST_MOMENT <= moment <= LAST_MOMENT:
        raise MalformedEntry("a time is of the years 1 to 9999, in Hanoi too")


def _refuse_future(entry: StatusChange | Closed) -> None:
    _refuse_time(entry.occurred_at)
    today = entry.occurred_at.astimezone(HANOI).date()
    if isinstance(entry, Closed):
        if not FIRST_YEAR <= entry.year <= today.year:
            raise MalformedEntry("a book is not closed before its year")
    elif entry.decided_on > today:
        raise MalformedEntry("a decision is not dated after the day on which it is entered")


# A body's text, up to its time and from it on. The names stand in RFC 8785's order, so that writing
# them down is canonicalisation, an order of magnitude faster than the general algorithm; a property
# test holds both together.
def _pieces(entry: Entry) -> tuple[bytes, bytes]:
    if isinstance(entry, Issued):
        return _issued(entry)
    before, after = _change(entry) if isinstance(entry, StatusChange) else _closed(entry)
    return before.encode(), after.encode()


def _issued(entry: Issued) -> tuple[bytes, bytes]:
    begin, end = _shared(
        entry.book, entry.unit_code, entry.seal_fingerprint, entry.signer_fingerprint
    )
    before = (
        f'"certified_at":"{instant_text(entry.certified_at)}",'
        f'"code_hash":"{entry.code_hash.hex()}","commitment":"{entry.commitment.hex()}",'
        f'"kind":"issued","number":{entry.number},"occurred_at":"'
    )
    after = f'","pdf_digest":"{entry.pdf_digest.hex()}",'
    return begin + before.encode(), after.encode() + end


@lru_cache(maxsize=1024)
def _shared(book: str, unit_code: str, seal: bytes, signer: bytes) -> tuple[bytes, bytes]:
    """How a body begins and ends: the same for all that one officer signs in one book. Raises
    MalformedEntry.
    """
    begin = f'{{"book":{_quoted_name(book)},'
    end = (
        f'"seal_fingerprint":"{seal.hex()}","signer_fingerprint":"{signer.hex()}",'
        f'"unit_code":{_quoted_name(unit_code)},"version":{VERSION}}}'
    )
    return begin.encode(), end.encode()


def _change(entry: StatusChange) -> tuple[str, str]:
    before = (
        f'{{"code_hash":"{entry.code_hash.hex()}","decided_on":"{entry.decided_on.isoformat()}",'
        f'"decision":{_quoted(entry.decision)},"kind":"{entry.kind}","occurred_at":"'
    )
    successor = "" if entry.successor is None else f',"successor":"{entry.successor.hex()}"'
    return before, f'","reason":{_quoted(entry.reason)}{successor},"version":{VERSION}}}'


def _closed(entry: Closed) -> tuple[str, str]:
    after = (
        f'","pdf_digest":"{entry.pdf_digest.hex()}","unit_code":{_quoted_name(entry.unit_code)},'
        f'"version":{VERSION},"void":{entry.void},"year":{entry.year}}}'
    )
    return f'{{"kind":"closed","numbers":{entry.numbers},"occurred_at":"', after


def _quoted(text: str) -> str:
    return _ENCODER.encode(text).decode()


@lru_cache(maxsize=1024)
def _quoted_name(name: str) -> str:
    """Units and books are few, and each stands in many entries. Raises MalformedEntry."""
    _refuse_name(name)
    return _quoted(name)


def _from_issued(wire: _WireIssued) -> Issued:
    return Issued(
        code_hash=bytes.fromhex(wire.code_hash),
        occurred_at=datetime.fromisoformat(wire.occurred_at),
        pdf_digest=bytes.fromhex(wire.pdf_digest),
        commitment=bytes.fromhex(wire.commitment),
        signer_fingerprint=bytes.fromhex(wire.signer_fingerprint),
        seal_fingerprint=bytes.fromhex(wire.seal_fingerprint),
        unit_code=wire.unit_code,
        book=wire.book,
        number=wire.number,
        certified_at=datetime.fromisoformat(wire.certified_at),
    )


def _from_change(wire: _WireChange) -> StatusChange:
    return StatusChange(
        code_hash=bytes.fromhex(wire.code_hash),
        occurred_at=datetime.fromisoformat(wire.occurred_at),
        kind=wire.kind,
        decision=wire.decision,
        decided_on=date.fromisoformat(wire.decided_on),
        reason=wire.reason,
        successor=None if wire.successor is None else bytes.fromhex(wire.successor),
    )


def _from_closed(wire: _WireClosed) -> Closed:
    return Closed(
        occurred_at=datetime.fromisoformat(wire.occurred_at),
        unit_code=wire.unit_code,
        year=wire.year,
        numbers=wire.numbers,
        void=wire.void,
        pdf_digest=bytes.fromhex(wire.pdf_digest),
    )


def instant_text(moment: datetime) -> str:
    """A time as bodies write it. Raises MalformedEntry for one without a zone."""
    if moment.tzinfo is None:
        raise MalformedEntry("a time without a zone")
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    quoted = _ENCODER.encode(moment).decode()  # a tenth of what isoformat costs
    return quoted[1:-1] if moment.microsecond else f"{quoted[1:-2]}.000000Z"
