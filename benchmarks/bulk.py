"""A book of millions, made by the registry's own hashing code and loaded by COPY.

Nothing is checked on its way in, so what is loaded must be right: `bansao audit` finds nothing in
it, and the publisher goes on from it. For a benchmark's own server only: tables become UNLOGGED.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import asyncpg
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.certified_copy import Facts, canonical_facts, committed
from registry.chain import GENESIS, extend
from registry.code import code_hash, new_code
from registry.entry import Entry, Issued, StatusChange, body
from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.code_map import RECORD_BYTES, Item, extension_line, item_hash
from registry.log.map_pages import DIGITS, above, pages_of
from registry.log.note import verifier_line
from registry.log.tiles import Tile, TileBuilder
from registry.store.rows import COLUMNS, LINK_COLUMNS, columns_of
from registry.store.walking import Walking

ORIGIN: Final = "bench.bansao.localhost/log"
LOG_KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY: Final = verifier_line(ORIGIN, LOG_KEY.public_key())

_UNIT: Final = "00004"
_YEAR: Final = 2026
_BOOK: Final = "01/2026-SCTĐT/BS"
_START: Final = datetime(_YEAR, 1, 5, tzinfo=UTC)
_COPIES_AN_ORIGINAL: Final = 10
#: Every one of these entries revokes the copy before it.
_REVOKED_EVERY: Final = 50
_CHUNK: Final = 20_000
_PEOPLE: Final = 500

Progress = Callable[[int], None]
_ENTRY_COLUMNS: Final = [*LINK_COLUMNS.split(", "), *(name for name, _ in COLUMNS)]


class _Person(msgspec.Struct, frozen=True):
    """Facts and their commitment; making one for every copy would take most of the time."""

    facts: str
    salt: bytes
    commitment: bytes


class Bulk:
    """Fills one database: `async with await Bulk.connect(admin_url) as bulk`, then `grow`."""

    def __init__(
        self, connection: "asyncpg.Connection", code_every: int, *, with_map: bool
    ) -> None:
        self._connection = connection
        self._code_every = code_every
        self._with_map = with_map
        #: Of the valid copies among every `code_every`th entry, oldest first.
        self.codes: list[str] = []
        self._head = GENESIS
        self._builder = TileBuilder()
        self._last_code = b""
        #: The sizes of all checkpoints so far.
        self.signed: list[int] = []
        self._people = [_made_up_person(number) for number in range(_PEOPLE)]

    @classmethod
    async def connect(cls, admin_url: str, *, code_every: int = 0, with_map: bool = False) -> Self:
        """`admin_url` is a superuser's, of a migrated database without entries.

        Of every `code_every`th copy the code is known, so that codes lie evenly in the book; 0 for
        none. Making codes takes time.

        `with_map`: the last checkpoint of `grow` commits to a map of all codes, which takes about
        as long again; else the log is as one from before there were maps.
        """
        connection = await asyncpg.connect(admin_url)
        # Neither triggers nor foreign keys, and no waiting for the disk.
        await connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; "
            "SET maintenance_work_mem = '256MB'"
        )
        referring = ("cosignature", "status_list", "publication", "checkpoint_time")
        for table in (*referring, "copy", "entry", "tile"):
            await connection.execute(f"ALTER TABLE registry.{table} SET UNLOGGED")
        await connection.execute(
            "INSERT INTO registry.book (unit_code, year, volume, book) VALUES ($1, $2, 1, $3)",
            _UNIT,
            _YEAR,
            _BOOK,
        )
        return cls(connection, code_every, with_map=with_map)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self._connection.close()

    async def grow(self, size: int, progress: Progress | None = None) -> Checkpoint:
        """Append until the book has `size` entries; their checkpoint, signed and published.

        So are the sizes on the way there, a chunk at a time. `progress` is told how many entries
        have been added since it was last called.
        """
        definitions = await self._drop_indexes()
        await self._reserve(size)
        while self._head.size < size:
            added = min(_CHUNK, size - self._head.size)
            await self._append(added)
            if self._head.size < size:
                await self._publish()
            if progress is not None:
                progress(added)
        for definition in definitions:
            await self._connection.execute(definition)
        lines = [await self._map()] if self._with_map else []
        await self._connection.execute("VACUUM ANALYZE registry.entry, registry.tile")
        return await self._publish(lines)

    async def _append(self, count: int) -> None:
        entries = [self._entry(index) for index in range(self._head.size, self._head.size + count)]
        links = extend(self._head, [body(entry) for entry in entries])
        self._head = msgspec.structs.replace(
            self._head, size=self._head.size + count, entry_hash=links[-1].entry_hash
        )
        tiles = [tile for link in links for tile in self._builder.append(link.leaf_hash)]
        rows = (
            (*msgspec.structs.astuple(link), *columns_of(entry))
            for link, entry in zip(links, entries, strict=True)
        )
        async with self._connection.transaction():
            await self._copy("entry", _ENTRY_COLUMNS, rows)
            await self._copy(
                "change",
                ["entry_index", "decided_by", "entered_by"],
                (
                    (link.index, "chairman", "clerk")
                    for link, entry in zip(links, entries, strict=True)
                    if not isinstance(entry, Issued)
                ),
            )
            await self._copy(
                "copy",
                ["entry_index", "code_hash", "facts", "salt"],
                self._copies(links[0].index, entries),
            )
            await self._copy("tile", ["level", "index", "hashes", "root_hash"], _tile_rows(tiles))
            await self._connection.execute(
                "UPDATE registry.head SET size = $1, entry_hash = $2",
                self._head.size,
                self._head.entry_hash,
            )

    def _entry(self, index: int) -> Entry:
        occurred_at = _START + timedelta(seconds=index)
        if index % _REVOKED_EVERY == _REVOKED_EVERY - 1:
            return StatusChange(
                code_hash=self._last_code,
                occurred_at=occurred_at,
                kind="revoked",
                decision=f"{index}/QĐ-UBND",
                decided_on=_START.date(),
            )
        self._last_code = self._code_hash(index)
        return Issued(
            code_hash=self._last_code,
            occurred_at=occurred_at,
            pdf_digest=secrets.token_bytes(32),
            commitment=self._people[index % _PEOPLE].commitment,
            signer_fingerprint=b"\x0f" * 32,
            seal_fingerprint=b"\x5e" * 32,
            unit_code=_UNIT,
            book=_BOOK,
            number=index // _COPIES_AN_ORIGINAL + 1,
            certified_at=occurred_at,
        )

    def _code_hash(self, index: int) -> bytes:
        """Of a code that somebody can ask for, or of none."""
        revoked_next = index % _REVOKED_EVERY == _REVOKED_EVERY - 2
        if not self._code_every or index % self._code_every or revoked_next:
            return secrets.token_bytes(32)
        self.codes.append(new_code())
        return code_hash(self.codes[-1])

    def _copies(self, start: int, entries: Iterable[Entry]) -> Iterator[tuple[Any, ...]]:
        for index, entry in enumerate(entries, start):
            if isinstance(entry, Issued):
                person = self._people[index % _PEOPLE]
                yield index, entry.code_hash, person.facts, person.salt

    async def _reserve(self, size: int) -> None:
        """Every line of the book up to the entry before `size`."""
        first, end = (-(-at // _COPIES_AN_ORIGINAL) for at in (self._head.size, size))
        await self._copy(
            "book_number",
            ["unit_code", "book", "number", "year", "original_id", "reserved_at"],
            ((_UNIT, _BOOK, line + 1, _YEAR, UUID(int=line), _START) for line in range(first, end)),
        )

    async def _drop_indexes(self) -> list[str]:
        """Loading into them is slower than building them again; returns how."""
        rows = await self._connection.fetch(_INDEXES)
        for row in rows:
            await self._connection.execute(row["drop"])
        return [row["create"] for row in rows]

    async def _map(self) -> str:
        """The map of all codes, built anew; the line that commits to it."""
        await self._connection.execute("TRUNCATE registry.map_page")
        items: list[Item] = [b""] * len(DIGITS)
        async with self._connection.transaction():
            async for digit, packed in Walking(self._connection).map_records(self._head.size):
                starts = range(0, len(packed), RECORD_BYTES)
                records = [packed[at : at + RECORD_BYTES] for at in starts]
                contents, items[digit] = pages_of(DIGITS[digit], records)
                await self._store_pages(contents)
            contents, root = above("", items, {})
            await self._store_pages(contents)
        return extension_line(item_hash(root))

    async def _store_pages(self, contents: Mapping[str, bytes]) -> None:
        rows = ((name, 0, self._head.size, content) for name, content in contents.items())
        await self._copy("map_page", ["name", "slot", "size", "content"], rows)

    async def _publish(self, lines: Sequence[str] = ()) -> Checkpoint:
        root = self._builder.root()
        checkpoint = sign_checkpoint(ORIGIN, self._head.size, root, LOG_KEY, lines)
        self.signed.append(checkpoint.size)
        await self._connection.execute(
            "WITH signed AS (INSERT INTO registry.checkpoint (size, root_hash, note, signed_at) "
            "VALUES ($1, $2, $3, now()) RETURNING size, signed_at) "
            "INSERT INTO registry.publication (size, published_at) SELECT * FROM signed",
            checkpoint.size,
            checkpoint.root_hash,
            checkpoint.note,
        )
        return checkpoint

    async def _copy(
        self, table: str, columns: list[str], rows: Iterable[tuple[object, ...]]
    ) -> None:
        await self._connection.copy_records_to_table(
            table, schema_name="registry", columns=columns, records=rows
        )


_INDEXES: Final = """
SELECT CASE WHEN c.oid IS NULL THEN 'DROP INDEX ' || i.indexrelid::regclass
            ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname)
       END AS drop,
       CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
            ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname,
                        pg_get_constraintdef(c.oid))
       END AS create
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
WHERE i.indrelid IN ('registry.entry'::regclass, 'registry.copy'::regclass)
  AND NOT i.indisprimary
"""


def _tile_rows(tiles: Iterable[Tile]) -> Iterator[tuple[object, ...]]:
    return ((tile.level, tile.index, tile.hashes, tile.root_hash) for tile in tiles)


def _made_up_person(number: int) -> _Person:
    facts = Facts(
        document_type="diploma",
        title="Bằng tốt nghiệp đại học",
        holder_name=f"Nguyễn Văn {number}",
        page_count=2,
        unit_name="UBND phường Ba Đình",
        signer_name="Trần Thị Bình",
        signer_title="Chủ tịch",
        certified_on=_START.date().isoformat(),
        fields={"institution": "Đại học Bách khoa Hà Nội", "serial": f"{number:07}"},
    )
    salt = secrets.token_bytes(32)
    canonical = canonical_facts(facts)
    return _Person(canonical.decode(), salt, committed(canonical, salt))
