"""The database of a command: BANSAO_DATABASE_URL, else the embedded one for its duration."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import msgspec

from bansao.errors import NoRegistryHere, SchemaOutdated
from bansao.postgres import Postgres
from bansao.settings import Settings
from registry.settings import Settings as RegistrySettings
from schema.errors import DatabaseUnreachable
from schema.migrate import installed_revision, migrate, newest_revision


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """`url` is what rooms get; `admin_url` may migrate; `embedded` is None for a foreign server."""

    url: str
    admin_url: str
    embedded: Postgres | None = None


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """A running server, its schema in whatever state; the embedded one is made when absent."""
    if settings.database_url is not None:
        admin_url = with_password(settings.database_url, settings.secrets)
        yield Database(url=settings.database_url, admin_url=admin_url)
        return
    with Postgres.join_or_start(settings.data, settings.secrets) as server:
        yield Database(url=server.url, admin_url=server.admin_url, embedded=server)


def with_password(url: str, secrets: Path) -> str:
    """The address with the password in `db_<user>` when it names a user but no password."""
    parts = urlsplit(url)
    file = secrets / f"db_{parts.username}"
    if parts.username is None or parts.password is not None or not file.exists():
        return url
    password = quote(file.read_text().strip(), safe="")
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(parts.username)}:{password}@{place}"))


@contextmanager
def open_registry(settings: Settings, role: str = "registry_reader") -> Iterator[Database]:
    """The database of an installation that exists, its schema as this version wants it.

    Rooms called from the block find it in the environment (`BANSAO_DATABASE_URL`). `role` is the
    one that the caller is going to use. The embedded database is migrated where it must be.
    """
    if settings.database_url is None and not (settings.data / "postgres").exists():
        raise NoRegistryHere(
            f"no registry in {settings.data}: name its directory with BANSAO_DATA, "
            "or make one with `bansao demo`"
        )
    with open_database(settings) as database:
        os.environ.update(settings.room_environment(database.url))
        _require_schema(database, settings.secrets, role)
        yield database


def _require_schema(database: Database, secrets: Path, role: str) -> None:
    foreign = database.embedded is None
    url = RegistrySettings.from_env(os.environ).role_url(role) if foreign else database.admin_url
    try:
        installed = asyncio.run(installed_revision(url))
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnreachable(f"no connection to PostgreSQL as {role}: {error}") from error
    if installed == newest_revision():
        return
    if foreign:
        raise SchemaOutdated(
            f"the database is at revision {installed or 'none'}, this version needs "
            f"{newest_revision()}: run `bansao db migrate`"
        )
    migrate(database.admin_url, secrets)
