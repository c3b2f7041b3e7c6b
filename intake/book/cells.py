"""One line of the book as the printed form shows it, on paper and in a spreadsheet (pure)."""

from datetime import date
from typing import Literal

import msgspec

from intake.texts import DEFAULT, texts
from registry.book_line import FiledLine
from registry.clock import HANOI

State = Literal["issued", "void", "open"]


class Cells(msgspec.Struct, frozen=True, kw_only=True):
    """The columns, in the book's language. Money is whole đồng, None where none is owed or known.

    `copies` is 0 for a line that is void or open; its `note` says which.
    """

    book: str
    number: int
    day: date
    requester: str
    papers: str
    original: str
    signer_name: str
    signer_title: str
    copies: int
    gross: int | None
    subsidy: int | None
    net: int | None
    note: str
    state: State


def cells_of(line: FiledLine) -> Cells:
    """Nothing is left blank: what is not known says so, so that nothing can be written in."""
    say = texts(DEFAULT)
    columns = line.columns
    paid = columns if line.issued else None
    unknown = say(_why_unknown(line))
    return Cells(
        book=line.number.book,
        number=line.number.number,
        day=line.number.reserved_at.astimezone(HANOI).date(),
        requester=(columns and columns.requester) or unknown,
        papers=(columns and columns.papers) or unknown,
        original=_original(line) or unknown,
        signer_name=(columns and columns.signer_name) or unknown,
        signer_title=columns.signer_title if columns else "",
        copies=line.issued,
        gross=paid.gross if paid else None,
        subsidy=paid.subsidy if paid else None,
        net=paid.net if paid else None,
        note=_note(line),
        state="issued" if line.issued else "open" if line.open else "void",
    )


def _why_unknown(line: FiledLine) -> str:
    if line.erased:
        return "book-erased"
    return "book-not-recorded" if line.void_reason is None else "book-not-used"


def _original(line: FiledLine) -> str:
    """What it calls itself; once that is erased, what kind of document it is."""
    if line.columns is None:
        return ""
    kind = f"type-{line.columns.document_type.replace('_', '-')}"
    return line.columns.title or texts(DEFAULT)(kind)


def _note(line: FiledLine) -> str:
    say = texts(DEFAULT)
    notes = [line.columns.note] if line.columns else []
    if line.erased:
        notes.append(say("book-note-erased"))
    if line.open:
        notes.append(say("book-note-open"))
    if line.void_reason is not None:
        notes.append(say("book-note-void", reason=line.void_reason))
    notes += [say("book-note-revoked", decision=decision) for decision in line.revocations]
    return "; ".join(filter(None, notes))
