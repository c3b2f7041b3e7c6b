"""The analytics views over real tables, read by the role that the dashboard logs in as."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import psycopg
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import analytics
from analytics.errors import DatabaseUnreachable, ViewsMissing
from analytics.extract import COPIES, DOSSIERS, extract
from registry.code import new_code
from tests.testkit.copies import registered
from tests.testkit.postgres import Database

# 23:58 in Hanoi on 21 November; the copy is issued after midnight there.
RECEIVED = datetime(2026, 11, 21, 16, 58, tzinfo=UTC)
CITIZEN = "Nguyễn Thị Bí Mật"


def add_unit(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO intake.unit VALUES ('00004', 'Phường Ba Đình', 'TTPVHCC')")
    connection.execute(
        """INSERT INTO intake.officer VALUES ('officer.an', 'Lê Thị Kín', 'Chủ tịch', '00004',
               '$argon2id$made-up', 'officer_an', 'officer.an')"""
    )


def add_dossier(
    connection: psycopg.Connection,
    state: str,
    *steps: tuple[str, float],
    document_type: str | None = "diploma",
    page_count: int | None = 3,
) -> uuid.UUID:
    """A dossier received at RECEIVED whose events happened so many seconds later."""
    dossier = uuid.uuid4()
    connection.execute(
        """INSERT INTO intake.dossier (id, number, unit_code, channel, state, token_hash, blob_key,
               document_type, page_count, requester_name, received_at, updated_at)
           VALUES (%s, %s, '00004', 'kiosk', %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            dossier,
            f"H26.4-261121-{dossier.hex[:8]}",
            state,
            dossier.bytes * 2,
            dossier.bytes * 2,
            document_type,
            page_count,
            CITIZEN,
            RECEIVED,
            RECEIVED,
        ],
    )
    for ordinal, (kind, after) in enumerate([("opened", -60), ("submitted", 0), *steps], start=1):
        connection.execute(
            "INSERT INTO intake.dossier_event VALUES (%s, %s, %s, %s, 'officer.an')",
            [dossier, ordinal, kind, RECEIVED + timedelta(seconds=after)],
        )
    return dossier


def certify(connection: psycopg.Connection, dossier: uuid.UUID, entry_index: int) -> None:
    """The dossier's certification, registered as this entry and released."""
    connection.execute(
        """INSERT INTO intake.certification (dossier_id, code, unit_code, officer, officer_id,
               signer, signer_title, watermark, decided_at, certified_at, book, number, pdf_digest,
               pdf_size, signer_fingerprint, seal_fingerprint, entry_index, leaf_hash, entry_hash,
               registered_at, released_at)
           SELECT %s, %s, unit_code, 'officer.an', 'officer.an', 'officer_an', 'Chủ tịch',
               'TTPVHCC', certified_at, certified_at, book, number, pdf_digest, 1000,
               signer_fingerprint, seal_fingerprint, index, leaf_hash, entry_hash,
               occurred_at, now()
           FROM registry.entry WHERE index = %s""",
        [dossier, new_code(), entry_index],
    )


@pytest.fixture
async def walked(database: Database) -> Database:
    """Two copies issued, one dossier refused, one waiting; two entries in a real book."""
    await registered(database, 2)
    with psycopg.connect(database.superuser_url) as connection:
        add_unit(connection)
        for index, seconds in enumerate((180, 600)):
            dossier = add_dossier(
                connection,
                "issued",
                ("read", 5),
                ("decided", seconds - 10),
                ("issued", seconds),
            )
            certify(connection, dossier, index)
        add_dossier(connection, "refused", ("read", 5), ("decided", 50), ("refused", 60))
        add_dossier(connection, "submitted", document_type=None, page_count=None)
    return database


def test_a_copy_counts_on_the_day_it_was_issued_in_hanoi(walked: Database) -> None:
    copies = extract(walked.role_url("analytics_reader")).copies
    assert copies.schema == COPIES
    assert copies.sort("entry_index").rows(named=True)[0] == {
        "entry_index": 0,
        "local_day": date(2026, 11, 22),
        "local_hour": 0,
        "unit_code": "00004",
        "unit_name": "Phường Ba Đình",
        "document_type": "diploma",
        "channel": "kiosk",
        "page_count": 3,
        "processing_seconds": 180.0,
    }
    assert sorted(copies["processing_seconds"]) == [180, 600]


def test_dossiers_count_on_the_day_they_were_received(walked: Database) -> None:
    dossiers = extract(walked.role_url("analytics_reader")).dossiers
    assert dossiers.schema == DOSSIERS
    assert set(dossiers["local_day"]) == {date(2026, 11, 21)}
    totals = dossiers.select(pl.col("received", "issued", "refused", "open").sum()).row(0)
    assert totals == (4, 2, 1, 1)
    waiting = dossiers.filter(pl.col("open") > 0)
    assert waiting["document_type"].to_list() == ["unread"]


def test_a_copy_that_is_signed_but_not_yet_released_is_not_counted(database: Database) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        add_unit(connection)
        add_dossier(connection, "certifying", ("read", 5), ("decided", 60))
    snapshot = extract(database.role_url("analytics_reader"))
    assert snapshot.copies.is_empty()
    assert snapshot.dossiers["open"].sum() == 1


def test_a_clock_that_went_back_gives_no_negative_time(walked: Database) -> None:
    with psycopg.connect(walked.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE intake.dossier_event SET at = %s WHERE kind = 'issued'",
            [RECEIVED - timedelta(seconds=2)],
        )
    copies = extract(walked.role_url("analytics_reader")).copies
    assert copies["processing_seconds"].to_list() == [0, 0]


def test_the_views_hold_nothing_about_a_person(walked: Database) -> None:
    with psycopg.connect(walked.role_url("analytics_reader")) as connection:
        rows = connection.execute(
            """SELECT to_jsonb(c) FROM analytics.issued_copy c
               UNION ALL SELECT to_jsonb(d) FROM analytics.dossier_day d"""
        ).fetchall()
    assert len(rows) > 2
    text = json.dumps(rows, ensure_ascii=False)
    for secret in (CITIZEN, "officer.an", "Kín", "H26.4"):
        assert secret not in text


def readable_relations(database: Database) -> set[str]:
    """Every table and view of ours on which the dashboard's role has any right at all."""
    with psycopg.connect(database.superuser_url) as connection:
        rows = connection.execute(
            """SELECT format('%s.%s', nspname, relname)
               FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
               WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND nspname !~ '^pg_|^information_schema$'
                 AND (has_table_privilege('analytics_reader', pg_class.oid,
                          'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                      OR has_any_column_privilege('analytics_reader', pg_class.oid,
                          'SELECT, INSERT, UPDATE, REFERENCES'))"""
        ).fetchall()
    return {name for (name,) in rows}


def test_the_role_has_rights_on_the_views_and_on_nothing_else(database: Database) -> None:
    # Every service may read which revision the database is at.
    assert readable_relations(database) - {"alembic.alembic_version"} == {
        "analytics.issued_copy",
        "analytics.dossier_day",
    }


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM intake.dossier",
        "SELECT * FROM intake.certification",
        "SELECT * FROM intake.officer",
        "SELECT * FROM registry.copy",
        "SELECT * FROM registry.entry",
        "CREATE VIEW analytics.mine AS SELECT 1",
        "SET ROLE bansao_owner",
    ],
)
def test_the_role_is_refused_everything_else(database: Database, statement: str) -> None:
    with (
        psycopg.connect(database.role_url("analytics_reader")) as connection,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.WrongObjectType)),
    ):
        connection.execute(statement.encode())


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as failure:
        extract("postgresql://analytics_reader:hunter2@127.0.0.1:1/bansao")
    assert "hunter2" not in repr(failure.value)


@pytest.mark.broken_registry
def test_a_database_without_the_views_is_told_apart(database: Database) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("DROP VIEW analytics.dossier_day")
    with pytest.raises(ViewsMissing):
        extract(database.role_url("analytics_reader"))


@pytest.fixture
def page(walked: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    monkeypatch.setenv("BANSAO_DATABASE_URL", walked.url)
    monkeypatch.setenv("BANSAO_SECRETS", str(walked.secrets))
    st.cache_resource.clear()
    yield AppTest.from_file(str(Path(analytics.__file__).with_name("app.py")), default_timeout=60)
    st.cache_resource.clear()


def test_the_dashboard_shows_what_the_book_holds(page: AppTest) -> None:
    page.run()
    page.selectbox[0].set_value("all").run()
    text = "\n".join(block.proto.body for block in page.get("html"))
    for number in ("6,5 phút", "50,0%", "33,3%", "4 tờ", "0,3 giờ"):
        assert number in text
