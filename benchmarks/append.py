"""Durable appends by 1, 16 and 256 callers, beside the same bytes without a registry.

Everything is on one disk and durable when it is counted: PostgreSQL with synchronous_commit and
fsync, SQLite with synchronous=FULL. What varies is measured in turns, ours and the peer's, so that
a busy machine is unfair to both alike; medians of the rounds are told.

Two things are as in service, for us and for what we are measured beside. Callers run on uvloop, as
`bansao serve` does: the process that certifies, and the pages under granian. And the server has
files for its write-ahead log, as one that has been busy before: it writes over those of the past,
where a new one has to make a file of 16 MB, and everybody waits, after each seven or eight thousand
appends.
"""

import asyncio
import gc
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from statistics import median
from typing import Final

import asyncpg
import msgspec
import uvloop

from benchmarks.append_peers import BATCH, Bare, RowByRow, Rows, entry_of, merkle_package
from benchmarks.copies import FACTS, FINGERPRINT, UNIT, copy_of
from benchmarks.own_database import OwnDatabase, own_database
from benchmarks.result import Cell, Claim, Result
from registry.append import Appender
from registry.certified_copy import CertifiedCopy, canonical_facts
from registry.clock import utc_now
from registry.store import Store

_BOOK: Final = "01/2026-SCTĐT/BS"
_ROUNDS: Final = 5
#: Callers: appends in one round, and DESIGN's budget in appends a second.
_APPENDS: Final = {1: 300, 16: 3_000, 256: 12_000}
_BUDGET: Final = {1: 300.0, 16: 5_000.0, 256: 20_000.0}
_PEER_ROWS: Final = 1_000
_WARM_UP: Final = 512
#: What all rounds write fits into so many files of the write-ahead log.
_LOG_FILES: Final = 32


class _Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One round: how fast, and processor time of both sides, in microseconds an append."""

    rate: float
    client_us: float
    server_us: float


def run() -> Result:
    with own_database() as database:
        return uvloop.run(_Benchmark(database).result())


class _Benchmark:
    def __init__(self, database: OwnDatabase) -> None:
        self._database = database
        self._rounds: dict[str, list[_Measured]] = {}
        self._callers: dict[str, int] = {}
        self._next_number = 1

    async def result(self) -> Result:
        numbers = _WARM_UP + _ROUNDS * sum(_APPENDS.values())
        admin = await asyncpg.connect(self._database.admin_url)
        try:
            await _reserve(admin, numbers)
            await _fill_log_files(admin)
            await Bare(admin).prepare()
            async with (
                await Store.connect(self._database.role_url("registry_writer")) as store,
                Appender(store, utc_now) as appender,
            ):
                await _append(appender, list(self._copies(_WARM_UP)), 32)
                for _ in range(_ROUNDS):
                    await self._round(appender, admin)
            await self._chained_row_by_row(admin)
        finally:
            await admin.close()
        await self._merkle_package()
        return self._told()

    async def _round(self, appender: Appender, admin: "asyncpg.Connection") -> None:
        for callers, count in _APPENDS.items():
            copies = list(self._copies(count))
            await self._measure(
                f"appends, {callers} callers",
                callers,
                count,
                partial(_append, appender, copies, callers),
            )
        bare, rows = Bare(admin), _rows(_APPENDS[256])
        for what, write in ((_BARE, bare.insert), (_BARE_COPY, bare.copy)):
            await bare.prepare()
            await self._measure(what, 1, len(rows), partial(write, rows))

    async def _chained_row_by_row(self, admin: "asyncpg.Connection") -> None:
        for callers in (1, 16):
            await Bare(admin).prepare()
            connections = [await asyncpg.connect(self._database.admin_url) for _ in range(callers)]
            rows = _rows(_PEER_ROWS)
            peer = RowByRow(connections)
            what = f"one row a transaction, chained, {callers} callers"
            await self._measure(what, callers, len(rows), partial(peer.run, rows))
            for connection in connections:
                await connection.close()

    async def _merkle_package(self) -> None:
        for batch, name in ((1, "entry by entry"), (BATCH, f"{BATCH} entries a transaction")):
            rows = _rows(_PEER_ROWS * (1 if batch == 1 else 10))

            async def work(rows: Rows = rows, batch: int = batch) -> float:
                return merkle_package(self._database.directory, rows, batch=batch)

            await self._measure(f"pymerkle on SQLite, {name}", 1, len(rows), work)

    async def _measure(
        self, what: str, callers: int, count: int, work: Callable[[], Awaitable[float]]
    ) -> None:
        """`work` does `count` appends and returns the seconds that it took for them."""
        gc.collect()
        gc.freeze()  # what was prepared is not the measured code's to look through
        server, client = self._database.cpu_seconds(), time.process_time()
        seconds = await work()
        client = time.process_time() - client
        server = self._database.cpu_seconds() - server
        self._callers[what] = callers
        self._rounds.setdefault(what, []).append(
            _Measured(
                rate=count / seconds,
                client_us=client / count * 1e6,
                server_us=server / count * 1e6,
            )
        )
        gc.unfreeze()

    def _copies(self, count: int) -> Iterator[CertifiedCopy]:
        for number in range(self._next_number, self._next_number + count):
            yield copy_of(_BOOK, number)
        self._next_number += count

    def _told(self) -> Result:
        rates = {what: median(one.rate for one in rounds) for what, rounds in self._rounds.items()}
        ours = {callers: rates[f"appends, {callers} callers"] for callers in _APPENDS}
        ratios = {f"256 callers / {what}": ours[256] / rates[what] for what in (_BARE, _BARE_COPY)}
        ratios |= {
            f"{callers} callers / {what}": ours[callers] / rate
            for callers in (1, 16)
            for what, rate in rates.items()
            if what.endswith(f"chained, {callers} callers")
        }
        ratios["256 callers / pymerkle"] = ours[256] / max(
            rate for what, rate in rates.items() if what.startswith("pymerkle")
        )
        budget = [
            Claim(
                what=f"durable appends a second, {callers} callers",
                relation=">=",
                limit=_BUDGET[callers],
                measured=ours[callers],
            )
            for callers in _APPENDS
        ]
        budget.append(
            Claim(
                what=f"256 callers / {_BARE}",
                relation=">=",
                limit=0.5,
                measured=ours[256] / rates[_BARE],
            )
        )
        rows = [self._row(what, rates[what]) for what in self._rounds]
        return Result(name="append", rows=rows, ratios=ratios, budget=budget)

    def _row(self, what: str, rate: float) -> dict[str, Cell]:
        rounds = self._rounds[what]
        return {
            "what": what,
            "callers": self._callers[what],
            "a_second": rate,
            "best_round": max(one.rate for one in rounds),
            "client_cpu_us": median(one.client_us for one in rounds),
            "server_cpu_us": median(one.server_us for one in rounds),
            "rounds": len(rounds),
        }


_BARE: Final = f"bare INSERTs of {BATCH}"
_BARE_COPY: Final = f"bare COPYs of {BATCH}"


async def _append(appender: Appender, copies: list[CertifiedCopy], callers: int) -> float:
    """Seconds until `callers`, each with one copy at a time, have all receipts."""
    waiting = iter(copies)

    async def caller() -> None:
        for copy in waiting:
            await appender.register(copy)

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return time.perf_counter() - begun


async def _reserve(admin: "asyncpg.Connection", count: int) -> None:
    """Numbers 1…count of one book: a line each, as certifying would have reserved them."""
    async with admin.transaction():
        # One statement for all: the trigger that hands numbers out in turn is not measured here.
        await admin.execute("SET LOCAL session_replication_role = replica")
        await admin.execute(
            "INSERT INTO registry.book (unit_code, year, volume, book) VALUES ($1, 2026, 1, $2)",
            UNIT,
            _BOOK,
        )
        await admin.execute(
            "INSERT INTO registry.book_number "
            "(unit_code, book, number, year, original_id, reserved_at) "
            "SELECT $1, $2, number, 2026, gen_random_uuid(), '2026-06-01Z' "
            "FROM generate_series(1, $3) AS number",
            UNIT,
            _BOOK,
            count,
        )
    await admin.execute("VACUUM ANALYZE registry.book_number")


async def _fill_log_files(admin: "asyncpg.Connection") -> None:
    """Make the write-ahead log's files; the checkpoint hands them over to be written anew."""
    for _ in range(_LOG_FILES):
        await admin.execute("SELECT pg_logical_emit_message(true, 'bench', '')")
        await admin.execute("SELECT pg_switch_wal()")
    await admin.execute("CHECKPOINT")


def _rows(count: int) -> Rows:
    entries = [
        entry_of(number, [*(secrets.token_bytes(32) for _ in range(3)), FINGERPRINT], _BOOK, UNIT)
        for number in range(1, count + 1)
    ]
    salts = [secrets.token_bytes(32) for _ in entries]
    return Rows(entries, canonical_facts(FACTS).decode(), salts)
