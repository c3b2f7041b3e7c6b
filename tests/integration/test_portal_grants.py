"""The schema `portal`: what its role may do, and what nobody may."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from registry.code import code_hash
from tests.testkit.copies import registered
from tests.testkit.postgres import Database
from verify_portal.agency.key import AgencyKey, new_key, read_key

TABLES = ("agency_key", "agency_key_end", "access")
ROLES = (
    *("registry_writer", "registry_publisher", "registry_reader", "registry_clerk"),
    *("intake_app", "analytics_reader", "portal_agency", "registry_admin"),
)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def entered(database: Database, scopes: str = "{facts,pdf}") -> AgencyKey:
    key = read_key(new_key(secrets.token_bytes))
    with psycopg.connect(database.role_url("registry_admin")) as admin:
        admin.execute(
            "INSERT INTO portal.agency_key (id, hash, agency, scopes, expires_at, entered_by) "
            "VALUES (%s, %s, 'Ngân hàng Thử', %s, %s, 'tests')",
            (key.id, key.stored, scopes, TOMORROW),
        )
    return key


def ended(database: Database, key: AgencyKey) -> None:
    with psycopg.connect(database.role_url("registry_admin")) as admin:
        admin.execute(
            "INSERT INTO portal.agency_key_end (key, reason, entered_by) VALUES (%s, 'x', 'tests')",
            (key.id,),
        )


def facts_by_key(database: Database, key: AgencyKey, hashed: bytes) -> tuple[object, ...]:
    with psycopg.connect(database.role_url("portal_agency")) as portal:
        row = portal.execute(
            "SELECT * FROM portal.facts_by_key(%s, %s, %s)", (key.id, key.presented, hashed)
        ).fetchone()
    assert row is not None
    return row


def trail(database: Database) -> list[tuple[object, ...]]:
    with psycopg.connect(database.role_url("registry_admin")) as admin:
        return admin.execute(
            "SELECT means, key, code_hash, scope FROM portal.access ORDER BY id"
        ).fetchall()


async def test_what_a_key_opens_stands_in_the_trail(database: Database) -> None:
    (copy,) = await registered(database, 1)
    hashed, key = code_hash(copy.code), entered(database)
    standing, facts, salt = facts_by_key(database, key, hashed)
    assert standing == "good"
    assert "Nguyễn Văn An" in str(facts)
    assert salt == copy.salt
    assert trail(database) == [("key", key.id, hashed, "facts")]
    assert facts_by_key(database, key, bytes(32)) == ("good", None, None)
    assert len(trail(database)) == 1


async def test_the_database_asks_for_the_key_itself(database: Database) -> None:
    """So that whoever has only the role's password reads nothing by an agency's name."""
    (copy,) = await registered(database, 1)
    hashed, key = code_hash(copy.code), entered(database)
    for false in (key.stored, bytes(32), b""):
        forged = AgencyKey(id=key.id, presented=false)
        assert facts_by_key(database, forged, hashed) == ("unknown", None, None)
    nobody = AgencyKey(id="aaaaaaaa", presented=key.presented)
    assert facts_by_key(database, nobody, hashed) == ("unknown", None, None)
    other = entered(database, "{pdf}")
    assert facts_by_key(database, other, hashed) == ("beyond-scope", None, None)
    ended(database, key)
    assert facts_by_key(database, key, hashed) == ("ended", None, None)
    assert trail(database) == []


async def test_many_at_once_leave_a_line_each(database: Database) -> None:
    copies = await registered(database, 3)
    keys = [entered(database) for _ in range(2)]

    async def open_all(key: AgencyKey) -> None:
        url = database.role_url("portal_agency")
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as portal:
            for copy in copies * 5:
                await portal.execute(
                    "SELECT portal.facts_by_key(%s, %s, %s)",
                    (key.id, key.presented, code_hash(copy.code)),
                )

    await asyncio.gather(*(open_all(key) for key in keys * 3))
    lines = trail(database)
    assert len(lines) == 2 * 3 * 3 * 5
    for key in keys:
        for copy in copies:
            assert lines.count(("key", key.id, code_hash(copy.code), "facts")) == 15


async def test_what_is_given_back_was_not_given(database: Database) -> None:
    """No line for what nobody got: the answer and the line are one transaction."""
    (copy,) = await registered(database, 1)
    key = entered(database)
    with psycopg.connect(database.role_url("portal_agency")) as portal:
        portal.execute(
            "SELECT portal.facts_by_key(%s, %s, %s)",
            (key.id, key.presented, code_hash(copy.code)),
        )
        portal.rollback()
    assert trail(database) == []


@pytest.mark.parametrize("role", ROLES)
async def test_no_service_changes_or_removes_keys_and_trail(database: Database, role: str) -> None:
    (copy,) = await registered(database, 1)
    key = entered(database)
    facts_by_key(database, key, code_hash(copy.code))
    ended(database, key)
    with psycopg.connect(database.role_url(role), autocommit=True) as connection:
        for statement in _harm():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


async def test_not_even_the_owner_does_while_triggers_are_on(database: Database) -> None:
    (copy,) = await registered(database, 1)
    key = entered(database)
    facts_by_key(database, key, code_hash(copy.code))
    ended(database, key)
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        for statement in _harm():
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement)
            assert refused.value.sqlstate == "RG001"


def _harm() -> list[sql.Composed]:
    column = {"agency_key": "agency", "agency_key_end": "reason", "access": "scope"}
    return [
        sql.SQL(act).format(
            table=sql.Identifier("portal", table), column=sql.Identifier(column[table])
        )
        for table in TABLES
        for act in (
            "UPDATE {table} SET {column} = {column}",
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
        )
    ]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_the_grants_that_the_schema_explains(database: Database, role: str) -> None:
    """`registry_admin` enters keys and reads the trail; the portal has doors, and no table."""
    readable = {"agency_key_end", "access"} if role == "registry_admin" else set()
    with psycopg.connect(database.superuser_url) as connection:
        for table in TABLES:
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"):
                row = connection.execute(
                    "SELECT has_table_privilege(%s, %s, %s)", (role, f"portal.{table}", privilege)
                ).fetchone()
                assert row == (privilege == "SELECT" and table in readable,), (table, privilege)
        doors = connection.execute(
            "SELECT proname, has_function_privilege(%s, oid, 'EXECUTE'), proconfig "
            "FROM pg_proc WHERE pronamespace = 'portal'::regnamespace",
            (role,),
        ).fetchall()
    open_doors = {name for name, may, _ in doors if may}
    expected = {"standing_of", "facts_by_key", "pdf_by_key", "facts_by_paper"}
    assert open_doors == (expected if role == "portal_agency" else set())
    assert all(config == ["search_path=pg_catalog, pg_temp"] for _, _, config in doors)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM portal.agency_key",
        "SELECT id FROM portal.agency_key",
        "SELECT * FROM portal.access",
        "INSERT INTO portal.access (means, code_hash, scope) VALUES ('seal', sha256(''), 'facts')",
        "SELECT * FROM registry.copy",
        "SELECT * FROM registry.entry",
        "SELECT * FROM intake.dossier",
        "SELECT * FROM intake.certification",
        "CREATE TABLE portal.mine ()",
        "CREATE TABLE public.mine ()",
        "SET ROLE bansao_owner",
    ],
)
def test_the_portals_role_reaches_nothing_past_its_doors(
    database: Database, statement: str
) -> None:
    with (
        psycopg.connect(database.role_url("portal_agency")) as portal,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        portal.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT hash FROM portal.agency_key",
        "UPDATE portal.agency_key SET expires_at = 'infinity'",
        "INSERT INTO portal.agency_key_end (key, entered_at) VALUES ('aaaaaaaa', now())",
        "INSERT INTO portal.access (means, code_hash, scope) VALUES ('seal', sha256(''), 'facts')",
        "SELECT portal.facts_by_paper('seal', sha256(''))",
    ],
)
def test_who_enters_keys_reads_no_hash_and_opens_no_copy(
    database: Database, statement: str
) -> None:
    entered(database)
    with (
        psycopg.connect(database.role_url("registry_admin")) as admin,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        admin.execute(statement)


def test_an_expired_key_opens_nothing(database: Database) -> None:
    key = read_key(new_key(secrets.token_bytes))
    with psycopg.connect(database.superuser_url) as owner:
        owner.execute(
            "INSERT INTO portal.agency_key VALUES (%s, %s, 'a', '{facts}', now() - '1 s'::interval,"
            " 'tests', now() - '1 day'::interval)",
            (key.id, key.stored),
        )
    assert facts_by_key(database, key, bytes(32)) == ("expired", None, None)
