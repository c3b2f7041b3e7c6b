"""A streaming replica of a test's own server, to lag, die or be promoted; the same binaries."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bansao import cluster
from bansao.postgres import DATABASE, Postgres, running_server
from bansao.unprivileged import identity_for
from tests.testkit.postgres import Database, open_directory

_PATIENCE = 60.0


def database_on(server: Postgres, name: str = DATABASE) -> Database:
    """A database of this server, with the roles' secrets."""
    return Database(superuser_url=_admin_url(server, name), secrets=server.secrets)


@contextlib.contextmanager
def replica_of(primary: Postgres) -> Iterator[Postgres]:
    """A hot standby that streams from `primary` (asynchronous until `commits_wait_for_standby`)."""
    with open_directory() as home:
        directory = home / "postgres"
        _back_up(primary, directory)
        with (directory / "postgresql.auto.conf").open("a") as settings:
            settings.write("wal_retrieve_retry_interval = '100ms'\n")
        replica = Postgres(directory, primary.secrets)
        replica.join()
        try:
            yield replica
        finally:
            replica.leave()


def _back_up(primary: Postgres, directory: Path) -> None:
    program = cluster.binaries() / "pg_basebackup"
    identity = identity_for(program, directory.parent, directory)
    directory.mkdir(mode=0o700)
    identity.give(directory)
    admin = urlsplit(primary.admin_url)
    source = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", cluster.SUPERUSER]
    done = identity.run(
        [program, *source, "-D", directory, "-R", "-X", "stream", "-c", "fast"],
        env=cluster.environment() | {"PGPASSWORD": admin.password or ""},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


def told(server: Postgres, statement: str) -> Any:
    """The first value that a statement of the superuser gives."""
    with psycopg.connect(_admin_url(server, "postgres"), autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def _admin_url(server: Postgres, database: str) -> str:
    return urlunsplit(urlsplit(server.admin_url)._replace(path=f"/{database}"))


def pause(replica: Postgres) -> None:
    """From now on what arrives is kept and not replayed: the replica lags."""
    told(replica, "SELECT pg_wal_replay_pause()")
    _until(lambda: told(replica, "SELECT pg_get_wal_replay_pause_state()") == "paused")


def resume(replica: Postgres) -> None:
    """Replay what has arrived meanwhile, and go on."""
    told(replica, "SELECT pg_wal_replay_resume()")


def catch_up(primary: Postgres, replica: Postgres) -> None:
    """Wait until the replica has replayed all that the primary has written by now."""
    written = told(primary, "SELECT pg_current_wal_lsn()")
    replayed = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
    _until(lambda: bool(told(replica, replayed)))


def commits_wait_for_standby(primary: Postgres) -> None:
    """From now on a COMMIT is answered once one standby has it on disk."""
    with psycopg.connect(_admin_url(primary, "postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'")
        connection.execute("SELECT pg_reload_conf()")
    streaming = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'"
    _until(lambda: told(primary, streaming) == 1)


def cut_off(replica: Postgres) -> None:
    """From now on it gets nothing of what the primary writes."""
    with psycopg.connect(_admin_url(replica, "postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
        connection.execute("SELECT pg_reload_conf()")
    _until(lambda: told(replica, "SELECT count(*) FROM pg_stat_wal_receiver") == 0)


def promote(replica: Postgres) -> None:
    """The standby becomes a primary, on a timeline of its own."""
    assert told(replica, "SELECT pg_promote()") is True


def kill(server: Postgres) -> None:
    """kill -9, and wait until it takes no connection."""
    running = running_server(server.directory)
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    _until(lambda: not server.alive())


def revive(server: Postgres) -> None:
    """Start a killed server again, at the same port."""
    port = server.port
    server.leave()
    server.join()
    assert server.port == port


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "the replica did not get there in time"
        time.sleep(0.02)
