"""The audit names what a superuser did with triggers switched off."""

import json

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.append import Appender
from registry.audit import Finding, Report, audit
from registry.chain import Head, extend
from registry.clock import utc_now
from registry.log.checkpoint import sign_checkpoint
from registry.log.note import verifier_line
from registry.log.policy import policy_of_log
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, decided, publish_now, registered, store_of
from tests.testkit.postgres import Database

pytestmark = pytest.mark.broken_registry


async def audited(database: Database, vkey: str = VKEY) -> Report:
    async with store_of(database, "registry_reader") as reader:
        return await audit(reader, policy_of_log(vkey))


def tamper(database: Database, *statements: str, values: tuple[object, ...] = ()) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode(), values or None)


def said(report: Report) -> list[tuple[str, str, str]]:
    return [(one.what, one.where, one.field) for one in report.findings]


async def a_book(database: Database) -> None:
    """Seven entries, the last one a revocation, in two checkpoints."""
    await registered(database, 3)
    await publish_now(database)
    copies = await registered(database, 3)
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await appender.revoke(copies[0].code, **decided("12/QĐ"))
    await publish_now(database)


async def test_an_honest_book_is_clean_and_progress_is_told(database: Database) -> None:
    await a_book(database)
    told: list[tuple[int, int]] = []
    async with store_of(database, "registry_reader") as reader:
        report = await audit(
            reader, policy_of_log(VKEY), lambda done, total: told.append((done, total))
        )
    assert (report.entries, report.checkpoint_size, report.clean) == (7, 7, True)
    assert told[-1] == (7, 7)


async def test_an_empty_book_is_clean(database: Database) -> None:
    assert (await audited(database)).clean


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            (
                "UPDATE registry.entry SET body = replace(convert_from(body, 'UTF8'), "
                "'\"number\":3', '\"number\":4')::bytea WHERE index = 2"
            ),
            [("hash", "entry 2", "leaf_hash"), ("column", "entry 2", "number")],
        ),
        (
            "UPDATE registry.entry SET unit_code = '00070' WHERE index = 1",
            [("column", "entry 1", "unit_code"), ("book", "*", "number")],
        ),
        (
            "UPDATE registry.entry SET pdf_digest = sha256('x') WHERE index = 1",
            [("column", "entry 1", "pdf_digest")],
        ),
        (
            "UPDATE registry.entry SET reason = 'x' WHERE index = 6",
            [("column", "entry 6", "reason")],
        ),
        (
            "UPDATE registry.entry SET decided_on = '20000-01-01' WHERE index = 6",
            [("column", "entry 6", "decided_on")],
        ),
        (
            "UPDATE registry.entry SET certified_at = '4000-01-01 BC' WHERE index = 3",
            [("column", "entry 3", "certified_at")],
        ),
        (
            "UPDATE registry.entry SET occurred_at = '20000-01-01' WHERE index = 3",
            [("column", "entry 3", "occurred_at"), ("time", "entry 4", "occurred_at")],
        ),
        (
            "UPDATE registry.entry SET occurred_at = 'infinity' WHERE index = 3",
            [("column", "entry 3", "occurred_at"), ("time", "entry 4", "occurred_at")],
        ),
        (
            "UPDATE registry.entry SET entry_hash = sha256('x') WHERE index = 3",
            [("hash", "entry 3", "entry_hash"), ("chain", "entry 4", "prev_hash")],
        ),
        (
            "UPDATE registry.entry SET body = '{}' WHERE index = 0",
            [("hash", "entry 0", "leaf_hash"), ("body", "entry 0", "body")],
        ),
        (
            "DELETE FROM registry.entry WHERE index = 6",
            [
                ("head", "head", "size"),
                ("head", "head", "entry_hash"),
                ("checkpoint", "checkpoint 7", "size"),
                ("change", "change 6", "entry_index"),
            ],
        ),
        ("UPDATE registry.head SET size = 8", [("head", "head", "size")]),
        (
            "UPDATE registry.head SET entry_hash = sha256('x')",
            [("head", "head", "entry_hash")],
        ),
        ("DELETE FROM registry.head", [("head", "head", "size")]),
        (
            (
                "UPDATE registry.copy SET facts = "
                "jsonb_set(facts::jsonb, '{holder_name}', '\"A\"')::json WHERE entry_index = 4"
            ),
            [("commitment", "copy 4", "facts")],
        ),
        (
            "UPDATE registry.copy SET facts = '[]' WHERE entry_index = 4",
            [("commitment", "copy 4", "facts")],
        ),
        (
            "UPDATE registry.copy SET salt = sha256('x') WHERE entry_index = 4",
            [("commitment", "copy 4", "facts")],
        ),
        (
            "UPDATE registry.copy SET code_hash = sha256('x') WHERE entry_index = 4",
            [("copy", "copy 4", "code_hash")],
        ),
        ("DELETE FROM registry.copy WHERE entry_index = 4", [("copy", "copy 4", "facts")]),
        (
            "UPDATE registry.copy SET entry_index = 6 WHERE entry_index = 4",
            [("copy", "copy 4", "facts"), ("copy", "copy 6", "entry_index")],
        ),
        (
            "UPDATE registry.checkpoint SET root_hash = sha256('x') WHERE size = 3",
            [
                ("checkpoint", "checkpoint 3", "note root"),
                ("checkpoint", "checkpoint 3", "root_hash"),
            ],
        ),
        (
            "UPDATE registry.checkpoint SET size = 4 WHERE size = 3",
            [
                ("checkpoint", "checkpoint 4", "note size"),
                ("publication", "publication 3", "size"),
                ("checkpoint", "checkpoint 4", "root_hash"),
            ],
        ),
        (
            "UPDATE registry.checkpoint SET note = replace(note, ' ', '  ') WHERE size = 3",
            [("signature", "checkpoint 3", "note")],
        ),
        (
            (
                "INSERT INTO registry.tile VALUES (0, 0, decode(repeat('00', 8192), 'hex'), "
                "sha256('x'))"
            ),
            [("tile", "tile 0/0", "index")],
        ),
        ("DELETE FROM registry.book_number WHERE number = 2", [("book", "*", "number")] * 2),
        (
            "INSERT INTO registry.book_void SELECT unit_code, book, 1, 'x' FROM registry.book",
            [("book", "*", "number")],
        ),
        ("DELETE FROM registry.book", [("book", "*", "number")] * 6),
        (
            (
                "INSERT INTO registry.book_number SELECT unit_code, book, 9, year, "
                "gen_random_uuid(), '2026-12-01Z' FROM registry.book"
            ),
            [("book", "*", "number")],
        ),
        (
            "UPDATE registry.book_number SET reserved_at = '2025-12-31 16:59:59Z' WHERE number = 2",
            [("book", "*", "reserved_at")],
        ),
        ("UPDATE registry.book SET volume = 2", [("book", "*", "volume")]),
    ],
)
async def test_what_was_changed_is_named(
    database: Database, statement: str, expected: list[tuple[str, str, str]]
) -> None:
    await a_book(database)
    tamper(database, statement)
    report = await audited(database)
    assert [
        (what, "*" if what == "book" else where, field) for what, where, field in said(report)
    ] == expected


async def test_a_deleted_entry_in_the_middle(database: Database) -> None:
    await a_book(database)
    tamper(database, "DELETE FROM registry.entry WHERE index = 2")
    found = said(await audited(database))
    assert found[0] == ("missing", "entry 2", "index")
    assert ("copy", "copy 2", "entry_index") in found
    assert any(where == "checkpoint 3" for _, where, _ in found)


async def test_two_entries_that_changed_places(database: Database) -> None:
    await a_book(database)
    tamper(
        database,
        "UPDATE registry.entry SET index = 100 WHERE index = 1",
        "UPDATE registry.entry SET index = 1 WHERE index = 2",
        "UPDATE registry.entry SET index = 2 WHERE index = 100",
    )
    found = said(await audited(database))
    assert found[0] == ("chain", "entry 1", "prev_hash")
    assert ("chain", "entry 2", "prev_hash") in found
    assert ("commitment", "copy 1", "facts") in found
    assert ("checkpoint", "checkpoint 3", "root_hash") in found


async def test_a_history_rewritten_with_all_its_hashes(database: Database) -> None:
    """The cleverest forger: bodies, columns, links and head agree. The signed roots do not."""
    await a_book(database)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        rows = connection.execute("SELECT index, body FROM registry.entry ORDER BY index")
        bodies = [body for _, body in rows.fetchall()]
        bodies[1] = bodies[1].replace(b'"unit_code":"00004"', b'"unit_code":"00005"')
        connection.execute("UPDATE registry.entry SET unit_code = '00005' WHERE index = 1")
        connection.execute(
            "INSERT INTO registry.book SELECT '00005', 2026, 1, book FROM registry.book"
        )
        connection.execute(
            "INSERT INTO registry.book_number "
            "SELECT '00005', book, number, year, gen_random_uuid(), reserved_at "
            "FROM registry.book_number"
        )
        links = extend(Head(0, bytes(32)), bodies)
        for link in links:
            connection.execute(
                "UPDATE registry.entry SET body = %s, leaf_hash = %s, prev_hash = %s, "
                "entry_hash = %s WHERE index = %s",
                (link.body, link.leaf_hash, link.prev_hash, link.entry_hash, link.index),
            )
        connection.execute("UPDATE registry.head SET entry_hash = %s", (links[-1].entry_hash,))
    assert said(await audited(database)) == [
        ("checkpoint", "checkpoint 3", "root_hash"),
        ("checkpoint", "checkpoint 7", "root_hash"),
    ]


async def test_an_unlawful_status_slipped_in(database: Database) -> None:
    """A second revocation, perfectly linked: only the law is broken."""
    await a_book(database)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        last = connection.execute(
            "SELECT body, entry_hash FROM registry.entry WHERE index = 6"
        ).fetchone()
        assert last
        [link] = extend(Head(7, last[1]), [last[0]])
        connection.execute(
            "INSERT INTO registry.entry (index, body, leaf_hash, prev_hash, entry_hash, kind, "
            "code_hash, occurred_at, decision, decided_on, reason) SELECT 7, %s, %s, %s, %s, kind, "
            "code_hash, occurred_at, decision, decided_on, reason "
            "FROM registry.entry WHERE index = 6",
            (link.body, link.leaf_hash, link.prev_hash, link.entry_hash),
        )
        connection.execute("UPDATE registry.head SET size = 8, entry_hash = %s", (link.entry_hash,))
    assert said(await audited(database)) == [
        ("status", "entry 7", "kind"),
        ("change", "entry 7", "decided_by"),
    ]


async def test_tiles_that_lie(database: Database) -> None:
    await registered(database, 260)
    await publish_now(database)
    assert (await audited(database)).clean
    tamper(database, "UPDATE registry.tile SET hashes = decode(repeat('00', 8192), 'hex')")
    assert said(await audited(database)) == [("tile", "tile 0/0", "hashes")]
    tamper(database, "UPDATE registry.tile SET root_hash = sha256('x')")
    assert ("tile", "tile 0/0", "root_hash") in said(await audited(database))
    tamper(database, "DELETE FROM registry.tile")
    assert said(await audited(database)) == [("tile", "tile 0/0", "hashes")]


async def test_a_checkpoint_signed_by_a_stranger(database: Database) -> None:
    await a_book(database)
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            "SELECT root_hash FROM registry.checkpoint WHERE size = 7"
        ).fetchone()
    assert row
    stranger = Ed25519PrivateKey.generate()
    note = sign_checkpoint(ORIGIN, 7, row[0], stranger).note
    tamper(database, "UPDATE registry.checkpoint SET note = %s WHERE size = 7", values=(note,))
    assert said(await audited(database)) == [("signature", "checkpoint 7", "note")]
    strangers_key = verifier_line(ORIGIN, stranger.public_key())
    assert said(await audited(database, strangers_key)) == [("signature", "checkpoint 3", "note")]
    other_log = verifier_line("other.example/log", LOG_KEY.public_key())
    assert len((await audited(database, other_log)).findings) == 2


async def test_a_code_issued_twice_when_its_index_is_gone(database: Database) -> None:
    await a_book(database)
    tamper(
        database,
        "DROP INDEX registry.entry_code",
        "UPDATE registry.entry SET code_hash = "
        "(SELECT code_hash FROM registry.entry WHERE index = 0) WHERE index = 1",
    )
    found = said(await audited(database))
    assert ("duplicate", "entry 1", "code_hash") in found


async def test_findings_show_no_personal_data(database: Database) -> None:
    await a_book(database)
    tamper(database, "UPDATE registry.copy SET salt = sha256('x')")
    report = await audited(database)
    text = json.dumps([[one.expected, one.found] for one in report.findings], ensure_ascii=False)
    assert len(report.findings) == 6
    assert "Nguyễn" not in text


async def test_expected_and_found_values_are_shown(database: Database) -> None:
    await a_book(database)
    tamper(database, "UPDATE registry.entry SET decision = '13/QĐ' WHERE index = 6")
    assert (await audited(database)).findings == [
        Finding(what="column", where="entry 6", field="decision", expected="12/QĐ", found="13/QĐ")
    ]
