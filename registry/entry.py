"""Entries: what the public log says. Nothing in a body is personal.

A body is RFC 8785 canonical JSON; bytes are lower-case hex, times RFC 3339 in UTC with
microseconds. Every column of the entry table is a field of the body.
"""

from datetime import date, datetime
from typing import Final, Literal

import msgspec

Kind = Literal["issued", "suspended", "reinstated", "revoked", "superseded", "erased"]
ChangeKind = Literal["suspended", "reinstated", "revoked", "superseded", "erased"]

VERSION: Final = 1


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A copy came into the world. Hashes have 32 bytes; `at` is the time of registration."""

    code_hash: bytes
    at: datetime
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


class StatusChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something was decided about an issued copy; the decision is public (TT 01/2020 art. 7).

    `decision` is the decision's number, `decided_on` its local date, `reason` public words that
    must not name a person.
    """

    code_hash: bytes
    at: datetime
    kind: ChangeKind
    decision: str
    decided_on: date
    reason: str = ""


Entry = Issued | StatusChange


def body(entry: Entry) -> bytes:
    """The canonical bytes that the log hashes."""
    raise NotImplementedError


def parse_entry(text: bytes) -> Entry:
    """The entry of a body; raises MalformedEntry unless `text` is exactly its canonical form."""
    raise NotImplementedError
