"""The disk is full: nobody is told anything false, and nothing that was told is lost."""

import asyncio
import contextlib
from collections.abc import Iterator

import psycopg
import pytest

from bansao.postgres import Postgres
from registry.append import Appender
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import RegistryUnavailable
from registry.log.tiles import WIDTH
from registry.store import Store
from schema.migrate import migrate
from tests.testkit.copies import made_up_copy, publish_now, reserved_copy
from tests.testkit.kept import kept, stored
from tests.testkit.postgres import Database
from tests.testkit.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(200) as disk:
        yield disk


@pytest.fixture
def server(disk: SmallDisk) -> Iterator[Postgres]:
    """On the small disk."""
    with Postgres.join_or_start(disk.path) as server:
        migrate(server.admin_url, server.secrets)
        yield server


@pytest.mark.parametrize("wal_is_full", [False, True])
async def test_nothing_acknowledged_is_lost_on_a_full_disk(
    disk: SmallDisk, server: Postgres, *, wal_is_full: bool
) -> None:
    """Tables that cannot grow end a transaction; a log that cannot grow ends the whole server."""
    database = Database(superuser_url=server.admin_url, secrets=server.secrets)
    url = database.role_url("registry_writer")
    async with await Store.connect(url) as store, Appender(store, utc_now) as appender:
        line = await reserved_copy(store)
        receipts, _ = await append_tile(appender, line)
        notes = [(await publish_now(database)).note]
        more, _ = await append_tile(appender, line)  # to be published on the full disk
        receipts |= more
        fill(disk, database, wal_is_full=wal_is_full)

        unheard: list[CertifiedCopy] = []
        while not unheard:
            more, unheard = await append_tile(appender, line)
            receipts |= more
        with pytest.raises(RegistryUnavailable):
            await publish_now(database)
        if not wal_is_full:
            assert {one.code_hash for one in stored(database)} == {*receipts}, "reads go on"

        disk.make_room()
        with start_again(server):
            for copy in unheard:
                receipts[code_hash(copy.code)] = await insist(appender, copy)
            more, refused = await append_tile(appender, line)
            assert not refused
            entries = await kept(database, notes)
    assert {entry.code_hash: entry.index for entry in entries} == {
        hashed: receipt.index for hashed, receipt in (receipts | more).items()
    }


async def insist(appender: Appender, copy: CertifiedCopy) -> Receipt:
    """As callers do: a server that ended by itself recovers for a moment."""
    while True:
        with contextlib.suppress(RegistryUnavailable):
            return await appender.register(copy)
        await asyncio.sleep(0.1)


async def append_tile(
    appender: Appender, line: CertifiedCopy
) -> tuple[dict[bytes, Receipt], list[CertifiedCopy]]:
    """A tile's worth of copies and more: receipts by code hash, and those that got none."""
    copies = [made_up_copy(line.book, line.number) for _ in range(WIDTH + 3)]
    answers = await asyncio.gather(
        *(appender.register(copy) for copy in copies), return_exceptions=True
    )
    receipts, unheard = {}, []
    for copy, answer in zip(copies, answers, strict=True):
        if isinstance(answer, Receipt):
            receipts[code_hash(copy.code)] = answer
        else:
            assert isinstance(answer, RegistryUnavailable)
            unheard.append(copy)
    return receipts, unheard


def fill(disk: SmallDisk, database: Database, *, wal_is_full: bool) -> None:
    """The next write needs 16 MB for the write-ahead log, or that has them already."""
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("SELECT pg_switch_wal()")
        if not wal_is_full:
            connection.execute("SELECT pg_logical_emit_message(false, 'test', '', true)")
        disk.fill()


@contextlib.contextmanager
def start_again(server: Postgres) -> Iterator[None]:
    """What an operator does when the server has ended; nothing when it runs."""
    with Postgres.join_or_start(server.directory.parent) as again:
        assert again.port == server.port
        yield
