"""Rows in PostgreSQL's binary formats, of COPY and of values, made in one piece.

The driver would encode each value by itself, four times as slowly. A mistake in here cannot get
into the book: the link trigger compares every column with the hashed body.
"""

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Final

from registry.batch import ChangeRow, CopyRow
from registry.chain import Link
from registry.entry import Closed, Entry, Issued, StatusChange
from registry.store.rows import COLUMNS, EPOCH, microseconds

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)  # no flags, no header extension
_END: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
_NULLS: Final = _NULL * 7

# Each value is preceded by its length in 32 bits, each row by its number of values in 16.
_WIDTH: Final = 5 + len(COLUMNS)
_LENGTH: Final = Struct(">i")
_INDEX_AND_BODY: Final = Struct(">hiqi")
_LINK: Final = Struct(">i32si32si32s")
_KIND_TO_SEAL: Final = Struct(">i6si32siqi32si32si32si32s")
_NUMBER_TO_END: Final = Struct(">iiiq28s")  # the seven columns of other kinds are NULL
_CHANGE: Final = Struct(">i32siq32s")  # eight columns of an issue are NULL
_CLOSING: Final = Struct(">i6s4siqi32s12s")
_COUNTS: Final = Struct(">28siiiiii")
_COPY: Final = Struct(">hiqi32si")
_PERSONS: Final = Struct(">hiq")
_SALT: Final = Struct(">i32s")
_DAY: Final = Struct(">ii")

# A value of an array is its number of dimensions, whether it holds NULLs, its elements' type, their
# number and the first one's index; then each element after its length. A row has its number of
# columns; then each value after its type and length. These types' numbers never change.
_BYTEA, _BIGINT, _INTEGER, _TEXT, _JSON = 17, 20, 23, 25, 114
_ARRAY: Final = Struct(">iiIii")
_HASHES: Final = Struct(">iii").pack(7, _BYTEA, 9 * 32)
_NUMBERS: Final = Struct(">iiiiiq")
_TYPE_AND_LENGTH: Final = Struct(">ii")
_ISSUE_BYTES: Final = len(_HASHES) + 9 * 32 + _NUMBERS.size + 4 * _TYPE_AND_LENGTH.size


def entry_rows(rows: Iterable[tuple[Link, Entry]]) -> bytes:
    """The columns LINK_COLUMNS, then COLUMNS, of registry.entry."""
    return b"".join((_SIGNATURE, *(_entry_row(link, entry) for link, entry in rows), _END))


def copy_rows(rows: Iterable[CopyRow]) -> bytes:
    """The columns of registry.copy, in CopyRow's order."""
    return b"".join((_SIGNATURE, *map(_copy_row, rows), _END))


def change_rows(rows: Iterable[ChangeRow]) -> bytes:
    """The columns of registry.change, in ChangeRow's order."""
    return b"".join((_SIGNATURE, *map(_change_row, rows), _END))


def issues(rows: Iterable[tuple[Link, Entry]], copies: Sequence[CopyRow], issue_type: int) -> bytes:
    """An array of registry.issue, the type whose number is `issue_type`."""
    pieces = [_ARRAY.pack(1, 0, issue_type, len(copies), 1)]
    for (link, entry), copy in zip(rows, copies, strict=True):
        pieces.extend(_issue(link, entry, copy))
    return b"".join(pieces)


def _issue(link: Link, entry: Entry, copy: CopyRow) -> Sequence[bytes]:
    if not isinstance(entry, Issued):
        raise TypeError("only an issue has a copy")
    unit_code, book = entry.unit_code.encode(), entry.book.encode()
    texts = len(unit_code) + len(book) + len(link.body) + len(copy.facts)
    certified_at = microseconds(entry.certified_at)
    return (
        _LENGTH.pack(_ISSUE_BYTES + texts),
        _HASHES,
        link.leaf_hash,
        link.prev_hash,
        link.entry_hash,
        entry.code_hash,
        entry.pdf_digest,
        entry.commitment,
        entry.signer_fingerprint,
        entry.seal_fingerprint,
        copy.salt,
        _NUMBERS.pack(_INTEGER, 4, entry.number, _BIGINT, 8, certified_at),
        _TYPE_AND_LENGTH.pack(_TEXT, len(unit_code)),
        unit_code,
        _TYPE_AND_LENGTH.pack(_TEXT, len(book)),
        book,
        _TYPE_AND_LENGTH.pack(_BYTEA, len(link.body)),
        link.body,
        _TYPE_AND_LENGTH.pack(_JSON, len(copy.facts)),
        copy.facts,
    )


def _entry_row(link: Link, entry: Entry) -> bytes:
    if isinstance(entry, Issued):
        values = _issued(entry)
    else:
        values = _change(entry) if isinstance(entry, StatusChange) else _closed(entry)
    return b"".join(
        (
            _INDEX_AND_BODY.pack(_WIDTH, 8, link.index, len(link.body)),
            link.body,
            _LINK.pack(32, link.leaf_hash, 32, link.prev_hash, 32, link.entry_hash),
            *values,
        )
    )


def _issued(entry: Issued) -> Sequence[bytes]:
    unit_code, book = entry.unit_code.encode(), entry.book.encode()
    return (
        _KIND_TO_SEAL.pack(
            *(6, b"issued"),
            *(32, entry.code_hash),
            *(8, microseconds(entry.occurred_at)),
            *(32, entry.pdf_digest),
            *(32, entry.commitment),
            *(32, entry.signer_fingerprint),
            *(32, entry.seal_fingerprint),
        ),
        _LENGTH.pack(len(unit_code)),
        unit_code,
        _LENGTH.pack(len(book)),
        book,
        _NUMBER_TO_END.pack(4, entry.number, 8, microseconds(entry.certified_at), _NULLS),
    )


def _change(entry: StatusChange) -> Sequence[bytes]:
    return (
        _text(entry.kind),
        _CHANGE.pack(32, entry.code_hash, 8, microseconds(entry.occurred_at), _NULL * 8),
        _text(entry.decision),
        _DAY.pack(4, (entry.decided_on - EPOCH.date()).days),
        _text(entry.reason),
        _NULL if entry.successor is None else _LENGTH.pack(32) + entry.successor,
        _NULL * 3,
    )


def _closed(entry: Closed) -> Sequence[bytes]:
    return (
        _CLOSING.pack(
            *(6, b"closed"),
            _NULL,
            *(8, microseconds(entry.occurred_at)),
            *(32, entry.pdf_digest),
            _NULL * 3,
        ),
        _text(entry.unit_code),
        _COUNTS.pack(_NULLS, 4, entry.year, 4, entry.numbers, 4, entry.void),
    )


def _copy_row(row: CopyRow) -> bytes:
    begin = _COPY.pack(4, 8, row.entry_index, 32, row.code_hash, len(row.facts))
    return b"".join((begin, row.facts, _SALT.pack(32, row.salt)))


def _change_row(row: ChangeRow) -> bytes:
    begin = _PERSONS.pack(3, 8, row.entry_index)
    return b"".join((begin, _text(row.decided_by), _text(row.entered_by)))


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _LENGTH.pack(len(encoded)) + encoded
