"""Workers of one portal and portals of several hosts count together, and the table names nobody."""

import asyncio
import time

import asyncpg
import psycopg
import pytest

from tests.testkit.postgres import Database
from verify_portal.errors import CountsUnavailable
from verify_portal.limiting.limits import MISSES, Limits
from verify_portal.limiting.shared_counts import ROLE, SharedCounts
from verify_portal.limiting.sharing import Sharing
from verify_portal.limiting.source import source_of

GUESSER = source_of("198.51.100.7")


class Worker:
    """The part of a portal's process that counts."""

    def __init__(self, database: Database) -> None:
        self.limits = Limits(time.monotonic)
        self.sharing = Sharing(self.limits, database.role_url(ROLE), time.monotonic)


def guesses(worker: Worker, most: int = 1000) -> int:
    for count in range(most):
        if worker.limits.wait_to_ask(GUESSER):
            return count
        worker.limits.missed(GUESSER)
    return most


async def test_what_one_worker_counted_the_other_learns(database: Database) -> None:
    first, second = Worker(database), Worker(database)
    counts = await SharedCounts.open(database.role_url(ROLE))
    assert guesses(first) == MISSES.client.burst
    await first.sharing.once(counts)
    allowed = guesses(second, 3)  # it has not heard yet
    await second.sharing.once(counts)
    assert allowed == 3
    told = second.limits.wait_to_ask(GUESSER)
    price = 60 / MISSES.client.per_minute
    assert (allowed - 0.5) * price < told <= (allowed + 1) * price
    assert second.limits.wait_to_ask(source_of("203.0.113.7")) == 0
    counts.close()


async def test_many_workers_tell_at_once_and_nothing_is_lost(database: Database) -> None:
    workers = [Worker(database) for _ in range(4)]
    for worker in workers:
        for host in range(200):
            worker.limits.missed(source_of(f"10.{host}.0.1"), 4)
    opened = [await SharedCounts.open(database.role_url(ROLE)) for _ in workers]
    pairs = zip(workers, opened, strict=True)
    await asyncio.gather(*(worker.sharing.once(counts) for worker, counts in pairs))
    with psycopg.connect(database.superuser_url) as admin:
        row = admin.execute(
            "SELECT count(*), min(until - now()) > '80 s', max(until - now()) <= '96 s' "
            "FROM portal.owed"
        ).fetchone()
    assert row == (200, True, True)  # sixteen misses of each client, at six seconds each
    for counts in opened:
        counts.close()


async def test_rows_that_say_nothing_any_more_go(database: Database) -> None:
    counts = await SharedCounts.open(database.role_url(ROLE))
    await counts.add({bytes(16): 0.01, bytes(15) + b"\1": 60.0})
    await asyncio.sleep(0.05)
    await counts.forget_paid()
    with psycopg.connect(database.superuser_url) as admin:
        assert admin.execute("SELECT key FROM portal.owed").fetchall() == [(bytes(15) + b"\1",)]
    counts.close()


async def test_an_outage_leaves_the_own_counts_and_ends_by_itself(database: Database) -> None:
    worker, other = Worker(database), Worker(database)
    running = [asyncio.create_task(one.sharing.run()) for one in (worker, other)]
    with psycopg.connect(database.superuser_url, autocommit=True) as admin:
        admin.execute(f"ALTER ROLE {ROLE} NOLOGIN")
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ROLE]
            )
            assert guesses(worker) == MISSES.client.burst
            await asyncio.sleep(0.5)
            assert worker.limits.wait_to_ask(GUESSER) > 0
        finally:
            admin.execute(f"ALTER ROLE {ROLE} LOGIN")
    async with asyncio.timeout(20):
        while other.limits.wait_to_ask(GUESSER) == 0:
            other.limits.missed(GUESSER)
            await asyncio.sleep(0.3)
    for task in running:
        task.cancel()
    await asyncio.wait(running)


@pytest.mark.parametrize("failure", [asyncpg.InternalClientError("lost"), ValueError("odd")])
async def test_no_failure_ends_the_sharing(
    database: Database, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    calls: list[object] = []

    async def fetch(*_: object) -> list[object]:
        calls.append(None)
        if len(calls) == 1:
            raise failure
        return []

    monkeypatch.setattr(asyncpg.Connection, "fetch", fetch)
    worker = Worker(database)
    running = asyncio.create_task(worker.sharing.run())
    async with asyncio.timeout(20):
        while len(calls) < 3:
            worker.limits.missed(GUESSER)
            assert not running.done()
            await asyncio.sleep(0.3)
    running.cancel()
    await asyncio.wait({running})


async def test_the_table_holds_no_address(database: Database) -> None:
    worker = Worker(database)
    guesses(worker)
    counts = await SharedCounts.open(database.role_url(ROLE))
    await worker.sharing.once(counts)
    with psycopg.connect(database.superuser_url) as admin:
        rows = admin.execute("SELECT owed::text FROM portal.owed").fetchall()
    assert rows
    for (row,) in rows:
        assert "198.51" not in row
        assert b"198.51".hex() not in row
    counts.close()


@pytest.mark.parametrize("role", ["registry_reader", "registry_writer", "intake_app"])
def test_nobody_else_sees_or_changes_the_counts(database: Database, role: str) -> None:
    with (
        psycopg.connect(database.role_url(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM portal.owed")


def test_the_limiter_sees_nothing_else(database: Database) -> None:
    with psycopg.connect(database.role_url(ROLE)) as connection:
        seen = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') "
            "AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')"
            " AND has_schema_privilege(relnamespace, 'USAGE') "
            "AND has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, "
            "TRIGGER')"
        ).fetchall()
    assert {name for (name,) in seen} == {"portal.owed", "alembic.alembic_version"}


async def test_a_server_that_is_away_is_said_to_be(database: Database) -> None:
    with pytest.raises(CountsUnavailable):
        await SharedCounts.open(database.role_url(ROLE).replace("127.0.0.1", "127.0.0.2"))
