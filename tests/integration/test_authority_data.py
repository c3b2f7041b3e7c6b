"""Authority data in PostgreSQL: who may enter it, that it is never changed, what contradicts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from bansao.hanoi import FOUNDED, enter_units, hanoi_units
from registry.authorise import deciding_officer
from registry.authority.refusals import (
    AuthorityConflict,
    DelegationExpired,
    NoChairman,
    OtherUnit,
    UnknownOfficer,
)
from registry.errors import EntryRefused
from registry.store import Store
from registry.store.entering import Entered, Entering
from tests.testkit.copies import store_of
from tests.testkit.postgres import Database

TABLES = ("unit", "officer", "position", "delegation", "certificate", "seal", "ending")
WARD, OTHER = "00070", "00004"
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
async def admin(database: Database) -> AsyncIterator[Store]:
    async with store_of(database, "registry_admin") as store:
        units = [hanoi_units()[code] for code in (WARD, OTHER)]
        assert await enter_units(store, units, by="test") == 2
        async with store.entering() as entering:
            for officer in ("an", "binh", "chi"):
                await entering.officer(officer, full_name=officer.title(), by="test")
        yield store


async def seat(
    entering: Entering, officer: str, office: str = "chairman", unit: str = WARD, **named: datetime
) -> Entered:
    term = {"valid_from": JANUARY} | named
    return await entering.position(
        officer, unit_code=unit, office=office, title=office.upper(), by="test", **term
    )


async def delegate(entering: Entering, officer: str, position: int, **named: object) -> Entered:
    values = {
        "instrument": "12/QĐ-UBND",
        "dated": date(2025, 12, 30),
        "scope": ["decide"],
        "prefix": "KT.",
        "valid_from": JANUARY,
    } | named
    return await entering.delegation(officer, position=position, by="test", **values)


def test_the_city_has_its_126_units() -> None:
    units = hanoi_units()
    kinds = [unit.kind for unit in units.values()]
    assert (len(units), kinds.count("ward"), kinds.count("commune")) == (126, 51, 75)
    assert units["00070"].name == "Ủy ban nhân dân phường Hoàn Kiếm"
    assert units["00004"].name == "Ủy ban nhân dân phường Ba Đình"
    assert units["00127"].name == "Ủy ban nhân dân phường Việt Hưng"


async def test_units_are_entered_once(admin: Store) -> None:
    assert await enter_units(admin, hanoi_units().values(), by="test") == 124
    assert await enter_units(admin, hanoi_units().values(), by="test") == 0


@pytest.mark.parametrize(
    "role",
    ["registry_writer", "registry_publisher", "registry_reader", "intake_app", "analytics_reader"],
)
def test_only_the_administrator_enters(database: Database, role: str) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        for table in TABLES:
            row = connection.execute(
                "SELECT has_any_column_privilege(%s, %s, 'INSERT')", (role, f"registry.{table}")
            ).fetchone()
            assert row == (False,), table


async def test_nobody_changes_or_removes_anything(admin: Store, database: Database) -> None:
    for role in ("registry_admin", "registry_writer"):
        with psycopg.connect(database.role_url(role), autocommit=True) as connection:
            for table in TABLES:
                for statement in (
                    "UPDATE {} SET entered_by = 'x'",
                    "DELETE FROM {}",
                    "TRUNCATE {}",
                ):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(
                            sql.SQL(statement).format(sql.Identifier("registry", table))
                        )
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        for table in TABLES:
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(
                    sql.SQL("DELETE FROM {}").format(sql.Identifier("registry", table))
                )
            assert refused.value.sqlstate == "RG001"


def test_the_administrator_does_nothing_else(database: Database) -> None:
    with psycopg.connect(database.role_url("registry_admin"), autocommit=True) as connection:
        for table in ("entry", "copy", "checkpoint", "book_number"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT FROM registry.{table}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO registry.officer (officer, full_name, entered_by, entered_at)"
                " VALUES ('an', 'An', 'test', '2020-01-01')"
            )


async def test_what_stands_is_not_entered_twice(admin: Store) -> None:
    async with admin.entering() as entering:
        first = await seat(entering, "an")
        again = await seat(entering, "an")
        given = await delegate(entering, "binh", first.id)
        given_again = await delegate(entering, "binh", first.id)
    assert (first.new, again) == (True, Entered(first.id, new=False))
    assert given_again == Entered(given.id, new=False)


async def test_a_name_can_be_put_right_and_back(admin: Store) -> None:
    async with admin.entering() as entering:
        for name in ("Ân", "Ân", "An", "Ân"):
            await entering.officer("an", full_name=name, by="test")
    async with admin.authority() as authority:
        names = [one.full_name for one in (await authority.everything()).officers]
    assert [name for name in names if name.endswith("n")] == ["An", "Ân", "An", "Ân"]


Act = Callable[[Entering], Awaitable[object]]


async def _two_chairmen(entering: Entering) -> None:
    await seat(entering, "an", valid_until=JUNE)
    await seat(entering, "binh", valid_from=JUNE)
    await seat(entering, "chi", valid_from=JUNE - timedelta(days=1), valid_until=JUNE)


async def _longer_than_the_chairman(entering: Entering) -> None:
    chair = await seat(entering, "an", valid_until=JUNE)
    await delegate(entering, "binh", chair.id, valid_until=JUNE)
    await delegate(entering, "chi", chair.id)


async def _after_the_chairman_left(entering: Entering) -> None:
    chair = await seat(entering, "an")
    await entering.end(
        "position", chair.id, kind="ended", ended_at=JUNE, reason="nghỉ hưu", by="test"
    )
    await delegate(entering, "binh", chair.id, valid_from=JUNE)


async def _from_a_deputy(entering: Entering) -> None:
    deputy = await seat(entering, "an", "deputy")
    await delegate(entering, "binh", deputy.id)


async def _before_it_is_written(entering: Entering) -> None:
    chair = await seat(entering, "an")
    await delegate(entering, "binh", chair.id, dated=date(2026, 2, 1))


async def _end_before_beginning(entering: Entering) -> None:
    chair = await seat(entering, "an")
    await entering.end(
        "position",
        chair.id,
        kind="ended",
        ended_at=JANUARY - timedelta(seconds=1),
        reason="x",
        by="test",
    )


async def _to_himself(entering: Entering) -> None:
    chair = await seat(entering, "an")
    await delegate(entering, "an", chair.id)


CONTRADICTIONS: dict[str, Act] = {
    "has a chairman": _two_chairmen,
    "exceeds the term": _longer_than_the_chairman,
    "the term of the chairman": _after_the_chairman_left,
    "only a chairman": _from_a_deputy,
    "to himself": _to_himself,
    "before its instrument": _before_it_is_written,
    "before it begins": _end_before_beginning,
    "no officer nobody": lambda entering: seat(entering, "nobody"),
    "no unit 99999": lambda entering: seat(entering, "an", unit="99999"),
    "no unit 00070 exists at": lambda entering: seat(
        entering, "an", valid_from=FOUNDED - timedelta(seconds=1)
    ),
    "ends after it begins": lambda entering: seat(entering, "an", valid_until=JANUARY),
    "no such position": lambda entering: entering.end(
        "position", 999, kind="ended", ended_at=JUNE, reason="x", by="test"
    ),
}


@pytest.mark.parametrize("told", CONTRADICTIONS)
async def test_what_contradicts_is_refused_and_nothing_is_kept(admin: Store, told: str) -> None:
    with pytest.raises(AuthorityConflict, match=told):
        async with admin.entering() as entering:
            await CONTRADICTIONS[told](entering)
    async with admin.authority() as authority:
        assert (await authority.everything()).positions == ()


async def test_of_two_chairmen_entered_at_once_one_stays(admin: Store) -> None:
    """Each would fit if it were entered alone; whoever comes second sees the first."""

    async def enter(officer: str) -> Entered:
        async with admin.entering() as entering:
            return await seat(entering, officer)

    both = await asyncio.gather(enter("an"), enter("binh"), return_exceptions=True)
    assert {type(one) for one in both} == {Entered, AuthorityConflict}
    async with admin.authority() as authority:
        assert len((await authority.everything()).positions) == 1


async def test_past_the_application_the_database_refuses_too(
    admin: Store, database: Database
) -> None:
    """Straight SQL of two sessions as registry_admin, which take no turn of their own."""
    insert = (
        "INSERT INTO registry.position (officer, unit_code, office, title, valid_from, entered_by)"
        " VALUES (%s, '00070', 'chairman', 'CHỦ TỊCH', '2026-01-01', 'sql')"
    )
    url = database.role_url("registry_admin")
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        one.execute(insert, ["an"])
        other.execute("SET lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(insert, ["binh"])
        other.rollback()
        one.commit()
        with pytest.raises(psycopg.Error, match="has a chairman") as refused:
            other.execute(insert, ["binh"])
        assert refused.value.sqlstate == "RG030"


async def test_an_empty_author_is_refused(admin: Store) -> None:
    with pytest.raises(EntryRefused):
        async with admin.entering() as entering:
            await entering.officer("dung", full_name="Dũng", by=" ")


async def test_who_decides_is_asked_of_the_day(admin: Store, database: Database) -> None:
    async with admin.entering() as entering:
        chair = await seat(entering, "an", valid_until=JUNE)
        await seat(entering, "binh", valid_from=JUNE)
        await seat(entering, "chi", "deputy")
        await delegate(entering, "chi", chair.id, valid_until=JUNE)
    async with store_of(database, "registry_writer") as store:
        assert (await deciding_officer(store, WARD, date(2026, 3, 1))).officer == "an"
        assert (await deciding_officer(store, WARD, date(2026, 7, 1))).officer == "binh"
        by_deputy = await deciding_officer(store, WARD, date(2026, 3, 1), "chi")
        assert (by_deputy.title, by_deputy.instrument) == ("KT. CHAIRMAN\nDEPUTY", "12/QĐ-UBND")
        for refusal, day, by, unit in (
            (DelegationExpired, date(2026, 7, 1), "chi", WARD),
            (OtherUnit, date(2026, 3, 1), "an", OTHER),
            (UnknownOfficer, date(2026, 3, 1), "nobody", WARD),
            (NoChairman, date(2025, 12, 1), None, WARD),
            (NoChairman, date(2026, 3, 1), None, OTHER),
        ):
            with pytest.raises(refusal):
                await deciding_officer(store, unit, day, by)


async def test_before_any_unit_is_entered_the_named_officer_is_not_asked(
    database: Database,
) -> None:
    async with store_of(database, "registry_reader") as store:
        assert (await deciding_officer(store, WARD, date(2026, 3, 1), "an")).officer == "an"
        with pytest.raises(NoChairman, match="name who decided"):
            await deciding_officer(store, WARD, date(2026, 3, 1))
