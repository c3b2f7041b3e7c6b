"""Whoever comes while the server dies gets the next one, never the dying one."""

import os
import signal
import threading
import time

import psycopg

from bansao.postgres import Postgres
from tests.testkit.faults import kill_postmaster, postmaster_of


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


def assert_serves(server: Postgres) -> None:
    with psycopg.connect(server.admin_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
