"""Appending to a real database: group commit, retries, lost connections, concurrency."""

import asyncio
import contextlib
import multiprocessing
import uuid
from datetime import date, timedelta

import msgspec
import psycopg
import pytest

from registry.append import Appender
from registry.audit import audit
from registry.book import reserve_number, void_number
from registry.certified_copy import CertifiedCopy, Receipt, committed
from registry.clock import utc_now
from registry.errors import (
    ChainBroken,
    DuplicateCopy,
    IllegalTransition,
    MalformedCode,
    MalformedEntry,
    NumberVoid,
    RegistryUnavailable,
    UnknownCopy,
    UnknownReservation,
)
from tests.testkit.copies import (
    NOW,
    UNIT,
    decided,
    made_up_copy,
    made_up_facts,
    publish_now,
    registered,
    reserved_copy,
    store_of,
)
from tests.testkit.postgres import Database

DECISION = decided()


async def test_a_receipt_names_the_row_that_is_there(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        copy = await reserved_copy(writer)
        async with Appender(writer, utc_now) as appender:
            receipt = await appender.register(copy)
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            "SELECT index, leaf_hash, entry_hash, pdf_digest, occurred_at FROM registry.entry"
        ).fetchall()
        facts = connection.execute("SELECT facts FROM registry.copy").fetchone()
    assert row == [msgspec.structs.astuple(receipt)]
    assert facts == (msgspec.to_builtins(copy.facts),)
    assert receipt.pdf_digest == copy.pdf_digest


async def test_sound_copies_need_one_statement(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it were refused, the transaction for what is not sound would enter them all the same."""
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        copies = [await reserved_copy(writer) for _ in range(3)]
        await appender.register(copies[0])
        monkeypatch.setattr(writer, "writing", None)
        receipts = await asyncio.gather(*map(appender.register, copies[1:]))
    assert [receipt.index for receipt in receipts] == [1, 2]


async def test_registering_again_gives_the_first_receipt(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        copy = await reserved_copy(writer)
        async with Appender(writer, utc_now) as appender:
            first, twin = await asyncio.gather(appender.register(copy), appender.register(copy))
            later = await appender.register(copy)
            changed = msgspec.structs.replace(copy, pdf_digest=b"\x99" * 32)
            with pytest.raises(DuplicateCopy):
                await appender.register(changed)
            another = msgspec.structs.replace(
                await reserved_copy(writer), pdf_digest=copy.pdf_digest
            )
            with pytest.raises(DuplicateCopy):
                await appender.register(another)
    assert first == twin == later


async def test_each_caller_of_a_batch_gets_its_own_outcome(database: Database) -> None:
    """Callers that wait together share one transaction, and nothing else."""
    async with store_of(database, "registry_writer") as writer:
        copies = [await reserved_copy(writer) for _ in range(20)]
        copies[3] = made_up_copy(number=4444)
        copies[7] = msgspec.structs.replace(copies[7], code="000000-000000-00000A")
        copies[11] = msgspec.structs.replace(copies[11], salt=b"short")
        copies[13] = msgspec.structs.replace(copies[13], facts=made_up_facts("nul\x00"))
        async with Appender(writer, utc_now) as appender:
            outcomes = await asyncio.gather(
                *(appender.register(copy) for copy in copies), return_exceptions=True
            )
    refused = {at: type(one) for at, one in enumerate(outcomes) if isinstance(one, Exception)}
    assert refused == {
        3: UnknownReservation,
        7: MalformedCode,
        11: MalformedEntry,
        13: MalformedEntry,
    }
    for copy, outcome in zip(copies, outcomes, strict=True):
        if not isinstance(outcome, BaseException):
            assert outcome.pdf_digest == copy.pdf_digest
    with psycopg.connect(database.superuser_url) as connection:
        transactions = connection.execute(
            "SELECT count(DISTINCT xmin::text), count(*) FROM registry.entry"
        ).fetchone()
    assert transactions is not None
    assert transactions[0] <= 2
    assert transactions[1] == 16


async def test_what_only_the_database_refuses_fails_alone(database: Database) -> None:
    """A constraint added behind our back stands for every surprise: the batch is halved."""
    async with store_of(database, "registry_writer") as writer:
        copies = [await reserved_copy(writer) for _ in range(9)]
        with psycopg.connect(database.superuser_url, autocommit=True) as connection:
            connection.execute(
                "ALTER TABLE registry.entry ADD CONSTRAINT surprise CHECK (number <> 5)"
            )
        async with Appender(writer, utc_now) as appender:
            outcomes = await asyncio.gather(
                *(appender.register(copy) for copy in copies), return_exceptions=True
            )
    assert [
        copy.number
        for copy, one in zip(copies, outcomes, strict=True)
        if isinstance(one, Exception)
    ] == [5]
    assert "surprise" not in str(outcomes[4])


async def test_a_cancelled_caller_takes_nobody_along(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        copies = [await reserved_copy(writer) for _ in range(6)]
        async with Appender(writer, utc_now) as appender:
            calls = [asyncio.create_task(appender.register(copy)) for copy in copies]
            await asyncio.sleep(0)
            calls[2].cancel()
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            assert isinstance(outcomes[2], asyncio.CancelledError)
            assert sorted(one.index for at, one in enumerate(outcomes) if at != 2) == [
                0,
                1,
                2,
                3,
                4,
            ]
            assert (await appender.register(copies[2])).pdf_digest == copies[2].pdf_digest


async def test_leaving_waits_for_every_accepted_call(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        copies = [await reserved_copy(writer) for _ in range(5)]
        async with Appender(writer, utc_now) as appender:
            calls = [asyncio.create_task(appender.register(copy)) for copy in copies]
            await asyncio.sleep(0)
        assert all(call.done() for call in calls)
        assert sorted(call.result().index for call in calls) == [0, 1, 2, 3, 4]
        with pytest.raises(RegistryUnavailable):
            await appender.register(copies[0])


async def test_a_connection_lost_in_the_middle_heals(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        copies = [await reserved_copy(writer) for _ in range(30)]

        async def cut() -> None:
            async with await psycopg.AsyncConnection.connect(
                database.superuser_url, autocommit=True
            ) as connection:
                for _ in range(10):
                    await connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE usename = 'registry_writer' AND datname = current_database()"
                    )
                    await asyncio.sleep(0.01)

        async with Appender(writer, utc_now) as appender:

            async def insist(copy: CertifiedCopy) -> int:
                while True:
                    with contextlib.suppress(RegistryUnavailable):
                        return (await appender.register(copy)).index
                    await asyncio.sleep(0.01)

            cutting = asyncio.create_task(cut())
            indexes = [await insist(copy) for copy in copies]
            await cutting
    assert indexes == list(range(30))


async def test_a_commit_without_an_answer_is_looked_up(database: Database) -> None:
    """The transaction is kept, its COMMIT's answer is lost: nothing is written twice."""
    async with store_of(database, "registry_writer") as writer:
        lost = _LosesFirstAnswer(writer)
        copies = await registered(database, 1)
        async with Appender(lost, utc_now) as appender:
            receipt = await appender.revoke(copies[0].code, **DECISION)
            assert await appender.revoke(copies[0].code, **DECISION) == receipt
    assert receipt.index == 1
    assert lost.lost == 1


class _LosesFirstAnswer:
    """A fake store: commits the first transaction, then says that the connection was lost."""

    def __init__(self, store: object) -> None:
        self._store = store
        self.lost = 0

    @contextlib.asynccontextmanager
    async def writing(self):
        async with self._store.writing() as writing:
            yield writing
        if not self.lost:
            self.lost += 1
            raise RegistryUnavailable("the answer was lost")


async def test_database_and_log_agree_on_every_letter(database: Database) -> None:
    """The link trigger writes bodies down by itself: what JSON escapes must come out alike."""
    odd = "".join(map(chr, range(1, 0x21))) + '"\\/\x7f\x80\u2028\ud7ff\ue000\uffff\U0010ffff'
    async with store_of(database, "registry_writer") as writer:
        line = await reserve_number(writer, unit_code=odd, at=NOW, original_id=uuid.uuid4())
        copy = msgspec.structs.replace(
            made_up_copy(line.book, line.number, made_up_facts(odd)), unit_code=odd
        )
        async with Appender(writer, utc_now) as appender:
            await appender.register(copy)
            await appender.revoke(copy.code, **decided(odd, date(1, 1, 1)), reason=odd * 20)
    async with store_of(database, "registry_reader") as reader:
        assert (await audit(reader)).findings == []


async def test_facts_are_stored_as_the_text_that_was_committed_to(database: Database) -> None:
    facts = msgspec.structs.replace(
        made_up_facts(), fields={"\uffff": "1", "\U00010000": "\\u0000"}
    )
    async with store_of(database, "registry_writer") as writer:
        copy = await reserved_copy(writer, facts)
        async with Appender(writer, utc_now) as appender:
            await appender.register(copy)
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            "SELECT c.facts::text, c.salt, e.commitment FROM registry.copy c "
            "JOIN registry.entry e ON e.index = c.entry_index"
        ).fetchone()
    assert row is not None
    assert committed(row[0].encode(), row[1]) == row[2]


async def test_acts_that_are_not_sound_fail_alone_among_many(database: Database) -> None:
    """Sound acts are not compared before they are written; what the database refuses then is."""
    async with store_of(database, "registry_writer") as writer:
        original = uuid.uuid4()
        void = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=original)
        await void_number(writer, original_id=original, reason="bản chính bị rách")
        copies = [await reserved_copy(writer) for _ in range(40)]
        async with Appender(writer, utc_now) as appender:
            first = await appender.register(copies[0])
            copies[8] = msgspec.structs.replace(copies[8], pdf_digest=copies[0].pdf_digest)
            copies[16] = msgspec.structs.replace(copies[16], number=4444)
            copies[24] = msgspec.structs.replace(copies[24], number=void.number)
            copies[32] = msgspec.structs.replace(copies[32], code=copies[0].code)
            outcomes = await asyncio.gather(
                *(appender.register(copy) for copy in copies), return_exceptions=True
            )
    assert outcomes[0] == first
    refused = {at: type(one) for at, one in enumerate(outcomes) if isinstance(one, Exception)}
    assert refused == {8: DuplicateCopy, 16: UnknownReservation, 24: NumberVoid, 32: DuplicateCopy}
    assert sorted(one.index for one in outcomes if not isinstance(one, Exception)) == [*range(36)]


async def test_a_clock_that_is_set_back_does_not_turn_the_book_back(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        early, late = [await reserved_copy(writer) for _ in range(2)]
        async with Appender(writer, utc_now) as appender:
            first = await appender.register(early)
        async with Appender(writer, lambda: utc_now() - timedelta(days=1)) as appender:
            second = await appender.register(late)
    assert second.registered_at == first.registered_at


@pytest.mark.broken_registry
@pytest.mark.parametrize("never", ["infinity", "20000-01-01"])
async def test_nothing_follows_an_entry_from_beyond_the_calendar(
    database: Database, never: str
) -> None:
    [copy] = await registered(database, 1)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE registry.entry SET occurred_at = %s", (never,))
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        for act in (
            appender.register(await reserved_copy(writer)),
            appender.revoke(copy.code, **DECISION),
        ):
            with pytest.raises(ChainBroken):
                await act


async def test_a_clock_that_is_years_ahead_enters_nothing_until_it_is_right(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Time never runs back: every later entry would be of those years too."""
    off = timedelta(days=3_000)
    async with (
        store_of(database, "registry_writer") as writer,
        store_of(database, "registry_writer") as another,
    ):
        copies = [await reserved_copy(writer) for _ in range(3)]
        async with (
            Appender(writer, lambda: utc_now() + off) as wrong,
            Appender(another, utc_now) as right,
        ):
            await right.register(copies[0])
            for _ in range(2):
                with pytest.raises(RegistryUnavailable, match="clock"):
                    await wrong.register(copies[1])
            await right.register(copies[2])
            off = timedelta(0)
            late = await wrong.register(copies[1])
    assert late.index == 2
    assert abs(utc_now() - late.registered_at) < timedelta(minutes=1)
    assert "clock is ahead" in caplog.text


async def test_only_one_of_many_revocations_is_lawful(database: Database) -> None:
    [copy] = await registered(database, 1)
    async with contextlib.AsyncExitStack() as stack:
        appenders = [
            await stack.enter_async_context(
                Appender(
                    await stack.enter_async_context(store_of(database, "registry_writer")), utc_now
                )
            )
            for _ in range(3)
        ]
        outcomes = await asyncio.gather(
            *(appenders[at % 3].revoke(copy.code, **decided(f"{at}/QĐ-UBND")) for at in range(12)),
            return_exceptions=True,
        )
    refused = [one for one in outcomes if isinstance(one, IllegalTransition)]
    assert len(refused) == 11
    # Each of the others is told what the copy is now, and by whose decision.
    [winner] = [at for at, one in enumerate(outcomes) if isinstance(one, Receipt)]
    first = f"{winner}/QĐ-UBND"
    assert {(one.verdict, one.decision) for one in refused} == {("revoked", first)}
    assert f"revoked by {first} of 2026-11-22" in str(refused[0])
    await publish_now(database)


async def test_two_officers_who_decide_the_same_have_one_receipt(database: Database) -> None:
    [copy] = await registered(database, 1)
    async with (
        store_of(database, "registry_writer") as one,
        store_of(database, "registry_writer") as other,
        Appender(one, utc_now) as first,
        Appender(other, utc_now) as second,
    ):
        receipts = await asyncio.gather(
            *(appender.suspend(copy.code, **DECISION) for appender in (first, second) * 3)
        )
    assert {receipt.index for receipt in receipts} == {1}


async def test_suspended_reinstated_superseded(database: Database) -> None:
    one, other = await registered(database, 2)
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await appender.suspend(one.code, **decided("1"))
        await appender.reinstate(one.code, **decided("2"))
        await appender.supersede(other.code, successor=one.code, **decided("3"))
        with pytest.raises(IllegalTransition):
            await appender.reinstate(other.code, **decided("4"))
        with pytest.raises(UnknownCopy):
            await appender.revoke(made_up_copy().code, **decided("5"))
        with pytest.raises(MalformedEntry):
            await appender.revoke(one.code, **decided(" "))


async def test_a_void_number_is_never_issued(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        original = uuid.uuid4()
        line = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=original)
        await void_number(writer, original_id=original, reason="bản chính bị rách")
        async with Appender(writer, utc_now) as appender:
            with pytest.raises(NumberVoid):
                await appender.register(made_up_copy(line.book, line.number))


async def test_without_a_database_the_answer_is_unavailable(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        copy = await reserved_copy(writer)
        async with Appender(writer, utc_now) as appender:
            await writer.close()
            with pytest.raises(RegistryUnavailable):
                await appender.register(copy)


def _append_fifty(url: str, barrier: "multiprocessing.synchronize.Barrier") -> None:
    """One process of four: fifty copies, all at once."""

    async def work() -> None:
        from registry.store import Store  # noqa: PLC0415

        async with await Store.connect(url) as writer, Appender(writer, utc_now) as appender:

            async def issue() -> None:
                await appender.register(await reserved_copy(writer))

            barrier.wait(60)
            await asyncio.gather(*(issue() for _ in range(50)))

    asyncio.run(work())


async def test_two_hundred_appends_from_four_processes(database: Database) -> None:
    spawning = multiprocessing.get_context("spawn")
    barrier = spawning.Barrier(4)
    url = database.role_url("registry_writer")
    processes = [spawning.Process(target=_append_fifty, args=(url, barrier)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 120)
    assert [process.exitcode for process in processes] == [0] * 4

    await publish_now(database)
    with psycopg.connect(database.superuser_url) as connection:
        rows = connection.execute("SELECT index, number FROM registry.entry ORDER BY index")
        indexes, numbers = zip(*rows.fetchall(), strict=True)
    assert list(indexes) == list(range(200))
    assert sorted(numbers) == list(range(1, 201))
    async with store_of(database, "registry_reader") as reader:
        report = await audit(reader)
    assert (report.entries, report.checkpoint_size, report.findings) == (200, 200, [])
