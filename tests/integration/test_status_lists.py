"""Status lists over a real book: what is signed, when, and from which entries."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.append import Appender
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from registry.code import code_hash, new_code
from registry.errors import NothingPublished
from registry.log.checkpoint import Checkpoint
from registry.status_list import CAPACITY, Place, StatusList
from registry.status_lists import StatusLists
from registry.status_place import reserve_place
from registry.status_token import open_token
from registry.store import Store
from tests.testkit.copies import ORIGIN, decided, publish_now, registered, store_of
from tests.testkit.postgres import Database

KEY = Ed25519PrivateKey.from_private_bytes(b"\x0b" * 32)
PORTAL = "https://portal.example.vn"


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 0, 0, 654321, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def placed(database: Database, copies: list[CertifiedCopy]) -> list[Place]:
    async with store_of(database, "registry_writer") as store:
        return [await reserve_place(store, copy.code) for copy in copies]


async def newest(store: Store, number: int = 0) -> StatusList | None:
    async with store.listing() as listing:
        signed = await listing.signed_list(number, None)
    if signed is None:
        return None
    said = open_token(KEY.public_key(), signed.jwt.encode())
    assert said == open_token(KEY.public_key(), signed.cwt)
    return said


async def count(store: Store) -> int:
    async with store.listing() as listing:
        rows = await listing._connection.fetch("SELECT FROM registry.status_list")
    return len(rows)


async def test_a_place_is_drawn_once_a_code_and_says_nothing_of_it(database: Database) -> None:
    async with store_of(database, "registry_writer") as store:
        codes = [new_code() for _ in range(40)]
        many = await asyncio.gather(*(reserve_place(store, code) for code in codes * 3))
        places = many[:40]
        assert many == places * 3
    assert len({(place.list, place.index) for place in places}) == 40
    assert {place.list for place in places} == {0}
    by_code = [place.index for _, place in sorted(zip(codes, places, strict=True))]
    by_hash = [place.index for _, place in sorted(zip(map(code_hash, codes), places, strict=True))]
    for order in (by_code, by_hash, [place.index for place in places]):
        assert order != sorted(order)
    assert max(by_code) > CAPACITY // 2 > min(by_code)


async def test_a_list_that_fills_up_is_followed_by_the_next(database: Database) -> None:
    async with store_of(database, "registry_writer") as store:
        first = await reserve_place(store, new_code(), draw=lambda _: 7)
        assert first == Place(0, 7)
        second = await reserve_place(store, new_code(), draw=lambda _: 7)
        assert second == Place(1, 7)  # every draw from list 0 was taken
        drawn = iter([7, 7, 9])
        assert await reserve_place(store, new_code(), draw=lambda _: next(drawn)) == Place(1, 9)


async def test_the_list_follows_the_published_log(database: Database) -> None:
    copies = await registered(database, 4)
    places = await placed(database, copies)
    clock = Hours()
    async with (
        store_of(database, "registry_publisher") as store,
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        lists = StatusLists(store, KEY, PORTAL, clock)
        with pytest.raises(NothingPublished):
            await lists.advance()
        checkpoint = await publish_now(database)
        await lists.advance()
        assert_says(await newest(store), checkpoint, places, ["valid"] * 4)

        await appender.revoke(copies[1].code, **decided("1/QĐ"))
        await lists.advance()
        assert await count(store) == 1  # registered, not published
        clock.now += timedelta(seconds=6)
        checkpoint = await publish_now(database)
        await lists.advance()
        assert_says(await newest(store), checkpoint, places, ["valid", "revoked", "valid", "valid"])

        clock.now += timedelta(seconds=6)
        await lists.advance()
        assert await count(store) == 2  # nothing has changed
        clock.now += timedelta(minutes=60)
        await lists.advance()
        said = await newest(store)
        assert said
        assert (said.issued_at, said.ttl) == (clock.now.replace(microsecond=0), 600)
        assert said.expires_at - said.issued_at == timedelta(hours=24)


async def test_who_starts_anew_signs_the_same_state(database: Database) -> None:
    copies = await registered(database, 3)
    places = await placed(database, copies[:2])  # the third is from before there were lists
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        for copy in copies:
            await appender.revoke(copy.code, **decided("1/QĐ"))
    checkpoint = await publish_now(database)
    async with store_of(database, "registry_publisher") as store:
        for _ in range(2):
            await StatusLists(store, KEY, PORTAL, utc_now).advance()
            assert_says(await newest(store), checkpoint, places, ["revoked"] * 2)
        async with store.listing() as listing:
            assert await listing.last_revocation() == 5
            assert (
                await listing._connection.fetchval("SELECT count(*) FROM registry.revocation") == 3
            )


def assert_says(
    said: StatusList | None, checkpoint: Checkpoint, places: list[Place], verdicts: list[str]
) -> None:
    assert said is not None
    assert said.uri == f"{PORTAL}/v1/status-list/0"
    assert (said.checkpoint.origin, said.checkpoint.size) == (ORIGIN, checkpoint.size)
    assert said.checkpoint.root == checkpoint.root_hash
    assert [said.verdict_at(place.index) for place in places] == verdicts
