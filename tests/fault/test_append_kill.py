"""kill -9 in the middle of appends: what was acknowledged is there, once; the rest is retried."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

from bansao.postgres import Postgres
from registry.append import Appender
from registry.audit import audit
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import RegistryUnavailable
from registry.log.policy import policy_of_log
from registry.store import Store
from tests.testkit.copies import VKEY, publish_now, reserved_copy
from tests.testkit.postgres import Database


def database_of(server: Postgres) -> Database:
    return Database(superuser_url=server.admin_url, secrets=server.secrets)


async def kept(database: Database) -> dict[bytes, int]:
    """Index by code hash of everything in the book, after an audit that finds nothing."""
    await publish_now(database)
    async with await Store.connect(database.role_url("registry_reader")) as reader:
        report = await audit(reader, policy_of_log(VKEY))
        assert report.findings == []
        async with reader.walking() as walking:
            return {row.columns[1]: row.link.index async for row in walking.entries()}


async def test_postgresql_is_killed_during_appends(own_server: Postgres) -> None:
    """Callers insist until they have a receipt, as the certifier does."""
    database = database_of(own_server)
    receipts: dict[bytes, Receipt] = {}
    in_the_middle = asyncio.Event()
    postmaster = _postmaster(own_server)

    async with await Store.connect(database.role_url("registry_writer")) as writer:
        copies = [await reserved_copy(writer) for _ in range(300)]

        async def insist(copy: CertifiedCopy) -> None:
            while True:
                with contextlib.suppress(RegistryUnavailable):
                    receipts[code_hash(copy.code)] = await appender.register(copy)
                    if len(receipts) == 40:
                        in_the_middle.set()
                    return
                await asyncio.sleep(0.1)

        async with Appender(writer, utc_now) as appender:
            callers = asyncio.create_task(_in_groups(copies, insist))
            await in_the_middle.wait()
            os.kill(postmaster, signal.SIGKILL)
            acknowledged = dict(receipts)
            assert len(acknowledged) < 300, "the kill must come in the middle"
            restarted = await asyncio.to_thread(_restart, own_server)
            async with asyncio.timeout(120):
                await callers

    try:
        found = await kept(database)
    finally:
        restarted.leave()
    assert len(found) == 300
    for hashed, receipt in (acknowledged | receipts).items():
        assert found[hashed] == receipt.index
    for hashed, receipt in acknowledged.items():
        assert receipts[hashed] == receipt


async def _in_groups(copies: Sequence[CertifiedCopy], insist) -> None:
    """Eight callers at a time, so that the kill falls into some transaction."""
    for at in range(0, len(copies), 8):
        await asyncio.gather(*(insist(copy) for copy in copies[at : at + 8]))


def _postmaster(server: Postgres) -> int:
    return int((server.directory / "postmaster.pid").read_text().splitlines()[0])


def _restart(server: Postgres) -> Postgres:
    while server.alive():  # a killed process goes a moment later
        time.sleep(0.01)
    restarted = Postgres.join_or_start(server.directory.parent, server.secrets)
    assert restarted.port == server.port
    return restarted


def _append_for_ever(url: str, told: Connection) -> None:
    """The process that will be killed: tells each receipt once it has it."""

    async def work() -> None:
        async with await Store.connect(url) as writer, Appender(writer, utc_now) as appender:

            async def issue() -> None:
                while True:
                    copy = await reserved_copy(writer)
                    receipt = await appender.register(copy)
                    told.send((code_hash(copy.code), receipt.index))

            await asyncio.gather(*(issue() for _ in range(8)))

    asyncio.run(work())


async def test_the_appending_process_is_killed(database: Database) -> None:
    acknowledged: dict[bytes, int] = {}
    spawning = multiprocessing.get_context("spawn")
    for _ in range(3):
        heard, told = spawning.Pipe(duplex=False)
        process = spawning.Process(
            target=_append_for_ever, args=(database.role_url("registry_writer"), told)
        )
        process.start()
        told.close()
        await asyncio.to_thread(_hear, heard, acknowledged, 30)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        await asyncio.to_thread(process.join, 30)
        with contextlib.suppress(EOFError):
            while True:
                hashed, index = heard.recv()
                acknowledged[hashed] = index
    found = await kept(database)
    assert len(acknowledged) >= 90
    for hashed, index in acknowledged.items():
        assert found[hashed] == index


def _hear(heard: Connection, acknowledged: dict[bytes, int], count: int) -> None:
    for _ in range(count):
        hashed, index = heard.recv()
        acknowledged[hashed] = index
