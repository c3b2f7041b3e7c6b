"""Who writes the map's pages, or the whole database, gets no map signed that hides an entry."""

from collections.abc import AsyncIterator, Callable, Iterable

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry import sign
from registry.append import Appender
from registry.chain import Link
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import ChainBroken
from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.code_map import EMPTY, Record, committed_root, extension_line, map_root
from registry.log.map_pages import pages_of
from registry.log.map_proof import check_map_proof
from registry.log.policy import policy_of_log
from registry.log.tiles import WIDTH
from registry.log.tree import root_of
from registry.proving import map_proof
from registry.store.publishing import Publishing
from tests.testkit.attacked import unguarded
from tests.testkit.copies import (
    LOG_KEY,
    ORIGIN,
    VKEY,
    decided,
    publish_now,
    registered,
    store_of,
)
from tests.testkit.kept import stored
from tests.testkit.postgres import Database
from tests.testkit.unmapped import a_bundle_at_a_time, unmapped

POLICY = policy_of_log(VKEY)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
#: Entry 5 revokes the copy that entry 0 issued; entry 6 is another copy's.
ISSUED, REVOKED, SIGNED = 5, 6, 7
WRITE = "UPDATE registry.map_page SET size = %s, content = %s, note = %s WHERE name = ''"


async def answer(database: Database, hashed: bytes) -> tuple[int, int] | None:
    async with store_of(database, "registry_reader") as reader:
        found = check_map_proof(await map_proof(reader, hashed), hashed, POLICY).found
    return found and (found.count, found.latest)


async def a_revoked_copy(database: Database) -> bytes:
    """Its code hash, in a log of `SIGNED` entries whose map is one page."""
    copies = await registered(database, ISSUED)
    async with store_of(database, "registry_writer") as store, Appender(store, utc_now) as appender:
        await appender.revoke(copies[0].code, **decided())
    await registered(database, 1)
    assert (await publish_now(database)).size == SIGNED
    return code_hash(copies[0].code)


def hiding(database: Database, size: int) -> dict[bytes, tuple[int, int]]:
    """What a map of so many entries holds when it leaves the revocation out."""
    issues = [entry for entry in stored(database)[:size] if entry.kind == "issued"]
    return {entry.code_hash: (1, entry.index) for entry in issues}


def page(records: dict[bytes, tuple[int, int]]) -> bytes:
    contents, _ = pages_of("", sorted(Record(key, *one).packed() for key, one in records.items()))
    return contents[""]


def noted(
    database: Database, lines: Iterable[str], *, size: int = REVOKED, tree: bytes | None = None
) -> Callable[..., str]:
    """A checkpoint of a size that the log had, by whoever signs it."""
    root = tree or root_of(entry.leaf_hash for entry in stored(database)[:size])

    def by(key: Ed25519PrivateKey = LOG_KEY, origin: str = ORIGIN) -> str:
        return sign_checkpoint(origin, size, root, key, [*lines]).note

    return by


VOUCHING: dict[str, Callable[[Database, str], str | None]] = {
    "nothing": lambda _, __: None,
    "no note": lambda _, __: "no note",
    "another key's word": lambda log, lie: noted(log, [lie])(OTHER_KEY),
    "another log's": lambda log, lie: noted(log, [lie])(origin="other/log"),
    "one of another history": lambda log, lie: noted(log, [lie], tree=bytes(32))(),
    "one of another size": lambda log, lie: noted(log, [lie], size=ISSUED)(),
    "one of other pages": lambda log, _: noted(log, [extension_line(EMPTY)])(),
    "one without a map": lambda log, _: noted(log, [])(),
}


@pytest.mark.parametrize("vouching", VOUCHING)
async def test_pages_of_an_earlier_size_are_not_believed_without_our_word(
    database: Database, vouching: str
) -> None:
    """No key is needed to write them, nor more than the publisher's own password."""
    revoked = await a_revoked_copy(database)
    lie = hiding(database, REVOKED)
    note = VOUCHING[vouching](database, extension_line(map_root(lie)))
    with psycopg.connect(database.role_url("registry_publisher"), autocommit=True) as connection:
        before = connection.execute("SELECT size, content, note FROM registry.map_page").fetchall()
        connection.execute(WRITE, [REVOKED, page(lie), note])
    await registered(database, 1)
    with pytest.raises(ChainBroken):
        await publish_now(database)
    with psycopg.connect(database.role_url("registry_publisher"), autocommit=True) as connection:
        connection.execute(WRITE, before[0])
    await publish_now(database)
    assert await answer(database, revoked) == (2, ISSUED)


@pytest.mark.broken_registry
async def test_the_last_checkpoint_vouches_only_as_we_signed_it(database: Database) -> None:
    await a_revoked_copy(database)
    lie = hiding(database, SIGNED)
    await registered(database, 1)
    with unguarded(database) as connection:
        connection.execute(WRITE, [SIGNED, page(lie), None])
        line = f"{extension_line(map_root(lie))}\n"
        change = "regexp_replace(note, 'bansao/code-map.*?\\n', %s)"
        connection.execute(f"UPDATE registry.checkpoint SET note = {change}", [line])
    with pytest.raises(ChainBroken):
        await publish_now(database)


async def test_nor_do_pages_vouched_for_count_when_they_come_too_late(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """True pages of an earlier size, put back once it was settled which entries they lack."""
    revoked, *_ = await registered(database, ISSUED)
    await publish_now(database)
    with psycopg.connect(database.role_url("registry_publisher"), autocommit=True) as connection:
        earlier = connection.execute("SELECT size, content, note FROM registry.map_page").fetchone()
    async with store_of(database, "registry_writer") as store, Appender(store, utc_now) as appender:
        await appender.revoke(revoked.code, **decided())
    await publish_now(database)
    links = Publishing.links

    async def swapped(self: Publishing, start: int, end: int) -> AsyncIterator[Link]:
        with psycopg.connect(database.role_url("registry_publisher")) as connection:
            connection.execute(WRITE, earlier)
        async for link in links(self, start, end):
            yield link

    await registered(database, 1)
    with monkeypatch.context() as patched:
        patched.setattr(Publishing, "links", swapped)
        with pytest.raises(ChainBroken, match="another root"):
            await publish_now(database)
    await publish_now(database)
    assert await answer(database, code_hash(revoked.code)) == (2, ISSUED)


async def step(database: Database) -> Checkpoint:
    """By a publisher that knows nothing of the one before."""
    await registered(database, 1)
    return await publish_now(database)


async def test_nor_are_pages_that_were_written_between_two_steps(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = await unmapped(database, monkeypatch, 2 * WIDTH + 5)
    a_bundle_at_a_time(monkeypatch)
    assert committed_root(await step(database)) is None
    lie, _ = pages_of(
        "", sorted(Record(key, 1, at).packed() for at, key in enumerate(codes[1:WIDTH], 1))
    )
    with unguarded(database) as connection:
        before = connection.execute("SELECT name, content FROM registry.map_page").fetchall()
        for name, content in [*before, *lie.items()]:
            change = "UPDATE registry.map_page SET content = %s WHERE name = %s"
            connection.execute(change, [lie.get(name, content), name])
        with pytest.raises(ChainBroken, match="map of codes"):
            await step(database)
        for name, content in before:
            connection.execute(change, [content, name])
    assert committed_root(await step(database))
    assert await answer(database, codes[0]) == (1, 0)


async def test_a_publisher_that_comes_after_goes_on_where_the_last_one_ended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that neither a crash nor a second publisher has the map built from the beginning."""
    codes = await unmapped(database, monkeypatch, 2 * WIDTH + 5)
    a_bundle_at_a_time(monkeypatch)
    read: list[tuple[int, int]] = []
    bodies = Publishing.bodies

    async def watched(self: Publishing, start: int, end: int) -> list[bytes]:
        read.append((start, end))
        return await bodies(self, start, end)

    monkeypatch.setattr(Publishing, "bodies", watched)
    while committed_root(await step(database)) is None:
        assert len(read) < 10
    assert [start for start, _ in read] == [0, WIDTH, 2 * WIDTH]
    for hashed in [*codes[::99], *codes[-3:]]:
        assert await answer(database, hashed)


@pytest.mark.broken_registry
async def test_a_map_that_falls_back_meanwhile_is_not_taken_for_one_that_lacks_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the rows in between are gone, so that nothing tells what was in them."""
    await unmapped(database, monkeypatch, WIDTH + 5)
    with unguarded(database) as connection:
        connection.execute("DELETE FROM registry.entry WHERE index < %s", [WIDTH])

    async def caught_up(*_: object) -> bool:
        return True

    monkeypatch.setattr(sign, "catch_up", caught_up)
    with pytest.raises(ChainBroken, match="map of codes"):
        await step(database)
