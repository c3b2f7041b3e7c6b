"""Bring a database to the schema of this version: roles first, then the migrations, forward only.

Everything happens in one transaction behind an advisory lock: a migration that fails leaves the
database as it was, and of two that start at once the second finds nothing to do.
"""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from schema.errors import DatabaseUnreachable, NewerSchema, NotAllowed, UnsupportedServer
from schema.roles import LOGIN_ROLES, OWNER, ensure_roles

OLDEST_SERVER = 15
_VERSIONS = "alembic"  # the schema that holds Alembic's table of versions
_LOCK = 0x42616E53616F  # "BanSao"


def migrate(admin_url: str, secrets_dir: Path) -> str:
    """Make database, roles and tables as this version wants them; return the revision reached.

    `admin_url`: `postgresql://user:password@host:port/dbname`, a superuser or a CREATEROLE role
    that owns the database. Role passwords are `db_<role>` files in `secrets_dir`.
    """
    return asyncio.run(_migrate(make_url(admin_url), secrets_dir))


def newest_revision() -> str:
    """The revision that this version's code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def installed_revision(url: str) -> str | None:
    """The revision that the database has, read by any of our roles; None when it has none yet.

    Raises OSError or asyncpg.PostgresError when the server cannot be asked.
    """
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidCatalogNameError:
        return None
    try:
        found = await connection.fetchval("SELECT version_num FROM alembic.alembic_version")
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    finally:
        await connection.close()
    return str(found) if found else None


async def _migrate(url: URL, secrets_dir: Path) -> str:
    await _ensure_database(url)
    engine = _engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_bring_up, secrets_dir)
    except CommandError as error:
        if "Can't locate revision" in str(error):
            raise NewerSchema(
                "the database was migrated by a newer version of bansao: use that version"
            ) from None
        raise
    except DBAPIError as error:
        if _state(error) == asyncpg.InsufficientPrivilegeError.sqlstate:
            raise NotAllowed(
                f"{url.username} may not migrate this database ({error.orig}): give a superuser, "
                "or a role with CREATEROLE that owns the database"
            ) from error
        raise
    finally:
        await engine.dispose()


def _bring_up(connection: Connection, secrets_dir: Path) -> str:
    version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if version < OLDEST_SERVER:
        raise UnsupportedServer(f"PostgreSQL {OLDEST_SERVER} or newer is needed, this is {version}")
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    ensure_roles(connection, secrets_dir)
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {_VERSIONS} AUTHORIZATION {OWNER}")
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["version_table_schema"] = _VERSIONS
    command.upgrade(config, "head")
    roles = ", ".join(LOGIN_ROLES)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {_VERSIONS} TO {roles}")
    connection.exec_driver_sql(f"GRANT SELECT ON {_VERSIONS}.alembic_version TO {roles}")
    return newest_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    return config


async def _ensure_database(url: URL) -> None:
    try:
        await _probe(url)
    except asyncpg.InvalidCatalogNameError:
        await _create_database(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnreachable(
            f"no connection to PostgreSQL at {url.host}:{url.port or 5432} ({error})"
        ) from error


async def _probe(url: URL) -> None:
    engine = _engine(url)
    try:
        async with engine.connect():
            pass
    except DBAPIError as error:
        # SQLAlchemy wraps what asyncpg said; the caller tells "absent" from "unreachable" by it.
        cause = error.orig.__cause__ if error.orig else None
        if isinstance(cause, asyncpg.PostgresError):
            raise cause from None
        raise
    finally:
        await engine.dispose()


async def _create_database(url: URL) -> None:
    engine = _engine(url.set(database="postgres"))
    quoted = engine.dialect.identifier_preparer.quote(url.database or "bansao")
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.exec_driver_sql(
                f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'"
            )
    except DBAPIError as error:
        # Another migration was first: seen by name, or only by the catalogue's unique index.
        first = (asyncpg.DuplicateDatabaseError.sqlstate, asyncpg.UniqueViolationError.sqlstate)
        if _state(error) not in first:
            raise
    finally:
        await engine.dispose()


def _engine(url: URL) -> AsyncEngine:
    asynchronous = url.set(drivername="postgresql+asyncpg")
    if "sslmode" in url.query:  # libpq's word for what asyncpg calls ssl
        asynchronous = asynchronous.difference_update_query(["sslmode"])
        asynchronous = asynchronous.update_query_dict({"ssl": url.query["sslmode"]})
    return create_async_engine(asynchronous, poolclass=NullPool)


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
