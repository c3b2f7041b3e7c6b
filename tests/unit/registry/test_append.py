"""Group commit: callers that share a transaction share nothing else.

On a fake store, which keeps a book in memory and lets a test hold a transaction still.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from registry.append import Appender
from registry.batch import BookLine, ChangeRow, CopyRow
from registry.certified_copy import CertifiedCopy
from registry.chain import GENESIS, Head, Link
from registry.clock import Clock, utc_now
from registry.entry import Closed, Entry, Issued
from registry.errors import (
    DuplicateCopy,
    EntryRefused,
    HeadMoved,
    MalformedEntry,
    RegistryError,
    RegistryUnavailable,
    UnknownReservation,
)
from registry.store.writing import Turn
from tests.testkit.copies import decided, made_up_copy

BOOK = "01/2026-SCTĐT/BS"
UNRESERVED = 9_999
OFFENSIVE = 8_888
DECISION = decided(on=date(2026, 11, 20))


class FakeStore:
    """A book in memory with the database's rules: one transaction at a time, all or nothing.

    While `gate` is shut, transactions wait between their INSERT and their COMMIT. `losing` makes
    the next COMMITs fail towards the caller, `kept` or not.
    """

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.entries: list[Entry] = []
        self.transactions: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.losing = 0
        self.kept = False
        self._turn = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator["FakeWriting"]:
        writing = FakeWriting(self)
        async with self._turn:
            yield writing
            await self.gate.wait()
            if writing.rows:
                self._commit(writing.rows)

    @contextlib.asynccontextmanager
    async def at_once(self) -> AsyncIterator["FakeWriting"]:
        async with self.writing() as writing:
            yield writing

    def _commit(self, rows: Sequence[tuple[Link, Entry]]) -> None:
        if not self.losing or self.kept:
            self.links += [link for link, _ in rows]
            self.entries += [entry for _, entry in rows]
            self.transactions.append(len(rows))
        if self.losing:
            self.losing -= 1
            raise RegistryUnavailable("the answer was lost")


class FakeWriting:
    """One transaction on a FakeStore."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.rows: list[tuple[Link, Entry]] = []

    async def begin(self) -> Turn:
        if not self._store.links:
            return Turn(GENESIS, None)
        last = self._store.links[-1]
        return Turn(Head(last.index + 1, last.entry_hash), self._store.entries[-1].occurred_at)

    async def stored(self, codes: Sequence[bytes], pdfs: Sequence[bytes]) -> list[Link]:
        both = zip(self._store.links, self._store.entries, strict=True)
        return [link for link, one in both if _code(one) in codes or _pdf(one) in pdfs]

    async def lines(self, wanted: Sequence[BookLine]) -> Mapping[BookLine, bool]:
        return {line: False for line in wanted if line.number != UNRESERVED}

    async def insert(
        self,
        rows: Sequence[tuple[Link, Entry]],
        copies: Sequence[CopyRow],
        changes: Sequence[ChangeRow],
    ) -> None:
        await asyncio.sleep(0)
        known = {_code(one) for one in self._store.entries}
        for _, entry in rows:
            if isinstance(entry, Issued) and entry.code_hash in known:
                raise DuplicateCopy("the fake's unique index")
            if isinstance(entry, Issued) and entry.number == UNRESERVED:
                raise UnknownReservation("the fake's trigger")
            if isinstance(entry, Issued) and entry.number == OFFENSIVE:
                raise EntryRefused("a rule that the application does not know")
        self.rows = list(rows)

    async def insert_at_once(
        self, rows: Sequence[tuple[Link, Entry]], copies: Sequence[CopyRow]
    ) -> None:
        if rows[0][0].index != len(self._store.links):
            raise HeadMoved("somebody else appended")
        await self.insert(rows, copies, [])

    async def entry_hash_at(self, index: int) -> bytes | None:
        return self._store.links[index].entry_hash if index < len(self._store.links) else None


def _code(entry: Entry) -> bytes | None:
    return None if isinstance(entry, Closed) else entry.code_hash


def _pdf(entry: Entry) -> bytes | None:
    return entry.pdf_digest if isinstance(entry, Issued) else None


@contextlib.asynccontextmanager
async def appending(store: FakeStore, clock: Clock = utc_now) -> AsyncIterator[Appender]:
    async with Appender(store, clock) as appender:  # type: ignore[arg-type]
        yield appender


def copies(count: int) -> list[CertifiedCopy]:
    return [made_up_copy(BOOK, number) for number in range(1, count + 1)]


async def outcomes_of(appender: Appender, wanted: Sequence[CertifiedCopy]) -> list[object]:
    return await asyncio.gather(*map(appender.register, wanted), return_exceptions=True)


async def settled() -> None:
    """Until every task that can go on has done so."""
    for _ in range(100):
        await asyncio.sleep(0)


async def test_each_of_many_callers_gets_the_receipt_of_its_own_copy() -> None:
    store, wanted = FakeStore(), copies(1500)
    async with appending(store) as appender:
        receipts = await outcomes_of(appender, wanted)
    assert len(store.transactions) < 10
    assert sorted(one.index for one in receipts) == list(range(1500))
    for copy, receipt in zip(wanted, receipts, strict=True):
        entry, link = store.entries[receipt.index], store.links[receipt.index]
        assert (receipt.pdf_digest, entry.pdf_digest) == (copy.pdf_digest, copy.pdf_digest)
        assert (receipt.leaf_hash, receipt.entry_hash) == (link.leaf_hash, link.entry_hash)


@pytest.mark.parametrize("position", [0, 17, 39])
@pytest.mark.parametrize(
    ("poison", "refusal"),
    [
        ({"number": UNRESERVED}, UnknownReservation),
        ({"number": OFFENSIVE}, EntryRefused),
        ({"salt": b"short"}, MalformedEntry),
        ({"pdf_digest": b"short"}, MalformedEntry),
    ],
)
async def test_a_poison_entry_fails_alone(
    position: int, poison: dict[str, object], refusal: type[RegistryError]
) -> None:
    store, wanted = FakeStore(), copies(40)
    wanted[position] = msgspec.structs.replace(wanted[position], **poison)
    async with appending(store) as appender:
        outcomes = await outcomes_of(appender, wanted)
    assert isinstance(outcomes.pop(position), refusal)
    assert sorted(one.index for one in outcomes) == list(range(39))
    assert len(store.links) == 39


async def test_two_appenders_on_one_book_take_turns() -> None:
    """Each believes that the book ends where it left it, and is told otherwise."""
    store, wanted = FakeStore(), copies(20)
    async with appending(store) as one, appending(store) as other:
        receipts = [
            await appender.register(copy)
            for copy, appender in zip(wanted, [one, one, other, other] * 5, strict=True)
        ]
    assert [one.index for one in receipts] == list(range(20))


async def test_a_retry_among_others_gets_its_first_receipt() -> None:
    store, wanted = FakeStore(), copies(40)
    async with appending(store) as appender:
        first = await appender.register(wanted[20])
        again = await outcomes_of(appender, wanted)
    assert again[20] == first
    assert sorted(one.index for one in again) == list(range(40))


async def test_a_caller_cancelled_before_its_turn_writes_nothing() -> None:
    store, wanted = FakeStore(), copies(5)
    store.gate.clear()
    async with appending(store) as appender:
        # Both lanes are taken, so that the others wait in the queue.
        calls = []
        for copy in wanted:
            calls.append(asyncio.create_task(appender.register(copy)))
            await settled()
        calls[3].cancel()
        await settled()
        store.gate.set()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(outcomes.pop(3), asyncio.CancelledError)
    assert [one.index for one in outcomes] == [0, 1, 2, 3]
    assert {_pdf(one) for one in store.entries} == {
        copy.pdf_digest for at, copy in enumerate(wanted) if at != 3
    }


async def test_a_caller_cancelled_in_mid_transaction_leaves_the_others_alone() -> None:
    store, wanted = FakeStore(), copies(10)
    store.gate.clear()
    async with appending(store) as appender:
        calls = [asyncio.create_task(appender.register(copy)) for copy in wanted]
        await settled()
        calls[4].cancel()
        await settled()
        assert not any(call.done() for at, call in enumerate(calls) if at != 4)
        store.gate.set()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        kept = await appender.register(wanted[4])
    assert isinstance(outcomes.pop(4), asyncio.CancelledError)
    assert sorted([kept.index, *(one.index for one in outcomes)]) == list(range(10))
    assert len(store.links) == 10, "the cancelled act was kept, and its retry found it"


async def test_no_receipt_comes_before_the_commit() -> None:
    store = FakeStore()
    store.gate.clear()
    async with appending(store) as appender:
        calls = [asyncio.create_task(appender.register(copy)) for copy in copies(100)]
        await settled()
        assert not store.links
        assert not any(call.done() for call in calls)
        store.gate.set()
        await asyncio.gather(*calls)


async def test_leaving_decides_what_was_accepted_and_refuses_what_comes() -> None:
    store = FakeStore()
    store.gate.clear()
    appender = Appender(store, utc_now)  # type: ignore[arg-type]
    await appender.__aenter__()
    calls = []
    for copy in copies(700):
        calls.append(asyncio.create_task(appender.register(copy)))
        if len(calls) in (1, 2, 300):
            await settled()
    await settled()
    leaving = asyncio.create_task(appender.__aexit__(None, None, None))
    await settled()
    with pytest.raises(RegistryUnavailable):
        await appender.register(made_up_copy())
    assert not leaving.done()
    store.gate.set()
    await leaving
    assert sorted(call.result().index for call in calls) == list(range(700))


async def test_a_cancelled_shutdown_still_decides_what_was_accepted() -> None:
    store = FakeStore()
    store.gate.clear()
    appender = Appender(store, utc_now)  # type: ignore[arg-type]
    await appender.__aenter__()
    call = asyncio.create_task(appender.register(made_up_copy()))
    await settled()
    leaving = asyncio.create_task(appender.__aexit__(None, None, None))
    await settled()
    leaving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leaving
    store.gate.set()
    assert (await call).index == 0


@pytest.mark.parametrize("kept", [True, False])
async def test_a_lost_answer_to_a_commit_writes_nothing_twice(kept: bool) -> None:
    store, wanted = FakeStore(), copies(60)
    store.losing, store.kept = 1, kept
    async with appending(store) as appender:
        receipts = await outcomes_of(appender, wanted)
        store.losing = 1
        revoked = await appender.revoke(wanted[7].code, **DECISION)
        assert await appender.revoke(wanted[7].code, **DECISION) == revoked
    assert sorted(one.index for one in receipts) == list(range(60))
    assert revoked.index == 60
    assert len(store.links) == 61


async def test_an_unavailable_database_is_told_to_all_of_the_batch() -> None:
    store = FakeStore()
    store.losing = 1000
    async with appending(store) as appender:
        outcomes = await outcomes_of(appender, copies(3))
    assert all(isinstance(one, RegistryUnavailable) for one in outcomes)
    assert not store.links


async def test_time_never_runs_back_though_the_clock_does() -> None:
    store = FakeStore()
    ticking = iter(range(1000, 0, -1))
    start = datetime(2026, 11, 22, tzinfo=UTC)
    async with appending(store, lambda: start + timedelta(seconds=next(ticking))) as appender:
        for copy in copies(5):
            await appender.register(copy)
            await appender.revoke(copy.code, **DECISION)
    times = [one.occurred_at for one in store.entries]
    assert all(before <= after for before, after in pairwise(times))
