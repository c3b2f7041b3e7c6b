"""What the log holds about a code, proved from a database: absence too, and never a false one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest

from registry import integrate, sign
from registry.append import Appender
from registry.audit import audit
from registry.audit.files import audit_files
from registry.clock import utc_now
from registry.code import code_hash, new_code
from registry.errors import AbsenceNotProvable, ChainBroken, NothingPublished
from registry.export import export_tiles
from registry.log.checkpoint import sign_checkpoint
from registry.log.code_map import committed_root, extension_line, map_root
from registry.log.map_pages import Page, page_of
from registry.log.map_proof import MapProof, check_map_proof
from registry.log.policy import Policy, policy_of_log
from registry.log.tiles import WIDTH
from registry.proving import map_proof
from registry.publish import Publisher
from registry.store.publishing import Publishing
from registry.tile_files import TileFiles
from tests.testkit.attacked import unguarded
from tests.testkit.copies import (
    LOG_KEY,
    ORIGIN,
    VKEY,
    fixed_clock,
    publish_now,
    registered,
    store_of,
)
from tests.testkit.postgres import Database
from tests.testkit.unmapped import a_bundle_at_a_time, unmapped
from tests.testkit.witnesses import FakeWitness, honest, policy_with

POLICY = policy_of_log(VKEY)


async def proved(database: Database, hashed: bytes, policy: Policy = POLICY) -> MapProof:
    async with store_of(database, "registry_reader") as reader:
        return check_map_proof(await map_proof(reader, hashed), hashed, policy)


async def answer(database: Database, hashed: bytes) -> tuple[int, int] | None:
    found = (await proved(database, hashed)).found
    return found and (found.count, found.latest)


async def codes_of(database: Database, count: int) -> list[bytes]:
    """The code hashes of so many new copies."""
    return [code_hash(copy.code) for copy in await registered(database, count)]


async def findings(database: Database) -> list[str]:
    async with store_of(database, "registry_reader") as reader:
        report = await audit(reader)
    return [f"{one.where} | {one.field} | {one.expected} | {one.found}" for one in report.findings]


async def test_absent_present_and_changed_later(database: Database) -> None:
    with pytest.raises(NothingPublished):
        await proved(database, bytes(32))
    await publish_now(database)
    assert await answer(database, bytes(32)) is None
    copies = await registered(database, 30)
    await publish_now(database)
    for copy in copies:
        assert (await answer(database, code_hash(copy.code)) or (0, 0))[0] == 1
    revoked = code_hash(copies[7].code)
    async with store_of(database, "registry_writer") as store, Appender(store, utc_now) as appender:
        receipt = await appender.revoke(
            copies[7].code,
            decision="12/QĐ-UBND",
            decided_on=date(2026, 11, 22),
            decided_by="officer",
            entered_by="clerk",
        )
    assert (await answer(database, revoked) or (0, 0))[0] == 1, "beyond the newest checkpoint"
    newest = await publish_now(database)
    assert await answer(database, revoked) == (2, receipt.index)
    assert (await proved(database, revoked)).checkpoint == newest
    assert await answer(database, code_hash(new_code())) is None
    assert await findings(database) == []


async def test_while_a_quorum_is_awaited_what_is_published_is_proved(database: Database) -> None:
    """Twice: each page's two slots have changed places by then."""
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with (
            store_of(database, "registry_publisher") as store,
            Publisher(store, LOG_KEY, ORIGIN, fixed_clock, policy) as publisher,
        ):
            known = await codes_of(database, 40)
            await publisher.advance()
            for _ in range(3):
                witness.manner = lambda *_: None
                waiting = await codes_of(database, 40)
                await publisher.advance()
                for hashed in [*known, *waiting]:
                    proof = await proved(database, hashed, policy)
                    assert (proof.found is not None) == (hashed in known)
                    assert proof.checkpoint.size == len(known)
                witness.manner = honest
                await asyncio.sleep(0.6)  # it is left alone for a while after a failure
                await publisher.advance()
                known += waiting
                for hashed in known:
                    assert (await proved(database, hashed, policy)).found


async def test_an_old_log_catches_up_in_steps(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = await unmapped(database, monkeypatch, 2 * WIDTH + 5)
    a_bundle_at_a_time(monkeypatch)
    with pytest.raises(AbsenceNotProvable):
        await proved(database, codes[0])
    codes += await codes_of(database, 1)
    assert committed_root(await publish_now(database)) is None
    assert await findings(database) == []
    codes += await codes_of(database, 1)
    newest = await publish_now(database)
    assert committed_root(newest)
    for hashed in [*codes[::99], *codes[-3:]]:
        assert await answer(database, hashed)
    assert await answer(database, bytes(32)) is None
    assert await findings(database) == []


async def test_a_log_that_ran_ahead_is_signed_in_steps_that_all_commit_to_a_map(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sign, integrate):
        monkeypatch.setattr(module, "STEP", 7)
    codes = await codes_of(database, 20)
    newest = await publish_now(database)
    assert newest.size == 20
    with psycopg.connect(database.superuser_url) as connection:
        notes = connection.execute("SELECT size, note FROM registry.checkpoint ORDER BY size")
        rows = notes.fetchall()
    assert [size for size, _ in rows] == [7, 14, 20]
    assert all("bansao/code-map@v1 " in note for _, note in rows)
    for hashed in codes:
        assert await answer(database, hashed)


async def test_an_old_entry_that_was_changed_is_not_taken_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await unmapped(database, monkeypatch, WIDTH + 5)
    for index in (3, WIDTH + 3):
        with psycopg.connect(database.superuser_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            change = "UPDATE registry.entry SET body = %s, leaf_hash = %s WHERE index = %s"
            select = "SELECT body, leaf_hash, index FROM registry.entry WHERE index = %s"
            [true] = connection.execute(select, [index]).fetchall()
            other = true[0].replace(b'"code_hash":"', b'"code_hash":"00')[:-3] + b"}"
            connection.execute(change, [other, true[1], index])
            await registered(database, 1)
            with pytest.raises(ChainBroken, match="as signed"):
                await publish_now(database)
            connection.execute(change, true)
    assert committed_root(await publish_now(database))


# An operator hides an entry ----------------------------------------------------------------------


def hide(connection: psycopg.Connection, hashed: bytes) -> None:
    """Take a code out of the pages, in both slots, as well as that can be done: every page above
    is made to agree, up to the root.
    """
    for slot in (0, 1):
        rows = connection.execute(
            "SELECT name, content FROM registry.map_page WHERE slot = %s", [slot]
        ).fetchall()
        pages = {name: page_of(content) for name, content in rows}
        for name in sorted((hashed.hex()[:at] for at in range(64)), key=len, reverse=True):
            if name not in pages:
                continue
            page = pages[name]
            below = pages.get(hashed.hex()[: len(name) + 1])
            items = list(page.items)
            if page.inner:
                digit = int(hashed.hex()[len(name)], 16)
                if below:
                    items[digit] = below.item(len(name) + 1)
                elif items[digit][:32] == hashed:
                    items[digit] = b""
            else:
                items = [item for item in items if item[:32] != hashed]
            pages[name] = Page(page.inner, tuple(items))
            connection.execute(
                "UPDATE registry.map_page SET content = %s WHERE name = %s AND slot = %s",
                [pages[name].packed(), name, slot],
            )


async def test_who_hides_an_entry_cannot_prove_it_absent(database: Database) -> None:
    codes = await codes_of(database, 120)
    await publish_now(database)
    codes += await codes_of(database, 80)
    await publish_now(database)
    for hidden in codes[::37]:
        held = await answer(database, hidden)
        with unguarded(database) as connection:
            before = connection.execute("SELECT * FROM registry.map_page").fetchall()
            hide(connection, hidden)
            with pytest.raises(ChainBroken):
                await proved(database, hidden)
            told = await findings(database)
            assert any(hidden.hex() in one and one.endswith("| none") for one in told), told
            _put_back(connection, before)
        assert await answer(database, hidden) == held
    assert await findings(database) == []


async def test_nor_does_the_publisher_sign_what_hides_it(database: Database) -> None:
    hidden = (await codes_of(database, 200))[0]
    await publish_now(database)
    with unguarded(database) as connection:
        before = connection.execute("SELECT * FROM registry.map_page").fetchall()
        hide(connection, hidden)
        await registered(database, 1)
        with pytest.raises(ChainBroken, match="map of codes"):
            await publish_now(database)
        _put_back(connection, before)
    await publish_now(database)
    assert await answer(database, hidden) == (1, 0)


_DAMAGES: dict[str, Callable[[psycopg.Connection], object]] = {
    "the pages are gone": lambda one: one.execute("DELETE FROM registry.map_page WHERE name <> ''"),
    "one page is gone": lambda one: one.execute(
        "DELETE FROM registry.map_page WHERE name = (SELECT max(name) FROM registry.map_page)"
    ),
    "one page is another's": lambda one: one.execute(
        "UPDATE registry.map_page SET content = (SELECT content FROM registry.map_page "
        "ORDER BY name DESC LIMIT 1) WHERE name = (SELECT min(name) FROM registry.map_page "
        "WHERE name <> '')"
    ),
    "one page is none": lambda one: one.execute(
        "UPDATE registry.map_page SET content = '\\x02' WHERE name = ''"
    ),
    "a page too many": lambda one: one.execute(
        "INSERT INTO registry.map_page SELECT 'abcdef', slot, size, content "
        "FROM registry.map_page WHERE name <> '' LIMIT 1"
    ),
    "the map is ahead": lambda one: one.execute("UPDATE registry.map_page SET size = size + 1000"),
}


@pytest.mark.broken_registry
@pytest.mark.parametrize("damage", _DAMAGES)
async def test_damage_to_the_pages_is_named(database: Database, damage: str) -> None:
    await codes_of(database, 300)
    await publish_now(database)
    with unguarded(database) as connection:
        _DAMAGES[damage](connection)
    told = await findings(database)
    assert told
    assert all(one.startswith(("map", "checkpoint 300")) for one in told)


async def test_a_line_that_a_later_checkpoint_lacks_is_no_contradiction(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages may be thrown away: the map is built anew, and says what was signed before."""
    codes = await codes_of(database, WIDTH + 3)
    before = await publish_now(database)
    with unguarded(database) as connection:
        connection.execute("DELETE FROM registry.map_page")
    codes += await codes_of(database, 1)
    a_bundle_at_a_time(monkeypatch)
    again = await publish_now(database)
    assert committed_root(before)
    assert committed_root(again)
    for hashed in [*codes[::99], *codes[-3:]]:
        assert await answer(database, hashed)
    assert await findings(database) == []


def _put_back(connection: psycopg.Connection, rows: list[tuple[object, ...]]) -> None:
    connection.execute("DELETE FROM registry.map_page")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO registry.map_page VALUES (%s, %s, %s, %s, %s)", rows)


# Beside appends ----------------------------------------------------------------------------------


async def test_appends_do_not_wait_for_the_map(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publisher stands still with all its locks, its pages written and not committed."""
    await registered(database, 50)
    written, go_on = asyncio.Event(), asyncio.Event()
    put: Callable[..., Awaitable[None]] = Publishing.put_pages

    async def held_up(self: Publishing, *pages: object) -> None:
        await put(self, *pages)
        written.set()
        await go_on.wait()

    monkeypatch.setattr(Publishing, "put_pages", held_up)
    signing = asyncio.create_task(publish_now(database))
    await written.wait()
    async with asyncio.timeout(20):
        await registered(database, 50)
    assert not signing.done()
    go_on.set()
    assert (await signing).size in {50, 100}


async def test_grants_of_the_pages(database: Database) -> None:
    await publish_now(database)
    write = "UPDATE registry.map_page SET content = content"
    for role in ("registry_reader", "registry_writer", "registry_clerk", "intake_app"):
        with (
            psycopg.connect(database.role_url(role), autocommit=True) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(write)
    with psycopg.connect(database.role_url("registry_publisher"), autocommit=True) as connection:
        connection.execute(write)
        for refused in (
            "DELETE FROM registry.map_page",
            "UPDATE registry.map_page SET name = name",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        for refused in ("DELETE FROM registry.map_page", "TRUNCATE registry.map_page"):
            with pytest.raises(psycopg.Error) as error:
                connection.execute(refused)
            assert error.value.sqlstate == "RG001"


# A stranger --------------------------------------------------------------------------------------


async def test_a_stranger_builds_the_map_from_public_files(
    database: Database, tmp_path: Path
) -> None:
    """So that a false root, which takes the log's key, is found without the database."""
    codes = await codes_of(database, 20)
    newest = await publish_now(database)
    files = TileFiles.open(str(tmp_path), create=True)
    async with store_of(database, "registry_reader") as reader:
        await export_tiles(reader, files, POLICY)
    assert (await audit_files(str(tmp_path), POLICY)).clean
    hiding = map_root({code: (1, index) for index, code in enumerate(codes) if index != 7})
    lines = [extension_line(hiding)]
    forged = sign_checkpoint(ORIGIN, newest.size, newest.root_hash, LOG_KEY, lines)
    (tmp_path / "checkpoint").write_text(forged.note)
    [told] = (await audit_files(str(tmp_path), POLICY)).findings
    assert (told.where, told.field, told.found) == ("checkpoint", "map", hiding.hex())
