"""Erasing in the registry: an `erased` entry takes the facts with it, and nothing else does."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import date

import psycopg
import pytest
from psycopg import sql

from registry.append import Appender
from registry.batch import CopyRow
from registry.book import reserve_number, void_number
from registry.certified_copy import CertifiedCopy, canonical_facts
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import ChainBroken
from registry.log.policy import policy_of_log
from registry.log.proof_file import check_proof
from registry.lookup import Found, find_by_code
from registry.proving import inclusion_proof
from tests.testkit.copies import (
    NOW,
    UNIT,
    VKEY,
    made_up_columns,
    made_up_copy,
    publish_now,
    registered,
    store_of,
)
from tests.testkit.postgres import Database

DECIDED = {
    "decision": "3/QĐ-UBND",
    "decided_on": date(2026, 11, 22),
    "decided_by": "chairman",
    "entered_by": "clerk",
}
ROLES = [
    *("registry_writer", "registry_publisher", "registry_reader", "registry_clerk"),
    *("intake_app", "analytics_reader"),
]
FORGOTTEN = ["copy", "book_person"]


async def erase(database: Database, *copies: CertifiedCopy) -> None:
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await asyncio.gather(*(appender.erase(copy.code, **DECIDED) for copy in copies))


async def found(database: Database, copy: CertifiedCopy) -> Found:
    async with store_of(database, "registry_reader") as reader:
        one = await find_by_code(reader, copy.code)
    assert one is not None
    return one


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(query.encode()).fetchall()


async def with_person(database: Database, copies: int = 1) -> list[CertifiedCopy]:
    """Copies of one original: they share its number."""
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        line = await reserve_number(
            writer, unit_code=UNIT, at=NOW, original_id=uuid.uuid4(), columns=made_up_columns()
        )
        made = [made_up_copy(line.book, line.number) for _ in range(copies)]
        for copy in made:
            await appender.register(copy)
    return made


async def test_facts_and_salt_leave_with_the_entry_and_the_copy_still_answers(
    database: Database,
) -> None:
    gone, other = await registered(database, 2)
    await publish_now(database)
    async with store_of(database, "registry_reader") as reader:
        proof = await inclusion_proof(reader, 0)
        other_facts = (await found(database, other)).facts

    await erase(database, gone)

    assert rows(database, "SELECT count(*) FROM registry.copy") == [(1,)]
    raced = await found(database, gone)
    assert (raced.status.verdict, raced.status.erased, raced.facts) == ("valid", True, None)
    await publish_now(database)
    answer = await found(database, gone)
    assert (answer.status.verdict, answer.status.erased, answer.facts) == ("valid", True, None)
    assert [entry.kind for _, entry in answer.changes] == ["erased"]
    assert (await found(database, other)).facts == other_facts
    check_proof(proof, policy_of_log(VKEY))


async def test_the_person_in_the_books_line_goes_and_the_line_stays(database: Database) -> None:
    one, another = await with_person(database, copies=2)
    [bystander] = await with_person(database)
    await erase(database, one)
    await publish_now(database)
    assert rows(database, "SELECT number FROM registry.book_person") == [(2,)]
    assert rows(database, "SELECT number FROM registry.book_line ORDER BY 1") == [(1,), (2,)]
    for copy in (another, bystander):
        assert (await found(database, copy)).facts is not None


async def test_a_void_line_keeps_no_person(database: Database) -> None:
    original = uuid.uuid4()
    async with store_of(database, "registry_writer") as writer:
        await reserve_number(
            writer, unit_code=UNIT, at=NOW, original_id=original, columns=made_up_columns()
        )
        await void_number(writer, original_id=original, reason="withdrawn")
    assert rows(database, "SELECT count(*) FROM registry.book_person") == [(0,)]
    assert rows(database, "SELECT count(*) FROM registry.book_line") == [(1,)]


async def test_a_copy_that_is_registered_and_erased_at_once_leaves_no_facts(
    database: Database,
) -> None:
    """Both acts wait together and become one transaction."""
    async with store_of(database, "registry_writer") as writer:
        line = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=uuid.uuid4())
        copy = made_up_copy(line.book, line.number)
        async with Appender(writer, utc_now) as appender:
            await asyncio.gather(appender.register(copy), appender.erase(copy.code, **DECIDED))
    await publish_now(database)
    assert (await found(database, copy)).status.erased
    assert rows(database, "SELECT count(*) FROM registry.copy") == [(0,)]


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_deletes_facts_or_calls_what_does(database: Database, role: str) -> None:
    [copy] = await with_person(database)
    await erase(database, copy)
    await with_person(database)
    with psycopg.connect(database.role_url(role), autocommit=True) as connection:
        for table in FORGOTTEN:
            for verb in (
                "DELETE FROM {}",
                "TRUNCATE {}",
                "MERGE INTO {} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.SQL(verb).format(sql.Identifier("registry", table)))
        for call in ("erase_copies('{0}')", "erase_void()", "check_erasure()"):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(f"SELECT registry.{call}".encode())
            assert refused.value.sqlstate in {"42501", "0A000", "42P01"}
    assert rows(database, "SELECT count(*) FROM registry.copy") == [(1,)]
    await publish_now(database)


BY_HAND: Sequence[str] = [
    "DELETE FROM registry.copy",
    "DELETE FROM registry.copy WHERE false",
    "UPDATE registry.copy SET facts = '{}', salt = sha256('x')",
    "TRUNCATE registry.copy",
    "DELETE FROM registry.book_person",
    "UPDATE registry.book_person SET requester = ''",
    "TRUNCATE registry.book_person",
]


@pytest.mark.parametrize("statement", BY_HAND)
async def test_the_owner_deletes_nothing_by_hand(database: Database, statement: str) -> None:
    await with_person(database)
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("SET ROLE bansao_owner")
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(statement.encode())
    assert refused.value.sqlstate == "RG001"


@pytest.mark.parametrize("table", FORGOTTEN)
async def test_nor_through_a_trigger_of_the_owners_making(database: Database, table: str) -> None:
    """Such a statement is as deep in triggers as the one that may."""
    await with_person(database)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET ROLE bansao_owner")
        connection.execute(
            f"""
            CREATE TABLE registry.pretext (x int);
            CREATE FUNCTION registry.sneak() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN DELETE FROM registry.{table}; RETURN NULL; END $$;
            CREATE TRIGGER sneak AFTER INSERT ON registry.pretext
            FOR EACH ROW EXECUTE FUNCTION registry.sneak();
            """.encode()
        )
        with pytest.raises(psycopg.Error) as refused:
            connection.execute("INSERT INTO registry.pretext VALUES (1)")
    assert refused.value.sqlstate == "RG001"


async def test_what_was_erased_does_not_come_back(database: Database) -> None:
    [copy] = await with_person(database)
    await erase(database, copy)
    again = CopyRow(0, code_hash(copy.code), canonical_facts(copy.facts), copy.salt)
    async with store_of(database, "registry_writer") as writer:
        with pytest.raises(ChainBroken):
            async with writer.writing() as writing:
                await writing.insert([], [again], [])
    with (
        psycopg.connect(database.role_url("registry_writer")) as connection,
        pytest.raises(psycopg.Error) as refused,
    ):
        connection.execute(
            "INSERT INTO registry.book_person VALUES (%s, %s, 1, 'a', 'b', 'c', 'd')",
            (UNIT, "01/2026-SCTĐT/BS"),
        )
    assert refused.value.sqlstate == "RG003"
    await publish_now(database)
