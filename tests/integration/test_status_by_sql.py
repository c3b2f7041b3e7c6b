"""Changes of status by direct SQL: the application's checks are taken away, true links remain."""

from datetime import date, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from registry.append import Appender
from registry.chain import Head, extend
from registry.clock import utc_now
from registry.code import code_hash
from registry.entry import ChangeKind, Closed, Entry, StatusChange, body
from registry.store.rows import COLUMNS, LINK_COLUMNS, columns_of, link_values
from tests.testkit.copies import NOW, UNIT, publish_now, registered, reserved_copy, store_of
from tests.testkit.postgres import Database

NAMES = [*LINK_COLUMNS.split(", "), *(name for name, _ in COLUMNS)]
INSERT = (
    f"INSERT INTO registry.entry ({', '.join(NAMES)}) VALUES ({', '.join(['%s'] * len(NAMES))})"
)
OFFICERS = "INSERT INTO registry.change VALUES (%s, 'chairman', 'clerk')"


def change(code: bytes, kind: ChangeKind, successor: bytes | None = None) -> StatusChange:
    return StatusChange(
        code_hash=code,
        occurred_at=utc_now(),
        kind=kind,
        decision="1/QĐ-UBND",
        decided_on=date(2026, 11, 22),
        successor=successor,
    )


def closing(numbers: int, void: int = 0, year: int = NOW.year) -> Closed:
    return Closed(
        occurred_at=utc_now(),
        unit_code=UNIT,
        year=year,
        numbers=numbers,
        void=void,
        pdf_digest=bytes([numbers, void]) * 16,
    )


def insert(
    connection: psycopg.Connection, *entries: Entry, bodies: list[bytes] | None = None
) -> None:
    """Rows with true links at the head, and officers beside those that issue nothing."""
    row = connection.execute("SELECT size, entry_hash FROM registry.head").fetchone()
    assert row
    links = extend(Head(*row), bodies or [body(entry) for entry in entries])
    for link, entry in zip(links, entries, strict=True):
        connection.execute(OFFICERS, (link.index,))
        connection.execute(INSERT.encode(), [*link_values(link), *columns_of(entry)])


def refusal(database: Database, *entries: Entry, role: str = "registry_writer") -> str | None:
    """The SQLSTATE with which the entries are refused; None when they are taken."""
    try:
        with psycopg.connect(database.role_url(role)) as connection:
            insert(connection, *entries)
    except psycopg.Error as error:
        return error.sqlstate
    return None


async def test_the_writer_can_only_change_lawfully(database: Database) -> None:
    copy, other = await registered(database, 2)
    ours, theirs = code_hash(copy.code), code_hash(other.code)
    for state, entries in (
        ("RG009", [change(b"\x01" * 32, "revoked")]),
        ("RG009", [change(b"\x01" * 32, "erased")]),
        ("RG004", [change(ours, "reinstated")]),
        ("RG004", [change(ours, "revoked"), change(ours, "revoked")]),
        ("RG004", [change(ours, "superseded", theirs), change(ours, "suspended")]),
        ("RG004", [change(ours, "erased"), change(ours, "erased")]),
        ("RG011", [change(ours, "superseded")]),
        ("RG011", [change(ours, "superseded", b"\x01" * 32)]),
        ("RG011", [change(theirs, "suspended"), change(ours, "superseded", theirs)]),
        ("RG011", [change(ours, "superseded", theirs), change(theirs, "superseded", ours)]),
    ):
        assert refusal(database, *entries) == state, entries
    lawful = [change(ours, kind) for kind in ("suspended", "reinstated", "revoked")]
    assert refusal(database, *lawful) is None
    await publish_now(database)


@pytest.mark.parametrize(
    "role", ["registry_publisher", "registry_reader", "intake_app", "analytics_reader"]
)
async def test_nobody_else_changes_anything(database: Database, role: str) -> None:
    [copy] = await registered(database, 1)
    with psycopg.connect(database.role_url(role)) as connection:
        for table in ("entry", "change"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"INSERT INTO registry.{table} DEFAULT VALUES".encode())
            connection.rollback()
    assert refusal(database, change(code_hash(copy.code), "revoked"), role=role) == "42501"


@pytest.mark.parametrize(
    ("spoilt", "state"),
    [
        ({"successor": b"\x02" * 32}, "RG003"),
        ({"successor": None}, "RG003"),
        ({"kind": "revoked"}, "RG003"),
        ({"kind": "closed"}, "RG003"),
        ({"book": "01/2026-SCTĐT/BS"}, "RG003"),
        ({"decided_on": date(2026, 11, 21)}, "RG003"),
        ({"year": 2026}, "RG003"),
        ({"unit_code": UNIT}, "RG003"),
        ({"code_hash": None}, "RG003"),
    ],
)
async def test_columns_that_the_body_does_not_bear_out_are_refused(
    database: Database, spoilt: dict[str, object], state: str
) -> None:
    copy, other = await registered(database, 2)
    entry = change(code_hash(copy.code), "superseded", code_hash(other.code))
    assert spoil(database, entry, spoilt) == state
    assert refusal(database, entry) is None
    await publish_now(database)


@pytest.mark.parametrize(
    ("spoilt", "state"),
    [
        ({"numbers": 3}, "RG003"),
        ({"void": 1}, "RG003"),
        ({"year": NOW.year - 1}, "RG003"),
        ({"unit_code": "00070"}, "RG003"),
        ({"pdf_digest": b"\x02" * 32}, "RG003"),
        ({"numbers": None}, "RG003"),
        ({"code_hash": b"\x01" * 32}, "RG003"),
        ({"decision": "1/QĐ-UBND"}, "RG003"),
    ],
)
async def test_a_closing_is_its_body_too(
    database: Database, spoilt: dict[str, object], state: str
) -> None:
    await registered(database, 2)
    assert spoil(database, closing(2), spoilt) == state
    assert refusal(database, closing(2)) is None
    await publish_now(database)


def spoil(database: Database, entry: Entry, columns: dict[str, object]) -> str | None:
    """The SQLSTATE for an entry some of whose columns say something else than its body."""
    with psycopg.connect(database.role_url("registry_writer")) as connection:
        row = connection.execute("SELECT size, entry_hash FROM registry.head").fetchone()
        assert row
        [link] = extend(Head(*row), [body(entry)])
        values = dict(zip(NAMES, [*link_values(link), *columns_of(entry)], strict=True))
        connection.execute(OFFICERS, (link.index,))
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(INSERT.encode(), list((values | columns).values()))
    return refused.value.sqlstate


async def test_no_decision_comes_from_the_future_or_has_no_number(database: Database) -> None:
    """What no reader of the log could read afterwards."""
    [copy] = await registered(database, 1)
    entry = change(code_hash(copy.code), "revoked")
    spoilings: list[tuple[dict[str, Any], str]] = [
        ({"decided_on": utc_now().date() + timedelta(days=2)}, "no decision of its day"),
        ({"decision": " "}, "false name"),
    ]
    for spoiling, told in spoilings:
        spoilt = msgspec.structs.replace(entry, **spoiling)
        decided_on = b'"decided_on":"%s"'
        text = body(entry).replace(
            decided_on % b"2026-11-22", decided_on % str(spoilt.decided_on).encode()
        )
        text = text.replace(b'"1/Q\xc4\x90-UBND"', f'"{spoilt.decision}"'.encode())
        with (
            psycopg.connect(database.role_url("registry_writer")) as connection,
            pytest.raises(psycopg.Error, match=told) as refused,
        ):
            insert(connection, spoilt, bodies=[text])
        assert refused.value.sqlstate == "RG003"


async def test_a_change_has_its_officers_and_they_have_their_change(database: Database) -> None:
    [copy] = await registered(database, 1)
    entry = change(code_hash(copy.code), "revoked")
    url = database.role_url("registry_writer")

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT size, entry_hash FROM registry.head").fetchone()
        assert row
        [link] = extend(Head(*row), [body(entry)])
        with pytest.raises(psycopg.Error, match="nobody is named") as refused:
            connection.execute(INSERT.encode(), [*link_values(link), *columns_of(entry)])
    assert refused.value.sqlstate == "RG003"

    for index in (0, 1):  # a copy's entry, and one that does not come
        with psycopg.connect(url) as connection:
            connection.execute(OFFICERS, (index,))
            with pytest.raises(psycopg.Error, match="changes nothing"):
                connection.commit()

    with psycopg.connect(url) as connection:
        insert(connection, entry)
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(OFFICERS, (1,))
    await publish_now(database)


async def test_a_year_is_closed_as_its_book_stands(database: Database) -> None:
    await registered(database, 2)
    for unlike in (closing(3), closing(1), closing(2, 1)):
        assert refusal(database, unlike) == "RG012", unlike
    this_year = closing(0)
    next_year = msgspec.structs.replace(this_year, year=NOW.year + 1)
    text = body(this_year).replace(b'"year":2026', b'"year":2027')
    with (
        psycopg.connect(database.role_url("registry_writer")) as connection,
        pytest.raises(psycopg.Error) as refused,
    ):
        insert(connection, next_year, bodies=[text])
    assert refused.value.sqlstate == "RG012"
    async with store_of(database, "registry_writer") as writer:
        late = await reserved_copy(writer)
        assert refusal(database, closing(3)) == "RG012", "a number is open"
        async with Appender(writer, utc_now) as appender:
            await appender.register(late)
    assert refusal(database, closing(3)) is None
    assert refusal(database, closing(3)) == "23505", "closed once"
    assert refusal(database, closing(0, year=NOW.year - 1)) is None
    await publish_now(database)
