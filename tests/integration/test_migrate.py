"""Migrations and roles on a real server."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from alembic import command

from bansao.postgres import Postgres
from schema.errors import DatabaseUnreachable, NewerSchema, NotAllowed
from schema.migrate import migrate, newest_revision
from schema.roles import LOGIN_ROLES
from tests.testkit.postgres import Database, Server

pytestmark = pytest.mark.broken_registry  # nothing is written into the registry here


def renamed(url: str, *, user: str = "", password: str = "", database: str = "") -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{user}:{password}@{host}" if user else parts.netloc
    return urlunsplit(
        parts._replace(netloc=netloc, path=f"/{database}" if database else parts.path)
    )


def revision_of(database: Database) -> str:
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute("SELECT version_num FROM alembic.alembic_version").fetchone()
    assert row is not None
    return str(row[0])


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate(database.superuser_url, database.secrets) == newest_revision()
    assert revision_of(database) == newest_revision()


def test_two_at_once_both_succeed(own_server: Postgres) -> None:
    fresh = renamed(own_server.admin_url, database="fresh")
    script = f"""
from pathlib import Path
from schema.migrate import migrate
print(migrate({fresh!r}, Path({str(own_server.secrets)!r})))
"""
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in both] == [newest_revision()] * 2


def test_every_service_logs_in_and_nobody_as_the_owner(database: Database) -> None:
    for role in LOGIN_ROLES:
        with psycopg.connect(database.role_url(role)) as connection:
            row = connection.execute(
                "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication "
                "FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False,)
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'bansao_owner'"
        ).fetchone()
        assert row == (False,)
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('registry', 'intake')"
        ).fetchall()
        assert owners == [("bansao_owner",)]


def test_a_changed_password_file_takes_effect(own_server: Postgres) -> None:
    (own_server.secrets / "db_registry_reader").write_text("a-new-password")
    reader = renamed(own_server.url, user="registry_reader", password="a-new-password")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(reader)
    migrate(own_server.admin_url, own_server.secrets)
    psycopg.connect(reader).close()


def test_an_owner_without_superuser_rights_can_migrate(own_server: Postgres) -> None:
    for_admin = renamed(own_server.admin_url, database="postgres")
    with psycopg.connect(for_admin, autocommit=True) as connection:
        connection.execute("DROP DATABASE bansao WITH (FORCE)")
        for role in ("bansao_owner", *LOGIN_ROLES):
            connection.execute(f"DROP ROLE {role}".encode())
        connection.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'dba'")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
        connection.execute("CREATE DATABASE agency OWNER dba")
    agency = renamed(own_server.admin_url, user="dba", password="dba", database="agency")
    assert migrate(agency, own_server.secrets) == newest_revision()
    assert migrate(agency, own_server.secrets) == newest_revision()
    with pytest.raises((NotAllowed, DatabaseUnreachable)):
        migrate(renamed(agency, user="guest", password="guest"), own_server.secrets)


def test_checkpoints_that_answered_before_stages_were_known_still_answer(
    server: Server, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = renamed(database.superuser_url, database="before_stages")
    with monkeypatch.context() as older:
        upgrade = command.upgrade
        older.setattr(command, "upgrade", lambda config, _: upgrade(config, "0004"))
        migrate(before, database.secrets)
    try:
        with psycopg.connect(before) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "INSERT INTO registry.checkpoint SELECT size, sha256('x'), 'note', now() "
                "FROM unnest(ARRAY[0, 3, 7]) AS size"
            )
        assert migrate(before, database.secrets) == newest_revision()
        with psycopg.connect(before) as connection:
            published = "SELECT size, published_at FROM registry.publication ORDER BY size"
            signed = "SELECT size, signed_at FROM registry.checkpoint ORDER BY size"
            rows = connection.execute(published.encode()).fetchall()
            assert rows == connection.execute(signed.encode()).fetchall()
            assert len(rows) == 3
    finally:
        server.execute("DROP DATABASE before_stages WITH (FORCE)")


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("UPDATE alembic.alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema, match="newer version"):
        migrate(database.superuser_url, database.secrets)


def test_an_absent_server_is_named_without_its_password(server: Server) -> None:
    absent = "postgresql://postgres:secret-word@127.0.0.1:1/bansao"
    with pytest.raises(DatabaseUnreachable) as refusal:
        migrate(absent, server.secrets)
    assert "127.0.0.1:1" in str(refusal.value)
    assert "secret-word" not in str(refusal.value)
