"""What one call costs: by the clock, and of processor time, ours and PostgreSQL's."""

import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Final, NamedTuple

import asyncpg

from benchmarks.own_database import OwnDatabase
from benchmarks.result import Cell

BATCHES: Final = 20
CALLS: Final = 100

Act = Callable[[], Awaitable[object]]


class Cost(NamedTuple):
    """Milliseconds of one call.

    Medians are those of the quietest batch, since neighbours on the machine disturb both times.
    """

    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float
    backend: float

    @property
    def server(self) -> float:
        return self.cpu_p50 + self.backend

    def cells(self) -> dict[str, Cell]:
        return {
            "p50_ms": self.p50,
            "p99_ms": self.p99,
            "cpu_p50_ms": self.server,
            "cpu_p99_ms": self.cpu_p99 + self.backend,
        }


async def cost_of(act: Act, backend: int) -> Cost:
    """`backend` is the process id of the server's end of the connection that `act` uses."""
    for _ in range(CALLS):  # statements prepared, the upper tiles read once
        await act()
    wall, cpu, server = [], [], []
    for _ in range(BATCHES):
        before = cpu_seconds(backend)
        for _ in range(CALLS):
            clock, own = time.perf_counter(), time.process_time()
            await act()
            wall.append(time.perf_counter() - clock)
            cpu.append(time.process_time() - own)
        server.append((cpu_seconds(backend) - before) / CALLS)
    return Cost(*in_ms(wall), *in_ms(cpu), min(server) * 1e3)


def in_ms(seconds: Sequence[float]) -> tuple[float, float]:
    """The median of the quietest batch, and the 99th percentile of all."""
    batches = [seconds[at : at + CALLS] for at in range(0, len(seconds), CALLS)]
    return min(map(median, batches)) * 1e3, quantiles(seconds, n=100)[98] * 1e3


async def backend_of(database: OwnDatabase, role: str) -> int:
    """The process of a role's one connection."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        pid: int = await connection.fetchval(
            "SELECT pid FROM pg_stat_activity WHERE usename = $1", role
        )
        return pid
    finally:
        await connection.close()


def cpu_seconds(pid: int) -> float:
    """Processor time of another process so far (Linux)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
