"""Entries as rows: each column is a field of the body."""

from typing import Any, Final

import asyncpg

from registry.chain import Link
from registry.entry import Entry, Issued

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
)
LINK_COLUMNS: Final = "index, body, leaf_hash, prev_hash, entry_hash"


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
            None,
            None,
            None,
        )
    nothing = (None,) * 8
    decided = (entry.decision, entry.decided_on, entry.reason)
    return (entry.kind, entry.code_hash, entry.occurred_at, *nothing, *decided)


def link_of(row: asyncpg.Record) -> Link:
    """The link in a row that begins with LINK_COLUMNS."""
    return Link(row[0], row[1], row[2], row[3], row[4])


def link_values(link: Link) -> tuple[int, bytes, bytes, bytes, bytes]:
    """The values of LINK_COLUMNS."""
    return (link.index, link.body, link.leaf_hash, link.prev_hash, link.entry_hash)
