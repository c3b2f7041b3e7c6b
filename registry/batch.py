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
from registry.entry import (
    Closed,
    CopyEntry,
    Draft,
    Entry,
    Issued,
    StatusChange,
    draft,
    instant_text,
    parse_entry,
)
from registry.errors import (
    BookClosed,
    DuplicateCopy,
    IllegalSuccessor,
    MalformedEntry,
    NumberVoid,
    RegistryError,
    UnknownReservation,
)
from registry.status import after, status_of

Outcome = Receipt | RegistryError


class BookLine(NamedTuple):
    """One line of one unit's book."""

    unit_code: str
    book: str
    number: int


class CopyRow(msgspec.Struct, frozen=True, gc=False):
    """What stands beside an issuing entry; `facts` is their canonical JSON."""

    entry_index: int
    code_hash: bytes
    facts: bytes
    salt: bytes


class ChangeRow(NamedTuple):
    """What stands beside every entry that issues nothing."""

    entry_index: int
    decided_by: str
    entered_by: str


class Responsible(NamedTuple):
    """Who decided, and who entered it: officers' identifiers, which the log does not hold."""

    decided_by: str
    entered_by: str


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be made, and what an issue has besides: its facts and their salt; any other entry
    has those who are responsible.
    """

    draft: Draft
    facts: bytes = b""
    salt: bytes = b""
    responsible: Responsible | None = None

    @property
    def entry(self) -> Entry:
        return self.draft.entry

    @property
    def line(self) -> BookLine | None:
        """An issue's."""
        entry = self.draft.entry
        if not isinstance(entry, Issued):
            return None
        return BookLine(entry.unit_code, entry.book, entry.number)


def issue_of(entry: Issued, facts: bytes, salt: bytes) -> Act:
    """Raises MalformedEntry for what no log may hold."""
    return Act(draft=draft(entry), facts=facts, salt=salt)


def change_of(entry: StatusChange | Closed, responsible: Responsible) -> Act:
    """Raises MalformedEntry for what no log may hold, or nobody is responsible for."""
    if not all(one.strip() and "\x00" not in one for one in responsible):
        raise MalformedEntry("who decided and who entered it must be named")
    return Act(draft=draft(entry), responsible=responsible)


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """What the book holds about a batch: every entry of its codes, PDFs and closed years, oldest
    first; its reserved lines, and whether each is void.
    """

    stored: Sequence[Link]
    lines: Mapping[BookLine, bool]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to insert, and each act's outcome once that is committed; in the acts' order.

    `head` is the book's end then, `now` the time of the rows.
    """

    head: Head
    now: datetime
    rows: list[tuple[Link, Entry]]
    copies: list[CopyRow]
    changes: list[ChangeRow]
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
        changes=planning.changes,
        outcomes=outcomes,
    )


class _Planning:
    def __init__(self, head: Head, book: Book | None, now: datetime) -> None:
        self.head = head
        self.rows: list[tuple[Link, Entry]] = []
        self.copies: list[CopyRow] = []
        self.changes: list[ChangeRow] = []
        self._lines = None if book is None else book.lines
        self._now = now
        self._instant = instant_text(now).encode()
        self._history: dict[bytes, list[tuple[Link, CopyEntry]]] = {}
        self._closings: dict[tuple[str, int], tuple[Link, Closed]] = {}
        self._pdfs: set[bytes] = set()
        for link in () if book is None else book.stored:
            self._remember(link, parse_entry(link.body))

    def decide(self, act: Act) -> Receipt:
        entry = act.draft.entry
        if isinstance(entry, Issued):
            return self._issue(act, entry)
        if isinstance(entry, StatusChange):
            return self._change(act, entry)
        return self._close(act, entry)

    def _issue(self, act: Act, issued: Issued) -> Receipt:
        if known := self._history.get(issued.code_hash):
            return _first_receipt(known[0], issued)
        if issued.pdf_digest in self._pdfs:
            raise DuplicateCopy("this PDF is registered already, under another code")
        if self._lines is not None:
            _refuse_line(self._lines, act.line)
        link = self._append(act)
        self.copies.append(CopyRow(link.index, issued.code_hash, act.facts, act.salt))
        return _receipt(link, issued.pdf_digest, self._now)

    def _change(self, act: Act, change: StatusChange) -> Receipt:
        known = self._history.get(change.code_hash, [])
        if known and _same(known[-1][1], change):
            link, latest = known[-1]
            return _receipt(link, _pdf_digest(known[0]), latest.occurred_at)
        after(status_of(entry for _, entry in known), change)
        if change.successor is not None:
            self._refuse_successor(change.successor)
        link = self._append(act)
        if change.kind == "erased":
            # Stored facts leave by the database's own hand; these would only come after it.
            self.copies = [copy for copy in self.copies if copy.code_hash != change.code_hash]
        return _receipt(link, _pdf_digest(known[0]), self._now)

    def _refuse_successor(self, code_hash: bytes) -> None:
        """Copies in force only: thus no copy can come to be its own successor's successor."""
        known = self._history.get(code_hash)
        if not known or status_of(entry for _, entry in known).verdict != "valid":
            raise IllegalSuccessor("no copy with the successor's code is in force")

    def _close(self, act: Act, closed: Closed) -> Receipt:
        if known := self._closings.get((closed.unit_code, closed.year)):
            link, first = known
            if not _same(first, closed):
                raise BookClosed("the year's book is closed already, with another print")
            return _receipt(link, first.pdf_digest, first.occurred_at)
        return _receipt(self._append(act), closed.pdf_digest, self._now)

    def _append(self, act: Act) -> Link:
        entry, body = act.draft.entered_at(self._now, self._instant)
        link = follow(self.head, body)
        self.head = Head(link.index + 1, link.entry_hash)
        self.rows.append((link, entry))
        if act.responsible is not None:
            self.changes.append(ChangeRow(link.index, *act.responsible))
        self._remember(link, entry)
        return link

    def _remember(self, link: Link, entry: Entry) -> None:
        if isinstance(entry, Closed):
            self._closings[entry.unit_code, entry.year] = (link, entry)
            self._pdfs.add(entry.pdf_digest)
            return
        self._history.setdefault(entry.code_hash, []).append((link, entry))
        if isinstance(entry, Issued):
            self._pdfs.add(entry.pdf_digest)


def _same(stored: Entry, again: StatusChange | Closed) -> bool:
    """Whether a caller asks once more for what is entered already, but for its time."""
    return stored == msgspec.structs.replace(again, occurred_at=stored.occurred_at)


def _refuse_line(lines: Mapping[BookLine, bool], line: BookLine | None) -> None:
    void = None if line is None else lines.get(line)
    if void is None:
        raise UnknownReservation("the book number was not reserved")
    if void:
        raise NumberVoid("the book number is void")


def _first_receipt(first: tuple[Link, Entry], again: Issued) -> Receipt:
    """A retry gets the first receipt; the same code for anything else is refused."""
    if _pdf_digest(first) != again.pdf_digest:
        raise DuplicateCopy("this code is registered with another PDF")
    link, entry = first
    return _receipt(link, again.pdf_digest, entry.occurred_at)


def _pdf_digest(first: tuple[Link, Entry]) -> bytes:
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
