"""What happens to servers and connections: each of these harms is a kind of fault on its own."""

import asyncio
import contextlib
import os
import signal
import time

import psutil
import psycopg
import pytest

from bansao.postgres import Postgres
from registry.errors import RegistryUnavailable
from registry.store import Store
from tests.testkit.postgres import Database

#: For what is like its neighbours and slow.
thorough = pytest.mark.skipif(
    os.environ.get("BANSAO_FAULT_THOROUGH") != "1", reason="`make fault` runs it, for time's sake"
)


def postmaster_of(server: Postgres) -> int:
    """The process id of the server itself."""
    return int((server.directory / "postmaster.pid").read_text().splitlines()[0])


def kill_postmaster(server: Postgres) -> None:
    os.kill(postmaster_of(server), signal.SIGKILL)


def kill_server(server: Postgres) -> None:
    """All of it: without their postmaster, backends may answer for a moment more."""
    postmaster = psutil.Process(postmaster_of(server))
    everyone = [postmaster, *postmaster.children(recursive=True)]
    for one in everyone:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(everyone, timeout=60)


async def restart(server: Postgres) -> None:
    """Start a killed server again, on the same address; the fixture that made it stops it."""
    again = await asyncio.to_thread(Postgres.join_or_start, server.directory.parent, server.secrets)
    assert again.port == server.port
    await asyncio.to_thread(again.leave)


def _as_superuser(database: Database) -> psycopg.Connection[tuple[int]]:
    """Waits for a server that recovers from the last fault."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(database.superuser_url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


async def connected(url: str) -> Store:
    """As one of our roles; waits for a server that recovers from the last fault."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await Store.connect(url)
            except RegistryUnavailable:
                await asyncio.sleep(0.1)


def backends(database: Database, role: str) -> list[int]:
    """The process ids of the server's ends of this role's connections."""
    with _as_superuser(database) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = %s AND datname = current_database()",
            [role],
        )
        return [pid for (pid,) in rows]


def terminate_backends(database: Database, role: str) -> None:
    """As an administrator does; the server lives on."""
    with _as_superuser(database) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE usename = %s AND datname = current_database()",
            [role],
        )


def kill_backend(database: Database, role: str) -> bool:
    """`kill -9` of one backend: the server drops everybody and recovers from its log."""
    pids = backends(database, role)
    if pids:
        os.kill(pids[0], signal.SIGKILL)
    return bool(pids)
