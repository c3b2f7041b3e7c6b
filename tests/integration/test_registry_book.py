"""Numbers of the book: consecutive, one an original, never twice, whatever happens meanwhile."""

import asyncio
import contextlib
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from registry.append import Appender
from registry.book import open_volume, reserve_number, void_number
from registry.book_line import local_year
from registry.clock import utc_now
from registry.errors import NumberIssued, NumberVoid, UnknownReservation
from tests.testkit.copies import NOW, UNIT, made_up_columns, made_up_copy, store_of
from tests.testkit.postgres import Database

_TICK = timedelta(microseconds=1)


async def test_numbers_run_from_one_for_each_unit_and_year(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:

        async def reserve(unit: str, at: datetime) -> tuple[str, int]:
            line = await reserve_number(writer, unit_code=unit, at=at, original_id=uuid.uuid4())
            return line.book, line.number

        assert [await reserve("00004", NOW) for _ in range(3)] == [
            ("01/2026-SCTĐT/BS", 1),
            ("01/2026-SCTĐT/BS", 2),
            ("01/2026-SCTĐT/BS", 3),
        ]
        assert await reserve("00070", NOW) == ("01/2026-SCTĐT/BS", 1)
        # 17:00 in Greenwich is midnight in Hanoi.
        new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)
        assert await reserve("00004", new_year - _TICK) == ("01/2026-SCTĐT/BS", 4)
        assert await reserve("00004", new_year) == ("01/2027-SCTĐT/BS", 1)


async def test_an_original_keeps_its_number(database: Database) -> None:
    original = uuid.uuid4()
    async with store_of(database, "registry_writer") as writer:
        lines = await asyncio.gather(
            *(
                reserve_number(writer, unit_code=UNIT, at=NOW, original_id=original)
                for _ in range(10)
            )
        )
        after_new_year = await reserve_number(
            writer, unit_code=UNIT, at=NOW + timedelta(days=365), original_id=original
        )
    assert {(line.book, line.number, line.reserved_at) for line in [*lines, after_new_year]} == {
        ("01/2026-SCTĐT/BS", 1, NOW)
    }


async def test_concurrent_reservations_leave_no_gap(database: Database) -> None:
    async with contextlib.AsyncExitStack() as stack:
        writers = [
            await stack.enter_async_context(store_of(database, "registry_writer")) for _ in range(3)
        ]
        lines = await asyncio.gather(
            *(
                reserve_number(writers[at % 3], unit_code=UNIT, at=NOW, original_id=uuid.uuid4())
                for at in range(60)
            )
        )
    assert sorted(line.number for line in lines) == list(range(1, 61))


async def test_a_number_ends_issued_or_void_and_never_both(database: Database) -> None:
    issued, voided = uuid.uuid4(), uuid.uuid4()
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        line = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=issued)
        await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=voided)
        copies = [made_up_copy(line.book, line.number) for _ in range(2)]
        for copy in copies:  # copies of one original share its number
            await appender.register(copy)
        with pytest.raises(NumberIssued):
            await void_number(writer, original_id=issued, reason="nhầm")
        await void_number(writer, original_id=voided, reason="nhầm")
        await void_number(writer, original_id=voided, reason="nhầm lần nữa")
        with pytest.raises(NumberVoid):
            await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=voided)
        with pytest.raises(UnknownReservation):
            await void_number(writer, original_id=uuid.uuid4(), reason="nhầm")
    with psycopg.connect(database.superuser_url) as connection:
        assert connection.execute("SELECT number, reason FROM registry.book_void").fetchall() == [
            (2, "nhầm")
        ]


async def test_voiding_and_issuing_at_once_leaves_one_of_them(database: Database) -> None:
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        for _ in range(10):
            original = uuid.uuid4()
            line = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=original)
            outcomes = await asyncio.gather(
                appender.register(made_up_copy(line.book, line.number)),
                void_number(writer, original_id=original, reason="nhầm"),
                return_exceptions=True,
            )
            refused = [one for one in outcomes if isinstance(one, NumberVoid | NumberIssued)]
            assert len(refused) == 1


async def test_a_number_out_of_turn_is_refused_by_the_database(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=uuid.uuid4())
    with psycopg.connect(database.role_url("registry_writer"), autocommit=True) as connection:
        for number in (1, 3):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(
                    "INSERT INTO registry.book_number VALUES (%s, %s, %s, 2026, %s, %s)",
                    (UNIT, "01/2026-SCTĐT/BS", number, uuid.uuid4(), NOW),
                )
            assert refused.value.sqlstate == "RG007"


async def test_volumes_follow_each_other_and_numbers_run_on(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:

        async def reserve() -> tuple[str, int]:
            line = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=uuid.uuid4())
            return line.book, line.number

        assert await reserve() == ("01/2026-SCTĐT/BS", 1)
        opened = await asyncio.gather(
            *(open_volume(writer, unit_code=UNIT, at=NOW) for _ in range(2))
        )
        assert sorted(opened) == ["02/2026-SCTĐT/BS", "03/2026-SCTĐT/BS"]
        assert await reserve() == ("03/2026-SCTĐT/BS", 2)
        assert await open_volume(writer, unit_code="00070", at=NOW) == "01/2026-SCTĐT/BS"


async def test_clocks_that_differ_do_not_make_the_book_run_back(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        ahead = NOW + timedelta(seconds=3)
        for at in (ahead, NOW):
            line = await reserve_number(writer, unit_code=UNIT, at=at, original_id=uuid.uuid4())
            assert line.reserved_at == ahead


async def test_an_original_asked_for_on_both_sides_of_midnight_gets_one_number(
    database: Database,
) -> None:
    new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)
    async with store_of(database, "registry_writer") as writer:
        for _ in range(10):
            original = uuid.uuid4()
            before, after = await asyncio.gather(
                reserve_number(writer, unit_code=UNIT, at=new_year - _TICK, original_id=original),
                reserve_number(writer, unit_code=UNIT, at=new_year, original_id=original),
            )
            assert before == after
            assert local_year(before.reserved_at) == int(before.book[3:7])


@pytest.mark.parametrize(
    ("table", "values", "state"),
    [
        # The last moment of 2026 in Hanoi, in a book of 2027.
        ("book_number", "'01/2027-SCTĐT/BS', 2, 2027, %(id)s, '2026-12-31 16:59:59.999Z'", "RG020"),
        # A moment before the last line's.
        ("book_number", "'01/2026-SCTĐT/BS', 2, 2026, %(id)s, '2026-11-22 02:15:30Z'", "RG020"),
        ("book", "2026, 3, '03/2026-SCTĐT/BS'", "RG007"),
        ("book", "2026, 2, '2/2026-SCTĐT/BS'", "RG007"),
    ],
)
async def test_the_database_knows_the_year_and_the_volumes_turn(
    database: Database, table: str, values: str, state: str
) -> None:
    async with store_of(database, "registry_writer") as writer:
        for at in (NOW, NOW + timedelta(days=60)):
            await reserve_number(writer, unit_code=UNIT, at=at, original_id=uuid.uuid4())
    with psycopg.connect(database.role_url("registry_writer")) as connection:
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(
                f"INSERT INTO registry.{table} VALUES ('{UNIT}', {values})".encode(),
                {"id": uuid.uuid4()},
            )
        assert refused.value.sqlstate == state


async def test_a_number_and_its_columns_are_written_together_and_once(database: Database) -> None:
    original = uuid.uuid4()
    async with store_of(database, "registry_writer") as writer:
        for requester in ("Đặng Văn Ân", "Một người khác"):
            columns = made_up_columns(requester=requester)
            await reserve_number(
                writer, unit_code=UNIT, at=NOW, original_id=original, columns=columns
            )
    with psycopg.connect(database.role_url("registry_clerk")) as connection:
        rows = connection.execute(
            "SELECT p.requester, l.net FROM registry.book_line l "
            "JOIN registry.book_person p USING (unit_code, book, number)"
        ).fetchall()
    assert rows == [("Đặng Văn Ân", 4_000)]
