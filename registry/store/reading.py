"""What lookups ask the database. Bodies are read, never columns: bodies are what is proved."""

from collections.abc import AsyncIterator, Collection, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from registry.chain import Link
from registry.status_list import Place
from registry.store import mapping
from registry.store.hashes import NEWEST_NOTE, NOTE_OF, Hashes
from registry.store.rows import LINK_COLUMNS, link_of


class CopyHistory(NamedTuple):
    """A code's entries by index, oldest first, its facts as JSON text and their salt, and its
    place in the status lists.
    """

    bodies: list[tuple[int, bytes]]
    facts: str | None
    salt: bytes | None
    place: Place | None


class Histories(NamedTuple):
    """By code hash, those that have any entry; `note` is the newest published checkpoint's."""

    note: str | None
    of: dict[bytes, CopyHistory]


# One statement, so that entries and checkpoint are of one moment: the first row has the note, the
# others an entry each. Found by each code's own index, whatever the planner thinks of the table.
_HISTORIES: Final = f"""
SELECT n.note, NULL AS code_hash, NULL AS index, NULL AS body, NULL AS facts, NULL AS salt,
       NULL AS list, NULL AS place
FROM (SELECT 1) AS always LEFT JOIN ({NEWEST_NOTE}) n ON true
UNION ALL
SELECT NULL, e.code_hash, e.index, e.body, f.facts::text, f.salt, s.list, s.index
FROM registry.entry e LEFT JOIN registry.copy f ON f.entry_index = e.index
LEFT JOIN registry.status_index s ON s.code_hash = e.code_hash
WHERE e.code_hash = ANY ($1::bytea[])
"""  # noqa: S608 - our own names


class Reading(Hashes):
    """Any role's reads, over one connection."""

    async def newest_note(self) -> str | None:
        """Of the newest published checkpoint, with its cosignatures."""
        note: str | None = await self._connection.fetchval(NEWEST_NOTE, column=1)
        return note

    async def note_at(self, size: int) -> str | None:
        """Of the checkpoint of this size, published or not, with its cosignatures."""
        note: str | None = await self._connection.fetchval(f"{NOTE_OF}$1", size, column=1)
        return note

    async def time_stamp(self, size: int) -> bytes | None:
        """The RFC 3161 token (DER) of a published checkpoint."""
        token: bytes | None = await self._connection.fetchval(
            "SELECT t.token FROM registry.checkpoint_time t JOIN registry.publication USING (size) "
            "WHERE size = $1",
            size,
        )
        return token

    async def histories(self, code_hashes: Sequence[bytes]) -> Histories:
        """What is known of these codes at one moment."""
        first, *rows = await self._connection.fetch(_HISTORIES, code_hashes)
        rows.sort(key=itemgetter("index"))
        of: dict[bytes, CopyHistory] = {}
        for row in rows:
            place = None if row["list"] is None else Place(row["list"], row["place"])
            history = of.setdefault(
                row["code_hash"], CopyHistory([], row["facts"], row["salt"], place)
            )
            history.bodies.append((row["index"], row["body"]))
        return Histories(first["note"], of)

    async def published_pages(self, names: Collection[str]) -> mapping.PublishedPages:
        """The map's pages of these names, as the newest published checkpoint commits to them."""
        return await mapping.published_pages(self._connection, names)

    async def code_hash_of(self, pdf_digest: bytes) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT code_hash FROM registry.entry WHERE pdf_digest = $1 AND kind = 'issued'",
            pdf_digest,
        )
        return found

    async def code_hashes_of(self, pdf_digests: Sequence[bytes]) -> dict[bytes, bytes]:
        rows = await self._connection.fetch(
            "SELECT pdf_digest, code_hash FROM registry.entry "
            "WHERE pdf_digest = ANY ($1::bytea[]) AND kind = 'issued'",
            pdf_digests,
        )
        return {row["pdf_digest"]: row["code_hash"] for row in rows}

    async def body(self, index: int) -> bytes | None:
        found: bytes | None = await self._connection.fetchval(
            "SELECT body FROM registry.entry WHERE index = $1", index
        )
        return found

    async def bodies(self, start: int, end: int) -> list[bytes]:
        rows = await self._connection.fetch(
            "SELECT body FROM registry.entry WHERE index >= $1 AND index < $2 ORDER BY index",
            start,
            end,
        )
        return [row["body"] for row in rows]

    async def links(self, start: int, end: int) -> AsyncIterator[Link]:
        """Rows [start, end) in order, a page at a time."""
        page = 2048
        for begin in range(start, end, page):
            rows = await self._connection.fetch(
                f"SELECT {LINK_COLUMNS} FROM registry.entry "  # noqa: S608 - our own names
                "WHERE index >= $1 AND index < $2 ORDER BY index",
                begin,
                min(begin + page, end),
            )
            for row in rows:
                yield link_of(row)

    async def newest_list(self) -> int:
        """The number of the newest status list that holds a place; 0 before the first one."""
        number: int = await self._connection.fetchval(
            "SELECT coalesce(max(list), 0) FROM registry.status_index"
        )
        return number
