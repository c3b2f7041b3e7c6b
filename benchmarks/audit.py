"""Auditing a book of 655,360 entries, from its database and from its public files, by 1 and 2
processes; beside the same rows merely read and the same bytes merely hashed, one value a call.

A core's rate is told by processor time: what else runs on the machine, and the database's server
where it is the same machine, would else be counted as the audit's. Starting a process (a second)
is not counted. The server's processor time is told beside.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from statistics import median
from typing import Any, Final, NamedTuple

import asyncpg

from benchmarks.bulk import VKEY, Bulk
from benchmarks.own_database import OwnDatabase, own_database
from benchmarks.result import Cell, Claim, Result
from registry.audit import Report
from registry.audit.file_reading import FileTask
from registry.audit.files import FileOrders, audit_files
from registry.audit.parallel import Orders, audit_in_parallel
from registry.audit.stretch import Task
from registry.audit.subtree import STRETCH
from registry.audit.workers import judged
from registry.export import export_tiles
from registry.log.policy import policy_of_log
from registry.store import Store
from registry.tile_files import TileFiles

_SIZE: Final = 10 * STRETCH
_BUDGET: Final = 250_000
_POLICY: Final = policy_of_log(VKEY)
#: Entries for what is measured one value a call.
_SAMPLE: Final = STRETCH


class Timed(NamedTuple):
    """Orders whose tasks tell how much processor time they took."""

    orders: Any

    async def begin(self, held: AsyncExitStack) -> Callable[[object], Awaitable[float]]:
        judge = await self.orders.begin(held)

        async def timed(task: object) -> float:
            before = time.process_time()
            await judge(task)
            return time.process_time() - before

        return timed


def run() -> Result:
    with own_database() as database:
        return asyncio.run(_Benchmark(database).result())


class _Benchmark:
    def __init__(self, database: OwnDatabase) -> None:
        self._database = database
        self._url = database.role_url("registry_reader")
        self._tiles = database.directory / "tiles"

    async def result(self) -> Result:
        async with await Bulk.connect(self._database.admin_url) as bulk:
            await bulk.grow(_SIZE)
        async with (
            TileFiles.open(str(self._tiles), create=True) as files,
            await Store.connect(self._url) as store,
        ):
            await export_tiles(store, files, _POLICY)
        rows = [await self._limit()]
        for processes in (1, 2):
            rows.append(await self._from_database(processes))
            rows.append(await self._from_files(processes))
        return _result(rows)

    async def _from_database(self, processes: int) -> dict[str, Cell]:
        server = self._database.cpu_seconds()
        began, own = time.perf_counter(), time.process_time()
        report = await audit_in_parallel(self._url, _POLICY, processes=processes)
        seconds, own = time.perf_counter() - began, time.process_time() - own
        server = self._database.cpu_seconds() - server
        _require_clean(report)
        async with (
            await Store.connect(self._url, connections=1) as store,
            store.walking() as walking,
        ):
            await walking.settle()
            orders = Orders(self._url, await walking.snapshot(), frozenset())
            tasks = [Task(start, start + STRETCH, [], _SIZE) for start in range(0, _SIZE, STRETCH)]
            judging = await _processor_time(orders, tasks, processes)
        return _row("database", processes, seconds, judging, own, server)

    async def _from_files(self, processes: int) -> dict[str, Cell]:
        began, own = time.perf_counter(), time.process_time()
        report = await audit_files(str(self._tiles), _POLICY, processes=processes)
        seconds, own = time.perf_counter() - began, time.process_time() - own
        _require_clean(report)
        orders = FileOrders(str(self._tiles))
        tasks = [FileTask(start, start + STRETCH, _SIZE, []) for start in range(0, _SIZE, STRETCH)]
        judging = await _processor_time(orders, tasks, processes)
        return _row("files", processes, seconds, judging, own, 0.0)

    async def _limit(self) -> dict[str, Cell]:
        """One core's: rows fetched as the driver gives them, and each value hashed by hashlib."""
        connection = await asyncpg.connect(self._url)
        try:
            best = min([await self._read_and_hash(connection) for _ in range(3)])
        finally:
            await connection.close()
        return {
            "from": "limit: rows read, values hashed",
            "processes": 1,
            "entries_per_core_second": _SAMPLE / best,
            "auditor_us": best / _SAMPLE * 1e6,
        }

    async def _read_and_hash(self, connection: "asyncpg.Connection") -> float:
        began = time.process_time()
        rows = await connection.fetch(_ROWS, _SAMPLE)
        sha256, before = hashlib.sha256, bytes(32)
        for row in rows:
            leaf = sha256(b"\0" + row["body"]).digest()
            before = sha256(b"\2" + before + leaf).digest()
            sha256(b"\1" + leaf + leaf).digest()
            if row["facts"] is not None:
                sha256(row["salt"] + row["facts"].encode()).digest()
        return time.process_time() - began


_ROWS: Final = """
SELECT e.*, c.facts, c.salt FROM registry.entry e
LEFT JOIN registry.copy c ON c.entry_index = e.index
WHERE e.index < $1 ORDER BY e.index
"""


async def _processor_time(orders: Any, tasks: Iterable[object], processes: int) -> float:
    """Of one entry, in seconds; the median of the stretches, each process's first left out."""
    times: list[float] = [one async for one in judged(Timed(orders), tasks, processes)]
    return median(times[processes:]) / STRETCH


def _row(
    source: str, processes: int, seconds: float, judging: float, own: float, server: float
) -> dict[str, Cell]:
    """`judging`: of one entry; `own` and `server`: processor time of a whole run."""
    auditor = judging + own / _SIZE
    return {
        "from": source,
        "processes": processes,
        "entries_per_core_second": 1 / auditor,
        "auditor_us": auditor * 1e6,
        "server_us": server / _SIZE * 1e6,
        "entries_per_second": _SIZE / seconds,
        "seconds": seconds,
    }


def _require_clean(report: Report) -> None:
    if not report.clean or report.entries != _SIZE:
        raise AssertionError(f"the book is not clean: {report.findings[:3]}")


def _result(rows: list[dict[str, Cell]]) -> Result:
    limit, *audits = rows
    rates = {
        f"{row['from']}, {row['processes']} process(es)": float(row["entries_per_core_second"])
        for row in audits
    }
    floor = float(limit["entries_per_core_second"])
    return Result(
        name="audit",
        rows=rows,
        ratios={f"{name} / limit of one core": rate / floor for name, rate in rates.items()},
        budget=[
            Claim(
                what=f"entries a second of a core, {name}",
                relation=">=",
                limit=_BUDGET,
                measured=rate,
            )
            for name, rate in rates.items()
        ],
    )
