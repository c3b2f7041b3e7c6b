"""The map's pages. Each has two slots: what is published is read while more is signed."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import asyncpg

from registry.store.hashes import NEWEST_NOTE

_NEWEST_PAGES: Final = """
SELECT wanted.name, page.content FROM unnest($1::text[]) AS wanted (name), LATERAL (
    SELECT p.content FROM registry.map_page p WHERE p.name = wanted.name
    ORDER BY p.size DESC LIMIT 1
) page
"""

# What no published checkpoint commits to is written over; what one does stays for its readers.
_PUT_PAGES: Final = """
INSERT INTO registry.map_page (name, slot, size, content, note)
SELECT put.name, CASE WHEN newest.size <= $2 THEN 1 - newest.slot ELSE coalesce(newest.slot, 0) END,
       $1, put.content, CASE WHEN put.name = '' THEN $5 END
FROM unnest($3::text[], $4::bytea[]) AS put (name, content)
LEFT JOIN LATERAL (
    SELECT p.slot, p.size FROM registry.map_page p WHERE p.name = put.name
    ORDER BY p.size DESC LIMIT 1
) newest ON true
ON CONFLICT (name, slot) DO UPDATE
SET size = EXCLUDED.size, content = EXCLUDED.content, note = EXCLUDED.note
"""

# The root's page is part of every change, so it tells how far the map is.
_NEWEST_ROOT: Final = """
SELECT p.size, coalesce(p.note, c.note) AS note
FROM registry.map_page p LEFT JOIN registry.checkpoint c ON c.size = p.size
WHERE p.name = '' ORDER BY p.size DESC LIMIT 1
"""

_PUBLISHED_PAGES: Final = f"""
SELECT checkpoint.note, page.name, page.content
FROM (SELECT 1) AS always LEFT JOIN ({NEWEST_NOTE}) checkpoint ON true LEFT JOIN LATERAL (
    SELECT DISTINCT ON (p.name) p.name, p.content FROM registry.map_page p
    WHERE p.name = ANY ($1) AND p.size <= checkpoint.size ORDER BY p.name, p.size DESC
) page ON true
"""  # noqa: S608 - our own names


class PublishedPages(NamedTuple):
    """Contents by name as of the newest published checkpoint, whose note this is."""

    note: str | None
    contents: dict[str, bytes]


async def published_pages(
    connection: "asyncpg.pool.PoolConnectionProxy", names: Collection[str]
) -> PublishedPages:
    """One statement, so that pages and checkpoint are of one moment."""
    rows = await connection.fetch(_PUBLISHED_PAGES, names)
    contents = {row["name"]: row["content"] for row in rows if row["name"] is not None}
    return PublishedPages(rows[0]["note"], contents)


class MapHead(NamedTuple):
    """How many entries the newest pages are about, and the note that is said to vouch for them."""

    size: int
    note: str | None


async def map_head(connection: "asyncpg.pool.PoolConnectionProxy") -> MapHead:
    row = await connection.fetchrow(_NEWEST_ROOT)
    return MapHead(row["size"], row["note"]) if row else MapHead(0, None)


async def newest_pages(
    connection: "asyncpg.pool.PoolConnectionProxy", names: Collection[str]
) -> dict[str, bytes]:
    """Contents by name, published or not; what is not there is left out."""
    rows = await connection.fetch(_NEWEST_PAGES, sorted(names))
    return {row["name"]: row["content"] for row in rows}


async def pages_between(
    connection: "asyncpg.pool.PoolConnectionProxy", start: str, end: str
) -> dict[str, bytes]:
    """The newest contents by name, from one name to another, both included."""
    rows = await connection.fetch(
        "SELECT DISTINCT ON (name) name, content FROM registry.map_page "
        "WHERE name >= $1 AND name <= $2 ORDER BY name, size DESC",
        start,
        end,
        timeout=None,
    )
    return {row["name"]: row["content"] for row in rows}


async def put_pages(
    connection: "asyncpg.pool.PoolConnectionProxy",
    contents: Mapping[str, bytes],
    *,
    size: int,
    published: int,
    note: str | None,
) -> None:
    """Store what belongs to the log of `size`, beside what the one of `published` needs."""
    names = sorted(contents)
    pages = [contents[name] for name in names]
    await connection.execute(_PUT_PAGES, size, published, names, pages, note)
