"""What stays of an erased name in the server's own files, and what takes it out of them."""

import asyncio
import time
from pathlib import Path

import psycopg
import pytest

from bansao.postgres import Postgres
from registry.append import Appender
from registry.clock import utc_now
from schema.scrub import scrub
from tests.integration.test_registry_erasure import DECIDED
from tests.testkit.copies import made_up_facts, registered, reserved_copy, store_of
from tests.testkit.postgres import Database, own_server
from tests.testkit.searching import in_files, in_tables, text_needles

__all__ = ["own_server"]

NEEDLES = text_needles("name", "Đặng Thị Quỳnh Hường Vy")


@pytest.mark.timeout(300)
def test_a_deleted_name_stays_in_pages_and_log_until_they_are_scrubbed(
    own_server: Postgres,
) -> None:
    _execute(own_server, "ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()")
    _await_setting(own_server)
    asyncio.run(_register_and_erase(own_server))
    _execute(own_server, "CHECKPOINT", "VACUUM registry.copy", "CHECKPOINT")
    assert in_tables(own_server.admin_url, NEEDLES) == set()
    assert _where(own_server) == {"base", "pg_wal"}, "VACUUM frees, it does not clear"
    scrub(own_server.admin_url, lambda _: None)
    assert _where(own_server) == set()


async def _register_and_erase(server: Postgres) -> None:
    database = Database(superuser_url=server.admin_url, secrets=server.secrets)
    await registered(database, 30)  # an empty table would be cut off
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        copy = await reserved_copy(writer, made_up_facts("Đặng Thị Quỳnh Hường Vy"))
        await appender.register(copy)
        await appender.erase(copy.code, **DECIDED)


def _where(server: Postgres) -> set[str]:
    found = in_files([server.directory], NEEDLES)
    return {Path(trace.where).relative_to(server.directory).parts[0] for trace in found}


def _execute(server: Postgres, *statements: str) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _await_setting(server: Postgres) -> None:
    """A server takes a new setting in its own time, each process by itself."""
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        while connection.execute("SHOW wal_recycle").fetchone() != ("off",):
            time.sleep(0.05)
    time.sleep(1)
