"""The book by the column: many rows' values joined, each column in one piece.

Reading rows one by one costs the reader several microseconds each; joined by the server they cost
one. Numbers come in the wire's form (big-endian), times as microseconds since 2000.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg
import asyncpg.pool

from registry.store.rows import COLUMNS, ISSUE_WIDTH

#: Rows joined at a time: what the server holds of them stays below the size from which on memory
#: is given back to the system after each use.
_JOINED: Final = 128

_LINKS: Final = ("leaf_hash", "prev_hash", "entry_hash")
_FIXED: Final = ("code_hash", "pdf_digest", "commitment", "signer_fingerprint", "seal_fingerprint")
_TIMES: Final = ("occurred_at", "certified_at")
_TEXTS: Final = ("unit_code", "book")
_OF_OTHERS: Final = tuple(name for name, _ in COLUMNS[ISSUE_WIDTH:])

Columns = dict[str, bytes]


def _joined(value: str, between: str = "") -> str:
    return f"string_agg({value}, '{between}')"


# A row is plain when it is of an issued copy and each column can hold what its body says: then its
# place in every joined column follows from its place among the plain rows.
_PLAIN: Final = " AND ".join(
    [
        "kind = 'issued'",
        *(f"octet_length({name}) = 32" for name in _FIXED),
        *(f"{name} IS NOT NULL" for name in (*_TIMES, *_TEXTS, "number")),
        *(f"{name} IS NULL" for name in _OF_OTHERS),
    ]
)
_LINKED: Final = " AND ".join(
    ["body IS NOT NULL", *(f"octet_length({name}) = 32" for name in _LINKS)]
)
_OF_ALL: Final = {
    "index": "int8send(index)",
    "body": "body",
    "body_length": "int4send(octet_length(body))",
    **{name: name for name in _LINKS},
    "linked": r"CASE WHEN linked THEN '\x01'::bytea ELSE '\x00' END",
    "plain": r"CASE WHEN plain THEN '\x01'::bytea ELSE '\x00' END",
}
# The tree's leaves are hashed with a zero byte before them: it is put there in passing.
_BEFORE: Final = {"body": b"\0"}
_BETWEEN: Final = {"body": r"\x00"}
_OF_PLAIN: Final = {
    **{name: name for name in _FIXED},
    **{name: f"timestamptz_send({name})" for name in _TIMES},
    "number": "int4send(number)",
    **{name: f"textsend({name})" for name in _TEXTS},
    **{f"{name}_length": f"int4send(octet_length({name}))" for name in _TEXTS},
}
_ENTRY_COLUMNS: Final = ", ".join(
    [_joined(value, _BETWEEN.get(name, "")) for name, value in _OF_ALL.items()]
    + [f"{_joined(value)} FILTER (WHERE plain)" for value in _OF_PLAIN.values()]
)
_ENTRIES: Final = f"""
SELECT r.* FROM generate_series($1::bigint, $2::bigint - 1, {_JOINED}) first, LATERAL (
    SELECT {_ENTRY_COLUMNS} FROM (
        SELECT *, coalesce({_LINKED}, false) AS linked, coalesce({_PLAIN}, false) AS plain
        FROM registry.entry WHERE index >= first AND index < least(first + {_JOINED}, $2)
        ORDER BY index
    ) entry
) r
"""  # noqa: S608 - the names are ours

_WHOLE: Final = "octet_length(salt) = 32 AND octet_length(code_hash) = 32 AND facts IS NOT NULL"
_OF_COPIES: Final = {
    "index": "int8send(entry_index)",
    "whole": r"CASE WHEN whole THEN '\x01'::bytea ELSE '\x00' END",
}
_OF_WHOLE: Final = {
    "code_hash": "code_hash",
    "opening": "opening",
    "opening_length": "int4send(octet_length(opening))",
}
_COPY_COLUMNS: Final = ", ".join(
    [_joined(value) for value in _OF_COPIES.values()]
    + [f"{_joined(value)} FILTER (WHERE whole)" for value in _OF_WHOLE.values()]
)
# OFFSET 0: what opens a commitment is put together once a row.
_COPIES: Final = f"""
SELECT r.* FROM generate_series($1::bigint, $2::bigint - 1, {_JOINED}) first, LATERAL (
    SELECT {_COPY_COLUMNS} FROM (
        SELECT *, coalesce({_WHOLE}, false) AS whole,
            $3::bytea || salt || json_send(facts) AS opening
        FROM registry.copy
        WHERE entry_index >= first AND entry_index < least(first + {_JOINED}, $2)
        ORDER BY entry_index
        OFFSET 0
    ) copy
) r
"""  # noqa: S608 - our own names


async def entry_columns(
    connection: asyncpg.pool.PoolConnectionProxy, start: int, end: int
) -> Columns:
    """Of the entries [start, end), by index: `index`, `body` (a zero byte before each) with
    `body_length`, the hashes of the link, `linked` (a byte a row: whether these are there and have
    their lengths) and `plain`.

    The other columns are of plain rows only, those of an issued copy in which nothing is missing
    and no hash has another length; texts have a `_length` beside them.
    """
    rows = await connection.fetch(_ENTRIES, start, end, timeout=None)
    return _join([*_OF_ALL, *_OF_PLAIN], rows)


async def copy_columns(
    connection: asyncpg.pool.PoolConnectionProxy, start: int, end: int, domain: bytes
) -> Columns:
    """Of what stands beside the entries [start, end): `index`, `whole`, and of whole rows
    `code_hash` and `opening` with its length: domain, salt and facts, whose hash is a commitment.
    """
    rows = await connection.fetch(_COPIES, start, end, domain, timeout=None)
    return _join([*_OF_COPIES, *_OF_WHOLE], rows)


def _join(names: Sequence[str], rows: Sequence[asyncpg.Record]) -> Columns:
    columns = {}
    for at, name in enumerate(names):
        before = _BEFORE.get(name, b"")
        pieces = [row[at] for row in rows if row[at] is not None]
        columns[name] = before + before.join(pieces) if pieces else b""
    return columns
