"""Numbers of the book: consecutive, one an original, never twice, whatever happens meanwhile."""

import asyncio
import contextlib
import uuid

import psycopg
import pytest

from registry.append import Appender
from registry.book import reserve_number, void_number
from registry.clock import utc_now
from registry.errors import NumberIssued, NumberVoid, UnknownReservation
from tests.testkit.copies import UNIT, YEAR, made_up_copy, store_of
from tests.testkit.postgres import Database


async def test_numbers_run_from_one_for_each_unit_and_year(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:

        async def reserve(unit: str, year: int) -> tuple[str, int]:
            line = await reserve_number(writer, unit_code=unit, year=year, original_id=uuid.uuid4())
            return line.book, line.number

        assert [await reserve("00004", 2026) for _ in range(3)] == [
            ("01/2026-SCTĐT/BS", 1),
            ("01/2026-SCTĐT/BS", 2),
            ("01/2026-SCTĐT/BS", 3),
        ]
        assert await reserve("00070", 2026) == ("01/2026-SCTĐT/BS", 1)
        assert await reserve("00004", 2027) == ("01/2027-SCTĐT/BS", 1)


async def test_an_original_keeps_its_number(database: Database) -> None:
    original = uuid.uuid4()
    async with store_of(database, "registry_writer") as writer:
        lines = await asyncio.gather(
            *(
                reserve_number(writer, unit_code=UNIT, year=YEAR, original_id=original)
                for _ in range(10)
            )
        )
        after_new_year = await reserve_number(
            writer, unit_code=UNIT, year=YEAR + 1, original_id=original
        )
    assert {(line.book, line.number) for line in [*lines, after_new_year]} == {
        ("01/2026-SCTĐT/BS", 1)
    }


async def test_concurrent_reservations_leave_no_gap(database: Database) -> None:
    async with contextlib.AsyncExitStack() as stack:
        writers = [
            await stack.enter_async_context(store_of(database, "registry_writer")) for _ in range(3)
        ]
        lines = await asyncio.gather(
            *(
                reserve_number(writers[at % 3], unit_code=UNIT, year=YEAR, original_id=uuid.uuid4())
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
        line = await reserve_number(writer, unit_code=UNIT, year=YEAR, original_id=issued)
        await reserve_number(writer, unit_code=UNIT, year=YEAR, original_id=voided)
        copies = [made_up_copy(line.book, line.number) for _ in range(2)]
        for copy in copies:  # copies of one original share its number
            await appender.register(copy)
        with pytest.raises(NumberIssued):
            await void_number(writer, original_id=issued, reason="nhầm")
        await void_number(writer, original_id=voided, reason="nhầm")
        await void_number(writer, original_id=voided, reason="nhầm lần nữa")
        with pytest.raises(NumberVoid):
            await reserve_number(writer, unit_code=UNIT, year=YEAR, original_id=voided)
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
            line = await reserve_number(writer, unit_code=UNIT, year=YEAR, original_id=original)
            outcomes = await asyncio.gather(
                appender.register(made_up_copy(line.book, line.number)),
                void_number(writer, original_id=original, reason="nhầm"),
                return_exceptions=True,
            )
            refused = [one for one in outcomes if isinstance(one, NumberVoid | NumberIssued)]
            assert len(refused) == 1


async def test_a_number_out_of_turn_is_refused_by_the_database(database: Database) -> None:
    async with store_of(database, "registry_writer") as writer:
        await reserve_number(writer, unit_code=UNIT, year=YEAR, original_id=uuid.uuid4())
    with psycopg.connect(database.role_url("registry_writer"), autocommit=True) as connection:
        for number in (1, 3):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(
                    "INSERT INTO registry.book_number VALUES (%s, %s, %s, %s, %s)",
                    (UNIT, "01/2026-SCTĐT/BS", number, YEAR, uuid.uuid4()),
                )
            assert refused.value.sqlstate == "RG007"
