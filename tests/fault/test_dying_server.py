"""Whoever comes while the server dies gets the next one, never the dying one."""

import contextlib
import os
import signal
import threading
import time

import psycopg
import pytest

from bansao import postgres
from bansao.postgres import Postgres
from tests.testkit.faults import kill_postmaster, postmaster_of
from tests.testkit.postgres import open_directory


def test_a_server_that_no_longer_answers_is_not_joined(own_server: Postgres) -> None:
    """A stopped process stands for one that was killed and is not gone yet: that takes long."""
    dying = postmaster_of(own_server)
    os.kill(dying, signal.SIGSTOP)
    death = threading.Timer(0.5, os.kill, (dying, signal.SIGKILL))
    death.start()
    with Postgres.join_or_start(own_server.directory.parent) as next_one:
        assert postmaster_of(next_one) != dying
        assert_serves(next_one)
    death.join()


def test_the_next_server_comes_at_once_after_each_kill(own_server: Postgres) -> None:
    for _ in range(5):
        kill_postmaster(own_server)
        with Postgres.join_or_start(own_server.directory.parent) as next_one:
            assert next_one.port == own_server.port
            assert_serves(next_one)
            time.sleep(0.01)


def test_a_server_that_recovers_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL 18 hangs in a fast shutdown that meets its recovery, most of the times."""
    with open_directory() as data:
        server = Postgres.join_or_start(data)
        pid = postmaster_of(server)
        url = server.admin_url.replace("/bansao", "/postgres")
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE filled AS SELECT generate_series(1, 20000)")
            connection.commit()
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            connection.execute("SELECT 1")
        monkeypatch.setattr(postgres, "_PATIENCE", 5.0)
        server.leave()
        assert not os.path.exists(f"/proc/{pid}/cwd")
        monkeypatch.undo()
        with Postgres.join_or_start(data), psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM filled").fetchone() == (20000,)


def assert_serves(server: Postgres) -> None:
    with psycopg.connect(server.admin_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
