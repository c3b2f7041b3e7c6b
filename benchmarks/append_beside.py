"""What an append costs while a publisher signs and takes entries up into the map of codes.

The publisher is a process of its own, stopped and let go in turns, so that a busy machine is unfair
to both alike. Processor time is told: on few cores both want the same ones.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from statistics import median
from typing import Final
from uuid import uuid4

import asyncpg

from benchmarks.bulk import LOG_KEY, ORIGIN
from benchmarks.copies import UNIT, copy_of
from benchmarks.cost import cpu_seconds
from benchmarks.own_database import OwnDatabase, own_database
from registry.append import Appender
from registry.book import reserve_number
from registry.clock import utc_now
from registry.publish import keep_publishing
from registry.store import Store

ROUNDS: Final = 7
APPENDS: Final = 1_500
_CALLERS: Final = 64


def ratio() -> float:
    """An append's processor time, ours and the writer's backends', with a publisher to without."""
    with own_database() as database:
        return asyncio.run(_ratio(database))


async def _ratio(database: OwnDatabase) -> float:
    with _publisher(database.role_url("registry_publisher")) as publisher:
        url = database.role_url("registry_writer")
        async with await Store.connect(url) as store, Appender(store, utc_now) as appender:
            line = await reserve_number(store, unit_code=UNIT, at=utc_now(), original_id=uuid4())
            ratios = []
            await _append(appender, line.book, line.number)
            backends = await _backends(database)
            for _ in range(ROUNDS):
                spent = {}
                for act in (signal.SIGSTOP, signal.SIGCONT):
                    os.kill(publisher, act)
                    before = time.process_time() + sum(map(cpu_seconds, backends))
                    await _append(appender, line.book, line.number)
                    spent[act] = time.process_time() + sum(map(cpu_seconds, backends)) - before
                ratios.append(spent[signal.SIGCONT] / spent[signal.SIGSTOP])
    return median(ratios)


async def _append(appender: Appender, book: str, number: int) -> None:
    copies = iter([copy_of(book, number) for _ in range(APPENDS)])

    async def one_by_one() -> None:
        for copy in copies:
            await appender.register(copy)

    await asyncio.gather(*(one_by_one() for _ in range(_CALLERS)))


async def _backends(database: OwnDatabase) -> list[int]:
    connection = await asyncpg.connect(database.admin_url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'registry_writer'"
        )
        return [row["pid"] for row in rows]
    finally:
        await connection.close()


@contextlib.contextmanager
def _publisher(url: str) -> Iterator[int]:
    process = multiprocessing.get_context("spawn").Process(target=_publish, args=(url,))
    process.start()
    try:
        yield process.pid or 0
    finally:
        process.kill()
        process.join()


def _publish(url: str) -> None:
    async def keep_on() -> None:
        async with await Store.connect(url) as store:
            await keep_publishing(store, LOG_KEY, ORIGIN, utc_now, every=0.1)

    asyncio.run(keep_on())
