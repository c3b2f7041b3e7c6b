"""Rows by direct SQL, as who has registry_writer's password writes them: whatever the database
takes, every reader of the log can read and the publisher signs.
"""

import itertools
import json
import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.certified_copy import canonical_facts, commitment
from registry.chain import Head, extend
from registry.clock import utc_now
from registry.entry import instant_text, parse_entry
from registry.errors import MalformedEntry
from registry.store.rows import LINK_COLUMNS
from tests.testkit.copies import made_up_facts, publish_now
from tests.testkit.postgres import Database

FACTS: Final = made_up_facts()
SALT: Final = bytes(32)
BOOK: Final = "01/2026-SCTĐT/BS"
LINK: Final = LINK_COLUMNS.split(", ")
HASHES: Final = (
    *("code_hash", "pdf_digest", "commitment", "signer_fingerprint", "seal_fingerprint"),
    "successor",
)
#: All that Python takes for white space; SQL and locales have other ideas.
SPACES: Final = "".join(chr(point) for point in range(0x3001) if chr(point).isspace())
ODD: Final = (
    *(SPACES, *SPACES, *(one * 9 for one in SPACES), ""),
    *(f" {one} " for one in ("x", '"', "\\", "\x01", "\x1b", "\x7f", "\x80", "\u200b", "\ufeff")),
    *("\u180e", "\u2060", "\ud7ff", "\ue000", "\ufffe", "\U00010000", "\U0010ffff", "x" * 65_000),
)
WORDS: Final = st.sampled_from(ODD) | st.text(
    st.sampled_from(SPACES) | st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)
#: As SQL writes them; Python has no words for most.
MOMENTS: Final = (
    *("-infinity", "4713-01-01 00:00:00+00 BC", "0001-12-31 23:59:59.999999+00 BC"),
    *("0001-01-01 00:00:00+00", "0999-07-01 12:00:00.5+00", "1899-12-31 16:59:59.999999+00"),
    *("1999-12-31 23:59:59.999999+00", "2000-01-01 00:00:00+00", "2000-02-29 23:59:59.999999+00"),
    *("9999-12-31 16:59:59.999999+00", "9999-12-31 17:00:00+00", "9999-12-31 23:59:59.999999+00"),
    *("10000-01-01 00:00:00+00", "294276-12-31 23:59:59.999999+00", "infinity"),
)
DAYS: Final = (
    *("-infinity", "4713-01-01 BC", "0044-03-15 BC", "0001-12-31 BC", "0001-01-01"),
    *("0999-12-31", "1945-09-02", "2000-02-29", "9999-12-31", "10000-01-01", "294276-12-31"),
    "infinity",
)


class Writer:
    """Writes true links at the head, whatever the fields of their bodies say."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._unit = "00004"

    def issued(self, **fields: Any) -> dict[str, Any]:
        """An issue of a reserved number, which another unit's takes a book of its own for."""
        unit_code = fields.get("unit_code", self._unit)
        number, reserved_at = 1, datetime(2026, 11, 22, tzinfo=UTC)
        if unit_code == self._unit:
            number = next(self._numbers)
        if number == 1:
            self._run("INSERT INTO registry.book VALUES (%s, 2026, 1, %s)", unit_code, BOOK)
        self._run(
            "INSERT INTO registry.book_number VALUES (%s, %s, %s, 2026, %s, %s)",
            *(unit_code, BOOK, number, uuid.uuid4(), reserved_at),
        )
        made = {name: secrets.token_hex(32) for name in HASHES[:-1]}
        made |= {"commitment": commitment(FACTS, SALT).hex(), "kind": "issued", "number": number}
        now, reserved = instant_text(utc_now()), instant_text(reserved_at)
        moments = {"certified_at": reserved, "occurred_at": now}
        return {**made, **moments, "book": BOOK, "unit_code": unit_code} | fields

    def changed(self, code_hash: str, kind: str, **fields: Any) -> dict[str, Any]:
        decided = {"decided_on": "2026-11-22", "decision": "1/QĐ-UBND", "reason": ""}
        made = {"code_hash": code_hash, "kind": kind, "occurred_at": instant_text(utc_now())}
        return {**made, **decided} | fields

    def closed(self, **fields: Any) -> dict[str, Any]:
        counted = {"numbers": 0, "void": 0, "year": 2025, "unit_code": "00070"}
        made = {"pdf_digest": secrets.token_hex(32), "occurred_at": instant_text(utc_now())}
        return {**made, **counted, "kind": "closed"} | fields

    def moment(self, literal: str) -> str:
        """As the database writes it into bodies."""
        written = "to_char(%s::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        [text] = self._run(f"SELECT {written}", literal) or [None]
        return str(text or literal)

    def day(self, literal: str) -> str:
        [text] = self._run("SELECT to_char(%s::date, 'YYYY-MM-DD')", literal) or [None]
        return str(text or literal)

    def takes(self, fields: dict[str, Any], **columns: object) -> bool:
        """Whether the database takes the row that the body's fields make, but for these columns;
        what it takes can be read.
        """
        try:
            with self._connection.transaction():
                text = self._insert(fields, columns)
        except psycopg.DatabaseError as refused:
            if (refused.sqlstate or "")[:2] not in {"RG", "23"}:
                raise
            return False
        parse_entry(text)
        return True

    def _insert(self, fields: dict[str, Any], columns: dict[str, object]) -> bytes:
        text = written(fields)
        size, last = self._run("SELECT size, entry_hash FROM registry.head") or ()
        [link] = extend(Head(size, last), [text])
        if fields["kind"] != "issued":
            self._run("INSERT INTO registry.change VALUES (%s, 'chairman', 'clerk')", size)
        hashes = {name: bytes.fromhex(fields[name]) for name in HASHES if name in fields}
        row = {name: getattr(link, name) for name in LINK} | fields | hashes | columns
        places = ", ".join(["%s"] * len(row))
        self._run(f"INSERT INTO registry.entry ({', '.join(row)}) VALUES ({places})", *row.values())
        if fields["kind"] == "issued":
            facts = canonical_facts(FACTS).decode()
            copy = (size, hashes["code_hash"], facts, SALT)
            self._run("INSERT INTO registry.copy VALUES (%s, %s, %s, %s)", *copy)
        return text

    def _run(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        cursor = self._connection.execute(statement.encode(), values)
        return cursor.fetchone() if cursor.description else None


def written(fields: dict[str, Any]) -> bytes:
    whole = {**fields, "version": 1}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def readable(fields: dict[str, Any]) -> bool:
    try:
        parse_entry(written(fields))
    except MalformedEntry:
        return False
    return True


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    url = database.role_url("registry_writer")
    with psycopg.connect(url, autocommit=True) as connection:
        yield Writer(connection)


async def test_words_are_taken_that_every_reader_takes(database: Database, writer: Writer) -> None:
    def try_words(word: str) -> None:
        issued = writer.issued()
        assert writer.takes(issued)
        code_hash = issued["code_hash"]
        for fields in (
            writer.changed(code_hash, "suspended", decision=word),
            writer.changed(code_hash, "revoked", reason=word),
            writer.closed(unit_code=word),
        ):
            again = fields["kind"] == "closed" and word in closed
            assert writer.takes(fields) == (readable(fields) and not again), (fields["kind"], word)
        closed.add(word)

    closed: set[str] = set()
    for word in ODD:
        try_words(word)
    settings(max_examples=50)(given(WORDS)(try_words))()
    await publish_now(database)


async def test_units_issue_whose_code_every_reader_takes(
    database: Database, writer: Writer
) -> None:
    for word in ODD[:-1]:  # the last one is longer than an index can hold
        try:
            issued = writer.issued(unit_code=word)
        except psycopg.errors.IntegrityError:
            assert not word
        else:
            assert writer.takes(issued) == readable(issued), repr(word)
    await publish_now(database)


async def test_a_copy_is_certified_when_every_reader_can_say(
    database: Database, writer: Writer
) -> None:
    for literal in MOMENTS:
        issued = writer.issued(certified_at=writer.moment(literal))
        expected = readable(issued) and not literal.endswith("BC")  # bodies have no room for that
        assert writer.takes(issued, certified_at=literal) == expected, literal
    await publish_now(database)


@pytest.mark.parametrize("literal", MOMENTS)
async def test_nothing_is_entered_before_there_were_books_nor_in_the_future(
    database: Database, writer: Writer, literal: str
) -> None:
    for fields in (
        writer.issued(occurred_at=writer.moment(literal)),
        writer.closed(occurred_at=writer.moment(literal), year=2000),
    ):
        assert writer.takes(fields, occurred_at=literal) == literal.startswith("2000"), fields
    assert writer.takes(writer.issued())
    await publish_now(database)


async def test_decisions_are_of_days_that_every_reader_can_say(
    database: Database, writer: Writer
) -> None:
    for literal in DAYS:
        issued = writer.issued()
        assert writer.takes(issued)
        fields = writer.changed(issued["code_hash"], "revoked", decided_on=writer.day(literal))
        expected = readable(fields) and not literal.endswith("BC")
        assert writer.takes(fields, decided_on=literal) == expected, literal
    await publish_now(database)


async def test_a_writer_whose_clock_is_ahead_is_refused_and_no_other(
    database: Database, writer: Writer
) -> None:
    issued = writer.issued()
    for ahead in (timedelta(minutes=2), timedelta(days=1), timedelta(days=365_000)):
        issued["occurred_at"] = instant_text(utc_now() + ahead)
        assert not writer.takes(issued), ahead
    issued["occurred_at"] = instant_text(utc_now() + timedelta(seconds=30))
    assert writer.takes(issued), "clocks are never quite alike"
    assert writer.takes(writer.issued(occurred_at=issued["occurred_at"]))
    await publish_now(database)


async def test_numbers_are_those_that_every_reader_takes(
    database: Database, writer: Writer
) -> None:
    extremes = (-(2**31), -1, 0, 1, 2**31 - 1)
    for number in extremes:
        fields = writer.issued(number=number)
        assert writer.takes(fields) == (number == 1), number
        assert not writer.takes(writer.closed(numbers=number or 2)), number
        assert not writer.takes(writer.closed(void=number or 2)), number
    this = utc_now().year
    for year in (*extremes, 1999, 2000, this, this + 1, 9999, 10_000):
        fields = writer.closed(year=year)
        assert writer.takes(fields) == readable(fields), year
    await publish_now(database)


@pytest.mark.parametrize("kind", ["issued", "suspended", "superseded", "erased", "closed"])
async def test_hashes_have_their_length(database: Database, writer: Writer, kind: str) -> None:
    issued = writer.issued()
    assert writer.takes(issued)
    made = {"issued": writer.issued, "closed": writer.closed}
    for size in (0, 31, 33):
        fields = made[kind]() if kind in made else writer.changed(issued["code_hash"], kind)
        for name in HASHES:
            if name in fields or (kind, name) == ("superseded", "successor"):
                spoilt = fields | {name: "ab" * size}
                assert not writer.takes(spoilt), (name, size)
    await publish_now(database)


@pytest.mark.parametrize("text", [b"\0", "\ud800".encode(errors="surrogatepass")])
def test_texts_are_unicode_without_nul(database: Database, text: bytes) -> None:
    """The database's own doing, on which the log relies."""
    with (
        psycopg.connect(database.role_url("registry_writer")) as connection,
        pytest.raises(psycopg.errors.CharacterNotInRepertoire),
    ):
        connection.execute("SELECT convert_from(%s, 'UTF8')", [text])


async def test_a_databases_clock_that_was_set_back_stops_nothing(
    database: Database, writer: Writer
) -> None:
    """The last entry was dated by the clock as it was; here by hand, with the triggers off."""
    tomorrow = instant_text(utc_now() + timedelta(days=1))
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        assert Writer(connection).takes(writer.issued(occurred_at=tomorrow))
        connection.execute(
            "UPDATE registry.head h SET size = 1, entry_hash = e.entry_hash FROM registry.entry e"
        )
    assert not writer.takes(writer.issued())
    assert writer.takes(writer.issued(occurred_at=tomorrow))
    await publish_now(database)
