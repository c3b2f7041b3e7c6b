"""Auditing a book of 655,360 entries, from its database and from its public files, by 1 and 2
processes; beside the floor: the same values read in the same way and hashed, and nothing judged.

A core's rate is told by processor time, since what else runs on the machine would else be counted
as the audit's: `auditor_us` and `server_us` are an entry's. Of a database there are two rates.
Where auditor and server have a core each, the slower one sets the pace, nearly always the auditor:
`entries_per_auditor_second`. `entries_per_core_second` counts the server's time as well, as if one
core did the work of both. Starting a process (a second) is not counted.

The log is as a real one, map of codes included, but for what does not grow with entries: it has few
checkpoints, none cosigned or stamped, and no authority data. Its files are audited a second time
under a checkpoint that commits to no map: the difference is what building the map anew takes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from typing import Any, Final, NamedTuple

from benchmarks.audit_floor import DatabaseFloor, FileFloor
from benchmarks.bulk import LOG_KEY, ORIGIN, VKEY, Bulk
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
from registry.log.checkpoint import parse_checkpoint, sign_checkpoint
from registry.log.policy import policy_of_log
from registry.store import Store
from registry.tile_files import TileFiles

_SIZE: Final = 10 * STRETCH
_BUDGET: Final = 250_000
_POLICY: Final = policy_of_log(VKEY)
_WITHOUT_MAP: Final = "files of a log without a map"


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


class _Cost(NamedTuple):
    """Processor time of one entry, in seconds."""

    auditor: float
    server: float

    @property
    def both(self) -> float:
        return self.auditor + self.server

    def claimed(self) -> dict[str, float]:
        """Seconds of an entry, by whose they are."""
        if not self.server:
            return {"a core": self.both}
        return {"the auditor's core": self.auditor, "one core for auditor and server": self.both}

    def row(self, source: str, processes: int) -> dict[str, Cell]:
        return {
            "from": source,
            "processes": processes,
            "entries_per_auditor_second": 1 / self.auditor,
            "entries_per_core_second": 1 / self.both,
            "auditor_us": self.auditor * 1e6,
            "server_us": self.server * 1e6,
        }


class _Audit(NamedTuple):
    source: str
    processes: int
    seconds: float
    cost: _Cost

    @property
    def name(self) -> str:
        return f"{self.source}, {self.processes} process(es)"

    def row(self) -> dict[str, Cell]:
        told = {"entries_per_second": _SIZE / self.seconds, "seconds": self.seconds}
        return self.cost.row(self.source, self.processes) | told


def run() -> Result:
    with own_database() as database:
        return asyncio.run(_Benchmark(database).result())


class _Benchmark:
    def __init__(self, database: OwnDatabase) -> None:
        self._database = database
        self._url = database.role_url("registry_reader")
        self._tiles = database.directory / "tiles"

    async def result(self) -> Result:
        async with await Bulk.connect(self._database.admin_url, with_map=True) as bulk:
            await bulk.grow(_SIZE)
        async with (
            TileFiles.open(str(self._tiles), create=True) as files,
            await Store.connect(self._url) as store,
        ):
            await export_tiles(store, files, _POLICY)
        files_floor = await self._file_floor()
        floors = {
            "database": await self._database_floor(),
            "files": files_floor,
            _WITHOUT_MAP: files_floor,
        }
        audits = []
        for processes in (1, 2):
            audits.append(await self._from_database(processes))
            audits.append(await self._from_files(processes))
        self._forget_the_map()
        audits += [await self._from_files(processes, _WITHOUT_MAP) for processes in (1, 2)]
        return _result(floors, audits)

    def _forget_the_map(self) -> None:
        path = self._tiles / "checkpoint"
        signed = parse_checkpoint(path.read_text())
        path.write_text(sign_checkpoint(ORIGIN, signed.size, signed.root_hash, LOG_KEY).note)

    async def _database_floor(self) -> _Cost:
        async with self._snapshot() as snapshot:
            orders = DatabaseFloor(self._url, snapshot)
            server = await self._server_seconds()
            auditor = await _processor_time(orders, self._tasks(), 1)
            return _Cost(auditor, (await self._server_seconds() - server) / _SIZE)

    async def _server_seconds(self) -> float:
        """Once nothing is about to end: what just went is counted nowhere for a moment."""
        await asyncio.sleep(2)
        return self._database.cpu_seconds()

    async def _file_floor(self) -> _Cost:
        return _Cost(await _processor_time(FileFloor(str(self._tiles)), _file_tasks(), 1), 0.0)

    async def _from_database(self, processes: int) -> _Audit:
        server = await self._server_seconds()
        began, own = time.perf_counter(), time.process_time()
        report = await audit_in_parallel(self._url, _POLICY, processes=processes)
        seconds, own = time.perf_counter() - began, time.process_time() - own
        server = await self._server_seconds() - server
        _require_clean(report)
        async with self._snapshot() as snapshot:
            orders = Orders(self._url, snapshot, frozenset())
            judging = await _processor_time(orders, self._tasks(), processes)
        cost = _Cost(judging + own / _SIZE, server / _SIZE)
        return _Audit("database", processes, seconds, cost)

    async def _from_files(self, processes: int, source: str = "files") -> _Audit:
        began, own = time.perf_counter(), time.process_time()
        report = await audit_files(str(self._tiles), _POLICY, processes=processes)
        seconds, own = time.perf_counter() - began, time.process_time() - own
        _require_clean(report)
        judging = await _processor_time(FileOrders(str(self._tiles)), _file_tasks(), processes)
        return _Audit(source, processes, seconds, _Cost(judging + own / _SIZE, 0.0))

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[str]:
        async with (
            await Store.connect(self._url, connections=1) as store,
            store.walking() as walking,
        ):
            await walking.settle()
            yield await walking.snapshot()

    @staticmethod
    def _tasks() -> list[Task]:
        return [Task(start, start + STRETCH, [], _SIZE) for start in range(0, _SIZE, STRETCH)]


def _file_tasks() -> list[FileTask]:
    return [FileTask(start, start + STRETCH, _SIZE, []) for start in range(0, _SIZE, STRETCH)]


async def _processor_time(orders: Any, tasks: Iterable[object], processes: int) -> float:
    """Of one entry, in seconds; the median of the stretches, each process's first left out."""
    times: list[float] = [one async for one in judged(Timed(orders), tasks, processes)]
    return median(times[processes:]) / STRETCH


def _require_clean(report: Report) -> None:
    if not report.clean or report.entries != _SIZE:
        raise AssertionError(f"the book is not clean: {report.findings[:3]}")


def _result(floors: dict[str, _Cost], audits: list[_Audit]) -> Result:
    floor_rows = [
        floors[source].row(f"{source}, only read and hashed", 1) for source in ("database", "files")
    ]
    ratios = {
        f"{one.name} / only read and hashed": floors[one.source].both / one.cost.both
        for one in audits
    }
    ratios |= {
        f"{one.name}, the auditor alone / only read and hashed": (
            floors[one.source].auditor / one.cost.auditor
        )
        for one in audits
        if one.cost.server
    }
    by_name = {(one.source, one.processes): one for one in audits}
    for source in floors:
        one, two = by_name[source, 1], by_name[source, 2]
        ratios[f"{source}, 2 processes / 1"] = one.seconds / two.seconds
    return Result(
        name="audit",
        rows=floor_rows + [one.row() for one in audits],
        ratios=ratios,
        budget=[
            Claim(
                what=f"entries a second of {whose}, {one.name}",
                relation=">=",
                limit=_BUDGET,
                measured=1 / seconds,
            )
            for one in audits
            for whose, seconds in one.cost.claimed().items()
        ],
    )
