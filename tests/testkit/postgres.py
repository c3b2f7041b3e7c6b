"""A real PostgreSQL for tests: one server a session, one database a test, cloned from a template.

The server is the embedded one in a temporary directory, or BANSAO_TEST_DATABASE_URL (superuser).
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
import psycopg
import pytest
from sqlalchemy import create_engine

from bansao.postgres import Postgres
from schema.migrate import migrate
from schema.roles import confine_database

TEMPLATE = "bansao_template"


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """One migrated, empty database. `superuser_url` bypasses every grant: only to break things."""

    superuser_url: str
    secrets: Path

    @property
    def url(self) -> str:
        """Address without credentials, as in BANSAO_DATABASE_URL."""
        parts = urlsplit(self.superuser_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    def role_url(self, role: str) -> str:
        """Address with the credentials of one of our roles, such as `registry_writer`."""
        password = (self.secrets / f"db_{role}").read_text().strip()
        parts = urlsplit(self.superuser_url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{quote(password, safe='')}@{host}"))


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server with a migrated template database."""

    admin_url: str
    secrets: Path

    def named(self, database: str) -> str:
        return urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{database}"))

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.named("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def clone(self) -> Database:
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        database = Database(superuser_url=self.named(name), secrets=self.secrets)
        confine(database)
        return database

    def drop(self, database: Database) -> None:
        name = urlsplit(database.superuser_url).path[1:]
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def confine(database: Database) -> None:
    """Grants on a database are not copied from its template."""
    engine = create_engine(database.superuser_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.begin() as connection:
        confine_database(connection)
    engine.dispose()


@contextlib.contextmanager
def open_directory() -> Iterator[Path]:
    """A temporary directory that a server which dropped root can reach (pytest's own is 0700)."""
    path = Path(tempfile.mkdtemp(prefix="bansao-test-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def copied(directory: Path) -> Iterator[Path]:
    """A data directory like a stopped one, owners kept: quicker than initdb."""
    with open_directory() as copy:
        subprocess.run(["cp", "-a", f"{directory}/.", str(copy)], check=True)
        yield copy


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(open_directory())
        secrets = directory / "secrets"
        admin_url = os.environ.get("BANSAO_TEST_DATABASE_URL")
        if admin_url is None:
            admin_url = stack.enter_context(Postgres.join_or_start(directory)).admin_url
        server = Server(admin_url=admin_url, secrets=secrets)
        server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        migrate(server.named(TEMPLATE), secrets)
        yield server


@pytest.fixture
def database(server: Server, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database; unless marked `broken_registry`, the test must leave a clean registry."""
    database = server.clone()
    yield database
    try:
        if request.node.get_closest_marker("broken_registry") is None:
            assert audit_findings(database) == []
    finally:
        server.drop(database)


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A started, migrated server of this test alone, to be killed or broken at will."""
    with open_directory() as directory, Postgres.join_or_start(directory) as server:
        migrate(server.admin_url, server.secrets)
        yield server


def audit_findings(database: Database) -> list[Any]:
    """What `registry.audit` finds, read through the role that audits in production."""
    from registry.audit import audit  # noqa: PLC0415 - unit tests of other rooms do without it
    from registry.store import Store  # noqa: PLC0415

    async def findings() -> list[Any]:
        async with await Store.connect(database.role_url("registry_reader")) as store:
            return list((await audit(store)).findings)

    # In a thread of its own, whatever loop the test has left in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, findings()).result()
