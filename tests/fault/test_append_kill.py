"""`kill -9` of an appending process at every step, and of its server around COMMIT.

What was acknowledged is there once, at its index; what was not is there or can be appended.
"""

import asyncio
import contextlib
import itertools
import os
import signal

import psycopg
import pytest

from bansao.postgres import Postgres
from registry.append import Appender
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import RegistryUnavailable
from registry.store import Store, connection
from tests.testkit.children import Child, Has, Told, append_once
from tests.testkit.copies import made_up_copy, reserved_copy
from tests.testkit.faults import backends, postmaster_of, restart
from tests.testkit.kept import KeptEntry, kept, stored
from tests.testkit.postgres import Database
from tests.testkit.wire import MOMENTS, Moment, Trap, Wire, open_wire

WRITER = "registry_writer"


@pytest.mark.parametrize("moment", MOMENTS)
async def test_the_appending_process_is_killed_at_every_step(
    database: Database, moment: Moment
) -> None:
    told: list[Told] = []
    receipts: dict[bytes, Receipt] = {}
    url = database.role_url(WRITER)
    async with (
        open_wire(url) as wire,
        await Store.connect(url) as store,
        Appender(store, utc_now) as survivor,
    ):
        line = await reserved_copy(store)
        for step in itertools.count():
            copy = made_up_copy(line.book, line.number)
            killed = await append_and_kill(wire, Trap(step, moment), url, copy, told)
            receipts[code_hash(copy.code)] = await survivor.register(copy)
            if not killed:
                break

    entries = await kept(database)
    assert len(receipts) > 5
    assert_each_once(entries, receipts)
    assert told, "the last one was not killed"
    for one in told:
        assert isinstance(one, Has)
        assert receipts[one.key[1]].index == one.index


async def append_and_kill(
    wire: Wire, trap: Trap, url: str, copy: CertifiedCopy, told: list[Told]
) -> bool:
    """Whether the process was killed: it may have no such step, and have ended well."""

    async def kill() -> None:
        await asyncio.to_thread(child.kill)

    trap.harm = kill
    wire.set(trap)
    child = Child(append_once, wire.url(url), copy, hears=told.append)
    await asyncio.to_thread(child.wait)
    wire.mend()
    if trap.sprung is None:
        child.kill()
    return trap.sprung is not None


async def test_a_process_that_hangs_with_its_turn_loses_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops just before COMMIT. The server waits a while (here one second), then drops it."""
    monkeypatch.setitem(connection._SESSION, "idle_in_transaction_session_timeout", "1s")
    url = database.role_url(WRITER)
    async with (
        open_wire(url) as wire,
        await Store.connect(wire.url(url)) as stopping,
        await Store.connect(url) as store,
        Appender(stopping, utc_now) as stopped,
        Appender(store, utc_now) as other,
    ):
        line = await reserved_copy(store)
        copies = [made_up_copy(line.book, line.number) for _ in range(2)]
        overtaking: list[asyncio.Task[Receipt]] = []

        async def stop() -> None:
            overtaking.append(asyncio.create_task(other.register(copies[1])))
            await asyncio.wait(overtaking)

        wire.set(Trap(lambda request: request.commits, "before", stop))
        async with asyncio.timeout(30):
            late = await stopped.register(copies[0])
    entries = await kept(database)
    assert [entry.index for entry in entries] == [(await overtaking[0]).index, late.index]


@pytest.mark.parametrize("victim", ["server", "backend"])
async def test_the_server_is_killed_around_commit(own_server: Postgres, victim: str) -> None:
    """Eight callers share a transaction; each gets its own answer, or none and asks again."""
    database = Database(superuser_url=own_server.admin_url, secrets=own_server.secrets)
    receipts: dict[bytes, Receipt] = {}
    async with open_wire(database.role_url(WRITER)) as wire:
        for moment in MOMENTS:
            copies = await commit_and_kill(own_server, wire, moment, victim)
            await recovered(own_server)
            there = {code_hash(copy.code) for copy in copies} & {
                entry.code_hash for entry in stored(database)
            }
            assert len(there) in EXPECTED[moment], "all of a transaction or nothing"
            async with (
                await Store.connect(wire.url(database.role_url(WRITER))) as store,
                Appender(store, utc_now) as appender,
            ):
                answers = await asyncio.gather(*(appender.register(copy) for copy in copies))
            receipts |= {
                code_hash(copy.code): one for copy, one in zip(copies, answers, strict=True)
            }
    entries = await kept(database)
    assert_each_once(entries, receipts)


#: How many of eight entries are there, by the moment of the kill: nobody was told of any.
EXPECTED = {"before": {0}, "sent": {0, 8}, "after": {8}}


async def commit_and_kill(
    server: Postgres, wire: Wire, moment: Moment, victim: str
) -> list[CertifiedCopy]:
    """Eight copies whose COMMIT meets the kill."""
    database = Database(superuser_url=server.admin_url, secrets=server.secrets)

    async def kill() -> None:
        wire.shut()
        os.kill(pid, signal.SIGKILL)

    async with await Store.connect(wire.url(database.role_url(WRITER)), connections=1) as store:
        line = await reserved_copy(store)
        pid = postmaster_of(server) if victim == "server" else backends(database, WRITER)[0]
        copies = [made_up_copy(line.book, line.number) for _ in range(8)]
        async with Appender(store, utc_now) as appender:
            wire.set(Trap(lambda request: request.commits, moment, kill))
            answers = await asyncio.gather(
                *(appender.register(copy) for copy in copies), return_exceptions=True
            )
    assert all(isinstance(answer, RegistryUnavailable) for answer in answers)
    wire.mend()
    return copies


async def recovered(server: Postgres) -> None:
    """Started again where it ended, and done with its log."""
    await restart(server)
    while True:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(server.admin_url):
            return
        await asyncio.sleep(0.05)


def assert_each_once(entries: list[KeptEntry], receipts: dict[bytes, Receipt]) -> None:
    assert [(entry.code_hash, entry.index) for entry in entries] == sorted(
        ((hashed, receipt.index) for hashed, receipt in receipts.items()), key=lambda one: one[1]
    )
