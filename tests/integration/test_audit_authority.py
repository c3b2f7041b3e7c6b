"""The audit names every copy certified, and every change decided, without the right to."""

import hashlib
import uuid
from datetime import datetime, timedelta

import msgspec
import psycopg
import pytest

from bansao.hanoi import FOUNDED, enter_units, hanoi_units
from registry.append import Appender
from registry.audit import Finding, audit
from registry.book import reserve_number
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from registry.store import Store
from registry.store.entering import Entering
from tests.testkit.copies import NOW, UNIT, decided, made_up_copy, publish_now, registered, store_of
from tests.testkit.postgres import Database

ENDED = NOW - timedelta(minutes=1)


def fingerprint(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


async def enter(database: Database) -> None:
    """An is chairman; Binh's delegation to certify has ended a minute before NOW; Chi's seal is of
    another unit.
    """
    async with store_of(database, "registry_admin") as admin:
        await enter_units(admin, [hanoi_units()[code] for code in (UNIT, "00070")], by="test")
        async with admin.entering() as entering:
            chair = 0
            for officer, office in (("an", "chairman"), ("binh", "deputy")):
                await entering.officer(officer, full_name=officer.title(), by="test")
                seat = await entering.position(
                    officer,
                    unit_code=UNIT,
                    office="chairman" if office == "chairman" else "deputy",
                    title=office,
                    valid_from=FOUNDED,
                    by="test",
                )
                chair = chair or seat.id
                await certificate(entering, officer, officer)
            given = await entering.delegation(
                "binh",
                position=chair,
                instrument="1/QĐ",
                dated=FOUNDED.date(),
                scope=["certify"],
                prefix="KT.",
                valid_from=FOUNDED,
                by="test",
            )
            await entering.end(
                "delegation", given.id, kind="revoked", ended_at=ENDED, reason="x", by="test"
            )
            for seal, unit in (("seal", UNIT), ("other seal", "00070")):
                await certificate(entering, seal, None)
                await entering.seal(fingerprint(seal), unit_code=unit, image_digest=None, by="test")


async def certificate(entering: Entering, name: str, officer: str | None) -> None:
    await entering.certificate(
        fingerprint(name),
        name.encode(),
        officer=officer,
        not_before=FOUNDED,
        not_after=FOUNDED + timedelta(days=3650),
        by="test",
    )


async def register(
    writer: Store, signer: str, *, seal: str = "seal", at: datetime = NOW
) -> CertifiedCopy:
    line = await reserve_number(writer, unit_code=UNIT, at=at, original_id=uuid.uuid4())
    copy = msgspec.structs.replace(
        made_up_copy(line.book, line.number),
        signer_fingerprint=fingerprint(signer),
        seal_fingerprint=fingerprint(seal),
        certified_at=at,
    )
    async with Appender(writer, utc_now) as appender:
        await appender.register(copy)
    return copy


async def findings(database: Database) -> list[Finding]:
    async with store_of(database, "registry_reader") as reader:
        return (await audit(reader)).findings


async def test_what_was_certified_with_the_right_to_is_clean(database: Database) -> None:
    await enter(database)
    async with store_of(database, "registry_writer") as writer:
        await register(writer, "binh", at=ENDED - timedelta(seconds=1))
        copy = await register(writer, "an")
        async with Appender(writer, utc_now) as appender:
            await appender.revoke(copy.code, **(decided(on=NOW.date()) | {"decided_by": "an"}))
    await publish_now(database)
    assert await findings(database) == []


@pytest.mark.broken_registry  # what is named here is what is asked for
async def test_each_copy_without_the_right_to_is_named(database: Database) -> None:
    await enter(database)
    async with store_of(database, "registry_writer") as writer:
        await register(writer, "binh", at=ENDED - timedelta(seconds=1))
        await register(writer, "binh", at=ENDED)
        await register(writer, "an")
        await register(writer, "a stranger")
        await register(writer, "an", seal="other seal")
        await register(writer, "an", seal="no seal")
        await register(writer, "seal")
    named = {one.where: (one.what, one.field, one.found) for one in await findings(database)}
    assert {where: told[:2] for where, told in named.items()} == {
        "entry 1": ("authority", "signer_fingerprint"),
        "entry 3": ("authority", "signer_fingerprint"),
        "entry 4": ("authority", "seal_fingerprint"),
        "entry 5": ("authority", "seal_fingerprint"),
        "entry 6": ("authority", "signer_fingerprint"),
    }
    assert "ended on" in named["entry 1"][2]
    assert "not entered" in named["entry 3"][2]
    assert "not of unit" in named["entry 4"][2]


@pytest.mark.broken_registry
async def test_each_change_without_the_right_to_is_named(database: Database) -> None:
    await enter(database)
    async with store_of(database, "registry_writer") as writer:
        copy = await register(writer, "an")
        async with Appender(writer, utc_now) as appender:
            for act, by in ((appender.suspend, "binh"), (appender.revoke, "nobody")):
                await act(copy.code, **(decided(on=NOW.date()) | {"decided_by": by}))
    named = await findings(database)
    assert [(one.where, one.field) for one in named] == [
        ("change 1", "decided_by"),
        ("change 2", "decided_by"),
    ]
    assert "not delegated to decide" in named[0].found
    assert "no officer nobody" in named[1].found


async def test_what_is_older_than_the_authority_data_is_not_judged(database: Database) -> None:
    await registered(database, 2)
    await enter(database)
    assert await findings(database) == []


@pytest.mark.broken_registry
@pytest.mark.parametrize("never", ["infinity", "20000-01-01"])
async def test_times_beyond_the_calendar_are_judged_as_any(database: Database, never: str) -> None:
    """Written by a superuser: nobody else can."""
    await enter(database)
    async with store_of(database, "registry_writer") as writer:
        await register(writer, "an")
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for change in ("entry SET certified_at", "unit SET valid_until", "position SET valid_from"):
            connection.execute(f"UPDATE registry.{change} = '{never}'".encode())
    assert [(one.where, one.field) for one in await findings(database)] == [
        ("entry 0", "certified_at"),
        ("entry 0", "signer_fingerprint"),
    ]
