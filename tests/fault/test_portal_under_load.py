"""Steady load while PostgreSQL is killed and started again: nobody is told anything false, outages
are called outages, and two seconds after the server is ready everybody gets answers again.
"""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import psutil
import psycopg

from bansao.postgres import Postgres
from registry.append import Appender
from registry.clock import utc_now
from registry.code import new_code
from tests.testkit.copies import decided, publish_now, registered, store_of
from tests.testkit.faults import kill_server, restart
from tests.testkit.issued import make_signers
from tests.testkit.portal_process import served_portal
from tests.testkit.postgres import Database
from tests.testkit.steady_load import Asked, Told, visit
from verify_portal.news import MOST_SILENCE_SECONDS

KILLS: Final = int(os.environ.get("BANSAO_FAULT_OUTAGES", "3"))
_VISITORS: Final = 6
_DOWN_SECONDS: Final = 2.5
_BACK_SECONDS: Final = 2.0
#: What a worker may hold on the primary: the registry's pool, an agency's, the shared limits.
_MOST_CONNECTIONS: Final = 8 + 8 + 1


class Outage(NamedTuple):
    killed_at: float
    started_at: float
    ready_at: float
    over_at: float


async def test_an_outage_is_said_to_be_one_and_ends(own_server: Postgres, tmp_path: Path) -> None:
    database = Database(superuser_url=own_server.admin_url, secrets=own_server.secrets)
    questions = await asked_of(database)
    trust = tmp_path / "trust"
    make_signers(tmp_path / "signers", trust)
    lines = tmp_path / "lines"
    told: list[Told] = []
    settings = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1/32", "BANSAO_LOG_LEVEL": "WARNING"}
    with served_portal(database, trust, lines, **settings) as portal:
        (worker,) = psutil.Process(portal.process.pid).children()
        visitors = [
            asyncio.create_task(visit(portal.address, questions, told, pause=0.02))
            for _ in range(_VISITORS)
        ]
        await asyncio.sleep(3)
        files = worker.num_fds()
        outages = [await outage(own_server, database) for _ in range(KILLS)]
        assert worker.num_fds() <= files + 4
        assert [one.status for one in worker.net_connections()].count("CLOSE_WAIT") == 0
        assert connections(database) <= _MOST_CONNECTIONS
        for visitor in visitors:
            visitor.cancel()
        await asyncio.wait(visitors)
    assert len(told) > 100 * KILLS
    assert [one for one in told if not one.right and not one.unavailable] == []
    for number, over in enumerate(outages):
        during = [
            one
            for one in told
            if over.killed_at + MOST_SILENCE_SECONDS < one.sent_at and one.told_at < over.started_at
        ]
        assert during, number
        assert [one for one in during if not one.unavailable] == []
        after = [one for one in told if over.ready_at + _BACK_SECONDS < one.sent_at < over.over_at]
        assert after, number
        assert [one for one in after if not one.right] == []


async def asked_of(database: Database) -> list[Callable[[], Asked]]:
    """What visitors ask: some codes over and over, a revoked one, and ever new ones of nobody."""
    copies = await registered(database, 30)
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await appender.revoke(copies[0].code, **decided(), reason="")
    await publish_now(database)
    rest = iter(copies[1:] * 10_000)
    return [
        lambda: Asked(path=f"/v1/copies/{copies[1].code}", verdict="valid"),
        lambda: Asked(path=f"/v1/copies/{copies[0].code}", verdict="revoked"),
        lambda: Asked(path=f"/v1/copies/{new_code()}", verdict="unknown"),
        lambda: Asked(path=f"/v1/copies/{next(rest).code}", verdict="valid"),
        lambda: Asked(path=f"/v1/copies/{next(rest).code}?on=2026-11-21", verdict="valid"),
    ]


async def outage(server: Postgres, database: Database) -> Outage:
    killed_at = time.monotonic()
    await asyncio.to_thread(kill_server, server)
    await asyncio.sleep(_DOWN_SECONDS)
    started_at = time.monotonic()
    starting = asyncio.create_task(restart(server))
    while not await asyncio.to_thread(answers, database):  # noqa: ASYNC110 - another process starts
        await asyncio.sleep(0.02)
    ready_at = time.monotonic()
    await starting
    await asyncio.sleep(ready_at + 2 * _BACK_SECONDS - time.monotonic())
    return Outage(killed_at, started_at, ready_at, time.monotonic())


def answers(database: Database) -> bool:
    try:
        psycopg.connect(database.superuser_url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def connections(database: Database) -> int:
    """Those of the portal, by its roles."""
    with psycopg.connect(database.superuser_url) as admin:
        row = admin.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE usename = 'registry_reader' OR usename LIKE 'portal%'"
        ).fetchone()
    assert row is not None
    return int(row[0])
