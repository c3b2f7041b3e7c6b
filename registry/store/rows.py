"""Entries as rows: each column is a field of the body."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from registry.chain import Link
from registry.entry import Entry, Issued, StatusChange

#: Column and SQL type, in the table's order; the names are the entries' own.
COLUMNS: Final = (
    ("kind", "text"),
    ("code_hash", "bytea"),
    ("occurred_at", "timestamptz"),
    ("pdf_digest", "bytea"),
    ("commitment", "bytea"),
    ("signer_fingerprint", "bytea"),
    ("seal_fingerprint", "bytea"),
    ("unit_code", "text"),
    ("book", "text"),
    ("number", "integer"),
    ("certified_at", "timestamptz"),
    ("decision", "text"),
    ("decided_on", "date"),
    ("reason", "text"),
    ("successor", "bytea"),
    ("year", "integer"),
    ("numbers", "integer"),
    ("void", "integer"),
)
#: The first so many are an issue's; the others of an issue are NULL.
ISSUE_WIDTH: Final = 11
_NOTHING: Final = (None,) * len(COLUMNS)
LINK_COLUMNS: Final = "index, body, leaf_hash, prev_hash, entry_hash"
#: PostgreSQL counts time from here.
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def columns_of(entry: Entry) -> tuple[Any, ...]:
    """The values of COLUMNS for an entry; what its kind does not have is None."""
    if isinstance(entry, Issued):
        return (
            "issued",
            entry.code_hash,
            entry.occurred_at,
            entry.pdf_digest,
            entry.commitment,
            entry.signer_fingerprint,
            entry.seal_fingerprint,
            entry.unit_code,
            entry.book,
            entry.number,
            entry.certified_at,
            *_NOTHING[ISSUE_WIDTH:],
        )
    if isinstance(entry, StatusChange):
        said = (entry.decision, entry.decided_on, entry.reason, entry.successor)
        return (entry.kind, entry.code_hash, entry.occurred_at, *_NOTHING[:8], *said, *_NOTHING[:3])
    printed = (entry.occurred_at, entry.pdf_digest, *_NOTHING[:3], entry.unit_code)
    counted = (entry.year, entry.numbers, entry.void)
    return (entry.kind, None, *printed, *_NOTHING[:7], *counted)


def microseconds(moment: datetime) -> int:
    """A time as PostgreSQL stores it."""
    return (moment - EPOCH) // _MICROSECOND


def link_of(row: asyncpg.Record) -> Link:
    """The link in a row that begins with LINK_COLUMNS."""
    return Link(row[0], row[1], row[2], row[3], row[4])


def link_values(link: Link) -> tuple[int, bytes, bytes, bytes, bytes]:
    """The values of LINK_COLUMNS."""
    return (link.index, link.body, link.leaf_hash, link.prev_hash, link.entry_hash)
