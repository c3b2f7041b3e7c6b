"""Deciding a batch of acts against what the book holds (pure).

Every act gets its own outcome: an act that is refused neither stops nor changes the others. Acts of
one batch see each other, in order, as if each had been appended alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from registry.certified_copy import Receipt
from registry.chain import Head, Link, follow
from registry.entry import Draft, Entry, Issued, StatusChange, draft, instant_text, parse_entry
from registry.errors import DuplicateCopy, NumberVoid, RegistryError, UnknownReservation
from registry.status import after, status_of

Outcome = Receipt | RegistryError


class BookLine(NamedTuple):
    """One line of one unit's book."""

    unit_code: str
    book: str
    number: int


class CopyRow(NamedTuple):
    """What stands beside an issuing entry; `facts` is their canonical JSON."""

    entry_index: int
    code_hash: bytes
    facts: bytes
    salt: bytes


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be made, and what an issue has besides: its line, its facts and their salt."""

    draft: Draft
    line: BookLine | None = None
    facts: bytes = b""
    salt: bytes = b""

    @property
    def entry(self) -> Entry:
        return self.draft.entry


def issue_of(entry: Issued, facts: bytes, salt: bytes) -> Act:
    """Raises MalformedEntry for what no log may hold."""
    line = BookLine(entry.unit_code, entry.book, entry.number)
    return Act(draft=draft(entry), line=line, facts=facts, salt=salt)


def change_of(entry: StatusChange) -> Act:
    """Raises MalformedEntry for what no log may hold."""
    return Act(draft=draft(entry))


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """What the book holds about a batch: every entry of its codes and PDFs, oldest first; its
    reserved lines, and whether each is void.
    """

    stored: Sequence[Link]
    lines: Mapping[BookLine, bool]


#: A row of the book and what its body says.
Row = tuple[Link, Entry]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to insert, and each act's outcome once that is committed; in the acts' order.

    `head` is the book's end then, `now` the time of the rows.
    """

    head: Head
    now: datetime
    rows: list[Row]
    copies: list[CopyRow]
    outcomes: list[Outcome]


def plan(head: Head, book: Book | None, acts: Sequence[Act], now: datetime) -> Plan:
    """Without a `book`, issues are taken to be sound: the database refuses those that are not."""
    planning = _Planning(head, book, now)
    outcomes: list[Outcome] = []
    for act in acts:
        try:
            outcomes.append(planning.decide(act))
        except RegistryError as refusal:
            outcomes.append(refusal)
    return Plan(
        head=planning.head,
        now=now,
        rows=planning.rows,
        copies=planning.copies,
        outcomes=outcomes,
    )


class _Planning:
    def __init__(self, head: Head, book: Book | None, now: datetime) -> None:
        self.head = head
        self.rows: list[Row] = []
        self.copies: list[CopyRow] = []
        self._lines = None if book is None else book.lines
        self._now = now
        self._instant = instant_text(now).encode()
        self._history: dict[bytes, list[Row]] = {}
        self._code_of_pdf: dict[bytes, bytes] = {}
        for link in () if book is None else book.stored:
            self._remember((link, parse_entry(link.body)))

    def decide(self, act: Act) -> Receipt:
        entry = act.draft.entry
        if isinstance(entry, Issued):
            return self._issue(act, entry)
        return self._change(act, entry)

    def _issue(self, act: Act, issued: Issued) -> Receipt:
        if known := self._history.get(issued.code_hash):
            return _first_receipt(known[0], issued)
        if issued.pdf_digest in self._code_of_pdf:
            raise DuplicateCopy("this PDF is registered under another code")
        if self._lines is not None:
            _refuse_line(self._lines, act.line)
        link = self._append(act.draft)
        self.copies.append(CopyRow(link.index, issued.code_hash, act.facts, act.salt))
        return _receipt(link, issued.pdf_digest, self._now)

    def _change(self, act: Act, change: StatusChange) -> Receipt:
        known = self._history.get(change.code_hash, [])
        after(status_of(entry for _, entry in known), change)
        link = self._append(act.draft)
        if change.kind == "erased":
            # Stored facts leave by the database's own hand; these would only come after it.
            self.copies = [copy for copy in self.copies if copy.code_hash != change.code_hash]
        return _receipt(link, _pdf_digest(known[0]), self._now)

    def _append(self, prepared: Draft) -> Link:
        entry, body = prepared.entered_at(self._now, self._instant)
        link = follow(self.head, body)
        self.head = Head(link.index + 1, link.entry_hash)
        row = (link, entry)
        self.rows.append(row)
        self._remember(row)
        return link

    def _remember(self, row: Row) -> None:
        _, entry = row
        self._history.setdefault(entry.code_hash, []).append(row)
        if isinstance(entry, Issued):
            self._code_of_pdf[entry.pdf_digest] = entry.code_hash


def _refuse_line(lines: Mapping[BookLine, bool], line: BookLine | None) -> None:
    void = None if line is None else lines.get(line)
    if void is None:
        raise UnknownReservation("the book number was not reserved")
    if void:
        raise NumberVoid("the book number is void")


def _first_receipt(first: Row, again: Issued) -> Receipt:
    """A retry gets the first receipt; the same code for anything else is refused."""
    if _pdf_digest(first) != again.pdf_digest:
        raise DuplicateCopy("this code is registered with another PDF")
    link, entry = first
    return _receipt(link, again.pdf_digest, entry.occurred_at)


def _pdf_digest(first: Row) -> bytes:
    """The link trigger lets nothing but an issue begin a history."""
    _, entry = first
    if not isinstance(entry, Issued):
        raise TypeError("a history begins with an issue")
    return entry.pdf_digest


def _receipt(link: Link, pdf_digest: bytes, registered_at: datetime) -> Receipt:
    return Receipt(
        index=link.index,
        leaf_hash=link.leaf_hash,
        entry_hash=link.entry_hash,
        pdf_digest=pdf_digest,
        registered_at=registered_at,
    )
