"""A book worth attacking: two hundred copies and more, signed, witnessed, stamped, published; and
the superuser who attacks it with every trigger off.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx
import msgspec
import psycopg
import pytest
from cryptography.x509 import load_pem_x509_certificates

from bansao.pki import ensure_demo_pki
from bansao.time_stamp import load_authority
from registry.append import Appender
from registry.chain import GENESIS, extend
from registry.clock import utc_now
from registry.entry import parse_entry
from registry.log.checkpoint import sign_checkpoint
from registry.log.policy import Policy
from registry.log.tiles import TileBuilder
from registry.publish import Publisher
from registry.store.rows import COLUMNS, LINK_COLUMNS, columns_of
from registry.time_stamps import TimeStampAuthority, stamp_missing
from tests.testkit.copies import LOG_KEY, ORIGIN, decided, fixed_clock, registered, store_of
from tests.testkit.postgres import Database, Server
from tests.testkit.witnesses import FakeWitness, policy_with

_REWRITTEN: Final = [*LINK_COLUMNS.split(", "), *(name for name, _ in COLUMNS)]
_REWRITE: Final = (
    f"UPDATE registry.entry SET {', '.join(f'{name} = %s' for name in _REWRITTEN)} WHERE index = %s"
).encode()


class AttackedBook(msgspec.Struct, frozen=True, kw_only=True):
    """`policy` wants the one witness that cosigned."""

    database: Database
    policy: Policy

    @contextlib.contextmanager
    def attacked(self) -> Iterator[psycopg.Connection]:
        """An `unguarded` connection; what it did is undone at the block's end."""
        with unguarded(self.database) as connection:
            try:
                yield connection
            finally:
                _restore(connection)


@contextlib.contextmanager
def unguarded(database: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection on which no trigger and no foreign key speaks up."""
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture(scope="module")
def book(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AttackedBook]:
    """Made once for all attacks of a file."""
    home = tmp_path_factory.mktemp("authority")
    ensure_demo_pki(home / "secrets", home / "trust", [], "Đơn vị thử nghiệm", utc_now)
    database = server.clone()
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        asyncio.run(_fill(database, policy))
    asyncio.run(_stamp(database, home))
    _keep(database)
    yield AttackedBook(database=database, policy=policy)
    server.drop(database)


async def _fill(database: Database, policy: Policy) -> None:
    await registered(database, 3)
    await _advance(database, policy)
    [revoked, *_] = await registered(database, 3)
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await appender.revoke(revoked.code, **decided("12/QĐ"))
    await _advance(database, policy)
    older, newer, *_ = await registered(database, 254)
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await appender.supersede(older.code, successor=newer.code, **decided("13/QĐ"))
        await appender.close_book(
            "00070",
            2025,
            numbers=0,
            void=0,
            pdf_digest=bytes(32),
            decided_by="chairman",
            entered_by="clerk",
        )
    await _advance(database, policy)


async def _stamp(database: Database, home: Path) -> None:
    """By the demo's authority, without a socket."""
    authority = load_authority(home / "secrets")
    roots = load_pem_x509_certificates((home / "trust" / "root.pem").read_bytes())

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, stream=httpx.ByteStream(authority.answer(request.content, utc_now()))
        )

    transport = httpx.MockTransport(answer)
    async with (
        store_of(database, "registry_publisher") as store,
        TimeStampAuthority("http://tsa.test", roots, transport=transport) as stamps,
    ):
        await stamp_missing(store, stamps, utc_now)


async def _advance(database: Database, policy: Policy) -> None:
    async with (
        store_of(database, "registry_publisher") as store,
        Publisher(store, LOG_KEY, ORIGIN, fixed_clock, policy) as publisher,
    ):
        await publisher.advance()


def _keep(database: Database) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("CREATE SCHEMA kept")
        for table in _tables(connection):
            connection.execute(f"CREATE TABLE kept.{table} AS TABLE registry.{table}".encode())


def _restore(connection: psycopg.Connection) -> None:
    """Quicker than a new database for each attack."""
    tables = _tables(connection)
    with connection.transaction():
        truncated = ", ".join(f"registry.{table}" for table in tables)
        connection.execute(f"TRUNCATE {truncated}".encode())
        for table in tables:
            restore = f"INSERT INTO registry.{table} OVERRIDING SYSTEM VALUE TABLE kept.{table}"
            connection.execute(restore.encode())


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'registry' ORDER BY tablename"
    )
    return [row[0] for row in rows]


def rewrite(
    connection: psycopg.Connection, change: Callable[[bytes], bytes], *, sign: bool
) -> None:
    """Change bodies, and all that follows from them: columns, leaves, links, head, tiles.

    With `sign`, checkpoints are signed anew by the log's own key; what others said of the old ones,
    which nobody here can make anew, is deleted.
    """
    with connection.transaction():
        rows = connection.execute("SELECT body FROM registry.entry ORDER BY index").fetchall()
        links = extend(GENESIS, [change(row[0]) for row in rows])
        for link in links:
            columns = columns_of(parse_entry(link.body))
            connection.execute(_REWRITE, (*msgspec.structs.astuple(link), *columns, link.index))
        connection.execute("UPDATE registry.head SET entry_hash = %s", (links[-1].entry_hash,))
        signed = connection.execute("SELECT size FROM registry.checkpoint").fetchall()
        builder = TileBuilder()
        for link in links:
            for tile in builder.append(link.leaf_hash):
                connection.execute(
                    "UPDATE registry.tile SET hashes = %s, root_hash = %s "
                    "WHERE level = %s AND index = %s",
                    (tile.hashes, tile.root_hash, tile.level, tile.index),
                )
            if sign and (builder.size,) in signed:
                _sign_anew(connection, builder)
        if sign:
            connection.execute("TRUNCATE registry.cosignature, registry.checkpoint_time")
            connection.execute("TRUNCATE registry.map_page")  # it is built anew


def _sign_anew(connection: psycopg.Connection, builder: TileBuilder) -> None:
    checkpoint = sign_checkpoint(ORIGIN, builder.size, builder.root(), LOG_KEY)
    connection.execute(
        "UPDATE registry.checkpoint SET root_hash = %s, note = %s WHERE size = %s",
        (checkpoint.root_hash, checkpoint.note, checkpoint.size),
    )


def move_back(connection: psycopg.Connection, size: int) -> None:
    """To an earlier checkpoint, in every table, as if nothing had come after it."""
    with connection.transaction():
        for table, column in _LENGTHS.items():
            connection.execute(
                f"DELETE FROM registry.{table} WHERE {column} > %s".encode(), (size,)
            )
        connection.execute("DELETE FROM registry.tile WHERE (index + 1) * 256 > %s", (size,))
        connection.execute("DELETE FROM registry.map_page")  # it is built anew
        connection.execute(
            "UPDATE registry.head SET (size, entry_hash) = "
            "(SELECT index + 1, entry_hash FROM registry.entry ORDER BY index DESC LIMIT 1)"
        )


#: What grows with the log, and by which number.
_LENGTHS: Final = {
    "entry": "index + 1",
    "copy": "entry_index + 1",
    "change": "entry_index + 1",
    "book_number": "number",
    "checkpoint": "size",
    "cosignature": "size",
    "publication": "size",
    "checkpoint_time": "size",
}
