"""Callers share a transaction and nothing else: each gets its own outcome, whatever breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import msgspec
import psycopg
import pytest

from registry.append import Appender
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import (
    DuplicateCopy,
    EntryRefused,
    MalformedEntry,
    RegistryUnavailable,
    UnknownReservation,
)
from registry.store import Store
from tests.testkit.copies import made_up_copy, reserved_copy
from tests.testkit.kept import kept
from tests.testkit.postgres import Database
from tests.testkit.wire import Trap, Wire, open_wire


class Group:
    """Copies of one line and an appender on a wire."""

    def __init__(self, database: Database, wire: Wire, appender: Appender, line: CertifiedCopy):
        self.database = database
        self.wire = wire
        self.appender = appender
        self._line = line

    def copies(self, count: int) -> list[CertifiedCopy]:
        return [made_up_copy(self._line.book, self._line.number) for _ in range(count)]

    def calls(self, copies: Sequence[CertifiedCopy]) -> list[asyncio.Task[Receipt]]:
        return [asyncio.create_task(self.appender.register(copy)) for copy in copies]


@contextlib.asynccontextmanager
async def group_on(database: Database) -> AsyncIterator[Group]:
    url = database.role_url("registry_writer")
    async with (
        open_wire(url) as wire,
        await Store.connect(wire.url(url)) as store,
        Appender(store, utc_now) as appender,
    ):
        yield Group(database, wire, appender, await reserved_copy(store))


async def assert_kept(database: Database, receipts: dict[bytes, int]) -> None:
    """These and nothing else, each once."""
    entries = await kept(database)
    assert {entry.code_hash: entry.index for entry in entries} == receipts
    assert len(entries) == len(receipts)


async def test_poison_fails_alone_whatever_breaks_meanwhile(database: Database) -> None:
    """A group with four kinds of poison, whose connection breaks at one step after the other."""
    receipts: dict[bytes, int] = {}
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute(
            "ALTER TABLE registry.entry ADD CONSTRAINT surprise "
            "CHECK (signer_fingerprint <> decode(repeat('0b', 32), 'hex'))"
        )
    async with group_on(database) as group:
        (known,) = group.copies(1)
        receipts[code_hash(known.code)] = (await group.appender.register(known)).index
        replace = msgspec.structs.replace
        for group_number, step in enumerate(range(0, 20, 2), start=1):
            copies = group.copies(12)
            copies[2] = replace(copies[2], number=4444)
            copies[5] = replace(copies[5], salt=b"short")
            copies[7] = replace(copies[7], code=known.code)
            copies[9] = replace(copies[9], signer_fingerprint=b"\x0b" * 32)
            trap = Trap(step, "after")
            group.wire.set(trap)
            outcomes = await asyncio.gather(*group.calls(copies), return_exceptions=True)
            refused = {at: type(one) for at, one in enumerate(outcomes) if at in {2, 5, 7, 9}}
            assert refused == {
                2: UnknownReservation,
                5: MalformedEntry,
                7: DuplicateCopy,
                9: EntryRefused,
            }
            for copy, outcome in zip(copies, outcomes, strict=True):
                if isinstance(outcome, Receipt):
                    assert outcome.pdf_digest == copy.pdf_digest
                    receipts[code_hash(copy.code)] = outcome.index
            assert trap.sprung
            assert len(receipts) == 1 + 8 * group_number
    await assert_kept(database, receipts)


async def test_callers_who_leave_during_commit_take_nobody_along(database: Database) -> None:
    async with group_on(database) as group:
        copies = group.copies(10)
        calls = group.calls(copies)

        async def leave() -> bool:
            for call in calls[::2]:
                call.cancel()
            await asyncio.sleep(0)
            return True

        trap = Trap(lambda request: request.commits, "before", leave)
        group.wire.set(trap)
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert trap.sprung
        assert [type(one) for one in outcomes] == [asyncio.CancelledError, Receipt] * 5
        again = await asyncio.gather(*group.calls(copies))
    assert again[1::2] == outcomes[1::2]
    await assert_kept(
        database,
        {code_hash(copy.code): one.index for copy, one in zip(copies, again, strict=True)},
    )


async def test_when_all_callers_leave_the_next_ones_are_served(database: Database) -> None:
    async with group_on(database) as group:
        copies = group.copies(10)
        calls = group.calls(copies)

        async def leave() -> bool:
            for call in calls:
                call.cancel()
            return True

        group.wire.set(Trap(lambda request: request.commits, "after", leave))
        await asyncio.gather(*calls, return_exceptions=True)
        assert all(call.cancelled() for call in calls)
        again = await asyncio.gather(*group.calls(copies))
    await assert_kept(
        database,
        {code_hash(copy.code): one.index for copy, one in zip(copies, again, strict=True)},
    )


@pytest.mark.parametrize("outage", [False, True])
async def test_leaving_drains_what_was_accepted(database: Database, *, outage: bool) -> None:
    """Also what waits behind a transaction on its way; without a database it ends all the same."""
    async with group_on(database) as group:
        copies = group.copies(700)
        calls = group.calls(copies)

        async def close() -> bool:
            closing.append(asyncio.create_task(group.appender.__aexit__()))
            if outage:
                group.wire.shut()
            return not outage

        closing: list[asyncio.Task[None]] = []
        group.wire.set(Trap(lambda request: request.commits, "before", close))
        async with asyncio.timeout(60):
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            await closing[0]
        with pytest.raises(RegistryUnavailable):
            await group.appender.register(copies[0])
    wanted = RegistryUnavailable if outage else Receipt
    assert all(isinstance(one, wanted) for one in outcomes)
    receipts = {
        code_hash(copy.code): one.index
        for copy, one in zip(copies, outcomes, strict=True)
        if isinstance(one, Receipt)
    }
    await assert_kept(database, receipts)


async def test_a_failing_block_still_waits_for_its_callers(database: Database) -> None:
    async with await Store.connect(database.role_url("registry_writer")) as store:
        line = await reserved_copy(store)
        copies = [made_up_copy(line.book, line.number) for _ in range(5)]
        with contextlib.suppress(LookupError):
            async with Appender(store, utc_now) as appender:
                calls = [asyncio.create_task(appender.register(copy)) for copy in copies]
                await asyncio.sleep(0)
                raise LookupError
    await assert_kept(
        database,
        {
            code_hash(copy.code): call.result().index
            for copy, call in zip(copies, calls, strict=True)
        },
    )
