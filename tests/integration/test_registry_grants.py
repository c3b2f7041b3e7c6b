"""What the database refuses, to whom, whatever the application asks."""

from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest
from psycopg import sql

from registry.chain import Head, Link, extend
from registry.entry import Entry, body, parse_entry
from registry.store.rows import COLUMNS, columns_of
from tests.testkit.copies import publish_now, registered
from tests.testkit.postgres import Database

TABLES = [
    *("book", "book_number", "book_void", "book_line", "book_person"),
    *("entry", "head", "copy", "change"),
    *("tile", "checkpoint", "cosignature", "publication", "checkpoint_time"),
    *("status_index", "status_list", "revocation"),
]
ROLES = [
    "registry_writer",
    "registry_publisher",
    "registry_reader",
    "registry_clerk",
    "intake_app",
    "analytics_reader",
    "portal_agency",
]
#: Who asked for a copy is read by nobody but the clerk, and the clerk reads no more than the book;
#: who decided a change, by the audit alone.
MAY_SELECT = {
    "registry_writer": set(TABLES) - {"book_line", "book_person", "change"},
    "registry_publisher": set(TABLES) - {"book_line", "book_person", "change"},
    "registry_reader": set(TABLES) - {"book_line", "book_person"},
    "registry_clerk": {"book", "book_number", "book_void", "book_line", "book_person", "entry"},
}
MAY_INSERT = {
    "registry_writer": {
        *("book", "book_number", "book_void", "book_line", "book_person"),
        *("entry", "copy", "change", "status_index"),
    },
    "registry_publisher": {
        *("tile", "checkpoint", "cosignature", "publication", "checkpoint_time"),
        *("status_list", "revocation"),
    },
}


@pytest.mark.parametrize("role", ROLES)
async def test_no_service_changes_or_removes_anything(database: Database, role: str) -> None:
    await registered(database, 2)
    await publish_now(database)
    with psycopg.connect(database.role_url(role), autocommit=True) as connection:
        for table in TABLES:
            name = sql.Identifier("registry", table)
            for statement in (
                sql.SQL("UPDATE {} SET {} = {}").format(name, *[_first_column(table)] * 2),
                sql.SQL("DELETE FROM {}").format(name),
                sql.SQL("TRUNCATE {} CASCADE").format(name),
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def _first_column(table: str) -> sql.Identifier:
    names = {"entry": "index", "tile": "index", "copy": "entry_index"}
    names |= {"status_index": "list", "status_list": "list", "revocation": "entry_index"}
    names |= {"change": "entry_index"}
    sized = ("head", "checkpoint", "cosignature", "publication", "checkpoint_time")
    return sql.Identifier((names | dict.fromkeys(sized, "size")).get(table, "book"))


async def test_not_even_the_owner_changes_anything_while_triggers_are_on(
    database: Database,
) -> None:
    await registered(database, 2)
    await publish_now(database)
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        for table in TABLES:
            name = sql.Identifier("registry", table)
            for statement in (
                sql.SQL("UPDATE {} SET {} = {}").format(name, *[_first_column(table)] * 2),
                sql.SQL("DELETE FROM {}").format(name),
                sql.SQL("TRUNCATE {} CASCADE").format(name),
            ):
                with pytest.raises(psycopg.Error) as refused:
                    connection.execute(statement)
                assert refused.value.sqlstate == "RG001", (table, statement)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_the_grants_that_the_schema_explains(database: Database, role: str) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        for table in TABLES:
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"):
                row = connection.execute(
                    "SELECT has_table_privilege(%s, %s, %s)", (role, f"registry.{table}", privilege)
                ).fetchone()
                granted = {"SELECT": MAY_SELECT, "INSERT": MAY_INSERT}.get(privilege, {})
                expected = table in granted.get(role, set())
                assert row == (expected,), (role, table, privilege)


def test_nobody_logs_in_as_owner_and_every_definer_function_pins_its_search_path(
    database: Database,
) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        login = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'bansao_owner'"
        assert connection.execute(login).fetchone() == (False,)
        functions = connection.execute(
            "SELECT proname, prosqlbody IS NOT NULL AND NOT prosecdef, proconfig, proacl::text "
            "FROM pg_proc WHERE pronamespace = 'registry'::regnamespace"
        ).fetchall()
    assert len(functions) > 5
    for name, bound_at_creation, config, grants in functions:
        assert bound_at_creation or "search_path=pg_catalog, pg_temp" in config, name
        assert not any(grant.startswith("=") for grant in grants.strip("{}").split(",")), name


def _next(database: Database) -> tuple[Link, Entry]:
    """A true link that would continue the book, for a copy made from the last one."""
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute("SELECT size, entry_hash FROM registry.head").fetchone()
        last = connection.execute(
            "SELECT body FROM registry.entry ORDER BY index DESC LIMIT 1"
        ).fetchone()
    assert row
    assert last
    text = last[0].replace(parse_entry(last[0]).code_hash.hex().encode(), b"ab" * 32)
    entry = parse_entry(text.replace(_pdf(text), b"cd" * 32))
    [link] = extend(Head(*row), [body(entry)])
    return link, entry


def _pdf(text: bytes) -> bytes:
    return text.partition(b'"pdf_digest":"')[2][:64]


def _insert(database: Database, changes: dict[str, object]) -> None:
    with psycopg.connect(database.role_url("registry_writer")) as connection:
        _insert_over(connection, *_next(database), changes)


def _insert_over(
    connection: psycopg.Connection, link: Link, entry: Entry, changes: dict[str, object]
) -> None:
    names = ["index", "body", "leaf_hash", "prev_hash", "entry_hash"]
    values = dict(
        zip(
            [*names, *(name for name, _ in COLUMNS)],
            [*(getattr(link, name) for name in names), *columns_of(entry)],
            strict=True,
        )
    )
    values |= changes
    connection.execute(
        sql.SQL("INSERT INTO registry.entry ({}) VALUES ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        list(values.values()),
    )


async def test_a_true_link_is_taken_as_it_is(database: Database) -> None:
    """The control of the next test; without its facts it is no clean book, so it is rolled back."""
    await registered(database, 1)
    link, _ = _next(database)
    with pytest.raises(psycopg.Error) as refused:
        _insert(
            database,
            {"number": 99, "body": _with(link, b'"number":1', b'"number":99')}
            | _hashes(_with(link, b'"number":1', b'"number":99'), link),
        )
    assert refused.value.sqlstate == "RG010"


def _with(link: Link, old: bytes, new: bytes) -> bytes:
    return link.body.replace(old, new)


def _hashes(text: bytes, link: Link) -> dict[str, object]:
    [made] = extend(Head(link.index, link.prev_hash), [text])
    return {"leaf_hash": made.leaf_hash, "entry_hash": made.entry_hash}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"index": 2}, "RG002"),
        ({"index": 0}, "23505"),
        ({"prev_hash": b"\x01" * 32}, "RG003"),
        ({"leaf_hash": b"\x01" * 32}, "RG003"),
        ({"entry_hash": b"\x01" * 32}, "RG003"),
        ({"book": "02/2026-SCTĐT/BS"}, "RG003"),
        ({"signer_fingerprint": b"\x01" * 32}, "RG003"),
        ({"certified_at": datetime(2026, 1, 1, tzinfo=UTC)}, "RG003"),
        ({"code_hash": b"\x01" * 32}, "RG003"),
        ({"kind": "revoked"}, "RG003"),
        ({"pdf_digest": None}, "RG003"),
        ({"kind": "lost"}, "RG003"),
        ({"reason": "x"}, "RG003"),
        ({"void": 0}, "RG003"),
        ({"body": b"{}"}, "RG003"),
        ({"body": b"not json"}, "RG003"),
    ],
)
async def test_a_false_link_is_refused_by_the_database(
    database: Database, changes: dict[str, object], state: str
) -> None:
    await registered(database, 1)
    with pytest.raises(psycopg.Error) as refused:
        _insert(database, changes)
    assert refused.value.sqlstate == state


async def test_a_rehashed_body_that_differs_from_its_columns_is_refused(
    database: Database,
) -> None:
    await registered(database, 1)
    link, _ = _next(database)
    for text in (
        _with(link, b'"version":1', b'"version":2'),
        _with(link, b'"version":1', b'"version":1,"holder_name":"A"'),
        _with(link, b'"number":1,', b'"number":2,'),
    ):
        with pytest.raises(psycopg.Error) as refused:
            _insert(database, {"body": text} | _hashes(text, link))
        assert refused.value.sqlstate == "RG003"


@pytest.mark.parametrize("size", [0, 31, 33])
async def test_a_copys_salt_has_32_bytes(database: Database, size: int) -> None:
    await registered(database, 1)
    link, entry = _next(database)
    copy = (link.index, columns_of(entry)[1], bytes(size))
    with psycopg.connect(database.role_url("registry_writer")) as connection:
        _insert_over(connection, link, entry, {})
        with pytest.raises(psycopg.Error, match="32 bytes") as refused:
            connection.execute("INSERT INTO registry.copy VALUES (%s, %s, '{}', %s)", copy)
    assert refused.value.sqlstate == "RG003"


async def test_time_does_not_run_back(database: Database) -> None:
    await registered(database, 1)
    link, entry = _next(database)
    earlier = entry.occurred_at - timedelta(microseconds=1)
    moved = msgspec.structs.replace(entry, occurred_at=earlier)
    with pytest.raises(psycopg.Error, match="occurred_at") as refused:
        _insert(
            database, {"body": body(moved), "occurred_at": earlier} | _hashes(body(moved), link)
        )
    assert refused.value.sqlstate == "RG003"


async def test_an_old_snapshot_appends_nothing(database: Database) -> None:
    """It would not see a number that was voided after it was taken."""
    await registered(database, 1)
    link, entry = _next(database)
    with psycopg.connect(database.role_url("registry_writer")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.Error, match="READ COMMITTED") as refused:
            _insert_over(connection, link, entry, {})
    assert refused.value.sqlstate == "RG002"


async def test_tiles_and_checkpoints_come_in_turn(database: Database) -> None:
    await registered(database, 2)
    await publish_now(database)
    tile = "INSERT INTO registry.tile VALUES (%s, %s, %s, %s)"
    checkpoint = "INSERT INTO registry.checkpoint VALUES (%s, %s, 'note', now())"
    with psycopg.connect(database.role_url("registry_publisher"), autocommit=True) as connection:
        for statement, values in (
            (tile, (0, 1, bytes(8192), bytes(32))),
            (checkpoint, (2, bytes(32))),
            (checkpoint, (1, bytes(32))),
            (checkpoint, (3, bytes(32))),
        ):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement, values)
            assert refused.value.sqlstate == "RG008"
