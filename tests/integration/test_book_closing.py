"""Closing a year's book: when it may be, what it says, and that it is the end."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from registry.append import Appender
from registry.book import open_volume, reserve_number, void_line, void_number
from registry.book_line import Totals
from registry.book_reading import FiledYear
from registry.clock import utc_now
from registry.closing import Closing, close_year
from registry.entry import Closed, parse_entry
from registry.errors import (
    BookClosed,
    ClosingRefused,
    NumbersOpen,
    UnknownReservation,
    YearNotOver,
)
from registry.store import Store
from tests.testkit.copies import UNIT, made_up_columns, made_up_copy, store_of
from tests.testkit.postgres import Database, audit_findings

#: Midnight in Hanoi, in a year that is over: nothing is entered in the future.
NEW_YEAR = datetime(2025, 12, 31, 17, tzinfo=UTC)
AUTUMN = NEW_YEAR - timedelta(days=60)
TICK = timedelta(microseconds=1)


class Office:
    """A unit's writer, its clerk, and a clock that stands at New Year until it is set."""

    def __init__(self, writer: Store, clerk: Store, appender: Appender) -> None:
        self.writer = writer
        self.clerk = clerk
        self.appender = appender
        self.now = NEW_YEAR

    async def reserve(self, at: datetime = AUTUMN) -> uuid.UUID:
        original = uuid.uuid4()
        await reserve_number(
            self.writer, unit_code=UNIT, original_id=original, at=at, columns=made_up_columns()
        )
        return original

    async def issue(self, *, copies: int = 1) -> None:
        line = await reserve_number(
            self.writer,
            unit_code=UNIT,
            original_id=uuid.uuid4(),
            at=AUTUMN,
            columns=made_up_columns(copies=copies, gross=4_000 * copies, net=4_000 * copies),
        )
        for _ in range(copies):
            await self.appender.register(made_up_copy(line.book, line.number))

    async def close(self, stated: bytes = b"") -> Closing:
        """`stated` is added to what the statement says."""

        def state(filed: FiledYear) -> bytes:
            return repr(filed).encode() + stated

        return await close_year(
            self.clerk,
            self.appender,
            lambda: self.now,
            unit_code=UNIT,
            year=2025,
            state=state,
            decided_by="chairman",
            entered_by="clerk",
        )


@asynccontextmanager
async def an_office(database: Database) -> AsyncIterator[Office]:
    async with (
        store_of(database, "registry_writer") as writer,
        store_of(database, "registry_clerk") as clerk,
        Appender(writer, utc_now) as appender,
    ):
        yield Office(writer, clerk, appender)


async def test_the_entry_says_what_the_year_came_to(database: Database) -> None:
    async with an_office(database) as office:
        await office.issue()
        await office.issue(copies=3)
        await void_number(office.writer, original_id=await office.reserve(), reason="nhầm")
        closing = await office.close()
        again = await office.close()

    assert again == closing
    assert closing.filed == FiledYear(
        volumes=["01/2025-SCTĐT/BS"],
        totals=Totals(numbers=3, issued=2, void=1, copies=4, gross=16_000, subsidy=0, net=16_000),
        open=[],
    )
    with psycopg.connect(database.role_url("registry_reader")) as connection:
        rows = connection.execute("SELECT body FROM registry.entry WHERE kind = 'closed'")
        [entry] = [parse_entry(body) for (body,) in rows.fetchall()]
    assert isinstance(entry, Closed)
    assert (entry.unit_code, entry.year, entry.numbers, entry.void) == (UNIT, 2025, 3, 1)
    assert entry.pdf_digest == hashlib.sha256(closing.statement).digest()


async def test_a_year_is_not_closed_before_its_end_in_hanoi(database: Database) -> None:
    async with an_office(database) as office:
        await office.issue()
        office.now = NEW_YEAR - TICK
        with pytest.raises(YearNotOver):
            await office.close()
        office.now = NEW_YEAR
        await office.close()


async def test_an_open_number_is_named_and_can_be_voided(database: Database) -> None:
    async with an_office(database) as office:
        await office.issue()
        for _ in range(2):
            await office.reserve()
        with pytest.raises(NumbersOpen, match="2, 3") as refused:
            await office.close()
        assert refused.value.numbers == [2, 3]
        for number in (2, 3):
            await void_line(office.writer, unit_code=UNIT, year=2025, number=number, reason="bỏ dở")
        with pytest.raises(UnknownReservation):
            await void_line(office.writer, unit_code=UNIT, year=2025, number=4, reason="bỏ dở")
        assert (await office.close()).filed.totals.void == 2


async def test_a_closed_year_takes_nothing_and_the_next_one_does(database: Database) -> None:
    async with an_office(database) as office:
        await office.issue()
        await office.close()
        with pytest.raises(BookClosed):
            await office.reserve(NEW_YEAR - TICK)
        with pytest.raises(BookClosed):
            await open_volume(office.writer, unit_code=UNIT, at=NEW_YEAR - TICK)
        with pytest.raises(BookClosed):
            await office.close(b"another statement")
        await office.reserve(NEW_YEAR)
        await open_volume(office.writer, unit_code=UNIT, at=NEW_YEAR)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("book_number", "'01/2025-SCTĐT/BS', 2, 2025, gen_random_uuid(), '2025-12-31Z'"),
        ("book", "2025, 2, '02/2025-SCTĐT/BS'"),
    ],
)
async def test_a_closed_year_takes_nothing_by_sql(
    database: Database, table: str, values: str
) -> None:
    async with an_office(database) as office:
        await office.issue()
        await office.close()
    with psycopg.connect(database.role_url("registry_writer")) as connection:
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(f"INSERT INTO registry.{table} VALUES ('{UNIT}', {values})".encode())
        assert refused.value.sqlstate == "RG021"


async def test_of_two_closings_at_once_one_wins(database: Database) -> None:
    async with an_office(database) as one, an_office(database) as other:
        await one.issue()
        outcomes = await asyncio.gather(
            one.close(b"one"), other.close(b"other"), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BookClosed", "Closing"]
        outcomes = await asyncio.gather(
            one.close(b"third"), other.close(b"third"), return_exceptions=True
        )
    assert all(isinstance(outcome, BookClosed) for outcome in outcomes)


async def test_a_number_and_a_closing_at_once_cannot_both_win(database: Database) -> None:
    """Whichever is first: the number without a head start, the closing when it has one."""
    lost = set()
    async with an_office(database) as office:
        for at, head_start in enumerate((0, 0, 0.005, 0.01, 0.02, 0.05, 1.0)):
            unit = f"{at:05d}"
            await _one_void(office, unit)
            outcomes = await asyncio.gather(
                _close(office, unit),
                _reserve_late(office, unit, head_start),
                return_exceptions=True,
            )
            [refused] = [one for one in outcomes if isinstance(one, BookClosed | ClosingRefused)]
            lost.add(isinstance(refused, BookClosed))
    assert lost == {True, False}


async def _one_void(office: Office, unit_code: str) -> None:
    original = uuid.uuid4()
    await reserve_number(office.writer, unit_code=unit_code, original_id=original, at=AUTUMN)
    await void_number(office.writer, original_id=original, reason="nhầm")


async def _close(office: Office, unit_code: str) -> Closing:
    return await close_year(
        office.clerk,
        office.appender,
        lambda: NEW_YEAR,
        unit_code=unit_code,
        year=2025,
        state=lambda _: f"one void number in {unit_code}".encode(),
        decided_by="chairman",
        entered_by="clerk",
    )


async def _reserve_late(office: Office, unit_code: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    last = NEW_YEAR - TICK
    await reserve_number(office.writer, unit_code=unit_code, original_id=uuid.uuid4(), at=last)


@pytest.mark.broken_registry
async def test_a_number_beside_a_closed_year_is_found(database: Database) -> None:
    """Put there by a superuser with the triggers off."""
    async with an_office(database) as office:
        await office.issue()
        await office.close()
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO registry.book_number SELECT unit_code, book, 2, year, gen_random_uuid(), "
            "reserved_at FROM registry.book_number"
        )
    found = [(one.where, one.field, one.found) for one in audit_findings(database)]
    assert found == [
        ("entry 1", "numbers", "1"),
        (f"book of 2025, unit {UNIT}", "number", "number 2 open"),
    ]
